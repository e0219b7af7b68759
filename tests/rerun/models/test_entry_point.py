from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from repaudit.contract.model import Model
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.load import load_model

Declare = Callable[..., Model]

CODE = """
from pathlib import Path
from torch import nn
Path(__file__).with_name("executed").touch()
def build(width=2):
    return nn.Linear({inputs}, width)
def fail():
    raise RuntimeError("no such luck")
"""


def write_author(folder: Path, inputs: int = 3) -> Path:
    """Write the author's module and weights that fit it; return the weights' path."""
    folder.mkdir(exist_ok=True)
    (folder / "author_net.py").write_text(CODE.format(inputs=inputs))
    save_file(torch.nn.Linear(inputs, 4).state_dict(), folder / "w.safetensors")
    return folder / "w.safetensors"


def test_nothing_is_imported_unless_code_is_allowed(tmp_path: Path, declare: Declare) -> None:
    weights = write_author(tmp_path)
    model = declare("safetensors", entry_point="author_net:build", options={"width": 4})
    with pytest.raises(ModelError, match="--allow-code"):
        load_model(model, weights, allow_code=False, folder=tmp_path)
    assert not (tmp_path / "executed").exists()


def test_the_factory_is_called_with_the_options(tmp_path: Path, declare: Declare) -> None:
    weights = write_author(tmp_path)
    model = declare("safetensors", entry_point="author_net:build", options={"width": 4})
    loaded = load_model(model, weights, allow_code=True, folder=tmp_path)
    assert loaded.module(torch.zeros(2, 3)).shape == (2, 4)
    assert "entry point author_net:build" in loaded.describe


def test_two_folders_may_use_one_module_name(tmp_path: Path, declare: Declare) -> None:
    model = declare("safetensors", entry_point="author_net:build", options={"width": 4})
    for inputs in (3, 5):
        folder = tmp_path / str(inputs)
        loaded = load_model(model, write_author(folder, inputs), allow_code=True, folder=folder)
        assert loaded.module(torch.zeros(2, inputs)).shape == (2, 4)


def test_the_working_directory_is_no_place_to_look(
    tmp_path: Path, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = write_author(tmp_path)
    (tmp_path / "author_net.py").rename(tmp_path / "stray_net.py")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    model = declare("safetensors", entry_point="stray_net:build")
    with pytest.raises(ModelError, match="No module named 'stray_net'"):
        load_model(model, weights, allow_code=True, folder=tmp_path / "elsewhere")
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    ("entry_point", "found"),
    [
        ("author_net:absent", "no attribute 'absent'"),
        ("author_net:fail", "RuntimeError: no such luck"),
        ("platform:machine", "expected a torch.nn.Module, found str"),
        ("no_such_module:build", "No module named"),
    ],
)
def test_code_that_gives_no_network_is_one_clear_error(
    tmp_path: Path, declare: Declare, entry_point: str, found: str
) -> None:
    weights = write_author(tmp_path)
    model = declare("safetensors", entry_point=entry_point)
    with pytest.raises(ModelError, match=found):
        load_model(model, weights, allow_code=True, folder=tmp_path)
