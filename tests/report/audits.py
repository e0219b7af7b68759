"""The audits that every format is tested on, with the numbers of a realistic keyword spotter."""

from typing import Any

from repaudit.audit.audit import Audit, Level, Options, Subject
from repaudit.audit.comparison import Comparison, DeclaredValue, Estimate, Verdict
from repaudit.audit.finding import Certainty, Finding, Rule, Severity
from repaudit.audit.run import Environment, Measurement

SHA = "3f1c0e9ab2d45c7786e1f5a90b3cd2ee41a7768890cb13fd52e6a9b0c4d7e812"
HONEST_METHOD = "re-run, 48 examples; SWAP interval at 99 %"
LEVELS = {
    "L0": "schema-valid",
    "L1": "self-consistent",
    "L2": "recomputed from released evidence",
    "L3": "a re-run agrees",
    "L4": "a second, independent re-run agrees",
    "L5": "survived falsification",
}
RULES = [
    Rule(code="RA041", name="unresolved-name", title="A name is not defined.", severity="error"),
    Rule(
        code="RA045",
        name="hidden-range-control",
        title="Range control after the noise is not declared as T.",
        severity="error",
    ),
    Rule(
        code="RA101",
        name="radius-above-ceiling",
        title="A radius is above what its n and alpha allow.",
        severity="error",
    ),
    Rule(
        code="RA102",
        name="median-at-ceiling",
        title="A median radius is the largest one its budget can certify.",
        severity="note",
    ),
    Rule(
        code="RA201",
        name="impossible-proportion",
        title="No whole number of examples gives this proportion.",
        severity="error",
    ),
    Rule(
        code="RA810",
        name="hash-mismatch",
        title="A file is another one than declared.",
        severity="error",
    ),
]


def level(id: str, status: str, reason: str) -> Level:
    return Level(id=id, title=LEVELS[id], status=status, reason=reason)


def exact(value: float) -> Estimate:
    return Estimate(value=value, low=value, high=value, draws=48, method="from released counts")


def measured(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high, draws=48, method=HONEST_METHOD)


def comparison(**patch: Any) -> Comparison:
    fields: dict[str, Any] = {
        "kind": "claim",
        "pointer": "/evaluations/wave-low/claims/0",
        "evaluation": "wave-low",
        "label": "certified accuracy at R ≥ 0",
        "metric": "certified_accuracy",
        "unit": "percent",
        "declared": DeclaredValue(text="91.67", low=91.665, high=91.675),
        "recomputed": exact(91.6667),
        "measured": measured(91.6667, 89.58, 93.75),
        "p_value": 1.0,
        "p_adjusted": 1.0,
        "margin": 5.0,
        "margin_source": "file",
        "verdict": Verdict.REPRODUCED,
        "reason": "the evidence recomputes to it and honest values lie within 5 points of it",
        "line": 141,
        "column": 5,
    }
    return Comparison(**{**fields, **patch})


def declared(text: str, ulp: float) -> DeclaredValue:
    value = float(text)
    return DeclaredValue(text=text, low=value - ulp / 2, high=value + ulp / 2)


def _comparisons() -> list[Comparison]:
    within = "honest values lie within the materiality"
    unit = "full-scale amplitude"
    return [
        comparison(),
        comparison(
            pointer="/evaluations/wave-low/claims/1",
            label="certified accuracy at R ≥ 0.004",
            declared=declared("87.50", 0.01),
            recomputed=exact(87.5),
            measured=measured(87.5, 85.4167, 89.5833),
            line=142,
        ),
        comparison(
            pointer="/evaluations/wave-low/claims/2",
            label="median certified radius over all examples",
            metric="certified_radius",
            unit=unit,
            declared=DeclaredValue(text=".005812", low=0.005812, high=0.005813),
            recomputed=exact(0.0058126),
            measured=measured(0.005961, 0.005247, 0.006688),
            margin=0.00179,
            reason=within,
            line=143,
        ),
        comparison(
            pointer="/evaluations/wave-low/claims/3",
            label="median certified SNR over certified examples",
            metric="certified_snr",
            unit="dB",
            declared=DeclaredValue(text="86.62", low=86.61, high=86.62),
            recomputed=exact(86.6137),
            measured=measured(86.41, 85.47, 87.52),
            margin=3.0,
            reason=within,
            line=144,
        ),
        comparison(
            kind="records",
            pointer="/evaluations/wave-low/evidence/0",
            label="released counts against the re-run's",
            metric="records",
            unit="",
            declared=None,
            recomputed=None,
            measured=None,
            p_value=0.412,
            p_adjusted=1.0,
            margin=None,
            margin_source=None,
            reason="48 examples; no shift (T1), no over- or under-dispersion (T2), no outlier (T3)",
            line=147,
        ),
        comparison(
            pointer="/evaluations/logmel/claims/0",
            evaluation="logmel",
            declared=declared("89.58", 0.01),
            recomputed=exact(89.5833),
            measured=measured(89.5833, 87.5, 91.6667),
            line=166,
        ),
        comparison(
            pointer="/evaluations/logmel/claims/1",
            evaluation="logmel",
            label="median certified radius over all examples",
            metric="certified_radius",
            unit="ln",
            declared=DeclaredValue(text="1.2214", low=1.2214, high=1.2215),
            recomputed=exact(1.22143),
            measured=measured(1.2391, 1.1021, 1.3418),
            margin=0.3717,
            reason=within,
            line=167,
        ),
        comparison(
            pointer="/evaluations/clip-geometry/claims/0",
            evaluation="clip-geometry",
            label="D_geom",
            metric="d_geom",
            unit="ratio",
            declared=declared("264.27", 0.01),
            recomputed=None,
            measured=measured(264.2688, 264.2651, 264.2725),
            margin=2.6427,
            margin_source="default",
            reason=within,
            line=188,
        ),
    ]


def _measurements() -> list[Measurement]:
    return [
        Measurement(
            evaluation="wave-low",
            checkpoint="seed0",
            status="measured",
            certified_object="waveform, noise after normalize",
            examples=48,
            forwards=26_400,
            seconds=31.4,
            evidence_path="evidence/wave-low-seed0.csv",
            evidence_sha256=SHA,
            summary={"median R/sqrt(T)": 4.71e-5, "median length-normalised SNR (dB)": 86.41},
        ),
        Measurement(
            evaluation="logmel",
            checkpoint="seed0",
            status="measured",
            certified_object="feature (log-mel), noise after log_mel",
            examples=48,
            forwards=26_400,
            seconds=19.2,
            void_votes=2,
            evidence_path="evidence/logmel-seed0.csv",
            evidence_sha256=SHA[::-1],
        ),
        Measurement(
            evaluation="clip-geometry",
            checkpoint=None,
            status="measured",
            certified_object="waveform, noise after normalize",
            examples=48,
            forwards=768,
            seconds=1.9,
            zero_norm_examples=1,
            evidence_path="evidence/clip-geometry.csv",
            evidence_sha256=SHA,
            summary={"clean_bias mean": 264.3012, "noise_gain mean": 0.6113, "cosine mean": 0.0021},
        ),
    ]


ENVIRONMENT = Environment(
    repaudit="0.1.0",
    python="3.11.2",
    platform="Linux-6.1.0-x86_64",
    libraries={"numpy": "1.26.4", "scipy": "1.13.1", "torch": "2.11.0", "torchaudio": "2.11.0"},
    device="cpu, 2 threads",
    plan="512 rows per forward, 4 BatchNorms folded, channels_last, TF32 off",
)


def an_audit(**patch: Any) -> Audit:
    fields: dict[str, Any] = {
        "subject": Subject(
            path="examples/keyword-spotting/results.json",
            sha256=SHA,
            title="A small keyword spotter, certified in two places",
            kind="original",
            evaluations=3,
            claims=7,
        ),
        "options": Options(static=False, fail_on=["error"], require=None, margins={}),
        "nonce": "00112233445566778899aabbccddeeff",
        "seed": SHA[::-1],
        "started": "2026-01-05T10:20:30Z",
        "seconds": 58.7,
        "environment": ENVIRONMENT,
        "rules": RULES,
        "findings": [
            Finding(
                code="RA102",
                name="median-at-ceiling",
                severity=Severity.NOTE,
                certainty=Certainty.PROVED,
                pointer="/evaluations/wave-low/claims/2",
                message="half of the examples reach the largest radius that n = 500 can certify",
                evidence={"ceiling": 0.00552},
                line=143,
                column=5,
                suppressed="the budget is part of the design",
            )
        ],
        "measurements": _measurements(),
        "comparisons": _comparisons(),
        "levels": [
            level("L0", "passed", "valid against urn:repaudit:results:1"),
            level("L1", "passed", "6 rules ran, none objects"),
            level("L2", "passed", "6 claims recompute exactly from the released counts"),
            level("L3", "passed", "all 7 claims and the released counts agree with a re-run"),
            level("L4", "not_checked", "no earlier audit was given (--confirm)"),
            level("L5", "not_applicable", "no empirical defence is claimed"),
        ],
        "level": "L3",
        "materiality": {
            "accuracy": 5.0,
            "radius": 0.3,
            "snr": 3.0,
            "rate": 1.0,
            "geometry": 0.01,
            "aliasing": 0.001,
        },
        "exit_code": 0,
        "exit_reason": "nothing at or above --fail-on error",
    }
    return Audit(**{**fields, **patch})


def honest() -> Audit:
    """Every claim reproduced, one note suppressed."""
    return an_audit()


def contradicted() -> Audit:
    """Several errors of different kinds, one warning, and parts that could not be checked."""
    base = _comparisons()
    overstated = base[1].model_copy(
        update={
            "declared": declared("95.83", 0.01),
            "recomputed": None,
            "p_value": 2.1e-7,
            "p_adjusted": 1.5e-6,
            "verdict": Verdict.OVERSTATED,
            "reason": "declared 95.83 lies above every honest value; honest runs print "
            "85.42 to 89.58 (99 %), and the difference is 6 examples of 48",
        }
    )
    refuted = base[2].model_copy(
        update={
            "declared": DeclaredValue(text=".006393", low=0.006393, high=0.006394),
            "verdict": Verdict.REFUTED,
            "reason": "the released counts give 0.0058126, not .006393",
        }
    )
    understated = base[3].model_copy(
        update={
            "declared": DeclaredValue(text="91.20", low=91.19, high=91.2),
            "verdict": Verdict.UNDERSTATED,
            "p_value": 0.0004,
            "p_adjusted": 0.002,
            "reason": "declared 91.20 dB is weaker than honest runs print (85.47 to 87.52 dB)",
        }
    )
    inconclusive = base[6].model_copy(
        update={
            "margin": 0.0124,
            "margin_source": "default",
            "verdict": Verdict.INCONCLUSIVE,
            "reason": "not rejected, but honest values reach 0.119 from the claim, more than the "
            "materiality 0.0124; a second re-run would not settle it",
        }
    )
    unchecked = base[7].model_copy(
        update={
            "recomputed": None,
            "measured": None,
            "p_value": None,
            "p_adjusted": None,
            "margin": None,
            "margin_source": None,
            "verdict": Verdict.NOT_CHECKED,
            "reason": "audio/yes_0003.flac: no such file",
        }
    )
    measurements = _measurements()
    missing = Measurement(
        evaluation="clip-geometry",
        checkpoint=None,
        status="not_checked",
        reason="audio/yes_0003.flac: no such file",
    )
    findings = [
        Finding(
            code="RA810",
            name="hash-mismatch",
            severity=Severity.ERROR,
            certainty=Certainty.PROVED,
            pointer="/models/cnn/checkpoints/0/file",
            message="models/cnn-seed0.safetensors: declared sha256 3f1c0e9ab2d4…, "
            "the file has 9d02b7c11e58…",
            evidence={"declared": "3f1c0e9ab2d4", "found": "9d02b7c11e58"},
            line=96,
            column=18,
        ),
        Finding(
            code="RA201",
            name="impossible-proportion",
            severity=Severity.ERROR,
            certainty=Certainty.PROVED,
            pointer="/evaluations/wave-low/claims/1/value",
            message="no whole number of 48 examples prints as 95.80 percent",
            evidence={"examples": 48, "nearest": 46},
            line=142,
            column=40,
        ),
        Finding(
            code="RA045",
            name="hidden-range-control",
            severity=Severity.WARNING,
            certainty=Certainty.LIKELY,
            pointer="/pipelines/kws/4",
            message="clip follows the noise but is not declared as T",
            line=61,
            column=7,
        ),
    ]
    return an_audit(
        findings=findings,
        comparisons=[
            base[0],
            overstated,
            refuted,
            understated,
            *base[4:6],
            inconclusive,
            unchecked,
        ],
        measurements=[*measurements[:2], missing],
        rules=[*RULES[:-1], RULES[-1].model_copy(update={"skipped": None})],
        levels=[
            level("L0", "passed", "valid against urn:repaudit:results:1"),
            level("L1", "failed", "2 errors"),
            level("L2", "failed", "1 of 6 claims does not recompute"),
            level("L3", "failed", "1 claim is overstated"),
            level("L4", "not_checked", "no earlier audit was given (--confirm)"),
            level("L5", "not_applicable", "no empirical defence is claimed"),
        ],
        level="L0",
        options=Options(
            static=False, fail_on=["error", "warning"], require="L3", margins={"radius": 0.3}
        ),
        exit_code=1,
        exit_reason="2 errors and 2 verdicts at or above --fail-on error",
    )


def nothing_checked() -> Audit:
    """No weights: every claim is not checked."""
    reason = "models/cnn-seed0.safetensors: no such file"
    blank = {
        "recomputed": None,
        "measured": None,
        "p_value": None,
        "p_adjusted": None,
        "margin": None,
        "margin_source": None,
        "verdict": Verdict.NOT_CHECKED,
        "reason": reason,
    }
    unread = "evidence/clip-geometry.csv: no such file"
    comparisons = [c.model_copy(update=blank) for c in _comparisons()]
    comparisons[-1] = comparisons[-1].model_copy(update={"reason": unread})
    skipped = "needs released counts, and none could be read"
    return an_audit(
        findings=[],
        comparisons=comparisons,
        measurements=[
            Measurement(
                evaluation=m.evaluation,
                checkpoint=m.checkpoint,
                status="not_checked",
                reason=unread if m.evaluation == "clip-geometry" else reason,
            )
            for m in _measurements()
        ],
        rules=[*RULES[:4], RULES[4].model_copy(update={"skipped": skipped}), RULES[5]],
        levels=[
            level("L0", "passed", "valid against urn:repaudit:results:1"),
            level("L1", "passed", "5 rules ran, none objects"),
            level("L2", "not_checked", "no released counts could be read"),
            level("L3", "not_checked", "no evaluation could be re-run"),
            level("L4", "not_checked", "no earlier audit was given (--confirm)"),
            level("L5", "not_applicable", "no empirical defence is claimed"),
        ],
        level="L1",
        environment=ENVIRONMENT.model_copy(update={"device": None, "plan": None}),
        seconds=0.4,
        exit_code=3,
        exit_reason="nothing could be checked",
    )


HOSTILE = "<script>alert(1)</script>\x1b[31m|`**x**`|\u202e[a](javascript:b)\n# c {{ 7*7 }}\x00" + (
    "long" * 2000
)


def hostile() -> Audit:
    """An audit with the same hostile text in every field that takes free text."""
    base = contradicted()
    bad = {"title": HOSTILE, "path": HOSTILE}
    return base.model_copy(
        update={
            "subject": base.subject.model_copy(update=bad),
            "nonce": HOSTILE,
            "seed": HOSTILE,
            "started": HOSTILE,
            "exit_reason": HOSTILE,
            "environment": Environment(
                repaudit=HOSTILE,
                python=HOSTILE,
                platform=HOSTILE,
                libraries={HOSTILE: HOSTILE},
                device=HOSTILE,
                plan=HOSTILE,
            ),
            "options": base.options.model_copy(
                update={"margins": {HOSTILE: 0.1}, "fail_on": [HOSTILE], "require": HOSTILE}
            ),
            "materiality": {HOSTILE: 0.1},
            "rules": [
                Rule(
                    code=HOSTILE,
                    name=HOSTILE,
                    title=HOSTILE,
                    severity=Severity.NOTE,
                    skipped=HOSTILE,
                )
            ],
            "findings": [
                f.model_copy(
                    update={
                        "code": HOSTILE,
                        "name": HOSTILE,
                        "pointer": HOSTILE,
                        "message": HOSTILE,
                        "evidence": {HOSTILE: HOSTILE},
                        "line": line,
                        "suppressed": suppressed,
                    }
                )
                for f in base.findings
                for line, suppressed in ((None, None), (3, HOSTILE))
            ],
            "measurements": [
                m.model_copy(
                    update={
                        "evaluation": HOSTILE,
                        "checkpoint": HOSTILE,
                        "reason": HOSTILE,
                        "certified_object": HOSTILE,
                        "evidence_path": HOSTILE,
                        "evidence_sha256": HOSTILE,
                        "summary": {HOSTILE: 1.0, "undefined": None},
                    }
                )
                for m in base.measurements
            ],
            "comparisons": [
                c.model_copy(
                    update={
                        "pointer": HOSTILE,
                        "evaluation": HOSTILE,
                        "label": HOSTILE,
                        "metric": HOSTILE,
                        "unit": HOSTILE,
                        "reason": HOSTILE,
                        "declared": DeclaredValue(text=HOSTILE, low=1, high=2),
                        "line": None,
                    }
                )
                for c in base.comparisons
            ],
            "levels": [
                entry.model_copy(update={"title": HOSTILE, "reason": HOSTILE})
                for entry in base.levels
            ],
        }
    )
