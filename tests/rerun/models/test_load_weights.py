"""Weights that fit are loaded as they are; what does not fit, or could run code, is refused."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from repaudit.contract.model import Model
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.load import load_model

Declare = Callable[..., Model]

OPTIONS = {"widths": [4, 6, 8, 8], "classes": 5}
BATCH = torch.linspace(-3.0, 3.0, 2 * 32 * 40).reshape(2, 1, 32, 40)


class Payload:
    """A pickle of this runs a shell command where it is loaded."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self.witness}'",)


def test_safetensors_weights_give_the_same_logits(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module
) -> None:
    save_file(small_cnn.state_dict(), tmp_path / "w.safetensors")
    model = declare("safetensors", builtin="log_mel_cnn", options=OPTIONS)
    loaded = load_model(model, tmp_path / "w.safetensors", allow_code=False)
    assert torch.equal(loaded.module(BATCH), small_cnn(BATCH))
    assert (loaded.batch, loaded.module.training) == (None, False)
    assert not any(parameter.requires_grad for parameter in loaded.module.parameters())
    assert "log_mel_cnn from safetensors" in loaded.describe


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_state_dict_may_be_nested_and_carry_the_prefix_of_data_parallel(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module, nested: bool, prefix: str
) -> None:
    state = {prefix + name: value for name, value in small_cnn.state_dict().items()}
    torch.save({"state_dict": state, "epoch": 3} if nested else state, tmp_path / "w.pt")
    model = declare("state_dict", builtin="log_mel_cnn", options=OPTIONS)
    loaded = load_model(model, tmp_path / "w.pt", allow_code=False)
    assert torch.equal(loaded.module(BATCH), small_cnn(BATCH))


def test_weights_keep_the_precision_they_were_stored_in(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module
) -> None:
    small_cnn.double()
    nn.init.constant_(small_cnn.get_parameter("output.bias"), 1 / 3)
    save_file(small_cnn.state_dict(), tmp_path / "w.safetensors")
    model = declare("safetensors", builtin="log_mel_cnn", options=OPTIONS)
    loaded = load_model(model, tmp_path / "w.safetensors", allow_code=False)
    assert loaded.module.get_parameter("output.bias")[0].item() == 1 / 3


def test_every_kind_of_mismatch_is_named_at_once(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module
) -> None:
    state = dict(small_cnn.state_dict())
    del state["blocks.0.0.weight"]
    state["head.weight"] = torch.zeros(2)
    state["output.bias"] = torch.zeros(7)
    save_file(state, tmp_path / "w.safetensors")
    model = declare("safetensors", builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError) as caught:
        load_model(model, tmp_path / "w.safetensors", allow_code=False)
    assert str(caught.value) == (
        f"{tmp_path}/w.safetensors: expected the weights of the declared network, found missing "
        "blocks.0.0.weight; unexpected head.weight; misshaped output.bias [7] instead of [5]"
    )


def test_weights_that_are_not_finite_are_refused(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module
) -> None:
    nn.init.constant_(small_cnn.get_parameter("output.bias"), torch.nan)
    save_file(small_cnn.state_dict(), tmp_path / "w.safetensors")
    model = declare("safetensors", builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError, match=r"NaN or infinity in output\.bias"):
        load_model(model, tmp_path / "w.safetensors", allow_code=False)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("nested", [True, False])
def test_a_pickle_with_a_shell_command_is_never_executed(
    tmp_path: Path, declare: Declare, zipped: bool, nested: bool
) -> None:
    witness = tmp_path / "executed"
    content = {"state_dict": {"w": Payload(witness)}} if nested else Payload(witness)
    if zipped:
        torch.save(content, tmp_path / "w.pt")
    else:
        (tmp_path / "w.pt").write_bytes(pickle.dumps(content))
    model = declare("state_dict", builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError, match=r"(?s)asks for other objects.*Try: .*save_file"):
        load_model(model, tmp_path / "w.pt", allow_code=True)
    assert not witness.exists()


def test_a_pickled_network_is_refused_with_a_conversion_hint(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module
) -> None:
    torch.save(small_cnn, tmp_path / "w.pt")
    model = declare("state_dict", builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError, match="save_file"):
        load_model(model, tmp_path / "w.pt", allow_code=True)


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
def test_a_torchscript_archive_is_refused_with_a_conversion_hint(
    tmp_path: Path, declare: Declare, small_cnn: nn.Module
) -> None:
    torch.jit.trace(small_cnn, BATCH).save(str(tmp_path / "w.pt"))  # type: ignore[no-untyped-call]
    model = declare("state_dict", builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError, match=r"(?s)TorchScript archive.*save_file"):
        load_model(model, tmp_path / "w.pt", allow_code=True)


@pytest.mark.parametrize("content", [{}, [torch.zeros(2)], {"w": 3}, {1: torch.zeros(2)}])
def test_a_checkpoint_without_tensors_by_name_is_refused(
    tmp_path: Path, declare: Declare, content: object
) -> None:
    torch.save(content, tmp_path / "w.pt")
    model = declare("state_dict", builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError, match="tensors by name"):
        load_model(model, tmp_path / "w.pt", allow_code=False)


@pytest.mark.parametrize("format_", ["safetensors", "state_dict", "exported_program"])
@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk", b"\x80\x04]." * 9])
def test_a_damaged_file_is_one_clear_error(
    tmp_path: Path, declare: Declare, format_: str, content: bytes
) -> None:
    (tmp_path / "w").write_bytes(content)
    model = declare(format_, builtin="log_mel_cnn", options=OPTIONS)
    with pytest.raises(ModelError, match="expected"):
        load_model(model, tmp_path / "w", allow_code=False)


def test_a_missing_file_is_one_clear_error(tmp_path: Path, declare: Declare) -> None:
    model = declare("safetensors", builtin="res8")
    with pytest.raises(ModelError, match="expected a checkpoint file, found none"):
        load_model(model, tmp_path / "w", allow_code=False)


def test_onnx_and_undeclared_networks_cannot_be_run(tmp_path: Path, declare: Declare) -> None:
    with pytest.raises(ModelError, match="found onnx"):
        load_model(declare("onnx"), tmp_path / "w", allow_code=False)
    with pytest.raises(ModelError, match="expected a builtin or an entry point"):
        load_model(declare("safetensors"), tmp_path / "w", allow_code=False)
