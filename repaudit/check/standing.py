"""Where the claims of one evaluation stand, said while others are still measured."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repaudit._core.text import count
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.sample import Sample
from repaudit.contract.results import Results
from repaudit.evidence.tables import Records
from repaudit.verdicts import Margins, compare
from repaudit.verdicts.sampling.judge import Sampled

PROVISIONAL = "provisional: Holm over the whole file at the end"
_SHOWED = {
    "confirmed": "confirmed by",
    "refuted": "contradicted by",
    "unsettled": "not settled by",
}
_ORDER = [verdict for verdict in Verdict if verdict is not Verdict.REPRODUCED]


@dataclass(frozen=True)
class Standing:
    """What the comparison at the end says, asked for one evaluation beforehand."""

    results: Results
    margins: Margins
    seed: int
    recomputed: Mapping[str, Records]
    no_counts: Mapping[str, str]
    contradicted: Mapping[str, str]

    def of_rerun(self, name: str, measured: Records) -> str:
        """Return where the claims of an evaluation stand that was re-run in full."""
        found = self._compared(name, measured={name: measured})
        return _words(found, len(self.results.evaluations))

    def of_sample(self, sampled: Sampled) -> str:
        """Return what a sample showed, and where that leaves the claims."""
        sample, name = sampled.sample, sampled.sample.evaluation
        found = self._compared(name, sampled={name: sampled})
        return f"{_sample_words(sample)}, {_words(found, len(self.results.evaluations))}"

    def _compared(
        self,
        name: str,
        measured: Mapping[str, Records] | None = None,
        sampled: Mapping[str, Sampled] | None = None,
    ) -> list[Comparison]:
        return compare(
            self.results,
            recomputed=self.recomputed,
            measured=measured or {},
            margins=self.margins,
            no_counts=self.no_counts,
            contradicted=self.contradicted,
            sampled=sampled or {},
            seed=self.seed,
            only=name,
        )


def _sample_words(sample: Sample) -> str:
    return f"{_SHOWED[sample.outcome]} a sample of {count(sample.examples, 'example')}"


def _words(found: Sequence[Comparison], evaluations: int) -> str:
    claims = Counter(c.verdict for c in found if c.kind == "claim")
    records = [c.verdict for c in found if c.kind == "records"]
    said = [f"{count(claims[Verdict.REPRODUCED], 'claim')} {_agree(claims)} so far"]
    said += [f"{claims[v]} {_named(v)}" for v in _ORDER if claims[v]]
    if records and records[0] is not Verdict.REPRODUCED:
        said.append(f"released counts {_named(records[0])}")
    return ", ".join(said) + (f" ({PROVISIONAL})" if evaluations > 1 else "")


def _agree(claims: Mapping[Verdict, int]) -> str:
    return "agrees" if claims[Verdict.REPRODUCED] == 1 else "agree"


def _named(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")
