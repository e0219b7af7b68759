"""Evaluations: the measurements, each with its claims and its released evidence."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.attack import ThreatModel
from repaudit.contract.base import Declared, Maybe
from repaudit.contract.claim import Claim
from repaudit.contract.sampling import MOST_DRAWS
from repaudit.contract.types import Id, Real, Sha256


class EvidenceFile(Declared):
    """Released per-example counts."""

    path: str
    """relative to the results file, never outside its folder"""
    sha256: Sha256
    format: Literal["records", "smoothing_tsv"]
    """records: CSV, JSONL, npz or Parquet by suffix; smoothing_tsv: locuslab/smoothing's log"""
    checkpoint: Id | None = None
    """the checkpoint it belongs to; absent = a checkpoint column, or the only one"""


class _Evaluation(Declared):
    data: Id
    """the data set evaluated"""
    repeats: Maybe[Annotated[int, Field(ge=1, le=1000)]] | None = None
    """independent re-evaluations; absent = 1"""
    source: str | None = None
    """where the claims stand, such as Table 1; a claim may override it"""
    claims: list[Claim]
    """the declared numbers; may be empty"""
    evidence: list[EvidenceFile] = []
    """one file per checkpoint, or one with a checkpoint column"""


class Certification(_Evaluation):
    """Certified radii of a smoothed network."""

    kind: Literal["certification"]
    model: Id
    contract: Id
    sigma: Real
    """standard deviation of the noise, in the coordinates after the contract's location"""
    sampling: Id
    checkpoints: Annotated[list[Id], Field(min_length=1)] | None = None
    """absent = all of the model"""


class Geometry(_Evaluation):
    """What T does to the noise; no network."""

    kind: Literal["geometry"]
    contract: Id
    sigma: Real
    """standard deviation of the noise, in the coordinates after the contract's location"""
    draws: Maybe[Annotated[int, Field(ge=1, le=MOST_DRAWS)]]
    """noise draws per example"""


class Empirical(_Evaluation):
    """Accuracy, clean or attacked, defended or not."""

    kind: Literal["empirical"]
    model: Id
    pipeline: Id
    attacks: list[Id]
    """[] = clean; several = worst case per example over the panel"""
    threat_model: ThreatModel | None = None
    """required with attacks"""
    defence: Id | None = None
    """absent = undefended"""
    reevaluated: Maybe[bool] | None = None
    """whether adversarials count only when the stored input, run again, is still wrong"""
    checkpoints: Annotated[list[Id], Field(min_length=1)] | None = None
    """absent = all of the model"""


class Aliasing(_Evaluation):
    """How much of each downsampling operation's output is folded spectrum."""

    kind: Literal["aliasing"]
    model: Id
    pipeline: Id
    nyquist: Maybe[Literal["zero", "one_sided", "both"]]
    """what the alias-free spectrum has at the Nyquist bin of an even size"""
    window: Literal["none", "hann"] | None = None
    """on the dense grid; absent = none"""
    checkpoints: Annotated[list[Id], Field(min_length=1)] | None = None
    """absent = all of the model"""


Evaluation = Annotated[Certification | Geometry | Empirical | Aliasing, Field(discriminator="kind")]
