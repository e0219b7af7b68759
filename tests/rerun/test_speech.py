"""The engine on what it is for: padded clips, a gain, noise on waveforms, log-mel, a CNN."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from repaudit.evidence.tables import CertificationRecords, GeometryRecords
from repaudit.rerun.device import steady_arithmetic
from repaudit.rerun.engine import Engine
from repaudit.rerun.noise import NormalSource, Stream
from repaudit.rerun.pipeline import Signal, build_chain
from repaudit.statistics.certificate import certified_z
from tests.rerun.engine_cases import SEED, contract, steps
from tests.rerun.speech_case import CROP, LOG_MEL, RMS, speech_study


def records_of(engine: Engine, task: Any) -> CertificationRecords:
    records = engine.run_task(task, SEED).records
    assert isinstance(records, CertificationRecords)
    return records


def test_votes_are_those_of_a_plain_loop_over_the_same_noise(tmp_path: Path) -> None:
    # A second, naive implementation: one example, one draw, one forward at a time.
    study, task = speech_study(tmp_path)
    from repaudit.rerun.models.load import load_model

    network = load_model(study.model, tmp_path / "cnn.safetensors", allow_code=False).module
    clip = torch.from_numpy(np.load(tmp_path / "clips.npz")["x"][3])
    before, after = build_chain(steps(CROP, RMS)), build_chain(steps(LOG_MEL))
    stream = Stream(SEED, "main", "a", "3", 0, "certification")
    votes = []
    with torch.inference_mode(), steady_arithmetic(torch.device("cpu")):
        r = before(Signal(clip[None], 8000)).values
        for draw in range(48):
            block = torch.empty(16, 4000)
            NormalSource(torch.device("cpu")).fill(block, stream.key(draw // 16))
            x = Signal(r + 0.05 * block[draw % 16], 8000)
            votes.append(int(network(after(x).values).argmax()))

    counts = records_of(study.engine(), replace(task, n=48))

    assert counts.label_hits[3] == sum(vote == 3 for vote in votes)
    assert counts.hits[3] == votes.count(int(counts.selected_class[3]))
    assert counts.norm is not None
    assert float(counts.norm[3]) == pytest.approx(float(r.double().norm()), rel=1e-12)


def test_the_waveform_radius_is_pulled_back_through_the_frozen_gain(tmp_path: Path) -> None:
    # The gain of a clip is .1 / RMS of its 3500 samples; the radius is divided by it.
    study, task = speech_study(tmp_path)

    counts = records_of(study.engine(), task)

    clips = np.load(tmp_path / "clips.npz")["x"][:, 0].astype(np.float64)
    gains = 0.1 / np.sqrt(np.mean(clips**2, axis=1))
    radii = 0.05 * certified_z(counts.hits, 300, 0.001)
    assert radii.max() > 0
    assert counts.recording_radius is not None
    assert counts.recording_radius == pytest.approx(radii / gains, rel=1e-6)


def test_a_feature_certificate_has_no_radius_of_the_recording_and_says_why(
    tmp_path: Path,
) -> None:
    study, task = speech_study(tmp_path)
    feature = replace(task, contract=contract(location="log_mel"), sigma=0.5)

    run = study.engine().run_task(feature, SEED)

    assert isinstance(run.records, CertificationRecords)
    assert run.records.recording_radius is not None
    assert np.isnan(run.records.recording_radius).all()
    assert any(note.startswith("recording_radius: log_mel") for note in run.notes)


@pytest.mark.parametrize(
    "settings", [{"threads": 1}, {"threads": 3}, {"batch_size": 1}, {"memory_bytes": 60_000_000}]
)
def test_a_convolutional_network_votes_alike_however_the_work_is_carried_out(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    study, task = speech_study(tmp_path)

    one, other = records_of(study.engine(), task), records_of(study.engine(**settings), task)

    assert one.hits.tolist() == other.hits.tolist()
    assert one.label_hits.tolist() == other.label_hits.tolist()
    assert len(set(one.hits.tolist())) > 2  # votes do differ between clips


def test_t_that_needs_the_clean_clip_gets_the_one_of_its_row(tmp_path: Path) -> None:
    # T rescales every noisy row to the RMS of its own clean clip; what it does is measured.
    study, task = speech_study(tmp_path)
    rms = {**RMS, "target": "clean", "measured_on": "input", "includes_padding": True}
    policy = contract([rms], location="crop_pad")

    run = study.engine().run_task(
        study.geometry(0.05, 20, pipeline=task.pipeline, contract=policy), SEED
    )
    counts = records_of(study.engine(), replace(task, contract=policy))

    assert isinstance(run.records, GeometryRecords)
    assert run.records.clean_bias_norm is not None
    # T leaves every clean clip as it is up to rounding, whatever its own RMS.
    assert float(run.records.clean_bias_norm.max()) < 1e-5
    assert len(counts) == 10


def test_clips_of_different_lengths_do_not_share_a_block(tmp_path: Path) -> None:
    # Without a crop the certified vectors have the clips' own lengths.
    study, task = speech_study(tmp_path)
    bare = replace(task, pipeline=steps(LOG_MEL), contract=contract(location="input"), n0=5, n=20)

    counts = records_of(study.engine(), bare)

    assert counts.draws.tolist() == [20] * 10
