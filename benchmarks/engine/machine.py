"""The machine that measured, in numbers: nothing is comparable without it."""

import importlib.metadata
import os
import platform
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import torch

from repaudit.rerun.device import usable_cores

ART = "adversarial-robustness-toolbox"
INSTALL_ART = "pip install 'repaudit[bench]'"


def machine() -> dict[str, object]:
    """Return what moves a speed: processor, cores, libraries, compiler, GPU."""
    return {
        "cpu": _processor(),
        "cores": usable_cores(),
        "capability": torch.backends.cpu.get_cpu_capability(),
        "memory_gib": round(_meminfo("MemTotal") / 2**30, 1),
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads_of_torch": torch.get_num_threads(),
        "compiler": _compiler(),
        "art": importlib.metadata.version(ART) if has_art() else None,
    }


def name_of(machine: dict[str, object]) -> str:
    """Return a machine in a few words."""
    parts = [f"{machine['cpu']}, {machine['cores']} cores"]
    return " and ".join([*parts, *([str(machine["gpu"])] if machine["gpu"] else [])])


def load_average() -> float:
    """Return the load of the last minute; what is above our own is somebody else's."""
    return round(os.getloadavg()[0], 2)


def available_bytes() -> int:
    """Return the memory that can be had without swapping."""
    return _meminfo("MemAvailable")


def has_art() -> bool:
    """Whether the Adversarial Robustness Toolbox can be measured here."""
    return find_spec("art") is not None


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _compiler() -> str | None:
    """Return the C++ compiler that torch would find."""
    for name in filter(None, (os.environ.get("CXX"), "g++", "clang++")):
        if shutil.which(name):
            return name
    return None


def _meminfo(field: str) -> int:
    text = Path("/proc/meminfo").read_text(encoding="utf-8")
    found = re.search(rf"^{field}:\s*(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
