"""A Ray cluster of two nodes on this machine, one of whose workers is killed; prints what it saw.

A program of its own: Ray warns, and stays in the process that has used it.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from repaudit.rerun.helped import CannotHelp
from repaudit.rerun.scale.draw import DrawnByCrew
from repaudit.rerun.scale.ray_engine import RayCrew
from repaudit.rerun.scale.site import Site
from tests.rerun.engine_cases import SEED, PointStudy
from tests.rerun.scale.cases import (
    filled_by,
    journal_in,
    point_study_of_20,
    same,
    same_votes,
    site_of,
)


def ray_workers() -> list[int]:
    """Return the processes that are computing a share."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cmdline").read_bytes().startswith(b"ray::_computed"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def with_a_killed_worker(study: PointStudy, address: str) -> dict[str, Any]:
    engine, task = study.engine(), study.certification(0.5, 20, 5_000)
    journal, killed = journal_in(study.folder / "journal"), list[int]()

    def kill(label: str, forwards: int) -> None:
        if forwards and not killed:
            killed.extend(ray_workers()[:1])
            for worker in killed:
                os.kill(worker, signal.SIGKILL)

    crew = RayCrew(site_of(study, engine), engine, address=address)
    filled = filled_by(crew, engine, [task], journal, kill)
    return {
        "words": crew.words,
        "killed": len(killed),
        "shards": filled.helped["main a repeat 0"].shards,
        "missing": engine.missing(task, journal),
        "drawn": drawn(study, address),
        "same": same(
            engine.run_task(task, SEED, journal).records,
            study.engine().run_task(task, SEED).records,
        ),
    }


def drawn(study: PointStudy, address: str) -> bool:
    """Say whether votes of the cluster are those of one process."""
    engine, task = study.engine(), study.certification(0.5, 20, 150)
    crew = RayCrew(site_of(study, engine), engine, address=address)
    samplers = [engine.sampler(task, SEED, helpers=by) for by in (DrawnByCrew(crew), None)]
    for sampler in samplers:
        sampler.extend(range(20), "certification", 40)
    crew.close()
    return same_votes(*samplers)


def elsewhere(study: PointStudy, address: str, site: Site) -> str:
    """Return what is said of workers that are not where this process is."""
    engine, task = study.engine(), study.certification(0.5, 20, 150)
    crew = RayCrew(site, engine, workers=1, address=address)
    try:
        filled_by(crew, engine, [task], journal_in(study.folder / "other"))
    except CannotHelp as fault:
        return str(fault)
    return ""


def main(folder: Path) -> None:
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    study = point_study_of_20(folder)
    said = with_a_killed_worker(study, cluster.address)
    engine = study.engine()
    there = folder / "there"
    there.mkdir()
    (there / "results.json").write_text("{}")
    sites = {
        "gone": site_of(study, engine, results=folder / "gone.json"),
        "half": site_of(study, engine, results=there / "results.json"),
    }
    for name, site in sites.items():
        said[name] = elsewhere(study, cluster.address, site)
    cluster.shutdown()
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
