"""A published keyword spotter on 1200 real recordings: the full audit against the sample.

    REPAUDIT_REAL_DATA=... python -m benchmarks.published_spotter FOLDER [--draws 1000]

An author's file is measured with the network res8 as published, on the waveform at sigma 0.01,
and audited twice with one nonce: in full, and at a risk of 1 % with the default margin. Both
must end in the same verdicts; what is compared is the number of forwards. The folder keeps the
study, so that a run that was interrupted does not begin anew. Figures: published_spotter.json.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from repaudit.audit.audit import Audit
from repaudit.check import CheckOptions, check
from repaudit.measure import measure
from tests.check.test_published_spotter import certification, some_plan

NONCE = "5eed" * 8
CLAIMS: list[dict[str, Any]] = [
    {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent"},
    {"metric": "certified_accuracy", "at_radius": "0.006", "unit": "percent"},
    {"metric": "certified_accuracy", "at_radius": "0.012", "unit": "percent"},
    {"metric": "abstention_rate", "unit": "percent"},
    {"metric": "certified_radius", "statistic": "median", "population": "all"},
    {"metric": "certified_radius", "statistic": "mean", "population": "all"},
]
FIGURES = Path(__file__).with_suffix(".json")


def study(folder: Path, draws: int) -> Path:
    """Return the author's results file, measured when it is not there yet."""
    results = folder / "results.json"
    if not results.exists():
        plan = folder / "plan.json"
        if not plan.exists():
            some_plan(folder, None, {"waveform": certification(CLAIMS)}, 100, draws)
        out = folder / "journal"
        options = CheckOptions(device="cpu", out=out, resume=out.exists())
        measure(plan, results, seed=3, options=options)
    return results


def audited(results: Path, mode: Any) -> tuple[Audit, float]:
    started = time.monotonic()
    out = results.parent / mode
    again = (out / "journal").exists()
    options = CheckOptions(
        device="cpu",
        mode=mode,
        out=out,
        nonce=None if again else NONCE,
        resume=again,
        budget=None if mode == "full" else "1M-forwards",
    )
    return check(results, options), time.monotonic() - started


def figures_of(audit: Audit, seconds: float) -> dict[str, Any]:
    return {
        "forwards": sum(m.forwards for m in audit.measurements),
        "seconds": round(seconds),
        "verdicts": {c.label: c.verdict.value for c in audit.comparisons},
        "level": audit.level,
        "samples": [s.model_dump(mode="json") for s in audit.samples],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=1000)
    arguments = parser.parse_args()
    if "REPAUDIT_REAL_DATA" not in os.environ:
        raise SystemExit("REPAUDIT_REAL_DATA is not set: no real data here")
    results = study(arguments.folder, arguments.draws)
    sampled = figures_of(*audited(results, "risk-limiting"))
    print(json.dumps(sampled, indent=1), flush=True)
    full = figures_of(*audited(results, "full"))
    figures = {
        "network": "res8 as published, float32",
        "data": "1200 clips of the Speech Commands test set",
        "contract": "waveform, sigma 0.01, n0 = 100, alpha = 0.001",
        "n": arguments.draws,
        "full": full,
        "risk-limiting": sampled,
        "times fewer forwards": round(full["forwards"] / sampled["forwards"], 1),
        "same verdicts": full["verdicts"] == sampled["verdicts"],
    }
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
