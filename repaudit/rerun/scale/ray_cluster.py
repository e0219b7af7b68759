"""A Ray of this machine, or a cluster that is running: how it is joined, and what it has."""

import os
import socket
from contextlib import chdir, suppress
from typing import Any

from repaudit._core.errors import InputError, MissingPart
from repaudit.rerun.device import usable_cores
from repaudit.rerun.own_python import HERE

INSTALL = "pip install 'repaudit[ray]'"
RUNNING = "--address", "a Ray cluster that is running"
START = "ray start --head, and the address that it prints"
SECONDS_TO_ANSWER = 10.0


def load_ray() -> Any:
    """Return the module; raises ``MissingPart`` without the extra."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError:
        raise MissingPart("ray", "--engine ray", INSTALL) from None
    return ray


def join(ray: Any, address: str | None) -> None:
    """Start a Ray of this machine, or join a cluster; ``InputError`` where that fails."""
    own = {"num_cpus": usable_cores(), "include_dashboard": False}
    try:
        # Workers import from the driver's folder, which may be that of the author's files.
        with chdir(HERE):
            ray.init(
                address=address or "local",
                log_to_driver=False,
                configure_logging=False,
                **({} if address else own),
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        with suppress(Exception):
            ray.shutdown()
        found = str(error).strip().splitlines()[0]
        raise InputError(*RUNNING, found, START) from None


def refuse_silent(address: str) -> None:
    """Raise ``InputError`` where nobody answers, for which Ray itself waits minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or "/" in host:
        raise InputError("--address", "HOST:PORT", repr(address)[:80])
    try:
        socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise InputError(*RUNNING, f"{address}: {error}", START) from None


def room(ray: Any, is_cuda: bool, workers: int | None) -> tuple[dict[str, float], int]:
    """Return what one task asks Ray for, and how many run at the same time.

    Raises ``InputError`` where no node has what it takes.
    """
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    if is_cuda:
        gpus = int(sum(node.get("GPU", 0) for node in nodes))
        if not gpus:
            raise InputError("--device cuda on Ray", "a node with a GPU", "none")
        return {"num_gpus": 1, "num_cpus": 1}, min(workers or gpus, gpus)
    cores = [int(node["CPU"]) for node in nodes if node.get("CPU", 0) >= 1]
    if not cores:
        raise InputError("Ray", "a node with a CPU for tasks", "none")
    each = min(cores)
    if workers is not None:
        each = max(1, min(each, sum(cores) // workers))
    slots = sum(core // each for core in cores)
    return {"num_cpus": each}, min(workers or slots, slots)
