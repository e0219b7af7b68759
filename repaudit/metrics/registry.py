"""The folder is the registry: a module named like a metric defines ``METRIC``."""

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

import repaudit.metrics
from repaudit.contract.claim import Metric as MetricName
from repaudit.metrics.base import Metric


@lru_cache(maxsize=1)
def metrics() -> dict[str, Metric]:
    """Return the metrics that this version computes, by name, sorted."""
    names = set(get_args(MetricName))
    found = {}
    for module in sorted(module.name for module in iter_modules(repaudit.metrics.__path__)):
        if module in names:
            metric: Metric = import_module(f"repaudit.metrics.{module}").METRIC
            if metric.name != module:
                raise RuntimeError(f"metrics/{module}.py defines {metric.name}")
            found[module] = metric
    return found
