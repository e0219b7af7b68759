"""A network with a planted fault is caught; the honest one closest to it is not."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from repaudit.rerun.models.fold import fold_batch_norms
from repaudit.rerun.plan import MOST_ELEMENTS
from tests.rerun.probes.planted import codes, found_in, judged, planted, probed


@pytest.mark.parametrize("network", ["TrainsItself", "HiddenTraining", "no_statistics"])
def test_batch_norm_in_training_mode_is_caught_by_state_and_by_behaviour(
    network: str, tmp_path: Path
) -> None:
    assert found_in(tmp_path, network) == {"RA920": "error", "RA921": "error"}


def test_normalisation_over_the_batch_is_caught(tmp_path: Path) -> None:
    assert found_in(tmp_path, "NormalisesBatch") == {"RA920": "error"}


@pytest.mark.parametrize(
    ("network", "output", "severity"),
    [("NormalisesBatch", "logits", "error"), ("BatchClasses", "class", "warning")],
)
def test_a_certification_in_blocks_of_two_rows_is_asked_about_in_larger_ones(
    network: str, output: str, severity: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_ELEMENTS, "cpu", 1)
    study, task = planted(tmp_path, network, output=output)
    assert study.engine().ready(task).plan.rows == 2
    assert codes(list(probed(study, task).values())) == {"RA920": severity}


def test_normalisation_of_each_example_is_not(tmp_path: Path) -> None:
    """InstanceNorm keeps no running statistics either, and is a function of x."""
    assert found_in(tmp_path, "instance_norm") == {}


def test_dynamic_range_below_the_loudest_clip_of_the_batch_is_caught(tmp_path: Path) -> None:
    # torchaudio's AmplitudeToDB on (batch, mel, time): pytorch/audio issues 994 and 3448.
    assert found_in(tmp_path, "TopDb", waveform=True, sigma=2.5e-4) == {"RA920": "warning"}


def test_the_same_front_end_without_a_range_is_not(tmp_path: Path) -> None:
    assert found_in(tmp_path, "OnWaveform", waveform=True, sigma=2.5e-4) == {}


def test_dropout_as_a_function_is_caught_by_repeats(tmp_path: Path) -> None:
    """And said once: what randomness does between batches is no second fault."""
    assert found_in(tmp_path, "DropsOut") == {"RA922": "warning"}


def test_dropout_that_stays_on_is_caught_by_its_mode_too(tmp_path: Path) -> None:
    assert found_in(tmp_path, "DropoutOn") == {"RA921": "error", "RA922": "warning"}


def test_dropout_with_a_fixed_seed_is_caught_by_the_order_of_the_batch(tmp_path: Path) -> None:
    assert found_in(tmp_path, "SeededDropout") == {"RA920": "warning"}


@pytest.mark.parametrize("network", ["Counts", "Flagged"])
def test_what_only_looks_like_training_is_a_warning(network: str, tmp_path: Path) -> None:
    assert found_in(tmp_path, network) == {"RA921": "warning"}


def test_a_buffer_that_is_filled_once_is_no_fault(tmp_path: Path) -> None:
    assert found_in(tmp_path, "Saves") == {}


def test_a_network_that_refuses_one_example_alone_is_caught(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "PairsOnly")
    probes = probed(study, task)
    assert probes["batch_dependence"].numbers["refused_sizes"] == "1"
    assert codes(list(probes.values())) == {"RA920": "warning"}


def test_outputs_that_are_not_finite_are_counted(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "SometimesVoid", options={"level": -0.5})
    numbers = probed(study, task)["finite_outputs"].numbers
    assert numbers["rows"] == 160  # 4 canaries, an eighth of 320 draws each
    assert 0 < int(numbers["not_finite"] or 0) < 160


def test_outputs_that_are_not_finite_are_an_error(tmp_path: Path) -> None:
    found = found_in(tmp_path, "SometimesVoid", options={"level": -0.5})
    assert found == {"RA924": "error"}


def test_ties_are_a_note(tmp_path: Path) -> None:
    assert found_in(tmp_path, "Tied") == {"RA925": "note"}


def test_a_gain_inside_the_network_is_caught(tmp_path: Path) -> None:
    assert found_in(tmp_path, "Levelled", waveform=True) == {"RA927": "warning"}


def test_a_network_that_notices_nothing_has_no_hidden_gain(tmp_path: Path) -> None:
    assert found_in(tmp_path, "Constant", waveform=True) == {}


def narrowed(values: NDArray[np.float32], dtype: str) -> NDArray[np.float32]:
    """Rounded to the nearest, ties to even, by numpy and by hand."""
    if dtype == "float16":
        return values.astype(np.float16).astype(np.float32)
    bits = values.view(np.uint32)
    kept = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16
    return kept.astype(np.uint32).view(np.float32)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_narrow_input_type_that_swallows_the_noise_is_caught(dtype: str, tmp_path: Path) -> None:
    study, task = planted(tmp_path, "Narrow", waveform=True, sigma=2.5e-4, dtype=dtype)
    probes = probed(study, task)
    assert codes(list(probes.values()), waveform=True) == {"RA923": "warning"}
    clips = np.zeros((10, 4000), np.float32)
    clips[:, :3500] = np.load(tmp_path / "clips.npz")["x"][:, 0]
    clips *= 0.1 / np.sqrt(np.square(clips[:, :3500]).mean(1, keepdims=True))
    noise = np.random.default_rng(0).normal(0, 2.5e-4, clips.shape).astype(np.float32)
    expected = np.mean(narrowed(clips + noise, dtype) == narrowed(clips, dtype))
    assert probes["precision"].numbers["noise_absorbed"] == pytest.approx(expected, abs=0.01)


def test_votes_that_a_narrow_type_moves_are_counted_with_their_interval(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "Coarse", sigma=0.005, dtype="bfloat16")
    probes = probed(study, task)
    numbers = probes["precision"].numbers
    assert int(numbers["votes_differ"] or 0) > 0
    low, share, high = (float(numbers[key] or 0) for key in ("share_low", "share", "share_high"))
    assert 0 < low < share < high < 1
    assert codes(list(probes.values()))["RA923"] == "warning"


def test_too_few_moved_votes_to_say_that_a_count_moves_are_not_held_against_it(
    tmp_path: Path,
) -> None:
    study, task = planted(tmp_path, "Coarse", sigma=0.02, dtype="bfloat16")
    probes = probed(study, task)
    assert probes["precision"].numbers["votes_differ"] == 1
    assert "RA923" not in codes(list(probes.values()))


@pytest.mark.parametrize("dtype", ["bfloat16", "bfloat16_autocast", "float64"])
def test_a_network_that_another_type_does_not_move_passes(dtype: str, tmp_path: Path) -> None:
    assert found_in(tmp_path, "Sound", dtype=dtype) == {}


def test_a_finding_names_the_network_and_points_to_the_evaluation(tmp_path: Path) -> None:
    (finding,) = judged(list(probed(*planted(tmp_path, "NormalisesBatch")).values()))
    assert finding.pointer == "/evaluations/spoken-words"
    assert finding.message.startswith("checkpoint a: ")


def test_a_norm_that_forward_trains_is_not_folded(tmp_path: Path) -> None:
    """Folding it would make a sound network out of another one."""

    class Trains(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.norm = torch.nn.Conv1d(1, 2, 1), torch.nn.BatchNorm1d(2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.norm.train()
            x = self.norm(self.conv(x))
            self.norm.eval()
            return x

    assert fold_batch_norms(Trains().eval()) == 0
