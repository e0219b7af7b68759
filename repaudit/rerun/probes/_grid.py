"""The grid that floating-point sums lie on, read off the sums themselves."""

import torch
from torch import Tensor

DOUBLE = 53
"""significant bits of a float64"""


def grid_of(values: Tensor) -> tuple[int, Tensor]:
    """Return as many significant bits as the finest value needs, and the step at each value.

    Shapes
        values  f64[...]
        return  bits, f64[...]   0 where the value is 0

    >>> bits, steps = grid_of(torch.tensor([1.5, 0.25], dtype=torch.float64))
    >>> bits, steps.tolist()  # 1.1 in binary: 2 bits
    (2, [0.5, 0.125])
    """
    mantissa, exponent = torch.frexp(values)
    whole = (mantissa * 2.0**DOUBLE).to(torch.int64)
    lowest = (whole & -whole)[whole != 0]
    if len(lowest) == 0:
        return DOUBLE, torch.zeros_like(values)
    bits = DOUBLE - int(torch.log2(lowest.min().to(torch.float64)))
    steps = torch.ldexp(torch.ones_like(values), exponent - bits)
    return bits, torch.where(whole != 0, steps, 0.0)


def onto_grid(values: Tensor, bits: int) -> Tensor:
    """Return values, f64[...], as an arithmetic of that many significant bits holds them.

    >>> onto_grid(torch.tensor([1.2], dtype=torch.float64), 3).tolist()  # steps of 1/4
    [1.25]
    """
    mantissa, exponent = torch.frexp(values)
    return torch.ldexp(torch.round(mantissa * 2.0**bits), exponent - bits)
