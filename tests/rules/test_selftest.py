"""The self-test passes as it is, and sees a rule that went blind, deaf or jumpy."""

from dataclasses import replace

import pytest

from repaudit.rules import Hit
from repaudit.rules._registry import registry
from repaudit.rules._selftest import Outcome, companions, selftest


def outcome_of(code, function, others=()):
    """The outcome of one rule whose check is replaced, with some rules beside it."""
    entry = registry()[code]
    entries = {other: registry()[other] for other in ("RA041", "RA047", *others)}
    entries[code] = replace(entry, check=replace(entry.check, function=function))
    return next(outcome for outcome in selftest(entries) if outcome.code == code)


def test_every_rule_fires_on_its_fault_alone():
    assert [outcome for outcome in selftest() if not outcome.is_good] == []


def test_what_fires_beside_every_fault_are_notes_of_the_starting_file():
    found = companions()
    assert found
    assert {registry()[code].check.severity for code in found} == {"note"}


def test_a_rule_that_went_blind_is_seen():
    outcome = outcome_of("RA202", lambda case: iter(()))
    assert (outcome.fired, outcome.is_good) == (False, False)
    assert outcome.reason == "did not fire on its fault"


def test_a_rule_that_always_fires_is_seen_at_its_honest_neighbour():
    outcome = outcome_of("RA202", lambda case: iter([Hit("", "always")]))
    assert (outcome.fired, outcome.accused, outcome.is_good) == (True, ("RA202",), False)


def test_a_rule_that_fires_on_the_fault_of_another_is_seen():
    entries = {code: registry()[code] for code in ("RA041", "RA042", "RA047", "RA202", "RA010")}
    jumpy = entries["RA010"]

    def on_everything(case):
        yield Hit("", "always")

    entries["RA010"] = replace(jumpy, check=replace(jumpy.check, function=on_everything))
    outcome = next(outcome for outcome in selftest(entries) if outcome.code == "RA202")
    assert (outcome.fired, outcome.others) == (True, ("RA010",))


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome("RA1", "x", True, (), ()), ""),
        (Outcome("RA1", "x", False, ("RA2",), ()), "did not fire on its fault; RA2 fired on it"),
        (Outcome("RA1", "x", True, (), ("RA1",)), "RA1 fired on the honest one"),
    ],
)
def test_the_reason_names_what_went_wrong(outcome, reason):
    assert outcome.reason == reason
    assert outcome.is_good == (not reason)
