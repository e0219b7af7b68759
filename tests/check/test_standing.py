"""Where claims stand while the rest is measured: the final comparison, and called provisional."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from repaudit._core.progress import Step
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.check import check
from repaudit.check.standing import PROVISIONAL
from tests.check.points import CPU, edit_results, inflate, point_results

SIZE = 60
NONCE = "0123456789abcdef" * 2


def audited(path: Path, **options: Any) -> tuple[Audit, dict[str, list[str]]]:
    """Return the audit and what was said of each evaluation when it was over."""
    said: dict[str, list[str]] = {}

    def progress(step: Step) -> None:
        if step.is_over and step.doing:
            said.setdefault(step.evaluation, []).append(step.doing)

    values = {"nonce": NONCE, "budget": "1M-forwards", "mode": "full", **options}
    return check(path, replace(CPU, progress=progress, **values)), said


def test_of_a_file_with_one_evaluation_the_line_is_the_verdict(tmp_path: Path) -> None:
    audit, said = audited(point_results(tmp_path, SIZE))
    claims = Counter(c.verdict for c in audit.comparisons if c.kind == "claim")
    assert claims == {Verdict.REPRODUCED: 3, Verdict.INCONCLUSIVE: 1}  # the median of 60
    assert said == {"main": ["3 claims agree so far, 1 inconclusive"]}


def test_of_several_evaluations_it_is_provisional_and_each_stands_for_itself(
    tmp_path: Path,
) -> None:
    path = inflate(point_results(tmp_path, SIZE), every=3)

    def add(document: dict[str, Any]) -> None:
        main = document["evaluations"]["main"]
        honest = {k: v for k, v in main.items() if k != "evidence"}
        honest["claims"] = [{**main["claims"][0], "value": "95.00"}]
        document["evaluations"] = {"main": main, "honest": honest}

    audit, said = audited(edit_results(path, add))
    verdicts = Counter((c.evaluation, c.kind, c.verdict.value) for c in audit.comparisons)
    (lie,) = (v for e, k, v in verdicts if (e, k) == ("main", "claim"))
    assert lie in ("overstated", "refuted")
    assert said["main"][0].startswith(f"0 claims agree so far, 1 {lie}, released counts ")
    assert said["honest"] == [f"1 claim agrees so far ({PROVISIONAL})"]
    assert all(line.endswith(f"({PROVISIONAL})") for lines in said.values() for line in lines)


def test_a_sample_says_what_it_showed_before_a_full_re_run_does(tmp_path: Path) -> None:
    path = inflate(point_results(tmp_path, 300))
    _, said = audited(path, mode="risk-limiting", margins={"accuracy": "3"})
    first, second = said["main"]
    assert first.startswith("contradicted by a sample of ")
    assert " so far, 1 overstated, released counts " in first
    assert second.startswith("0 claims agree so far, 1 ")
