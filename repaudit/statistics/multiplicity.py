"""Several tests at once: Holm's step-down adjustment.

References
    [Holm79] S. Holm, A simple sequentially rejective multiple test procedure, 1979.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return Holm-adjusted p-values in the order given.

    Shapes
        p_values  f64[tests]  each in [0, 1]
        return    f64[tests]  reject those below the family-wise level

    Controls the probability of any false rejection under every dependence between the tests.
    An empty family gives an empty array. Raises ``ValueError`` outside [0, 1].

    >>> holm([0.04, 0.01, 0.5]).tolist()  # .01 * 3, .04 * 2, .5 * 1
    [0.08, 0.03, 0.5]
    """
    p = np.asarray(p_values, np.float64).ravel()
    if not np.all((p >= 0.0) & (p <= 1.0)):
        raise ValueError("p_values: expected numbers in [0, 1]")
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    steps = np.arange(p.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * steps), 1.0)
    return adjusted
