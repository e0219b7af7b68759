"""The post-averaging paper, typed in: what its two tables give away.

Expected by hand from the printed digits: N = 5000 and 10000, 0.7750 and 0.9368 clean.
"""

from pathlib import Path

import pytest

from repaudit.contract.load import load_results
from repaudit.rules import Case, run_rules

PAPER = Path(__file__).parents[2] / "examples" / "papers" / "post-averaging" / "results.json"
OURS = ("RA6", "RA7")


@pytest.fixture(scope="module")
def findings():
    results, document = load_results(PAPER)
    return run_rules(Case(results, document.value))[0]


def places(findings, *severities):
    return {
        (finding.code, finding.pointer)
        for finding in findings
        if finding.code.startswith(OURS) and finding.severity in severities
    }


def test_nothing_is_an_error(findings):
    assert places(findings, "error") == set()


def test_exactly_four_of_twelve_rows_break_the_attack_identity(findings):
    excess = {f.pointer.split("/")[2]: f.evidence["excess"] for f in findings if f.code == "RA601"}
    assert excess == {
        "imagenet-deepfool": 10,
        "cifar10-deepfool": 13,
        "imagenet-pgd-k30": 2,
        "imagenet-pgd-k60": 1,
    }


def test_the_warnings_of_this_family_are_these(findings):
    assert places(findings, "warning") == {
        ("RA601", "/evaluations/imagenet-deepfool/claims/0/value"),
        ("RA601", "/evaluations/cifar10-deepfool/claims/0/value"),
        ("RA601", "/evaluations/imagenet-pgd-k30/claims/0/value"),
        ("RA601", "/evaluations/imagenet-pgd-k60/claims/0/value"),
        ("RA605", "/evaluations/imagenet-pgd-k30/claims/0/value"),
        ("RA605", "/evaluations/imagenet-pgd-k30/claims/4/value"),
        ("RA605", "/evaluations/imagenet-pgd-k60/claims/4/value"),
        ("RA612", "/attacks/deepfool/objective"),
        ("RA612", "/attacks/cw/objective"),
    }


def test_the_notes_say_transfer_only_and_name_the_published_break(findings):
    defences = ("imagenet-k15", "cifar10-k15", "imagenet-k6", "imagenet-k30", "imagenet-k60")
    assert places(findings, "note") == {
        ("RA617", "/defences"),
        *(("RA610", f"/defences/{name}") for name in defences),
    }


def test_the_repeated_setting_differs_in_three_defended_numbers(findings):
    differing = {f.pointer for f in findings if f.code == "RA801"}
    assert differing == {f"/evaluations/imagenet-pgd-k15/claims/{i}/value" for i in (1, 2, 3)}
    assert {f.severity for f in findings if f.code == "RA801"} == {"note"}


def test_every_number_of_both_tables_is_typed_in():
    results, _ = load_results(PAPER)
    rows = [e for e in results.evaluations.values() if e.kind == "empirical" and e.attacks]
    assert len(rows) == 12
    printed = sum(claim.metric != "samples_per_input" for row in rows for claim in row.claims)
    assert printed == 8 * 5 + 4 * 6  # attacked, clean, attacked, rate, #Adv; and the time
