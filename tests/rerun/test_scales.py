"""Scales that clip length cannot move."""

import math

import numpy as np
import pytest

from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.scales import scales
from repaudit.statistics.certificate import ceiling_z


def records(hits: list[int], norm: float) -> CertificationRecords:
    size = len(hits)
    return CertificationRecords(
        example_id=np.array([f"clip{i}" for i in range(size)]),
        label=np.zeros(size, np.int64),
        selected_class=np.zeros(size, np.int64),
        hits=np.array(hits),
        label_hits=np.array(hits),
        draws=np.full(size, 10_000),
        checkpoint=np.full(size, "seed0"),
        repeat=np.zeros(size, np.int64),
        norm=np.full(size, norm),
        recording_radius=np.full(size, np.nan),
    )


def test_saturated_certificates_of_two_lengths_differ_in_snr_and_not_in_what_stands_beside() -> (
    None
):
    """S1 prints 83.98 dB at 1 s and 90.97 dB at 5 s for one sigma at RMS 1, both saturated."""
    found = [
        scales(
            records([10_000] * 3, math.sqrt(samples)),
            sigma=0.0025,
            alpha=0.001,
            dimension=np.full(3, samples),
            rate_hz=np.full(3, 16_000),
        )
        for samples in (16_000, 80_000)
    ]
    assert [round(f["median SNR (certified), dB"] or 0, 2) for f in found] == [83.98, 90.97]
    beside = [f["median SNR - 10 log10(T/fs), dB"] for f in found]
    assert beside[0] == pytest.approx(beside[1], abs=1e-9)
    per_value = 0.0025 * ceiling_z(10_000, 0.001) / math.sqrt(16_000)
    assert found[0]["median R / sqrt(T)"] == pytest.approx(per_value, rel=1e-12)
    assert found[0]["share at the ceiling"] == 1.0
    assert found[0]["median radius of the recording"] is None


def test_abstentions_and_features_have_no_snr() -> None:
    found = scales(records([5000, 5000], 1.0), 0.5, 0.001, np.full(2, 100), np.zeros(2, np.int64))
    assert found["median R (certified)"] is None
    assert "median SNR (certified), dB" not in found
    assert found["share at the ceiling"] == 0.0
