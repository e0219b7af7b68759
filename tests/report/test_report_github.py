"""The audit as annotations: ten at most, each one command on one line."""

import re
from collections.abc import Callable

import pytest

from repaudit.audit.audit import Audit
from repaudit.report.failure import Failure
from repaudit.report.formats import github
from tests.report import audits

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
Golden = Callable[[str, str], None]


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return kind, properties and message as GitHub's runner takes a line apart."""
    found = []
    for line in text.removesuffix("\n").split("\n"):
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], properties, match[3]))
    return found


@pytest.mark.parametrize("make", [audits.honest, audits.contradicted, audits.nothing_checked])
def test_it_is_as_reviewed(make: Callable[[], Audit], golden: Golden) -> None:
    golden(f"report/{make.__name__}.github.txt", github.render(make()))


def test_an_annotation_stands_at_its_line_and_column() -> None:
    kind, properties, message = commands(github.render(audits.contradicted()))[0]
    # proved errors first; of these the one that comes first in the file
    assert (kind, properties["line"], properties["col"]) == ("error", "96", "18")
    assert properties["file"] == "examples/keyword-spotting/results.json"
    assert message.startswith("models/cnn-seed0.safetensors: declared sha256")


def test_of_many_the_ten_worst_are_shown_and_the_rest_is_counted() -> None:
    base = audits.contradicted()
    many = base.model_copy(update={"findings": base.findings[:1] * 15, "comparisons": []})
    found = commands(github.render(many))
    assert [kind for kind, _, _ in found] == ["error"] * 10 + ["notice"]
    assert found[-1][2].startswith("5 annotations more, in audit.json.")


def test_nothing_checked_is_an_error() -> None:
    ((kind, _, message),) = commands(github.render(audits.nothing_checked()))
    assert (kind, "Exit 3" in message) == ("error", True)


def test_a_crash_is_an_error() -> None:
    ((kind, properties, message),) = commands(
        github.render_failure(Failure("a,b:c.json", "fault\n::notice::ok 100%", 70, "0.1.0"))
    )
    assert kind == "error"
    assert properties["file"] == "a%2Cb%3Ac.json"
    assert message.endswith("fault%0A::notice::ok 100%25")


def test_what_is_accepted_is_no_annotation() -> None:
    base = audits.contradicted()
    accepted = [f.model_copy(update={"accepted": "known"}) for f in base.findings]
    before, after = (
        len(commands(github.render(audit)))
        for audit in (base, base.model_copy(update={"findings": accepted}))
    )
    assert after == before - 3


def test_hostile_text_begins_no_command() -> None:
    text = github.render(audits.hostile())
    assert all(line.startswith("::") for line in text.splitlines())
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)
    assert commands(text)
    assert max(map(len, text.splitlines())) < 10_000
