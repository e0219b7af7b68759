"""Attack tables: honest ones pass at any printing, planted ones do not."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest

from repaudit.rules._registry import registry

CODES = ("RA601", "RA602", "RA603", "RA604", "RA605", "RA606", "RA619")


@dataclass(frozen=True)
class Table:
    """The counts of one row, with how they are printed."""

    examples: int
    right: int
    turned: int
    left: int
    recovered: int
    defended_attacked: int
    defended_clean: int
    decimals: int = 4
    percent: bool = False
    floor: bool = False
    reevaluated: bool | str = True
    randomness: str = "fixed"
    directions: int = 15
    samples: int = 91

    def share(self, metric, count, of, **fields):
        scale = 100 if self.percent else 1
        ulps = Fraction(count * scale, of) * 10**self.decimals
        # Ties are printed up here and to even by others; both are the same interval.
        digits = int(ulps // 1) if self.floor else int((ulps + Fraction(1, 2)) // 1)
        text = f"{digits // 10**self.decimals}.{digits % 10**self.decimals:0{self.decimals}d}"
        unit = "percent" if self.percent else "fraction"
        rounding = {"rounding": "floor"} if self.floor else {}
        return {"metric": metric, "value": text, "unit": unit, **rounding, **fields}

    def claims(self):
        n, base, defended = self.examples, {"classifier": "base"}, {"classifier": "defended"}
        return [
            self.share("clean_accuracy", self.right, n, **base),
            self.share("attacked_accuracy", self.left, n, **base),
            self.share("clean_accuracy", self.defended_clean, n, **defended),
            self.share("attacked_accuracy", self.defended_attacked, n, **defended),
            self.share("defence_rate", self.recovered, self.turned),
            {"metric": "adversarial_count", "value": str(self.turned)},
            {"metric": "samples_per_input", "value": str(self.samples)},
        ]


def findings_of(table, patched):
    case = patched(
        {
            "study": {"kind": "transcription"},
            "data": {"test-set": {"examples": table.examples}},
            "attacks": {
                "pgd": {
                    "name": "pgd",
                    "target": "base",
                    "objective": "max_loss",
                    "library": "foolbox",
                }
            },
            "defences": {
                "averaged": {
                    "method": "post_averaging",
                    "directions": table.directions,
                    "radius": 30,
                    "steps": ["1/3", "2/3", 1],
                    "includes_input": True,
                    "domain": "softmax",
                    "location": "normalize",
                    "randomness": table.randomness,
                }
            },
            "evaluations": {
                "attacked": {
                    "kind": "empirical",
                    "data": "test-set",
                    "model": "keyword-cnn",
                    "pipeline": "keyword-spotter",
                    "attacks": ["pgd"],
                    "defence": "averaged",
                    "threat_model": {"norm": "linf", "epsilon": "8/255", "location": "input"},
                    "reevaluated": table.reevaluated,
                    "claims": table.claims(),
                }
            },
        }
    )
    rules = {code: registry()[code].check for code in CODES}
    return {
        (code, str(hit.severity or rule.severity), hit.evidence.get("excess"))
        for code, rule in rules.items()
        for hit in rule(case)
    }


def an_honest_table(generator):
    """Draw a row by the definitions of post-averaging's section 4.2, example by example."""
    n = int(generator.choice([50, 100, 400, 401, 1000, 5000]))
    is_right = generator.random(n) < generator.uniform(0.3, 0.99)
    is_turned = is_right & (generator.random(n) < generator.uniform(0.05, 1.0))
    is_turned[0] = is_right[0] = True
    randomness = str(generator.choice(["fixed", "fresh"]))
    chance = generator.random(n)
    original = generator.random(n) < chance
    again = original if randomness == "fixed" else generator.random(n) < chance
    survives = generator.random(n) < generator.random()
    attacked = np.where(is_turned, survives, again)
    return Table(
        examples=n,
        right=int(is_right.sum()),
        turned=int(is_turned.sum()),
        left=int((is_right & ~is_turned).sum()),
        recovered=int((attacked & is_turned).sum()),
        defended_attacked=int(attacked.sum()),
        defended_clean=int(original.sum()),
        decimals=int(generator.integers(1, 5)),
        percent=bool(generator.integers(2)),
        floor=bool(generator.integers(2)),
        reevaluated=[True, False, "unstated"][int(generator.integers(3))],
        randomness=randomness,
    )


def test_no_honest_table_is_accused(patched):
    generator = np.random.default_rng(601)
    for _ in range(300):
        table = an_honest_table(generator)
        assert findings_of(table, patched) == set(), table


def test_truncation_that_nobody_declared_is_at_most_a_warning(patched):
    generator = np.random.default_rng(602)

    class Silent(Table):
        def claims(self):
            return [{k: v for k, v in c.items() if k != "rounding"} for c in super().claims()]

    for _ in range(100):
        table = Silent(**{**vars(an_honest_table(generator)), "floor": True})
        assert {severity for _, severity, _ in findings_of(table, patched)} <= {"warning"}


# A row of 400 examples, all counts by hand: u = X - D = 100 - 60, v = Y - u = 300 - 40.
ROW = Table(400, 380, 300, 80, 60, 100, 300)


def test_the_row_by_hand_is_honest(patched):
    assert findings_of(ROW, patched) == set()


@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        ({"left": 79}, {("RA601", "error", -1)}),
        ({"left": 81}, {("RA601", "error", 1)}),
        ({"left": 81, "reevaluated": False}, {("RA601", "warning", 1)}),
        ({"left": 81, "reevaluated": "unstated"}, {("RA601", "warning", 1)}),
        ({"left": 79, "reevaluated": "unstated"}, {("RA601", "error", -1)}),
        ({"defended_attacked": 59}, {("RA603", "error", None)}),
        ({"defended_attacked": 161}, {("RA603", "error", None)}),
        ({"defended_clean": 39}, {("RA604", "error", None)}),
        ({"defended_clean": 341}, {("RA604", "error", None)}),
        # Fresh directions move a few of the 100 examples left alone; not 40 + 43 = 83 of them.
        ({"defended_clean": 341, "randomness": "fresh"}, set()),
        ({"defended_clean": 385, "randomness": "fresh"}, {("RA604", "warning", None)}),
        ({"samples": 90}, {("RA606", "error", None)}),
        ({"directions": 6}, {("RA606", "error", None)}),
    ],
)
def test_a_planted_count_is_caught(lie, expected, patched):
    assert findings_of(replace(ROW, **lie), patched) == expected


def test_most_made_up_defence_rates_are_no_share(patched):
    # Of the 10001 four-digit rates 301 are some D/300.
    values = [f"{digits / 10000:.4f}" for digits in range(0, 10001, 37)]
    caught = 0
    for value in values:
        claims = ROW.claims()
        claims[4]["value"] = value
        claims = [claims[4], claims[5]]
        made_up = type("MadeUp", (Table,), {"claims": lambda self, c=claims: c})(**vars(ROW))
        caught += ("RA602", "error", None) in findings_of(made_up, patched)
    assert caught / len(values) > 0.9


def test_the_published_rows_give_the_counts_they_were_printed_from(patched):
    # Post-averaging, table 1, CIFAR-10: D = 6102 of 7552, u = 1920, v = 7327 by hand.
    row = Table(10000, 9368, 7552, 1816, 6102, 8022, 9247)
    assert findings_of(row, patched) == set()
    assert findings_of(replace(row, left=1968), patched) == {("RA601", "error", 152)}
