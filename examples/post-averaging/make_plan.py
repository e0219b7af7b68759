"""Write the example's plan: the keyword spotter next door, attacked with and without its defence.

    python make_plan.py
    repaudit measure plan.json -o results.json --seed 2 --root kws=../keyword-spotting

Recordings, pipeline and network are read out of the neighbour's plan, so that the two examples
cannot come to speak of different ones; the files themselves stay where they are (`--root`).
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NEIGHBOUR = HERE.parent / "keyword-spotting"
EPSILON = "0.12"  # linf at unit RMS: an SNR of at least 18.4 dB

THREAT = {"norm": "linf", "epsilon": EPSILON, "location": "normalize"}
DEFENCE = {
    "method": "post_averaging",
    "directions": 2,
    "radius": 80,
    "steps": ["1/3", "2/3", 1],
    "includes_input": True,
    "domain": "softmax",
    "location": "normalize",
    "randomness": "per_example",
}
OURS = {"target": "defended", "objective": "max_loss", "library": "repaudit"}
ATTACKS: dict[str, dict[str, Any]] = {
    "transfer": {
        "name": "pgd",
        "target": "base",
        "objective": "max_loss",
        "library": "foolbox==3.3.4",
        "steps": 10,
        "step_size": "0.03",
    },
    "eot": {"name": "eot_pgd", **OURS, "steps": 8, "eot_samples": 1, "directions": "fresh"},
    "control": {"name": "eot_pgd", **OURS, "steps": 12, "directions": "fixed"},
    "search": {"name": "random_search", **OURS, "queries": 10},
    "noise": {"name": "random_noise", **OURS, "restarts": 2},
}


def accuracy(metric: str, classifier: str) -> dict[str, str]:
    return {"metric": metric, "classifier": classifier, "unit": "percent"}


def evaluation(attacks: list[str], claims: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "kind": "empirical",
        "data": "test",
        "model": "cnn",
        "pipeline": "kws",
        "attacks": attacks,
        "threat_model": THREAT,
        "defence": "averaged",
        "reevaluated": True,
        "claims": claims,
    }


def plan() -> dict[str, Any]:
    source = json.loads((NEIGHBOUR / "plan.json").read_text(encoding="utf-8"))
    data, models = source["data"], source["models"]
    data["test"]["manifest"]["root"] = "kws"
    for checkpoint in models["cnn"]["checkpoints"]:
        checkpoint["file"]["root"] = "kws"
    transfer = [
        accuracy("clean_accuracy", "base"),
        accuracy("clean_accuracy", "defended"),
        accuracy("attacked_accuracy", "base"),
        accuracy("attacked_accuracy", "defended"),
        {"metric": "adversarial_count"},
        {"metric": "defence_rate", "unit": "percent"},
    ]
    adaptive = [accuracy("attacked_accuracy", "defended")]
    return {
        "$schema": source["$schema"],
        "study": {
            "title": "Post-averaging a keyword spotter: by transfer, and by attacks that see it",
            "kind": "plan",
            "date": "2026-11-20",
        },
        "materiality": {"accuracy": 20, "rate": 20},
        "data": data,
        "pipelines": source["pipelines"],
        "models": models,
        "attacks": ATTACKS,
        "defences": {"averaged": DEFENCE},
        "evaluations": {
            "transfer": evaluation(["transfer"], transfer),
            "adaptive": evaluation(list(ATTACKS), adaptive),
        },
    }


if __name__ == "__main__":
    text = json.dumps(plan(), indent=1, ensure_ascii=False) + "\n"
    (HERE / "plan.json").write_text(text, encoding="utf-8")
