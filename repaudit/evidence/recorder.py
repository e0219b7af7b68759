"""Released counts from an author's own training or evaluation loop.

Whoever certifies with their own code has the votes of every example at hand and usually keeps a
radius of them. The recorder keeps the counts, checks each example against the plan while the loop
runs, and writes a file that ``repaudit check`` recomputes everything from.
"""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from warnings import warn

import numpy as np

from repaudit._core.disk import CannotWrite, make_folder
from repaudit._core.errors import InputError
from repaudit._core.text import closest, count, shorten
from repaudit.contract.evaluation import Certification
from repaudit.contract.files import sha256_of
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.contract.task import checkpoints_of
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.formats import format_of
from repaudit.evidence.tables import CertificationRecords
from repaudit.evidence.votes_given import Votes, class_of, most_voted, votes_of
from repaudit.evidence.write import write_records

_OPTIONAL: Final = ("norm", "recording_radius", "base_class", "noisy_class")


@dataclass(frozen=True)
class Protocol:
    """What every example of an evaluation has to agree with."""

    n0: int
    """selection draws"""
    n: int
    """certification draws"""
    classes: int | None
    """None = unstated"""
    class_names: tuple[str, ...]
    checkpoints: tuple[str, ...]
    examples: int | None
    """None = unstated"""


class Recorder:
    """Collects votes and writes them as evidence: whole, or after an error not at all.

    ``path``        CSV, JSONL, npz or Parquet, by its suffix
    ``contract``    the plan or results file that declares the evaluation, or its path
    ``evaluation``  its id; may be left out where the file has one certification
    ``checkpoint``  of the network, where the evaluation has several

    Every example is one call of ``add`` inside ``with Recorder(...) as recorder``.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        contract: Results | str | Path,
        evaluation: str | None = None,
        checkpoint: str | None = None,
    ) -> None:
        self.path = Path(path)
        try:
            format_of(self.path)
        except EvidenceFault as fault:
            raise InputError(str(path), fault.expected, fault.found) from None
        results = contract if isinstance(contract, Results) else load_results(Path(contract))[0]
        self.evaluation = _evaluation(results, evaluation)
        self.protocol = _protocol(results, self.evaluation)
        self.checkpoint = checkpoint
        self._rows: dict[tuple[str, str, int], dict[str, Any]] = {}
        self._entry: dict[str, str] | None = None

    def add(
        self,
        example_id: str | int,
        label: int | str,
        selection_votes: Votes,
        votes: Votes,
        *,
        void: int = 0,
        norm: float | None = None,
        recording_radius: float | None = None,
        base_class: int | str | None = None,
        noisy_class: int | str | None = None,
        checkpoint: str | None = None,
        repeat: int = 0,
    ) -> None:
        """Record one example: how often each class won, in the n0 draws and in the n draws.

        Shapes
            selection_votes  int[classes]   list, array or tensor
            votes            int[classes]   of draws independent of the selection's

        ``void``  draws, of both kinds, whose output was not finite: they count for no class
        ``norm``  L2 norm of the vector that the noise was added to

        Raises ``InputError`` for counts that are not those of the plan's n0 and n, a class that
        does not exist, or an example recorded before.
        """
        where = f"example {shorten(str(example_id))}"
        protocol = self.protocol
        first = votes_of(selection_votes, protocol.classes, f"{where}, selection_votes")
        second = votes_of(votes, len(first), f"{where}, votes")
        _check_sums(sum(first), sum(second), void, protocol, where)
        names = protocol.class_names
        true = class_of(label, names, len(first), f"{where}, label")
        selected = most_voted(first)
        row = {
            "label": true,
            "selected_class": selected,
            "hits": second[selected],
            "label_hits": second[true],
            "draws": protocol.n,
            "selection_hits": max(first),
            "top_class": most_voted(second),
            "top_hits": max(second),
            "void": void,
        }
        given = {"norm": norm, "recording_radius": recording_radius}
        for name, value in (("base_class", base_class), ("noisy_class", noisy_class)):
            asked = (
                None if value is None else class_of(value, names, len(first), f"{where}, {name}")
            )
            given[name] = asked
        self._keep(str(example_id), checkpoint, repeat, row | _not_none(given), where)

    def _keep(
        self, example_id: str, checkpoint: str | None, repeat: int, row: dict[str, Any], where: str
    ) -> None:
        if self._entry is not None:
            raise InputError(where, "a recorder that is open", "one that has written its file")
        key = (example_id, self._checkpoint(checkpoint, where), repeat)
        if key in self._rows:
            raise InputError(where, "every example once", "it twice")
        if self._rows:
            before = next(iter(self._rows.values()))
            for name in _OPTIONAL:
                if (name in row) != (name in before):
                    found = "it for some" if name in before else "none before"
                    raise InputError(f"{where}, {name}", "it for every example or none", found)
        self._rows[key] = row

    def _checkpoint(self, given: str | None, where: str) -> str:
        known = self.protocol.checkpoints
        chosen = given or self.checkpoint or (known[0] if len(known) == 1 else None)
        if chosen not in known:
            found = "none" if chosen is None else shorten(chosen)
            raise InputError(f"{where}, checkpoint", f"one of {', '.join(known)}", found)
        return chosen

    @property
    def records(self) -> CertificationRecords:
        """What was recorded so far, as the auditor reads it."""
        keys, rows = list(self._rows), list(self._rows.values())
        columns: dict[str, Any] = {
            name: np.array([row[name] for row in rows], _dtype(name)) for name in rows[0]
        }
        return CertificationRecords(
            example_id=np.array([key[0] for key in keys], np.str_),
            checkpoint=np.array([key[1] for key in keys], np.str_),
            repeat=np.array([key[2] for key in keys], np.int64),
            **columns,
        )

    def write(self) -> dict[str, str]:
        """Write the file; return its ``entry``.

        A file of fewer examples than the plan says is written with a warning: the work is not
        lost, and the auditor will say so too. Raises ``InputError`` without any example.
        """
        if not self._rows:
            raise InputError(str(self.path), "at least one example", "none")
        declared = self.protocol.examples
        found = len({key[0] for key in self._rows})
        if declared is not None and found != declared:
            said = f"{self.path}: {count(found, 'example')} recorded, the plan says {declared}"
            warn(said, stacklevel=2)
        try:
            make_folder(self.path.parent)
            write_records(self.records, self.path)
        except CannotWrite as fault:
            raise InputError(str(self.path), "a writable place", fault.reason) from None
        sha256 = sha256_of(self.path)
        self._entry = {"path": self.path.name, "sha256": sha256, "format": "records"}
        return self._entry

    @property
    def entry(self) -> dict[str, str]:
        """The file as an entry of the evaluation's ``evidence``, for a results file beside it."""
        if self._entry is None:
            raise InputError(str(self.path), "a recorder that has written its file", "one before")
        return dict(self._entry)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._entry is None:
            self.write()


def _evaluation(results: Results, wanted: str | None) -> str:
    known = [name for name, e in results.evaluations.items() if isinstance(e, Certification)]
    if wanted in known:
        return str(wanted)
    if wanted is None and len(known) == 1:
        return known[0]
    expected = f"one of {', '.join(known)}" if known else "a file with a certification"
    near = None if wanted is None else closest(wanted, known)
    suggestion = None if near is None else f"evaluation={near!r}"
    found = "none" if wanted is None else shorten(wanted)
    raise InputError("evaluation", expected, found, suggestion)


def _protocol(results: Results, evaluation: str) -> Protocol:
    declared = results.evaluations[evaluation]
    assert isinstance(declared, Certification)
    sampling, data = results.sampling[declared.sampling], results.data[declared.data]
    for name, value in (("n0", sampling.n0), ("n", sampling.n)):
        if isinstance(value, str):
            raise InputError(f"sampling/{declared.sampling}/{name}", "a number of draws", value)
    assert not isinstance(sampling.n0, str)
    assert not isinstance(sampling.n, str)
    return Protocol(
        n0=sampling.n0,
        n=sampling.n,
        classes=None if isinstance(data.classes, str) else data.classes,
        class_names=tuple(data.class_names or ()),
        checkpoints=tuple(c.id for c in checkpoints_of(results, evaluation)),
        examples=None if isinstance(data.examples, str) else data.examples,
    )


def _check_sums(first: int, second: int, void: int, protocol: Protocol, where: str) -> None:
    missing = (protocol.n0 - first, protocol.n - second)
    if min(missing) < 0 or sum(missing) != void:
        expected = f"{protocol.n0} selection votes and {protocol.n} votes, {void} of them void"
        raise InputError(where, expected, f"{first} and {second}", "void=… for non-finite outputs")


def _not_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _dtype(name: str) -> type:
    return np.float64 if name in ("norm", "recording_radius") else np.int64
