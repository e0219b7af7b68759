"""The results file: one study, everything named once, evaluations with their claims."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from repaudit.contract.attack import Attack, Defence
from repaudit.contract.base import Declared
from repaudit.contract.contract import Contract
from repaudit.contract.data import Data
from repaudit.contract.evaluation import Evaluation
from repaudit.contract.model import Model
from repaudit.contract.sampling import Sampling
from repaudit.contract.statement import Annotation, Statement, Suppression, Table
from repaudit.contract.steps import Step
from repaudit.contract.types import Id, Real

SCHEMA_ID = "urn:repaudit:results:1"
Steps = Annotated[list[Step], Field(min_length=1)]


class Code(Declared):
    """The code that made the numbers."""

    repository: str
    commit: str


class Study(Declared):
    """What the file reports."""

    title: Annotated[str, Field(min_length=1)]
    kind: Literal["original", "transcription", "plan"]
    """an author's own numbers; numbers typed in from a source; or claims not yet measured"""
    url: str | None = None
    version: str | None = None
    date: str | None = None
    code: Code | None = None


class Materiality(Declared):
    """Differences the author declares immaterial, where wider than the default."""

    accuracy: Real | None = None
    """points of accuracies in percent"""
    radius: Real | None = None
    """fraction of the radius"""
    snr: Real | None = None
    """dB"""
    rate: Real | None = None
    """points of defence and attack success rates in percent"""
    geometry: Real | None = None
    """fraction"""
    aliasing: Real | None = None
    """fraction"""

    @field_validator("*")
    @classmethod
    def _not_negative(cls, margin: Real | None) -> Real | None:
        if margin is not None and margin.value < 0:
            raise ValueError(f"expected a margin of at least 0, got {margin}")
        return margin


class Results(Declared):
    """A results file, version 1."""

    schema_id: Annotated[Literal["urn:repaudit:results:1"], Field(alias="$schema")]
    study: Study
    data: dict[Id, Data]
    pipelines: dict[Id, Steps] = {}
    """the ordered steps from recording to network input"""
    models: dict[Id, Model] = {}
    contracts: dict[Id, Contract] = {}
    """(rho, P, T, m)"""
    sampling: dict[Id, Sampling] = {}
    """Monte-Carlo budgets"""
    attacks: dict[Id, Attack] = {}
    defences: dict[Id, Defence] = {}
    evaluations: dict[Id, Evaluation]
    """the measurements with their claims"""
    statements: list[Statement] = []
    """what the text says about the claims"""
    tables: dict[Id, Table] = {}
    """views of the claims"""
    annotations: list[Annotation] = []
    """what the transcriber inferred"""
    suppressions: list[Suppression] = []
    """findings the author accepts; never an error or a verdict"""
    materiality: Materiality = Materiality()
    """differences the author declares immaterial"""
