"""Audits with everything that only the HTML report draws: contracts, figures, probes, searches.

The numbers are those of `tests.report.audits`: 48 examples, n = 500, alpha = .001.
"""

from typing import Any, TypeVar

from pydantic import BaseModel

from repaudit.audit.audit import Audit
from repaudit.audit.curve import Curve, CurveMark
from repaudit.audit.described import DescribedContract, DescribedStep
from repaudit.audit.falsification import Falsification, Flip
from repaudit.audit.figures import Figures
from repaudit.audit.histogram import RadiusHistogram
from repaudit.audit.probe import Probe
from repaudit.audit.sample import Sample, SampledShare
from repaudit.audit.vote_grid import VoteGrid
from tests.report import audits

CEILING = 0.00552
M = TypeVar("M", bound=BaseModel)


def contract(**patch: Any) -> DescribedContract:
    normalize = {"measure": "rms", "target": "1", "measured_on": "clean"}
    fields: dict[str, Any] = {
        "evaluation": "wave-low",
        "kind": "certification",
        "data": "spoken words, 48 examples, 12 classes, 16000 Hz",
        "object": "waveform",
        "unit": "full-scale amplitude",
        "sigma": "0.0025",
        "location": "normalize",
        "dtype": "float32",
        "rho": [
            DescribedStep(
                name="crop_pad",
                location="crop_pad",
                parameters={"length_samples": "16000", "anchor": "start", "pad": "zero"},
            ),
            DescribedStep(name="normalize", location="normalize", parameters=normalize),
        ],
        "transform": [],
        "front_end": [
            DescribedStep(name="log_mel", location="mel", parameters={"f_max_hz": "8000"})
        ],
        "network": {"model": "cnn", "arithmetic": "float32", "output": "logits"},
        "draws": {
            "n0": "50",
            "n": "500",
            "alpha": "0.001",
            "bound": "one-sided Clopper-Pearson bound",
            "selection": "independent",
        },
        "scale": ["certified radius", "certified snr"],
    }
    return DescribedContract(**{**fields, **patch})


def curve(**patch: Any) -> Curve:
    fields: dict[str, Any] = {
        "of": "measured",
        "examples": 48,
        "runs": 1,
        "radii": [0.001, 0.004, CEILING],
        "accuracy": [44 / 48, 42 / 48, 30 / 48],
        "low": [43 / 48, 41 / 48, 22 / 48],
        "high": [45 / 48, 43 / 48, 38 / 48],
        "ceiling": CEILING,
        "unit": "full-scale amplitude",
        "norm": 126.5,
        "norm_reason": None,
    }
    return Curve(**{**fields, **patch})


def figures(**patch: Any) -> Figures:
    exact = {"of": "recomputed", "low": [44 / 48, 42 / 48, 30 / 48]}
    fields: dict[str, Any] = {
        "evaluation": "wave-low",
        "curve": curve(),
        "released": curve(**exact, high=exact["low"]),
        "marks": [
            CurveMark(
                pointer="/evaluations/wave-low/claims/0", at_radius=0.0, low=0.91665, high=0.91675
            ),
            CurveMark(
                pointer="/evaluations/wave-low/claims/1", at_radius=0.004, low=0.8749, high=0.8751
            ),
            CurveMark(
                pointer="/evaluations/wave-low/claims/2", at_radius=0.005812, low=0.5, high=0.5
            ),
        ],
        "histogram": RadiusHistogram(
            edges=[0.0, CEILING / 2, CEILING],
            right=[2, 12],
            wrong=[1, 0],
            right_at_ceiling=30,
            wrong_at_ceiling=0,
            abstained=3,
        ),
        "votes": VoteGrid(
            bins=40,
            released=[0, 39, 39],
            measured=[1, 39, 30],
            examples=[4, 43, 1],
            draws=500,
            half_width=2.07,
            outside=1,
        ),
    }
    return Figures(**{**fields, **patch})


def undrawn() -> Figures:
    return Figures(evaluation="logmel", reason="the records hold 12 of 48 examples and runs")


def probes() -> list[Probe]:
    numbers = {
        "largest_change": 1.2e-7,
        "rows": 8,
        "is_control_alive": True,
        "worst": None,
        "names": "",
    }
    return [
        Probe(
            name="batch_dependence",
            evaluation="wave-low",
            checkpoint="seed0",
            status="asked",
            numbers=numbers,
            forwards=64,
        ),
        Probe(
            name="hidden_gain",
            evaluation="wave-low",
            checkpoint="seed0",
            status="not_checked",
            reason="T measures the clean signal",
        ),
    ]


def flip(**patch: Any) -> Flip:
    fields: dict[str, Any] = {
        "example_id": "yes_0003.flac",
        "checkpoint": "seed0",
        "repeat": 0,
        "radius": 0.0041,
        "distance": 0.0033,
        "hits": 470,
        "draws": 500,
        "class_before": 3,
        "class_after": 1,
        "confirmation_hits": 4120,
        "confirmation_draws": 10_000,
        "upper_bound": 0.42,
        "p_value": 2e-9,
        "refutes": True,
    }
    return Flip(**{**fields, **patch})


def falsifications() -> list[Falsification]:
    tried: dict[str, Any] = {
        "status": "attempted",
        "counts": "re-run",
        "search": "gradient",
        "attempts": 40,
        "examples": 40,
        "certified": 45,
        "rows": 48,
        "forwards": 120_000,
    }
    return [
        Falsification(evaluation="wave-low", **tried),
        Falsification(evaluation="logmel", **tried, flips=[flip()], refuted=True),
        Falsification(evaluation="clip-geometry", status="not_checked", reason="no certificates"),
    ]


def sample() -> Sample:
    share = SampledShare(
        at_radius=0.004,
        needed_hits=480,
        pointer="/evaluations/wave-low/claims/1",
        design="comparison",
        claimed=0.875,
        margin=0.05,
        refute_margin=0.08,
        outcome="confirmed",
        risk=0.008,
        examples=20,
        reached=18,
        low=0.71,
        high=0.97,
    )
    return Sample(
        evaluation="wave-low",
        outcome="confirmed",
        reason="every share is confirmed",
        population=48,
        examples=20,
        shares=[share],
        records=None,
        forwards=11_000,
        forwards_in_full=26_400,
    )


def drawn(base: Audit, **patch: Any) -> Audit:
    """Return an audit with everything that only the HTML report draws."""
    summary = {"clean_bias": 1.4015, "noise_gain": 0.8865, "cosine": -0.1, "d_geom": 0.66723}
    *first, last = base.measurements
    fields = {
        "contracts": [
            contract(),
            contract(evaluation="wave-high", sigma="0.005"),
            contract(
                evaluation="clip-geometry",
                kind="geometry",
                dtype="unstated",
                network={},
                front_end=[],
            ),
        ],
        "figures": [figures(), undrawn()],
        "probes": probes(),
        "falsifications": falsifications(),
        "measurements": [*first, last.model_copy(update={"summary": summary})],
    }
    return base.model_copy(update={**fields, **patch})


def honest() -> Audit:
    return drawn(audits.honest())


def contradicted() -> Audit:
    return drawn(audits.contradicted())


def sampled() -> Audit:
    released = figures(curve=figures().released, released=None, votes=None)
    return drawn(audits.honest(), figures=[released], samples=[sample()])


def hostile() -> Audit:
    """The hostile text in every field that takes free text, those of the figures included."""
    base = drawn(audits.hostile())
    return base.model_copy(
        update={
            "contracts": [_hostile(c) for c in base.contracts],
            "figures": [_hostile(f) for f in base.figures],
            "probes": [_hostile(p) for p in base.probes],
            "falsifications": [_hostile(f) for f in base.falsifications],
        }
    )


_KEPT = {"status", "kind", "of", "counts", "search"}
"""Fields whose values are words of ours."""


def _hostile(model: M) -> M:
    """Return a model with the hostile text in every field of text, also further in."""
    changed = {n: _changed(getattr(model, n)) for n in type(model).model_fields if n not in _KEPT}
    return model.model_copy(update=changed)


def _changed(value: Any) -> Any:
    if isinstance(value, str):
        return audits.HOSTILE
    if isinstance(value, BaseModel):
        return _hostile(value)
    if isinstance(value, list):
        return [_changed(item) for item in value]
    if isinstance(value, dict):
        return {f"{key}{audits.HOSTILE}": _changed(item) for key, item in value.items()}
    return value
