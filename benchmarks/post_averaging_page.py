"""The measured table of the post-averaging paper as a page.

python -m benchmarks.post_averaging_page benchmarks/post_averaging.json docs/post-averaging.md
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Found = dict[str, Any]

INTRODUCTION = """# Post-averaging on CIFAR-10, re-run

Written by `python -m benchmarks.post_averaging_page` from the committed
`benchmarks/post_averaging.json`; nothing here is typed in. Published networks, first test images,
r = 6 in network-input coordinates, λ = ±r/3, ±2r/3, ±r with the centre, averaged probabilities,
directions drawn per example, epsilon 8/255 (linf, pixels in [0, 1]).
"""

DIFFERS = """## What differs from the paper

* The network: ResNet-20 here, ResNet-110 there; the first {images} test images here, 10 000 there.
* The library: foolbox 3.3.4 here, a release of 2019 there "in their default settings". Its FGSM and
  PGD looked for the smallest epsilon that succeeds; those of today use all of it. Both are shown,
  because they are different experiments: the first ends at the boundary, where averaging undoes it.
* C&W: 100 steps in each of 3 searches here, the default (more of both) there. DeepFool and C&W
  minimise l2 and count where the result lies within linf epsilon.
* Directions: drawn per example from keyed seeds here; there nothing is said.

None of the rows is tuned to agree."""


def share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def rows(*cells: list[str]) -> list[str]:
    head, *body = cells
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return [f"| {' | '.join(line)} |" for line in (head, rule, *body)]


def clean(found: Found) -> Iterator[str]:
    bare, averaged = found.get("clean/ResNet-56"), found.get("clean/ResNet-56 defended")
    if bare is None or averaged is None:
        return
    yield "## Clean accuracy, ResNet-56"
    yield ""
    yield (
        f"Bare network {share(bare['clean'])} % of {bare['images']} images (its authors: 93.4 % of "
        f"10 000); of the first {averaged['images']}, bare {share(averaged['clean'])} %, defended "
        f"{share(averaged['defended clean'])} %."
    )


def table(found: Found) -> Iterator[str]:
    stages = {k.removeprefix("table/"): v for k, v in found.items() if k.startswith("table/")}
    if not stages:
        return
    first = next(iter(stages.values()))
    yield f"## The table, ResNet-20, {first['images']} images"
    yield ""
    yield (
        f"Clean: bare {share(first['clean'])} %, defended {share(first['defended clean'])} % "
        "(paper: 93.7 % and 92.5 %). All attacks see the bare network: **transfer** numbers, in "
        "percent."
    )
    yield ""
    head = [
        "attack",
        "attacked, bare",
        "#Adv",
        "attacked, defended",
        "defence rate",
        "95 %",
        "median length / epsilon",
        "paper: attacked, bare",
        "attacked, defended",
        "rate",
    ]
    yield from rows(head, *(_row(name, stage, found["paper"]) for name, stage in stages.items()))


def _row(name: str, stage: Found, paper: Found) -> list[str]:
    key = name.replace(" ", "-")
    typed = paper.get(name.partition(" ")[0], {})
    minimal = "smallest" if "minimal" in name or name in ("deepfool", "cw") else "largest loss"
    low, high = stage["defence rate, 95 % low"], stage["defence rate, 95 % high"]
    length = stage[f"{key}: median length / epsilon"]
    return [
        f"{name.removesuffix(' minimal')} ({minimal})",
        share(stage[f"{key}: base accuracy"]),
        f"{stage['adversarial examples']:.0f}",
        share(stage[f"{key}: defended accuracy"]),
        share(stage["defence rate"]),
        f"{share(low)} to {share(high)}",
        "–" if length is None else f"{length:.2f}",
        share(typed.get("attacked")),
        share(typed.get("defended attacked")),
        share(typed.get("rate")),
    ]


def curves(found: Found) -> Iterator[str]:
    for name, stage in found.items():
        if not name.startswith("curves/"):
            continue
        setting, _, attack = name.removeprefix("curves/").partition(", ")
        points = stage["points"]
        images = next(iter(points.values()))["images"]
        yield f"### Along {setting}: {attack}, {images} images"
        yield ""
        lines = [
            [
                value,
                share(point["defended clean"]),
                f"{point['adversarial examples']:.0f}",
                share(point["defence rate"]),
                f"{point['forwards per defended prediction']:.0f}",
            ]
            for value, point in points.items()
        ]
        head = [setting, "defended, clean", "#Adv", "defence rate", "forwards per prediction"]
        yield from rows(head, *lines)
        yield ""


def panel(found: Found) -> Iterator[str]:
    stage = found.get("panel/all")
    if stage is None:
        return
    yield f"## Attacks that see the defence, ResNet-20, {stage['images']} images"
    yield ""
    yield (
        f"EOT-PGD with {stage['steps']} steps, random search with {stage['queries']} queries, "
        f"random noise with 10 draws. Defended, clean: {share(stage['defended clean'])} %."
    )
    yield ""
    names = [
        k.removesuffix(": defended accuracy") for k in stage if k.endswith("defended accuracy")
    ]
    lines = [[name, share(stage[f"{name}: defended accuracy"])] for name in names]
    worst = ["**worst case (adaptive)**", f"**{share(stage['defended accuracy, worst case'])}**"]
    yield from rows(["attack", "attacked, defended"], *lines, worst)
    yield ""
    by_transfer = found.get("table/deepfool")
    if by_transfer is not None:
        yield (
            f"Side by side: in the paper's setting the defence recovers "
            f"{share(by_transfer['defence rate'])} % of DeepFool's examples; of an attack that "
            f"sees it, {share(stage['defended accuracy, worst case'])} % of all images survive."
        )
        yield ""
    yield (
        "The published analysis: the Square attack leaves the defence 15.8 % on CIFAR-10 "
        "(robust-ml.github.io issue 15), of the 88.4 % that its authors report under transfer."
    )


def cost(found: Found) -> Iterator[str]:
    stages = {k: v for k, v in found.items() if "/" in k}
    machine = found["machine"]
    yield "## Cost"
    yield ""
    yield (
        f"{machine['cores']} cores, torch {machine['torch']}, {machine['device']}; processor time, "
        "as the machine was shared with other work."
    )
    yield ""
    yield from rows(["stage", "processor s"], *([k, str(v["cpu_s"])] for k, v in stages.items()))


def page(found: Found) -> str:
    """Return the page of a measured file."""
    tables = [v["images"] for k, v in found.items() if k.startswith("table/")]
    parts = [INTRODUCTION.strip()]
    parts += ["\n".join(part(found)).strip() for part in (clean, table, curves, panel)]
    if tables:
        parts.append(DIFFERS.format(images=tables[0]))
    parts.append("\n".join(cost(found)))
    return "\n\n".join(part for part in parts if part) + "\n"


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    target.write_text(page(json.loads(source.read_text(encoding="utf-8"))), encoding="utf-8")
