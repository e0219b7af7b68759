"""Aliasing through the engine: what is found, proved, reported and kept."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from repaudit._core.errors import InputError
from repaudit.contract.model import Model
from repaudit.contract.task import Unsupported
from repaudit.evidence.tables import AliasingRecords
from repaudit.rerun.aliasing.convolution import Convolution
from repaudit.rerun.aliasing.rescale import FACTOR, rescaled
from repaudit.rerun.aliasing.sums import Settings
from repaudit.rerun.aliasing.work import AliasingWork
from repaudit.rerun.execution.execution import Execution
from repaudit.rerun.journal import Journal
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.models.prepare import prepare
from tests.rerun.aliasing.cases import SEED, GridStudy, file, grid_study, noise, of, steps, trained

BUILT_IN: dict[str, tuple[dict[str, Any], tuple[int, ...], list[str]]] = {
    "cifar_resnet": (
        {"depth": 8},
        (3, 32, 32),
        ["layer2.0:slice", "layer2.0.conv1", "layer3.0:slice", "layer3.0.conv1"],
    ),
    "log_mel_cnn": (
        {"widths": [4, 4, 8, 8]},
        (1, 64, 101),
        ["blocks.0.3", "blocks.1.3", "blocks.2.3", "blocks.3.3"],
    ),
    "res8": ({"maps": 5}, (1, 40, 101), ["pool"]),
    "waveform_cnn": (
        {"widths": [4, 4, 8, 8]},
        (16_000,),
        ["blocks.0.0", "blocks.1.0", "blocks.2.0", "blocks.3.0"],
    ),
}


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize(("dtype", "error"), [("float32", 1e-5), ("float64", 1e-12)])
def test_every_layer_of_every_built_in_network_proves_itself(
    tmp_path: Path, name: str, dtype: str, error: float
) -> None:
    options, shape, expected = BUILT_IN[name]
    run = grid_study(tmp_path, noise(3, *shape), name, dtype=dtype, **options).run()

    assert list(of(run)) == expected
    for layer in run.layers:
        assert layer.status == "measured"
        assert layer.decimation_error is not None
        assert layer.folding_error is not None
        assert max(layer.decimation_error, layer.folding_error) <= error
        assert sum(layer.before) == pytest.approx(1.0)


def blurring() -> dict[str, Tensor]:
    """A plain stride, the binomial filter of blur pooling, a windowed sinc at half the band."""
    places = torch.arange(65.0) - 32
    sinc = torch.sinc(places * 0.42) * torch.hann_window(67, periodic=False)[1:-1]
    return {
        "plain.weight": torch.ones(1, 1, 1),
        "blur.weight": torch.tensor([[[1.0, 4, 6, 4, 1]]]) / 16,
        "low_pass.weight": (sinc / sinc.sum())[None, None],
    }


def test_low_pass_layers_score_near_0_and_a_plain_stride_does_not(tmp_path: Path) -> None:
    """On white noise; the binomial's own share above half the band is 0.0086 (cos^8, by hand).

    Folded power against all of it: integrals of cos(w/2)^8 over the upper half and over all.
    """
    run = grid_study(tmp_path, noise(32, 1024), "strides", blurring()).run()
    energy = {name: layer.alias_energy for name, layer in of(run).items()}
    assert all(estimate is not None for estimate in energy.values())
    values = {name: estimate.value for name, estimate in energy.items() if estimate is not None}

    assert values["plain"] == pytest.approx(0.5, rel=0.02)
    w = np.linspace(0, np.pi, 100_001)
    power = np.cos(w / 2) ** 8
    assert values["blur"] == pytest.approx(power[50_001:].sum() / power.sum(), rel=0.1)
    assert values["low_pass"] is not None
    assert values["low_pass"] < 1e-3
    assert of(run)["plain"].shortcut
    assert not of(run)["blur"].shortcut


def test_the_measure_looks_behind_the_convolution_not_behind_its_batch_norm(
    tmp_path: Path,
) -> None:
    """A BatchNorm of factor 10 would multiply AM by 10 if it were folded into the layer."""
    state = {
        "conv.weight": noise(2, 1, 3),
        "norm.weight": torch.full((2,), 10.0),
        "norm.bias": torch.zeros(2),
        "norm.running_mean": torch.zeros(2),
        "norm.running_var": torch.ones(2),
        "norm.num_batches_tracked": torch.tensor(0),
    }
    run = grid_study(tmp_path, noise(4, 64), "scaled", state).run()
    plain = state | {"norm.weight": torch.ones(2)}
    other = grid_study(tmp_path, noise(4, 64), "scaled", plain).run()
    assert of(run)["conv"].am == of(other)["conv"].am


def test_records_hold_the_sums_that_the_layers_are_made_of(tmp_path: Path) -> None:
    run = grid_study(tmp_path, noise(5, 16_000), "waveform_cnn", widths=[2, 2, 2, 2]).run()
    records = run.records
    assert isinstance(records, AliasingRecords)
    assert len(records) == 5 * 4
    rows = records.layer == "blocks.1.0"
    layer = of(run)["blocks.1.0"]
    assert layer.am is not None
    assert layer.am_per_bin is not None
    assert layer.alias_db is not None
    assert layer.am.value == pytest.approx(records.abs_difference[rows].sum() / (5 * 2))
    assert layer.am_per_bin.value == pytest.approx(layer.am.value / layer.sizes[0])
    level = records.sq_difference[rows].sum() / records.sq_alias_free[rows].sum()
    assert layer.alias_db.value == pytest.approx(10 * math.log10(level))


def test_intervals_cover_the_number_of_more_examples(tmp_path: Path) -> None:
    """Of 30 samples of 12 of 360 examples about 95 % hold the number of all; 24 in 10^5 chance."""
    inputs = noise(360, 64) * torch.linspace(0.2, 2.0, 360)[:, None]
    run = grid_study(tmp_path, inputs, "scaled", scaled_state()).run()
    records = run.records
    assert isinstance(records, AliasingRecords)
    from repaudit.rerun.aliasing.layers import ratio

    whole = ratio(records.abs_difference, records.abs_strided).value
    assert whole is not None
    order = np.random.default_rng(0).permutation(360).reshape(30, 12)
    held = 0
    for rows in order:
        part = ratio(records.abs_difference[rows], records.abs_strided[rows])
        assert part.low is not None
        assert part.high is not None
        held += part.low <= whole <= part.high
    assert held >= 24


def scaled_state() -> dict[str, Tensor]:
    return {
        "conv.weight": noise(2, 1, 3),
        "norm.weight": torch.ones(2),
        "norm.bias": torch.zeros(2),
        "norm.running_mean": torch.zeros(2),
        "norm.running_var": torch.ones(2),
        "norm.num_batches_tracked": torch.tensor(0),
    }


def flat_state(bias: float = 0.0) -> dict[str, Tensor]:
    return {"conv.weight": noise(2, 1, 3), "conv.bias": torch.full((2,), bias)}


def test_a_network_that_keeps_its_grid_has_nothing_to_measure(tmp_path: Path) -> None:
    study = grid_study(tmp_path, noise(3, 64), "flat", flat_state())
    with pytest.raises(Unsupported, match="coarsens"):
        study.run()


def test_a_layer_with_values_that_are_not_finite_is_not_measured(tmp_path: Path) -> None:
    inputs = noise(6, 64)
    inputs[:, 0] = torch.tensor([1.0, -1, -1, -1, 1, -1])
    study = grid_study(tmp_path, inputs, "infinite", flat_state())
    with pytest.raises(Unsupported, match="not finite in 2 of 6 examples"):
        study.run()


def test_a_twin_that_is_another_operation_is_not_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = grid_study(tmp_path, noise(3, 16_000), "waveform_cnn", widths=[2, 2, 2, 2])
    dense = Convolution.dense

    def shifted(self: Convolution, rows: slice, channels: slice, grid: Any) -> Tensor:
        found = dense(self, rows, channels, grid)
        return found.roll(1, -1) if self.strides == (8,) else found

    monkeypatch.setattr(Convolution, "dense", shifted)
    run = study.run()
    broken = of(run)["blocks.0.0"]
    assert broken.status == "not_measured"
    assert "every s-th value" in (broken.reason or "")
    assert broken.am is None
    assert "blocks.0.0" not in set(run.records.layer.tolist())  # type: ignore[union-attr]
    assert [p.numbers["decimation_error"] > 1e-2 for p in run.probes] == [True, False, False, False]  # type: ignore[operator]


def test_the_block_size_workers_and_an_interruption_move_nothing(tmp_path: Path) -> None:
    study = grid_study(tmp_path, noise(70, 2048), "waveform_cnn", widths=[2, 2, 2, 2])
    whole = study.run().records
    journal = Journal(tmp_path / "journal", {"results": "-"})
    task, engine = study.task(), study.engine(batch_size=16, threads=1)
    engine.run_task(task, SEED, journal)
    for path in sorted((tmp_path / "journal").glob("*-000001.npz")):
        path.unlink()
    resumed = engine.run_task(task, SEED, Journal(tmp_path / "journal", {"results": "-"}))
    assert "1 of 2 shards were taken from the journal" in resumed.notes
    for name in ("abs_difference", "sq_strided", "sq_alias_free"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(resumed.records, name))
    assert list(of(resumed)) == ["blocks.0.0", "blocks.1.0", "blocks.2.0", "blocks.3.0"]


def test_five_seconds_of_waveform_fit_into_a_small_memory(tmp_path: Path) -> None:
    """Transformed at once, 16 dense twins of the first layer take 16 x 8 x 80 000 x 8 = 82 MB."""
    study = grid_study(tmp_path, noise(2, 80_000), "waveform_cnn", widths=[8, 8, 8, 8])
    run = study.engine(memory_bytes=1 << 30).run_task(study.task(), SEED)
    assert [layer.status for layer in run.layers] == ["measured"] * 4
    with pytest.raises(InputError, match="--memory"):
        study.engine(memory_bytes=1 << 20).run_task(study.task(), SEED)


def test_a_layer_that_runs_for_some_examples_only_is_not_measured(tmp_path: Path) -> None:
    inputs = noise(20, 64)
    inputs[0] *= 1000
    run = grid_study(tmp_path, inputs, "sometimes", flat_state()).run()
    assert {n: layer.status for n, layer in of(run).items()} == {
        "max_pool1d": "measured",
        "avg_pool1d": "not_measured",
    }
    assert "16 of 20 examples" in (of(run)["avg_pool1d"].reason or "")


SPECTROGRAM = {
    "step": "spectrogram", "n_fft": 64, "win_length": 48, "hop_length": 16, "window": "hann",
    "center": True, "pad_mode": "reflect", "power": 2, "log": "none", "floor": 0.0,
    "floor_mode": "add",
}  # fmt: skip


def test_the_hop_of_a_spectral_step_is_a_stride(tmp_path: Path) -> None:
    """The same step with hop 1 is the twin; what it lacks at the end is the extension."""
    from repaudit.rerun.aliasing.front_end import Framed, front_end
    from repaudit.rerun.pipeline import Signal, build_chain

    waveform = noise(1, 1000).double()
    coarse, dense = (
        build_chain(steps(SPECTROGRAM | {"hop_length": hop})).double() for hop in (16, 1)
    )
    ((layer, framed),) = front_end(coarse, Signal(waveform, 8000))
    assert isinstance(framed, Framed)
    expected = coarse(Signal(waveform, 8000)).values[:, 0]
    torch.testing.assert_close(framed.output, expected)
    twin = framed.dense(slice(0, 1), slice(0, 33), [expected.shape[-1] * 16])
    every = dense(Signal(waveform, 8000)).values[:, 0]
    assert layer == "pipeline.spectrogram"
    # Frames at 0, 1, …, 1000; the grid has 63 x 16 = 1008.
    assert (every.shape[-1], twin.shape[-1], framed.extension([1008])) == (1001, 1008, (7,))
    torch.testing.assert_close(twin[..., :1001], every)
    torch.testing.assert_close(twin[..., ::16], expected)


def test_front_end_and_network_stand_in_one_list(tmp_path: Path) -> None:
    study = grid_study(tmp_path, noise(2, 16_000), "log_mel_cnn", widths=[2, 2, 2, 2])
    pipeline = steps(SPECTROGRAM | {"n_fft": 126, "win_length": 126, "hop_length": 160})
    run = GridStudy(study.folder, study.data, study.model, pipeline).run()
    first = run.layers[0]
    assert (first.layer, first.operation, first.strides) == (
        "pipeline.spectrogram",
        "frames",
        [160],
    )
    assert [layer.layer for layer in run.layers[1:]] == [f"blocks.{i}.3" for i in range(4)]
    assert {layer.status for layer in run.layers} == {"measured"}


@pytest.mark.parametrize("name", ["cifar_resnet", "log_mel_cnn", "waveform_cnn"])
def test_a_rescaling_that_keeps_the_function_multiplies_am_and_not_its_relative_form(
    name: str,
) -> None:
    options, shape, _ = BUILT_IN[name]
    network = build_network(name, options)
    network.load_state_dict(trained(name, **options))
    prepared = prepare(network, torch.device("cpu"), "float64", Execution(folded=False))
    shown = rescaled(prepared, noise(3, *shape).double(), Settings("zero", "none"))

    assert shown.difference < 1e-12
    ratios = sorted(both.am[1] / both.am[0] for both in shown.layers)
    assert ratios[-1] == pytest.approx(FACTOR, rel=1e-12)
    assert ratios[:-1] == pytest.approx([1.0] * (len(ratios) - 1), rel=1e-9)
    for both in shown.layers:
        assert both.am_relative[1] == pytest.approx(both.am_relative[0], rel=1e-9)


def test_a_network_whose_scale_cannot_be_undone_is_not_rescaled() -> None:
    """res8 adds what it pooled to what it computed: no single layer's scale can be taken back."""
    network = build_network("res8", {"maps": 5})
    prepared = prepare(network, torch.device("cpu"), "float32", Execution(folded=False))
    with pytest.raises(Unsupported, match="without changing the function"):
        rescaled(prepared, noise(2, 1, 40, 101), Settings("zero", "none"))


@pytest.mark.slow
def test_a_resnet_over_512_images_takes_less_than_a_minute(tmp_path: Path) -> None:
    """Measured at 10 to 14 s on two cores that other work shared."""
    run = grid_study(tmp_path, noise(512, 3, 32, 32), "cifar_resnet", depth=20).run()
    assert run.seconds < 60
    assert len(run.records) == 512 * 4


def exported(study: GridStudy, **options: Any) -> GridStudy:
    """The same weights as an exported program with a dynamic batch."""
    network = build_network("waveform_cnn", options)
    network.load_state_dict(trained("waveform_cnn", **options))
    batch = ({0: torch.export.Dim("batch", min=1, max=64)},)
    program = torch.export.export(network.eval(), (noise(2, 4000),), dynamic_shapes=batch)
    torch.export.save(program, study.folder / "network.pt2")
    checkpoint = {"id": "a", "file": file(study.folder, "network.pt2")}
    model = Model.model_validate(
        {
            "format": "exported_program",
            "output": "logits",
            "dtype": "float32",
            "checkpoints": [checkpoint],
        }
    )
    return GridStudy(study.folder, study.data, model)


def test_an_exported_program_gives_the_numbers_of_its_module(tmp_path: Path) -> None:
    options = {"widths": [4, 4, 8, 8]}
    study = grid_study(tmp_path, noise(3, 4000), "waveform_cnn", **options)
    module, program = of(study.run()), of(exported(study, **options).run())
    assert list(module) == list(program)
    for name, layer in module.items():
        other = program[name].am
        assert layer.am is not None
        assert other is not None
        assert other.value == pytest.approx(layer.am.value, rel=1e-5)


def test_the_first_block_is_looked_at_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads that look at an operation for the first time together break torch."""
    run, begun, ended = AliasingWork._run, list[int](), list[int]()

    def watched(self: AliasingWork, rows: Tensor, count: int) -> Any:
        begun.append(count)
        block = run(self, rows, count)
        ended.append(len(begun))
        return block

    monkeypatch.setattr(AliasingWork, "_run", watched)
    monkeypatch.setattr("repaudit.rerun.engine.blocks_at_once", lambda plan, settings: 4)
    grid_study(tmp_path, noise(64, 2048), "waveform_cnn", widths=[2, 2, 2, 2]).run()
    assert ended[0] == 1
    assert len(begun) == 4
