"""Where a re-run computes, and the switches that make it compute the same twice.

Deterministic where it costs nothing: cuDNN picks its algorithms by rule, never by timing, and
TF32, which rounds the factors of a product to 11 bits, is off unless a network was declared
with it. Counts still may differ between a CPU and a GPU; they are compared as counts.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from repaudit._core.errors import InputError, MissingPart

NAMES = re.compile(r"^(auto|cpu|cuda(:\d+)?)$")
INSTALL_HINT = (
    "--device cpu, or install the PyTorch build for this machine's driver: "
    "https://pytorch.org/get-started/locally"
)


def resolve_device(name: str) -> torch.device:
    """Return the device of a name: ``auto`` (CUDA where there is one), ``cpu``, ``cuda[:N]``.

    Raises ``InputError`` for another name and ``MissingPart`` for a CUDA device that this
    machine or installation does not have.
    """
    if not NAMES.match(name):
        raise InputError("--device", "auto, cpu, cuda or cuda:N", name)
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    _, _, number = name.partition(":")
    index = int(number or 0)
    if not torch.cuda.is_available() or index >= torch.cuda.device_count():
        raise MissingPart(f"the device {name}", "the re-run", INSTALL_HINT)
    return torch.device("cuda", index)


def describe_device(device: torch.device) -> str:
    """Return the device in words, for the report."""
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)} (CUDA {torch.version.cuda})"
    return f"CPU, {torch.backends.cpu.get_cpu_capability()}"


def usable_cores() -> int:
    """Return how many CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def onto(device: torch.device, tensor: Tensor, dtype: torch.dtype | None = None) -> Tensor:
    """Return a tensor on a device, in another type if asked for.

    To a GPU it goes through page-locked memory, so that nobody waits for the copy: what is
    computed on the current stream afterwards comes after it.
    """
    is_sent = device.type == "cuda" and tensor.device.type == "cpu"
    sent = tensor.pin_memory() if is_sent else tensor
    return sent.to(device, dtype or tensor.dtype, non_blocking=is_sent)


@contextmanager
def steady_arithmetic(device: torch.device, *, tf32: bool = False) -> Iterator[None]:
    """Fix everything global that moves a number while the body runs; restore what was free.

    One CPU thread per operation: how an operation is split moves its rounding, so the number of
    cores must not choose it. Parallelism comes from several blocks at once.
    """
    with one_thread():
        if device.type == "cuda":
            _fix_cuda(tf32)
        yield


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute every operation of the body in one CPU thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _fix_cuda(tf32: bool) -> None:
    # Read by cuBLAS when its handle is made: one workspace per stream, results do not race.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    allow_tf32(tf32)


def allow_tf32(allowed: bool) -> None:
    """Switch TF32 for products and convolutions; cuDNN's is on unless somebody turns it off.

    By torch's older switches alone: after its newer ones (``fp32_precision``) they cannot be
    read any more, and the compiler reads them.
    """
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed
