"""The generated parts of docs/engine.md, each a function of the measured file."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.engine.figures import Found, best_plan, ratio, speed_stages
from benchmarks.engine.targets import agrees, outcomes

DEVICES = {"cpu": "CPU", "cuda": "GPU"}
MIB_OF = {"engine": "the engine, no limit", "loop 128": "the usual loop, batch 128"}
MIB_OF |= {"loop 1000": "the usual loop, batch 1000", "art": "ART's certify, batch 32"}


def rows(head: Sequence[str], *body: Sequence[str]) -> list[str]:
    """Return a Markdown table; columns of numbers stand to the right."""
    columns = list(zip(*body, strict=True)) or [()] * len(head)
    rule = ["---:" if all(cell[:1].isdigit() for cell in column) else "---" for column in columns]
    return [f"| {' | '.join(line)} |" for line in (head, rule, *body)]


def summary(found: Found) -> list[str]:
    """Return how many targets are met, in a sentence."""
    every = outcomes(found)
    judged = [outcome for outcome in every if outcome.is_met is not None]
    met = sum(bool(outcome.is_met) for outcome in judged)
    words = f"{met} of {len(judged)} measured targets are met"
    if left := len(every) - len(judged):
        words += f"; {left} could not be measured, with the reason in the table"
    return [f"{words}."]


def targets(found: Found) -> list[str]:
    """Return every target, where, what was wanted and what came out."""
    head = ("target", "setting", "wanted", "measured", "outcome")
    body = [(o.target, o.setting, o.wanted, o.measured, o.state) for o in outcomes(found)]
    return rows(head, *body)


def speeds(found: Found) -> list[str]:
    """Return one table per device, length and contract."""
    lines: list[str] = []
    for device, word in DEVICES.items():
        for setting, result in speed_stages(found, device):
            lines += ["", f"**{word}, {setting}**", "", *_speeds(result)]
    return lines[1:]


def _speeds(result: dict[str, Any]) -> Iterator[str]:
    measured = result["speeds"]
    reference = f"ceiling, {best_plan(measured)}"
    body = [
        (case, f"{max(speed):,.0f}", ratio(measured, case, reference).text)
        for case, speed in measured.items()
    ]
    order = sorted(body, key=lambda line: -max(measured[line[0]]))
    yield from rows(("case", "noisy forwards / s", f"of the {reference}"), *order)
    for case, reason in result["left out"].items():
        yield f"\nLeft out: {case}, because {reason}."


def verdicts(found: Found) -> list[str]:
    """Return how the certifications of the peers compare with the engine's."""
    body = [
        (
            f"{word}, {setting}",
            peer,
            f"{sum(a == b for a, b in zip(one['ours'], one['theirs'], strict=True))} of "
            f"{one['examples']}",
            f"{one['ours'].count(-1)}",
            f"{one['smallest p']:.3g}",
            "yes" if agrees(one) else "**no**",
        )
        for device, word in DEVICES.items()
        for setting, result in speed_stages(found, device)
        for peer, one in sorted(result["verdicts"].items())
    ]
    head = ("setting", "against", "same verdict", "our abstentions", "smallest p", "agree")
    return rows(head, *body)


def batch(found: Found) -> list[str]:
    """Return the ceiling's speed against the rows of a block."""
    lines: list[str] = []
    for device, word in DEVICES.items():
        stage = found["stages"].get(f"rows, {device}")
        if stage is None:
            continue
        measured = stage["result"]["speeds"]
        sizes = sorted({int(name.split(",")[0]) for name in measured})
        body = [
            (
                str(size),
                *(_best(measured, f"{size}, {plan}") for plan in ("as is", "compiled")),
            )
            for size in sizes
        ]
        lines += [*rows((f"rows, {word}", "as is / s", "compiled / s"), *body), ""]
    return lines[:-1]


def _best(measured: dict[str, list[float]], name: str) -> str:
    return f"{max(measured[name]):,.0f}" if name in measured else "–"


def journal(found: Found) -> list[str]:
    """Return what the journal costs, in a sentence for every device."""
    lines = []
    for device, word in DEVICES.items():
        stage = found["stages"].get(f"journal, {device}")
        if stage is not None:
            result = stage["result"]
            kept = ratio(result["speeds"], "with", "without")
            lines.append(
                f"{word}: with a journal the engine makes {kept.text} times the forwards per "
                f"second that it makes without ({result['examples']} examples, n = {result['n']})."
            )
    return lines


def cost(found: Found) -> list[str]:
    """Return the lines through the times, and what a sample saves."""
    body = []
    for device, word in DEVICES.items():
        stage = found["stages"].get(f"cost, {device}")
        for size in ("N", "n") if stage is not None else ():
            fit = stage["result"][size]
            body.append(
                (
                    f"{word}, {size} = {', '.join(map(str, fit['sizes']))}",
                    f"{min(fit['seconds']):.2f} to {max(fit['seconds']):.2f}",
                    f"{1000 * fit['seconds each']:.3g}",
                    f"{fit['seconds at 0']:.2f}",
                    f"{fit['R2']:.4f}",
                )
            )
    return rows(("against", "seconds", "ms for one more", "seconds at 0", "R²"), *body)


def sample(found: Found) -> list[str]:
    """Return what a full audit of a published network cost, and a risk-limiting one."""
    stage = found["stages"].get("risk-limiting")
    if stage is None:
        return []
    result = stage["result"]
    full, part = result["full"], result["risk-limiting"]
    same = "the same verdicts" if result["same verdicts"] else "**other verdicts**"
    return [
        f"{result['network']}, {result['data']}, n = {result['n']:,}: in full "
        f"{full['forwards']:,} forwards and {full['seconds']:,} s; risk-limiting "
        f"{part['forwards']:,} forwards and {part['seconds']:,} s, "
        f"{full['forwards'] / part['forwards']:.1f} times fewer, with {same} "
        "(`benchmarks/published_spotter.json`)."
    ]


def memory(found: Found) -> list[str]:
    """Return the peak of every process above what it held after one forward."""
    body = []
    for seconds in (1, 5):
        stage = found["stages"].get(f"memory, {seconds} s")
        cases = {} if stage is None else stage["result"]
        for case, one in sorted(cases.items(), key=_by_limit):
            name = MIB_OF.get(case, f"the engine, --memory {case.removeprefix('engine ')} MiB")
            if "peak" in one:
                held = (f"{one['before']:.0f}", f"{one['peak'] - one['before']:.0f}")
            else:
                held = ("–", one.get("refused") or one["failed"])
            body.append((f"{seconds} s: {name}", *held))
    return rows(("case", "before, MiB", "at most on top, MiB"), *body)


def _by_limit(case: tuple[str, Any]) -> tuple[str, int]:
    word, _, number = case[0].partition(" ")
    return word, int(number or 0)


def made(found: Found) -> list[str]:
    """Return which machine measured what, under which load."""
    body = []
    for name, stage in sorted(found["stages"].items()):
        how = stage["made"]
        effort = f"{how['rounds']} × {how['seconds']:g} s"
        load = " to ".join(f"{value:g}" for value in stage["load"])
        body.append((name, how["machine"], effort, load, f"{stage['took']:,.0f} s"))
    lines = rows(("stage", "machine", "rounds", "load", "took"), *body)
    for name, machine in sorted(found["machines"].items()):
        compiler = machine["compiler"] or "no compiler"
        lines += [
            "",
            f"{name}: {machine['capability']}, {machine['memory_gib']:g} GiB, "
            f"Python {machine['python']}, torch {machine['torch']}, {compiler}, "
            f"adversarial-robustness-toolbox {machine['art'] or 'not installed'}.",
        ]
    return lines


SECTIONS: dict[str, Callable[[Found], list[str]]] = {
    function.__name__: function
    for function in (
        summary, targets, speeds, verdicts, batch, journal, cost, sample, memory, made,
    )
}  # fmt: skip
"""by the name of their markers"""
