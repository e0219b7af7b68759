"""Compiled networks give the declared votes in any thread; what cannot be compiled says why."""

import threading
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch._dynamo.utils import counters

from repaudit.rerun.execution.child import ChildFailed, run_child
from repaudit.rerun.execution.compiled import NotCompiled, compile_network
from repaudit.rerun.execution.execution import CANDIDATES
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.models.prepare import prepare

CPU = torch.device("cpu")
TOLERANCE = 1e-4


class Branches(nn.Linear):
    """Looks at a value on the way, which no compiler can follow."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) if float(x.sum()) > 0 else -super().forward(x)


def test_what_cannot_be_followed_is_not_compiled() -> None:
    with pytest.raises(NotCompiled, match="data-dependent"):
        compile_network(prepare(Branches(4, 2), CPU, "float32"), torch.ones(16, 4), 60.0)


def test_without_a_compiler_the_reason_is_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CXX", "/nowhere/c++")
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    network = prepare(nn.Sequential(nn.Linear(5, 3), nn.Tanh()), CPU, "float32")

    with pytest.raises(NotCompiled, match=r"(?i)compiler"):
        compile_network(network, torch.ones(16, 5), 120.0)


def test_a_compiler_that_takes_too_long_is_left_behind() -> None:
    network = prepare(nn.Sequential(nn.Linear(6, 3), nn.GELU()), CPU, "float32")

    with pytest.raises(NotCompiled, match="it took more than"):
        compile_network(network, torch.ones(16, 6), 0.01)


def test_a_process_that_dies_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dies.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(ChildFailed, match="SIGSEGV"):
        run_child("dies", tmp_path, 60.0)


@pytest.mark.slow
def test_all_ways_give_one_vote_but_where_the_margin_is_rounding() -> None:
    torch.manual_seed(0)
    network = build_network("log_mel_cnn", {"widths": [8, 16, 16, 16]}).eval()
    blocks = [torch.randn(16, 1, 64, 101) for _ in range(32)]
    ways = [prepare(network, CPU, "float32", way) for way in CANDIDATES]
    compiled = compile_network(ways[0], blocks[0], 300.0)
    reference = torch.cat([ways[-1](x) for x in blocks])
    top = reference.topk(2).values
    decided = top[:, 0] - top[:, 1] > 2 * TOLERANCE

    for run in (*ways, compiled):
        found = torch.cat([run(x) for x in blocks])
        assert (found - reference).abs().max() < TOLERANCE
        assert torch.equal(found.argmax(1)[decided], reference.argmax(1)[decided])
    assert decided.float().mean() > 0.9


@pytest.mark.slow
def test_threads_use_what_one_of_them_compiled() -> None:
    network = prepare(nn.Sequential(nn.Linear(32, 8), nn.ReLU()), CPU, "float32")
    x = torch.randn(16, 32)
    compiled = compile_network(network, x, 300.0)
    graphs = counters["stats"]["unique_graphs"]
    outputs: list[Tensor] = []

    def run() -> None:
        torch.set_num_threads(1)
        outputs.append(compiled(x))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outputs) == 3
    assert all(torch.equal(outputs[0], other) for other in outputs)
    assert counters["stats"]["unique_graphs"] == graphs
    assert not compiled.takes(x[:8])
