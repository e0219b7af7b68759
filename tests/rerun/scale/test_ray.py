"""The same shards on a real Ray cluster of two nodes, one of whose workers is killed."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import InputError
from repaudit.rerun.scale.site import WrongWorker
from tests.rerun.scale.cases import point_study_of_20, site_of

ROOT = Path(__file__).parents[3]
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the extra ray is not installed")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("study")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.rerun.scale.ray_cluster", str(folder)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    said: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return said


@needs_ray
@pytest.mark.slow
def test_a_cluster_gives_the_counts_of_one_process_though_a_worker_is_killed(
    seen: dict[str, Any],
) -> None:
    assert seen["words"] == "2 workers of the Ray cluster"
    assert seen["killed"] == 1
    assert (seen["shards"], seen["missing"], seen["same"]) == (3, [], True)
    assert seen["drawn"]


@needs_ray
@pytest.mark.slow
def test_a_node_without_the_inputs_is_named(seen: dict[str, Any]) -> None:
    assert "gone.json, found No such file" in seen["gone"]
    assert "and --out on a file system" in seen["gone"]
    assert "found weights.safetensors: no such file" in seen["half"]
    assert "and --out on a file system" in seen["half"]


@needs_ray
@pytest.mark.parametrize(
    "address", ["localhost:1", "nowhere", "ray://localhost:1", "localhost:99999"]
)
def test_an_address_where_no_cluster_answers_is_refused_at_once(address: str) -> None:
    from repaudit.rerun.scale.ray_cluster import refuse_silent

    with pytest.raises(InputError, match="--address: expected"):
        refuse_silent(address)


def test_inputs_of_a_site_are_looked_at(tmp_path: Path) -> None:
    study = point_study_of_20(tmp_path)
    engine = study.engine()
    site_of(study, engine).verify()

    with pytest.raises(WrongWorker, match=r"the root clips at .*, found no folder"):
        site_of(study, engine, roots=(("clips", tmp_path / "clips"),)).verify()
    site = site_of(study, engine)
    site.results.write_text("{ }")
    with pytest.raises(WrongWorker, match=r"results.json with sha256 44136fa355b3…, found"):
        site.verify()
