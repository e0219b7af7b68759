"""A .pt2 file is run as it was exported; what could run code on loading is refused unread."""

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from repaudit.contract.model import Model
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.load import load_model
from repaudit.rerun.models.networks import build_network

Declare = Callable[..., Model]

SHAPE = (4, 1, 16, 16)
Edit = Callable[[dict[str, Any]], object]


def export(path: Path, *, dynamic: bool, train: bool = False) -> nn.Module:
    """Export a small network and return it."""
    torch.manual_seed(0)
    network = build_network("log_mel_cnn", {"widths": [2, 2, 2, 2], "classes": 3}).train(train)
    shapes = ({0: torch.export.Dim("batch")},) if dynamic else None
    program = torch.export.export(network, (torch.randn(SHAPE),), dynamic_shapes=shapes)
    torch.export.save(program, path)
    return network


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "model.pt2"
    export(path, dynamic=True)
    return path


def with_members(source: Path, target: Path, **members: bytes) -> Path:
    """Copy an archive with members added or replaced; `__` stands for a slash in their names."""
    new = {name.replace("__", "/"): raw for name, raw in members.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as copy:
        root = old.namelist()[0].partition("/")[0]
        for name in old.namelist():
            copy.writestr(name, new.pop(name.removeprefix(root + "/"), old.read(name)))
        for name, raw in new.items():
            copy.writestr(f"{root}/{name}", raw)
    return target


def with_graph(source: Path, target: Path, edit: Edit) -> Path:
    """Copy an archive with its graph's JSON edited."""
    with zipfile.ZipFile(source) as old:
        name = next(name for name in old.namelist() if name.endswith("models/model.json"))
        program = json.loads(old.read(name))
    edit(program)
    edited = {"models/model.json": json.dumps(program).encode()}
    return with_members(source, target, **edited)


class Payload:
    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self.witness}'",)


def test_an_exported_program_runs_at_any_batch_size(tmp_path: Path, declare: Declare) -> None:
    network = export(tmp_path / "m.pt2", dynamic=True)
    loaded = load_model(declare("exported_program"), tmp_path / "m.pt2", allow_code=False)
    assert loaded.batch is None
    assert not loaded.module.training
    batch = torch.randn(7, *SHAPE[1:])
    torch.testing.assert_close(loaded.module(batch), network(batch))


def test_a_static_batch_dimension_is_reported(tmp_path: Path, declare: Declare) -> None:
    network = export(tmp_path / "m.pt2", dynamic=False)
    loaded = load_model(declare("exported_program"), tmp_path / "m.pt2", allow_code=False)
    assert loaded.batch == SHAPE[0]
    assert "batches of 4 only" in loaded.describe
    batch = torch.randn(SHAPE)
    torch.testing.assert_close(loaded.module(batch), network(batch))


def test_a_network_exported_in_training_mode_is_refused(tmp_path: Path, declare: Declare) -> None:
    export(tmp_path / "m.pt2", dynamic=True, train=True)
    with pytest.raises(ModelError, match="eval mode"):
        load_model(declare("exported_program"), tmp_path / "m.pt2", allow_code=False)


def test_the_pickle_of_example_inputs_is_never_read(
    exported: Path, tmp_path: Path, declare: Declare
) -> None:
    witness = tmp_path / "executed"
    buffer = io.BytesIO()
    torch.save(Payload(witness), buffer)
    pickled = {"data/sample_inputs/model.pt": buffer.getvalue()}
    path = with_members(exported, tmp_path / "m.pt2", **pickled)
    loaded = load_model(declare("exported_program"), path, allow_code=False)
    assert loaded.module(torch.randn(SHAPE)).shape == (4, 3)
    assert not witness.exists()


@pytest.mark.parametrize(
    "member",
    [
        *("extra__note.pkl", "data__weights__model.pt", "data__constants__custom_obj_0"),
        *("data__aotinductor__model__model.so", "code__forward.py", "models__other.json"),
    ],
)
def test_a_member_that_does_not_belong_is_refused(
    exported: Path, tmp_path: Path, declare: Declare, member: str
) -> None:
    witness = tmp_path / "executed"
    hostile = {member: pickle.dumps(Payload(witness))}
    path = with_members(exported, tmp_path / "m.pt2", **hostile)
    with pytest.raises(ModelError, match="found a member"):
        load_model(declare("exported_program"), path, allow_code=True)
    assert not witness.exists()


@pytest.mark.parametrize("key", ["use_pickle", "path_name"])
def test_a_tensor_that_asks_to_be_unpickled_is_refused(
    exported: Path, tmp_path: Path, declare: Declare, key: str
) -> None:
    name = "data/weights/model_weights_config.json"
    with zipfile.ZipFile(exported) as archive:
        config = json.loads(archive.read(f"model/{name}"))
    config["config"]["output.bias"][key] = {"use_pickle": True, "path_name": "custom_obj_0"}[key]
    hostile = {name: json.dumps(config).encode()}
    path = with_members(exported, tmp_path / "m.pt2", **hostile)
    with pytest.raises(ModelError, match="expected raw tensors"):
        load_model(declare("exported_program"), path, allow_code=True)


def test_packed_members_are_refused(exported: Path, tmp_path: Path, declare: Declare) -> None:
    with (
        zipfile.ZipFile(exported) as old,
        zipfile.ZipFile(tmp_path / "m.pt2", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in old.namelist():
            packed.writestr(name, old.read(name))
    with pytest.raises(ModelError, match="not packed"):
        load_model(declare("exported_program"), tmp_path / "m.pt2", allow_code=True)


def first_node(program: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = program["graph_module"]["graph"]["nodes"][0]
    return node


def call_record(program: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = program["graph_module"]["module_call_graph"][0]["signature"]
    return record


def first_size(program: dict[str, Any]) -> dict[str, Any]:
    size: dict[str, Any] = program["graph_module"]["graph"]["tensor_values"]["x"]["sizes"][0]
    return size["as_expr"]  # type: ignore[no-any-return]


IMPORT = "__import__('os').system('touch executed')"
HOSTILE_GRAPHS: dict[str, tuple[Edit, str]] = {
    "a shell command as operator": (
        lambda program: first_node(program).update(target="torch.os.system"),
        "ATen operators only",
    ),
    "an operator that opens files": (
        lambda program: first_node(program).update(target="torch.ops.aten.from_file.default"),
        "ATen operators only",
    ),
    "Python in a size": (
        lambda program: first_size(program).update(expr_str=IMPORT),
        "arithmetic in the sizes",
    ),
    "attributes of a symbol": (
        lambda program: first_size(program).update(expr_str="Symbol('s0').__class__"),
        "arithmetic in the sizes",
    ),
    "an endless power": (
        lambda program: first_size(program).update(expr_str="9**9**9**9"),
        "arithmetic in the sizes",
    ),
    "Python in a range": (
        lambda program: program["range_constraints"].update({IMPORT: {}}),
        "plain names of sizes",
    ),
    "Python in a guard": (
        lambda program: program.update(guards_code=[IMPORT]),
        "no guards",
    ),
    "an import in the input's structure": (
        lambda program: call_record(program).update(
            in_spec='[1, {"type": "builtins.dict", "context": "{\\"__enum__\\": true}"}]'
        ),
        "one input tensor",
    ),
    "two outputs": (
        lambda program: call_record(program).update(out_spec="[1, {}]"),
        "one output tensor",
    ),
    "an object as argument": (
        lambda program: first_node(program)["inputs"].append({"arg": {"as_custom_obj": {}}}),
        "tensors and numbers",
    ),
}


@pytest.mark.parametrize("case", HOSTILE_GRAPHS)
def test_a_graph_that_could_run_code_is_refused(
    exported: Path,
    tmp_path: Path,
    declare: Declare,
    monkeypatch: pytest.MonkeyPatch,
    case: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    edit, found = HOSTILE_GRAPHS[case]
    path = with_graph(exported, tmp_path / "m.pt2", edit)
    with pytest.raises(ModelError, match=found):
        load_model(declare("exported_program"), path, allow_code=True)
    assert not (tmp_path / "executed").exists()


def test_torch_evaluates_what_we_refuse(exported: Path, tmp_path: Path) -> None:
    # The reason for the checks above: torch's own loader does run the expression.
    witness = tmp_path / "executed"
    code = f"__import__('pathlib').Path('{witness}').touch()"
    path = with_graph(
        exported, tmp_path / "m.pt2", lambda program: first_size(program).update(expr_str=code)
    )
    with pytest.raises(AttributeError):  # it has run by then, and gave None for a size
        torch.export.load(path)
    assert witness.exists()
