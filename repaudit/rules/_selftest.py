"""Plant each rule's fault in a good file and see which rules object.

The good file is the one that ``repaudit init`` writes. A rule's fault is its page's *Bad* patch
and its honest neighbour the *Good* one. Notes that the good file has anyway are companions of
every fault; nothing else may object.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from repaudit._core.resources import data_dir
from repaudit.audit.falsification import Falsification
from repaudit.audit.finding import Severity
from repaudit.audit.probe import Probe
from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.files import MissingFile, Places
from repaudit.contract.results import Results
from repaudit.contract.strict import parse_strict
from repaudit.evidence.load import expected_of
from repaudit.evidence.read import read_records
from repaudit.evidence.tables import Records
from repaudit.rules._registry import Entry, registry
from repaudit.rules._rule import Case
from repaudit.rules._run import run_rules

RELEASED = "x-released"
"""Extension field of an example: released counts by evaluation, as lines of CSV."""
PROBES = "x-probes"
"""Extension field of an example: what the probes of a re-run measured, as in ``audit.json``."""
FALSIFICATIONS = "x-falsifications"
"""Extension field of an example: attempts on certificates, as an audit holds them."""


@dataclass(frozen=True)
class Outcome:
    """What the planted fault of one rule, and its honest neighbour, were found to be."""

    code: str
    name: str
    fired: bool
    """whether the rule objects to its fault"""
    others: tuple[str, ...]
    """codes of other rules that object to it, companions aside"""
    accused: tuple[str, ...]
    """codes of the rules that object to the honest neighbour, companions aside"""

    @property
    def is_good(self) -> bool:
        """Whether the rule fires on its fault, alone, and nothing on the honest neighbour."""
        return self.fired and not self.others and not self.accused

    @property
    def reason(self) -> str:
        """What went wrong, empty when nothing did."""
        parts = [] if self.fired else ["did not fire on its fault"]
        parts += [f"{', '.join(self.others)} fired on it"] if self.others else []
        parts += [f"{', '.join(self.accused)} fired on the honest one"] if self.accused else []
        return "; ".join(parts)


def companions() -> tuple[str, ...]:
    """Return the codes of the notes that the good file has anyway."""
    with TemporaryDirectory() as folder:
        findings, _ = run_rules(_case("{}", Path(folder)))
    return tuple(sorted({f.code for f in findings if f.severity is Severity.NOTE}))


def selftest(entries: Mapping[str, Entry] | None = None) -> Iterator[Outcome]:
    """Yield the outcome of every rule, in the order of the codes; a few seconds for all.

    ``entries`` replaces the registry.
    """
    rules = registry() if entries is None else entries
    known = set(companions())
    with TemporaryDirectory() as folder:
        for code, entry in sorted(rules.items()):
            bad = _codes(entry.page.bad, Path(folder), rules)
            good = _codes(entry.page.good, Path(folder), rules)
            others, accused = bad - known - {code}, good - (known - {code})
            yield Outcome(
                code, entry.name, code in bad, tuple(sorted(others)), tuple(sorted(accused))
            )


def _codes(patch: str, folder: Path, rules: Mapping[str, Entry]) -> set[str]:
    return {finding.code for finding in run_rules(_case(patch, folder), rules)[0]}


def _case(patch: str, folder: Path) -> Case:
    good = (data_dir("templates") / "results.json").read_bytes()
    change = parse_strict(patch.encode(), "the example")
    document = merged(parse_strict(good, "the starting file"), change)
    results = Results.model_validate(document)
    released, unusable = _released(results, document, folder)
    attempts = [Falsification.model_validate(one) for one in document.get(FALSIFICATIONS, [])]
    places, probes = Places(folder, {}), _probes(document)
    return Case(results, document, places, released, unusable, probes, tuple(attempts))


def _released(
    results: Results, document: Any, folder: Path
) -> tuple[dict[str, Records], dict[str, MissingFile]]:
    """Return the counts that an example releases, and what is wrong with those that are none."""
    released: dict[str, Records] = {}
    unusable: dict[str, MissingFile] = {}
    for name, lines in document.get(RELEASED, {}).items():
        try:
            released[name] = _records(results, name, lines, folder)
        except MissingFile as fault:
            unusable[name] = fault
    return released, unusable


def _probes(document: Any) -> tuple[Probe, ...]:
    # An audit's numbers are floats; those of a results file are exact decimals.
    written = json.loads(json.dumps(document.get(PROBES, []), default=float))
    return tuple(Probe.model_validate(probe) for probe in written)


def _records(results: Results, name: str, lines: list[str], folder: Path) -> Records:
    path = folder / "counts.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    file = EvidenceFile(path=path.name, sha256="0" * 64, format="records")
    return read_records(path, "records", expected_of(results, name, file))


def merged(target: Any, patch: Any) -> Any:
    """Return a document with a JSON merge patch [RFC 7396]; neither is changed.

    >>> merged({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": 4}})
    {'b': {'c': 4, 'd': 3}}
    """
    if not isinstance(patch, dict):
        return patch
    kept = target if isinstance(target, dict) else {}
    both = {**kept, **{key: merged(kept.get(key), value) for key, value in patch.items()}}
    return {key: value for key, value in both.items() if patch.get(key, value) is not None}
