"""One execution for all of an audit, whoever chose it."""

from pathlib import Path

import pytest

from repaudit._core.errors import InputError
from repaudit.rerun.execution.book import FOLDER, Book, Choice
from repaudit.rerun.execution.execution import DECLARED, FOLDED, USUAL, Execution

COMPILED = Choice(Execution(compiled=True, precision="bf16"), ("in bf16: 0 of 9 votes differ",))
PLAIN = Choice(USUAL)


def test_of_two_that_choose_at_once_the_first_one_wins(tmp_path: Path) -> None:
    one, other = Book(tmp_path), Book(tmp_path)

    assert one.put("net", COMPILED) == COMPILED
    assert other.put("net", PLAIN) == COMPILED
    assert Book(tmp_path).get("net") == COMPILED
    assert Book(tmp_path).get("another") is None


def test_without_a_folder_it_is_kept_in_memory() -> None:
    book = Book()

    assert book.put("net", Choice(FOLDED)) == Choice(FOLDED)
    assert book.put("net", Choice(DECLARED)) == Choice(FOLDED)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"execution": {}, "said": []}', '{"execution": {"folded": 1}, "said": 1}']
)
def test_a_file_that_holds_no_execution_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "net.json").write_text(text)

    with pytest.raises(InputError, match=r"net\.json"):
        Book(tmp_path).get("net")
