"""How much memory one block of rows takes, and how the allocator treats what blocks leave."""

import contextlib
import ctypes
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""numbers of glibc's malloc.h"""
LARGEST_REUSED = 32 << 20
"""bytes; glibc takes no larger threshold, and still maps larger tensors anew every time"""
WORKSPACE_FACTOR = 2.75
"""for what operations need inside themselves (unfolded convolutions, transforms) and what the
allocator holds between them: blocks of 1 s and 5 s took 2.6 to 3 times of what was seen"""


class _LiveBytes(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Adds up the tensors that operations return, for as long as they live."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.live = 0
        self.peak = 0
        self._known: set[int] = set()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Otherwise torch loads its compiler to keep it away from here: 100 MB and two seconds.
        return False

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        output = function(*args, **(kwargs or {}))
        for leaf in tree_leaves(output):
            if isinstance(leaf, Tensor):
                self._note(leaf)
        return output

    def _note(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        address, size = storage.data_ptr(), storage.nbytes()
        # A view shares its storage with a tensor that was counted.
        if address in self._known:
            return
        self._known.add(address)
        self.live += size
        self.peak = max(self.peak, self.live)
        weakref.finalize(tensor, self._forget, address, size)

    def _forget(self, address: int, size: int) -> None:
        self._known.discard(address)
        self.live -= size


def peak_bytes(compute: Callable[[], object]) -> int:
    """Return about how many bytes a computation has in use at its height, its result included."""
    with torch.inference_mode(), _LiveBytes() as seen:
        compute()
    return int(seen.peak * WORKSPACE_FACTOR)


def reuse_freed_memory() -> bool:
    """Let the process keep the memory of large tensors; say whether its allocator can do so.

    glibc gives every tensor of some megabytes back to the system, which then clears its pages
    again for the next block: 5 to 30 % of the time of a spectrogram.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # musl, macOS, Windows
        return False
    kept = mallopt(M_MMAP_THRESHOLD, LARGEST_REUSED), mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
    return all(kept)


def give_back_memory() -> None:
    """Return to the system what the process has freed, where its allocator can do so."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
