"""What the measure says about itself at every layer, for the rules to judge."""

from collections.abc import Iterable, Iterator

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.probe import Probe
from repaudit.contract.task import AliasingTask
from repaudit.rerun.aliasing.layers import TOLERANCE

NAME = "aliasing_layer"


def probes_of(task: AliasingTask, layers: Iterable[DownsamplingLayer]) -> Iterator[Probe]:
    """Yield both identities of every layer, and its energy beside two others of the same maps.

    A layer that was not measured at all is not asked, with its reason.
    """
    for layer in layers:
        is_asked = layer.decimation_error is not None
        energy = layer.alias_energy
        numbers = {
            "decimation_error": layer.decimation_error,
            "folding_error": layer.folding_error,
            "tolerance": TOLERANCE[task.model.dtype],
            "alias_energy": None if energy is None else energy.value,
            "hann_energy": layer.hann_energy,
            "white_noise": layer.white_noise,
        }
        yield Probe(
            name=NAME,
            evaluation=task.evaluation,
            checkpoint=task.checkpoint.id,
            status="asked" if is_asked else "not_checked",
            reason=None if is_asked else layer.reason,
            numbers={"layer": layer.layer, **(numbers if is_asked else {})},
        )
