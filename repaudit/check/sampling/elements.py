"""The samplers of one evaluation, asked by element: checkpoint, repeat and example."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from repaudit.verdicts.sampling import Element

if TYPE_CHECKING:
    from repaudit.rerun.curtailed import Answered
    from repaudit.rerun.sampler import Sampler
    from repaudit.statistics.curtailment import Curtailment

Run = tuple[str, int]
"""checkpoint and repeat"""


class Elements:
    """Votes of the elements of one evaluation."""

    def __init__(self, samplers: "Mapping[Run, Sampler]") -> None:
        self.samplers = samplers
        """one for each run"""
        self._places = {
            (*run, example): place
            for run, sampler in samplers.items()
            for place, example in enumerate(sampler.ids)
        }

    @property
    def every(self) -> list[Element]:
        """All elements, in the order of the runs and the data."""
        return list(self._places)

    @property
    def forwards(self) -> int:
        """Forwards so far, those of a journal included."""
        return sum(sampler.forwards for sampler in self.samplers.values())

    @property
    def restored(self) -> int:
        """Forwards of a journal."""
        return sum(sampler.restored for sampler in self.samplers.values())

    def extend(self, elements: Sequence[Element], draws: int) -> None:
        """Make sure that each has its first certification draws; raises as a re-run does."""
        for run, examples in self._by_run(elements).items():
            self.samplers[run].extend(examples, "certification", draws)

    def answers(
        self, elements: Sequence[Element], rules: "Sequence[Curtailment]"
    ) -> "dict[Element, Answered]":
        """Return whether each reaches the thresholds, from as few draws as it takes."""
        from repaudit.rerun.curtailed import answer

        found = {}
        for run, examples in self._by_run(elements).items():
            sampler = self.samplers[run]
            for answered in answer(sampler, examples, rules):
                found[(*run, sampler.ids[answered.example])] = answered
        return {element: found[element] for element in elements}

    def drawn(self, element: Element) -> int:
        """Return how many votes an element has, n0 and n together."""
        sampler, place = self.samplers[element[:2]], self._places[element]
        return sum(len(sampler.votes(place, phase)) for phase in ("selection", "certification"))

    def hits(self, element: Element, draws: int | None = None) -> int:
        """Return the votes for the label among the first ``draws``, or all."""
        sampler, place = self.samplers[element[:2]], self._places[element]
        votes = sampler.votes(place, "certification")[:draws]
        return int((votes == sampler.labels[place]).sum())

    def clip(self, element: Element, radius: float) -> tuple[float, float]:
        """Return an element's norm, and a radius of it pulled back; as `Sampler.clip` does."""
        return self.samplers[element[:2]].clip(self._places[element], radius)

    def _by_run(self, elements: Sequence[Element]) -> dict[Run, list[int]]:
        """Return the places of elements by run, in the order given."""
        found: dict[Run, list[int]] = {}
        for element in elements:
            found.setdefault(element[:2], []).append(self._places[element])
        return found


def row_of(element: Element, answer: "Answered") -> dict[str, object]:
    """Return what is written down of an element that was looked at."""
    checkpoint, repeat, example = element
    return {
        "example_id": example,
        "checkpoint": checkpoint,
        "repeat": repeat,
        "draws": answer.draws,
        "label_hits": answer.label_hits,
        "void": answer.void,
        **{f"reaches_{i}": int(reaches) for i, reaches in enumerate(answer.reaches)},
    }
