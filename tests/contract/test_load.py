"""A file becomes a document or typed results, or says everything that is wrong with it."""

import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from repaudit._core.errors import ContractError, InputError
from repaudit.contract import load
from repaudit.contract.load import load_document, load_results, read_bytes

SCHEMA = {
    "type": "object",
    "properties": {"sigma": {"type": "number", "exclusiveMinimum": 0}, "n": {"type": "integer"}},
    "additionalProperties": False,
}

# The smallest honest file of the results format, version 1.
SMALL = {
    "$schema": "urn:repaudit:results:1",
    "study": {"title": "A keyword spotter", "kind": "original"},
    "data": {
        "test": {"kind": "audio", "examples": 400, "classes": 4, "subset": {"rule": "all"}},
    },
    "pipelines": {
        "kws": [{"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"}]
    },
    "models": {
        "cnn": {
            "output": "logits",
            "dtype": "float32",
            "checkpoints": [{"id": "seed0", "seed": 0}],
        }
    },
    "contracts": {
        "wave": {
            "pipeline": "kws",
            "object": "waveform",
            "transform": [],
            "scale": ["certified_radius"],
            "perturbation": {
                "law": "gaussian",
                "norm": "l2",
                "location": "crop_pad",
                "dtype": "float32",
            },
        }
    },
    "sampling": {
        "mc": {
            "n0": 100,
            "n": 10000,
            "alpha": 0.001,
            "bound": "clopper_pearson_one_sided",
            "selection": "independent",
        }
    },
    "evaluations": {
        "wave": {
            "kind": "certification",
            "data": "test",
            "model": "cnn",
            "contract": "wave",
            "sigma": 0.0025,
            "sampling": "mc",
            "claims": [
                {
                    "metric": "certified_radius",
                    "statistic": "median",
                    "population": "all",
                    "value": ".007996",
                }
            ],
        }
    },
}


@pytest.fixture
def write(tmp_path):
    def write_file(content):
        path = tmp_path / "results.json"
        if isinstance(content, dict):
            content = json.dumps(content, indent=1).encode()
        path.write_bytes(content)
        return path

    return write_file


def test_a_document_keeps_bytes_digest_value_and_positions(write):
    raw = b'\xef\xbb\xbf{\r\n "sigma": 0.10, "n": 2.0}\r\n'
    document = load_document(write(raw), SCHEMA)
    assert document.raw == raw
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert document.value == {"sigma": Decimal("0.10"), "n": 2}
    assert document.position("/n") == (2, 22)
    assert document.places(["/sigma"])["/sigma"] == ((2, 2), (2, 11))


def test_a_document_cannot_be_changed(write):
    document = load_document(write(b"{}"), SCHEMA)
    with pytest.raises(AttributeError):
        document.sha256 = ""


def test_every_schema_problem_is_raised_at_once(write):
    path = write(b'{"sigma": 0,\n "n": 1.5, "m": true}')
    with pytest.raises(ContractError) as caught:
        load_document(path, SCHEMA)
    assert [(p.pointer, p.line, p.column) for p in caught.value.problems] == [
        ("/sigma", 1, 11),
        ("/n", 2, 7),
        ("/m", 2, 12),
    ]
    assert {problem.file for problem in caught.value.problems} == {str(path)}


def test_booleans_are_no_numbers(write):
    with pytest.raises(ContractError) as caught:
        load_document(write(b'{"sigma": true, "n": false}'), SCHEMA)
    assert [problem.pointer for problem in caught.value.problems] == ["/sigma", "/n"]


def test_broken_json_is_raised_with_the_path_as_given(write):
    path = write(b'{"sigma": NaN}')
    with pytest.raises(ContractError, match=r"results\.json:1:11: expected a finite number"):
        load_document(path, SCHEMA)


def test_a_missing_file_a_folder_and_a_device_are_input_errors(tmp_path):
    with pytest.raises(InputError, match="found none"):
        read_bytes(tmp_path / "absent.json")
    with pytest.raises(InputError, match="found a folder"):
        read_bytes(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="found a device"):  # and does not wait for a writer
        read_bytes(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b"])
def test_a_name_no_file_system_takes_is_an_input_error(tmp_path, name):
    with pytest.raises(InputError) as caught:
        read_bytes(tmp_path / name)
    assert len(str(caught.value)) < 500


def test_a_file_that_opens_but_cannot_be_read_is_an_input_error():
    memory = Path("/proc/self/mem")  # nothing is mapped where it begins
    if not memory.is_file():
        pytest.skip("this system has no /proc/self/mem")
    with pytest.raises(InputError, match="found input/output error"):
        read_bytes(memory)


def test_a_file_beyond_the_limit_is_an_input_error(write):
    path = write(b"12345")
    assert read_bytes(path, limit=5) == b"12345"
    with pytest.raises(InputError, match="at most 4 bytes"):
        read_bytes(path, limit=4)
    assert load.MAX_BYTES == 512 * 1024 * 1024


def test_the_smallest_honest_file_loads(write):
    results, document = load_results(write(SMALL))
    assert results.study.title == "A keyword spotter"
    assert document.value["sampling"]["mc"]["alpha"] == Decimal("0.001")


def test_a_results_file_with_a_printed_number_unquoted_is_refused(write):
    broken = json.loads(json.dumps(SMALL))
    broken["evaluations"]["wave"]["claims"][0]["value"] = 0.007996
    with pytest.raises(ContractError) as caught:
        load_results(write(broken))
    (problem,) = caught.value.problems
    assert problem.pointer == "/evaluations/wave/claims/0/value"
    assert problem.suggestion == 'write "0.007996" in quotes with the digits of the paper'


def test_what_only_the_typed_models_refuse_has_the_same_shape(write):
    broken = json.loads(json.dumps(SMALL))
    broken["evaluations"]["wave"]["sigma"] = "1/0"  # a fraction for the pattern, none for a reader
    path = write(broken)
    with pytest.raises(ContractError) as caught:
        load_results(path)
    (problem,) = caught.value.problems
    assert problem.pointer == "/evaluations/wave/sigma"
    assert problem.found == '"1/0"'
    line = path.read_text().splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith('"1/0"')


def test_a_bad_name_is_a_problem_at_its_key(write):
    broken = json.loads(json.dumps(SMALL))
    broken["data"]["a b"] = broken["data"]["test"]
    path = write(broken)
    with pytest.raises(ContractError) as caught:
        load_results(path)
    (problem,) = caught.value.problems
    line = path.read_text().splitlines()[problem.line - 1]
    assert (problem.pointer, line[problem.column - 1 :]) == ("/data/a b", '"a b": {')
