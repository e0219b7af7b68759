"""The embedded example is honest, decidable and small; its audit ends reproduced."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.check.options import Mode
from repaudit.check.rerun import author_seed, machine_for
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.contract.task import tasks_or_reasons
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import CertificationRecords, Records
from repaudit.verdicts import Margins, compare
from tests.studies import EXAMPLE

AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
CPU = CheckOptions(device="cpu")


@pytest.fixture(scope="module")
def results() -> Results:
    return load_results(EXAMPLE / "results.json")[0]


@pytest.fixture(scope="module")
def released(results: Results) -> dict[str, Records]:
    places = Places(EXAMPLE, {})
    found = {name: load_evidence(results, name, places) for name in results.evaluations}
    return {name: records for name, records in found.items() if records is not None}


def compared(
    results: Results, author: dict[str, Records], ours: dict[str, Records], seed: int
) -> list[Comparison]:
    margins = Margins.of(results.materiality)
    return compare(results, recomputed=author, measured=ours, margins=margins, seed=seed)


def test_static_audit_reaches_the_level_of_released_counts() -> None:
    audit = check(EXAMPLE / "results.json", CheckOptions(static=True))
    assert (audit.level, audit.exit_code) == ("L2", 0)
    assert {f.severity for f in audit.findings} <= {Severity.NOTE}


def test_example_is_small() -> None:
    """The issue of shipping sound: a few megabytes, weights under one."""
    sizes = [path.stat().st_size for path in EXAMPLE.rglob("*") if path.is_file()]
    assert sum(sizes) < 4_000_000
    assert (EXAMPLE / "model.safetensors").stat().st_size < 1_000_000


def test_one_sigma_is_not_saturated(results: Results) -> None:
    """Its median radius lies below 0.9 of the ceiling, sigma z(500 of 500)."""
    claims = results.evaluations["waveform-high"].claims
    median = next(c for c in claims if c.metric == "certified_radius")
    assert median.value is not None
    assert float(median.value.value) < 0.9 * 0.85 * 2.2052


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["full", "risk-limiting"])
def test_audit_of_the_example_ends_reproduced_in_either_mode(mode: Mode) -> None:
    """What ``make demo`` shows, with a fixed nonce; other nonces are simulated below."""
    options = replace(CPU, nonce="0123456789abcdef" * 2, mode=mode, budget="1M-forwards")
    audit = check(EXAMPLE / "results.json", options)
    assert {c.verdict for c in audit.comparisons} == {Verdict.REPRODUCED}
    assert (audit.level, audit.exit_code) == ("L3", 0)
    forwards = sum(m.forwards for m in audit.measurements)
    assert (forwards == 80_880) is (mode == "full")
    assert forwards <= 80_880


Chances = dict[str, np.ndarray]


def chances(runs: list[dict[str, Records]]) -> Chances:
    """Estimate from several real runs how often each clip's label and leading rival are voted.

    The runs are none of the author's, so simulated audits differ from the author's counts as real
    ones do.
    """
    found: Chances = {}
    for name in runs[0]:
        tables = [run[name] for run in runs]
        if not all(isinstance(table, CertificationRecords) for table in tables):
            continue
        label = np.mean([t.label_hits / t.draws for t in tables], axis=0)
        top = np.mean([t.top_hits / t.draws for t in tables], axis=0)
        leads = tables[0].top_class == tables[0].label
        rival = np.where(leads, 1 - label, np.minimum(top, 1 - label))
        found[name] = np.stack([label, rival, np.maximum(1 - label - rival, 0)], axis=1)
    return found


def another_run(
    records: CertificationRecords, p: np.ndarray, rng: np.random.Generator
) -> CertificationRecords:
    """Simulate an honest run: the label, the class that leads and the rest keep their chances."""
    assert records.top_class is not None
    first, votes = rng.multinomial(50, p), rng.multinomial(int(records.draws[0]), p)
    leads = records.top_class == records.label
    other = np.where(leads, (records.label + 1) % 12, records.top_class)
    classes = np.stack([records.label, other, (other + 1) % 12], axis=1)
    rows, chosen, top = np.arange(len(p)), first.argmax(axis=1), votes.argmax(axis=1)
    return replace(
        records,
        selected_class=classes[rows, chosen],
        hits=votes[rows, chosen],
        label_hits=votes[:, 0],
        top_class=classes[rows, top],
        top_hits=votes.max(axis=1),
    )


@pytest.mark.slow
def test_ninety_five_of_a_hundred_fresh_audits_end_reproduced(
    results: Results, released: dict[str, Records]
) -> None:
    """Certifications are simulated from three real runs; geometries are really run again."""
    _, document = load_results(EXAMPLE / "results.json")
    machine, everything = machine_for(document, "", CPU), tasks_or_reasons(results)
    kinds = {name: evaluation.kind for name, evaluation in results.evaluations.items()}
    tasks = {name: t for name, t in everything.items() if kinds[name] == "geometry"}
    real = [machine.run(everything, author_seed(500 + i)).records for i in range(3)]
    p = chances(real)
    reproduced = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        ours = machine.run(tasks, author_seed(1000 + seed)).records
        for name, records in released.items():
            if isinstance(records, CertificationRecords):
                ours[name] = another_run(records, p[name], rng)
        verdicts = {c.verdict for c in compared(results, released, ours, seed)}
        reproduced += verdicts == {Verdict.REPRODUCED}
    assert reproduced >= 95


@pytest.mark.slow
def test_twenty_honest_pairs_have_no_verdict_against_them(results: Results, tmp_path: Path) -> None:
    """Twenty-one real runs of the whole plan; each is the author of one pair, the next its audit.

    The claims are filled in from the author's counts by the same code as ``measure``. At 1 % a
    file one false verdict in twenty pairs is luck (18 %), two are not (1.7 %).
    """
    from repaudit.metrics.context import context_of
    from repaudit.metrics.estimate import estimate
    from repaudit.metrics.fill import filled

    _, document = load_results(EXAMPLE / "results.json")
    machine, tasks, against = machine_for(document, "", CPU), tasks_or_reasons(results), 0
    runs = [machine.run(tasks, author_seed(seed)).records for seed in range(21)]
    for seed, (author, ours) in enumerate(pairwise(runs)):
        value = json.loads(json.dumps(document.value, default=float))
        for name, evaluation in results.evaluations.items():
            context = context_of(results, name)
            for written, claim in zip(
                value["evaluations"][name]["claims"], evaluation.claims, strict=True
            ):
                written["value"] = str(filled(claim, estimate(claim, context, author[name])).value)
        printed = Results.model_validate(value)
        verdicts = {c.verdict for c in compared(printed, author, ours, seed)}
        against += not verdicts.isdisjoint(AGAINST)
    assert against <= 1
