"""Names of devices, and the arithmetic that is fixed while a task runs."""

import pytest
import torch

from repaudit._core.errors import InputError, MissingPart
from repaudit.rerun.device import resolve_device, steady_arithmetic

without_cuda = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")


def test_the_cpu_is_always_there() -> None:
    assert resolve_device("cpu") == torch.device("cpu")


@without_cuda
def test_auto_takes_the_cpu_where_there_is_no_gpu() -> None:
    assert resolve_device("auto") == torch.device("cpu")


@without_cuda
@pytest.mark.parametrize("name", ["cuda", "cuda:0"])
def test_a_gpu_that_is_not_there_is_a_missing_part_with_a_way_out(name: str) -> None:
    with pytest.raises(MissingPart, match=r"the device cuda.*\n  Try: --device cpu"):
        resolve_device(name)


@pytest.mark.parametrize("name", ["", "gpu", "cuda:x", "cpu:0", "mps"])
def test_a_device_of_another_name_is_a_wrong_command_line(name: str) -> None:
    with pytest.raises(InputError, match="--device"):
        resolve_device(name)


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()

    with steady_arithmetic(torch.device("cpu")):
        assert torch.get_num_threads() == 1

    assert torch.get_num_threads() == before
