"""Every snippet of the guide to the results file is one, and belongs to the file at its end."""

import json
from functools import reduce
from pathlib import Path
from typing import Any, get_args

import pytest

from repaudit import CheckOptions, check
from repaudit.audit.finding import Severity
from repaudit.contract.attack import Attack, Defence, ThreatModel
from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.model import Model
from repaudit.contract.results import Materiality
from repaudit.contract.statement import Suppression
from repaudit.contract.steps import Step
from repaudit.contract.strict import parse_strict
from repaudit.contract.types import File
from tests.docs.pages import DOCS, Block, blocks

OBJECTS = {
    model.__name__: model
    for model in (
        Attack,
        Claim,
        Defence,
        EvidenceFile,
        File,
        Materiality,
        Model,
        Suppression,
        ThreatModel,
    )
}
SNIPPETS = [block for block in blocks(DOCS / "results-file.md") if block.language == "json"]
(WHOLE,) = [block for block in SNIPPETS if block.title == "results.json"]
EXCERPTS = [block for block in SNIPPETS if (block.title or "").startswith("/")]
ALONE = [block for block in SNIPPETS if block is not WHOLE and block not in EXCERPTS]


def title(block: Block) -> str:
    return str(block.title)


def at(document: Any, pointer: str) -> Any:
    """Resolve a JSON pointer without escapes."""
    keys = [int(key) if key.isdigit() else key for key in pointer.split("/")[1:]]
    return reduce(lambda value, key: value[key], keys, document)


def test_the_whole_file_says_nothing_that_a_rule_objects_to(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(WHOLE.text, encoding="utf-8")
    audit = check(path, CheckOptions(static=True))
    assert audit.level == "L1"
    assert [f.message for f in audit.findings if f.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("block", EXCERPTS, ids=title)
def test_an_excerpt_is_one_of_the_whole_file(block: Block) -> None:
    assert at(json.loads(WHOLE.text), title(block)) == json.loads(block.text)


def test_every_part_of_the_whole_file_is_shown() -> None:
    document = json.loads(WHOLE.text)
    parts = {f"/{key}" for key in document if key != "$schema"}
    assert parts == {"/" + title(block).split("/")[1] for block in EXCERPTS}


@pytest.mark.parametrize("block", ALONE, ids=title)
def test_an_object_alone_is_valid(block: Block) -> None:
    OBJECTS[title(block)].model_validate(parse_strict(block.text.encode(), "page"))


def test_every_object_is_shown_once() -> None:
    assert sorted(map(title, ALONE)) == sorted(OBJECTS)


def test_every_step_is_named() -> None:
    known = {
        get_args(one.model_fields["step"].annotation)[0] for one in get_args(get_args(Step)[0])
    }
    page = (DOCS / "results-file.md").read_text(encoding="utf-8")
    assert [step for step in sorted(known) if f"`{step}`" not in page] == []
