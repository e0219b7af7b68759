"""How often a sound network is accused and a faulty one passes, over many draws of canaries."""

import hashlib
from pathlib import Path

import pytest

from repaudit.rerun.probes import run_probes
from tests.rerun.probes.planted import codes, planted

pytestmark = pytest.mark.slow

SEEDS = [hashlib.sha256(f"audit {i}".encode()).digest() for i in range(40)]


@pytest.mark.parametrize("waveform", [False, True])
def test_a_sound_network_is_never_accused(waveform: bool, tmp_path: Path) -> None:
    # No alarm in 40 audits of 20 statistics; none is expected in a million.
    study, task = planted(tmp_path, "OnWaveform" if waveform else "Sound", waveform=waveform)
    engine = study.engine()
    found = [codes(run_probes(engine, task, seed), waveform=waveform) for seed in SEEDS]
    assert found == [{}] * len(SEEDS)


@pytest.mark.parametrize(
    ("network", "code", "sigma"),
    [
        ("TrainsItself", "RA921", 0.05),
        ("NormalisesBatch", "RA920", 0.05),
        ("DropsOut", "RA922", 0.05),
        ("SeededDropout", "RA920", 0.05),
        ("TopDb", "RA920", 2.5e-4),
        ("Levelled", "RA927", 0.05),
    ],
)
def test_a_faulty_network_never_passes(
    network: str, code: str, sigma: float, tmp_path: Path
) -> None:
    waveform = network in ("TopDb", "Levelled")
    study, task = planted(tmp_path, network, sigma=sigma, waveform=waveform)
    engine = study.engine()
    found = [codes(run_probes(engine, task, seed), waveform=waveform) for seed in SEEDS[:15]]
    assert [code in one for one in found] == [True] * 15
