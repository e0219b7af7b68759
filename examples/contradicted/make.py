"""Make the contradicted copies of the keyword-spotting example: one planted lie each, and all.

    python make.py

Each copy is what an author might hand in: valid, with its counts released, and untrue.

* inflated-accuracy    a printed accuracy is one clip higher than the counts beside it
* mislabelled-sigma    run at sigma, reported as 1.1 sigma; every radius follows the label
* undeclared-clip      the waveform was clipped to [-1, 1] after the noise; the file says identity
* all-three            one of them on each of the three certifications

Recordings and weights are those of the honest example, found through a named root:

    repaudit check mislabelled-sigma/results.json --root example=../keyword-spotting
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from repaudit.check import CheckOptions
from repaudit.contract.files import Places
from repaudit.contract.results import Results
from repaudit.evidence.load import load_evidence
from repaudit.measure import measure
from repaudit.metrics.context import context_of
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import filled

HERE = Path(__file__).parent
HONEST = HERE.parent / "keyword-spotting"
WORK = HERE / ".work"
SEED = 2
CLIPS = 48
CLIP = {"step": "clip", "low": -1, "high": 1}
Document = dict[str, Any]
Lie = Callable[[Document], None]


def inflate(document: Document, name: str) -> None:
    """Print an accuracy that is one clip of 48 higher."""
    claim = document["evaluations"][name]["claims"][0]
    right = round(float(claim["value"]) * CLIPS / 100)
    claim["value"] = f"{100 * (right + 1) / CLIPS:.2f}"


def mislabel(document: Document, name: str) -> None:
    """Report sigma as 1.1 sigma, and every number as it follows from the counts and the label."""
    evaluation = document["evaluations"][name]
    evaluation["sigma"] = f"{float(evaluation['sigma']) * 1.1:.4g}"
    results = Results.model_validate(document)
    records = load_evidence(results, name, Places(WORK, {}))
    context = context_of(results, name)
    for written, claim in zip(evaluation["claims"], results.evaluations[name].claims, strict=True):
        written["value"] = str(filled(claim, estimate(claim, context, records)).value)


def clip_in_secret(plan: Document, name: str) -> None:
    """Run one certification with a clip after the noise, under a contract of its own."""
    plan["contracts"]["clipped"] = plan["contracts"]["waveform"] | {"transform": [CLIP]}
    plan["evaluations"][name]["contract"] = "clipped"


def deny_the_clip(document: Document, name: str) -> None:
    """Declare the identity instead."""
    document["contracts"].pop("clipped")
    document["evaluations"][name]["contract"] = "waveform"


def run(change: Lie) -> Document:
    """Return what ``measure`` writes for the honest plan, changed; its files are in ``WORK``."""
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(HONEST, WORK, ignore=shutil.ignore_patterns("*.py", "results.json", "evidence"))
    plan = json.loads((WORK / "plan.json").read_text(encoding="utf-8"))
    change(plan)
    (WORK / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    measure(WORK / "plan.json", WORK / "results.json", SEED, CheckOptions(device="cpu"))
    document: Document = json.loads((WORK / "results.json").read_text(encoding="utf-8"))
    return document


def publish(name: str, document: Document, lie: Lie) -> None:
    """Write a copy with its counts; recordings and weights stay with the honest example."""
    lie(document)
    document["study"]["title"] += f" ({name.replace('-', ' ')})"
    document["data"]["test"]["manifest"]["root"] = "example"
    document["models"]["cnn"]["checkpoints"][0]["file"]["root"] = "example"
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WORK / "evidence", folder / "evidence")
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (folder / "results.json").write_text(text, encoding="utf-8")


def main() -> None:
    honest = run(lambda plan: None)
    copy = json.dumps(honest)
    publish("inflated-accuracy", json.loads(copy), lambda d: inflate(d, "waveform-high"))
    publish("mislabelled-sigma", json.loads(copy), lambda d: mislabel(d, "waveform-high"))
    clipped = run(lambda plan: clip_in_secret(plan, "waveform-low"))
    copy = json.dumps(clipped)
    publish("undeclared-clip", json.loads(copy), lambda d: deny_the_clip(d, "waveform-low"))

    def all_three(document: Document) -> None:
        deny_the_clip(document, "waveform-low")
        mislabel(document, "log-mel")
        inflate(document, "waveform-high")

    publish("all-three", json.loads(copy), all_three)
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
