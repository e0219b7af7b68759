"""Built-in architectures by the name that a results file gives them.

A built-in is one file: a ``torch.nn.Module`` whose keyword arguments are its options.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.networks.cifar_resnet import CifarResNet
from repaudit.rerun.models.networks.log_mel_cnn import LogMelCnn
from repaudit.rerun.models.networks.res8 import Res8
from repaudit.rerun.models.networks.waveform_cnn import WaveformCnn

NETWORKS: dict[str, Callable[..., nn.Module]] = {
    "cifar_resnet": CifarResNet,
    "log_mel_cnn": LogMelCnn,
    "res8": Res8,
    "waveform_cnn": WaveformCnn,
}


def build_network(name: str, options: Mapping[str, Any]) -> nn.Module:
    """Return a built-in architecture with fresh weights.

    Raises ``ModelError`` for a name or an option that does not exist, naming the choices, and
    for a value that an option does not take.
    """
    if name not in NETWORKS:
        raise ModelError("network", f"one of {', '.join(NETWORKS)}", repr(name))
    choices = list(inspect.signature(NETWORKS[name]).parameters)
    for option in options:
        if option not in choices:
            raise ModelError(f"options of {name}", f"only {', '.join(choices)}", repr(option))
    try:
        return NETWORKS[name](**options)
    except ValueError as error:
        raise ModelError(f"options of {name}", str(error), repr(dict(options))) from None
