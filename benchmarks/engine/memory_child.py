"""One case in a process of its own: ``python -m … FOLDER SECONDS CONTRACT CASE [NUMBER]``.

Prints what the process held before, and its peak, in MiB. CPU only. Before is after one recording
was classified once: by then libraries are loaded and kernels made, which no limit is about.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.engine.peers import Art, loop, subjects_of
from benchmarks.engine.speed import EXAMPLES, N0
from benchmarks.engine.study import SEED, Study, study_at
from repaudit._core.errors import InputError

MIB = 1 << 20
DRAWS = 1000
"""of one certify; the engine and the loop hold no more for more of them"""


def main(folder: str, seconds: str, contract: str, case: str, number: str = "") -> None:
    study = study_at(Path(folder), int(seconds))
    runs = {"engine": _engine, "loop": _loop, "art": _art}
    run = runs[case](study, contract, number)
    subjects = subjects_of(study, contract, torch.device("cpu"))
    with torch.no_grad():
        subjects.model(subjects.inputs[:1])
    before = _held("VmRSS")
    try:
        run()
    except InputError as refusal:
        print(json.dumps({"refused": str(refusal).partition("\n")[0]}))
        return
    print(json.dumps({"before": before, "peak": _held("VmHWM")}))


def _engine(study: Study, contract: str, mib: str) -> Callable[[], object]:
    memory = int(mib) * MIB if mib else None
    engine = study.engine(device="cpu", compiling="never", memory_bytes=memory)
    task = study.task(contract, N0, N0, EXAMPLES)
    return lambda: engine.run_task(task, SEED)


def _loop(study: Study, contract: str, batch: str) -> Callable[[], object]:
    run = loop(subjects_of(study, contract, torch.device("cpu")), int(batch))
    return lambda: run(int(batch))


def _art(study: Study, contract: str, _: str) -> Callable[[], object]:
    run = Art(subjects_of(study, contract, torch.device("cpu")), N0).case(32, DRAWS)
    return lambda: run(N0 + DRAWS)


def _held(field: str) -> float:
    """Return a size of this process in MiB."""
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(rf"^{field}:\s*(\d+) kB$", text, re.MULTILINE)
    assert found is not None
    return round(int(found[1]) / 1024, 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
