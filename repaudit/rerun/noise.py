"""Keyed noise: each block of draws is a function of what it is for, and of nothing else.

A block is a fixed number of consecutive draws for one example and phase. Its generator is set
from the SHA-256 of the seed and of everything that names the block, so draws are the same for
any batch size, order, number of workers or resumption, and independent between any two
examples, repeats, checkpoints and phases. A block is never split when it is drawn: a generator
asked for 5 and then 11 vectors gives other ones than asked for 16.

CPU and CUDA draw different values from the same key.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from repaudit.contract.base import stated
from repaudit.contract.contract import Perturbation
from repaudit.contract.task import Unsupported

Phase = Literal[
    "clean",
    "selection",
    "certification",
    "geometry",
    "search",
    "confirmation",
    "probe",
    "directions",
    "attack",
    "start",
]
"""what a row is for; ``clean`` rows have no noise"""

DRAWS_PER_BLOCK = {"cpu": 16, "cuda": 128}
"""part of the execution plan: another number draws other noise"""

DTYPES = {"float64": torch.float64, "float32": torch.float32}
MERSENNE_WORDS = 624
MERSENNE_OFFSET = 3
"""64-bit words in front of the Mersenne Twister's own in the state of a CPU generator"""


@dataclass(frozen=True)
class Stream:
    """The endless noise of one example, repeat and phase."""

    seed: bytes
    """32 bytes, the audit's own"""
    evaluation: str
    checkpoint: str
    """empty without a network"""
    example_id: str
    repeat: int
    phase: Phase

    def key(self, block: int) -> bytes:
        """Return the 32-byte key of a block of draws.

        Fields are preceded by their length, so no two different streams share a key.
        """
        fields = [self.evaluation, self.checkpoint, self.example_id, str(self.repeat), self.phase]
        digest = hashlib.sha256(self.seed)
        for text in (*fields, str(block)):
            data = text.encode("utf-8", "surrogatepass")
            digest.update(struct.pack("<Q", len(data)) + data)
        return digest.digest()


class NormalSource:
    """Standard normal draws on one device, one key at a time; not for several threads at once."""

    def __init__(self, device: torch.device) -> None:
        self._generator = torch.Generator(device)
        self._generator.manual_seed(0)
        # A copy: the state tensor of a CPU generator is overwritten word by word below.
        self._state = self._generator.get_state().clone()
        if device.type == "cpu":
            _refuse_other_layout(self._state)

    def fill(self, out: Tensor, key: bytes) -> Tensor:
        """Fill a contiguous tensor with the draws of ``key`` and return it."""
        if self._generator.device.type == "cpu":
            # A CPU generator uses 32 bits of a seed, too few for a million blocks: the birthday
            # bound would have some share their noise. Its whole state is set instead.
            words = np.frombuffer(hashlib.shake_256(key).digest(4 * MERSENNE_WORDS), "<u4")
            state = self._state.numpy().view(np.uint64)
            state[MERSENNE_OFFSET : MERSENNE_OFFSET + MERSENNE_WORDS] = words
            self._generator.set_state(self._state)
        else:
            self._generator.manual_seed(int.from_bytes(key[:8], "little"))
        return out.normal_(generator=self._generator)


def draws_per_block(device: torch.device) -> int:
    """Return how many draws one key makes on a device."""
    return DRAWS_PER_BLOCK[device.type]


def noise_dtype(perturbation: Perturbation) -> torch.dtype:
    """Return the arithmetic of the addition, which is that of T and the front end too.

    Raises ``UnstatedError`` when it is unstated, and ``Unsupported`` for narrower types, which
    round most of the noise away.
    """
    name = stated(perturbation.dtype, "dtype")
    if name not in DTYPES:
        raise Unsupported(f"noise added in {name} is rounded away and cannot be re-run")
    return DTYPES[name]


def _refuse_other_layout(state: Tensor) -> None:
    """Raise unless seed 0 left the twister's words where they are written (Knuth's recurrence)."""
    words = state.numpy().view(np.uint64)[MERSENNE_OFFSET : MERSENNE_OFFSET + 3].tolist()
    if words != [0, 1, 1812433255]:
        raise RuntimeError(f"the generator of torch {torch.__version__} has another layout")
