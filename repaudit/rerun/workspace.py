"""What one worker owns: buffers that are filled again for every block, noise, and a stream."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from repaudit.rerun.noise import NormalSource, Stream
from repaudit.rerun.plan import Plan


class Workspace:
    """Used by one block at a time."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._normals = NormalSource(plan.device)
        self._buffers: dict[str, Tensor] = {}
        self._made: tuple[object, ...] | None = None
        self._stream: torch.cuda.Stream | None = None
        if plan.device.type == "cuda":
            self._stream = torch.cuda.Stream(plan.device)  # type: ignore[no-untyped-call]

    def buffer(self, name: str, shape: Sequence[int], dtype: torch.dtype) -> Tensor:
        """Return an uninitialised tensor that is reused under this name while its shape holds."""
        found = self._buffers.get(name)
        if found is None or found.shape != torch.Size(shape) or found.dtype != dtype:
            found = torch.empty(tuple(shape), dtype=dtype, device=self.plan.device)
            self._buffers[name] = found
        return found

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Work on this worker's own stream, after what the main thread has prepared."""
        if self._stream is None:
            with torch.inference_mode():
                yield
            return
        self._stream.wait_stream(torch.cuda.default_stream(self.plan.device))
        with torch.inference_mode(), torch.cuda.stream(self._stream):
            yield

    def noise(self, stream: Stream, block: int, sigma: float, like: Tensor) -> Tensor:
        """Return ``sigma`` times the draws of a block, [draws per key, ...], valid until the next.

        ``like`` is [1, ...], one example; its type is that of the draws and of the product.
        """
        shape = (self.plan.noise_draws, *like.shape[1:])
        draws = self.buffer("noise", shape, like.dtype)
        made = stream.key(block), sigma, shape, like.dtype
        if made != self._made:
            self._normals.fill(draws, made[0]).mul_(sigma)
            # A block of draws that two blocks of rows share is made once.
            self._made = made
        return draws

    def add_noise(
        self, out: Tensor, clean: Tensor, stream: Stream, first: int, sigma: float
    ) -> None:
        """Write ``clean + sigma * eps`` for consecutive draws from ``first`` into the rows of out.

        Noise is scaled before it is added, so that every sum is rounded alike wherever its row
        stands (a fused multiply-add rounds once, but only in the vector part of a loop).
        """
        size = self.plan.noise_draws
        done = 0
        while done < len(out):
            block, start = divmod(first + done, size)
            count = min(size - start, len(out) - done)
            noise = self.noise(stream, block, sigma, clean)
            torch.add(clean, noise[start : start + count], out=out[done : done + count])
            done += count
