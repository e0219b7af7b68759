"""The folder is the registry, and what is no rule is refused."""

from pathlib import Path
from types import ModuleType

import pytest

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._page import PageFault, parse_page
from repaudit.rules._registry import RegistryFault, collect, registry
from repaudit.rules._rule import rule

INDEX = Path(__file__).resolve().parents[1] / "golden" / "index.txt"
PAGE = "Title.\n\nWhy\n---\nx\n\nBad\n---\n{}\n\nGood\n----\n{}\n\nReferences\n----------\ny\n"


def a_module(name, doc=PAGE, check=None):
    module = ModuleType(f"repaudit.rules.{name}", doc)
    made = rule(severity=Severity.NOTE, certainty=Certainty.HINT)(check or (lambda case: iter(())))
    module.check = made
    return module


def test_the_index_lists_every_rule():
    lines = [
        f"{entry.code} {entry.name} {entry.check.severity} {entry.check.certainty}"
        for entry in registry().values()
    ]
    assert "\n".join(lines) + "\n" == INDEX.read_text()


def test_code_and_name_come_from_the_file_name():
    (entry,) = collect([a_module("ra123_radius_above_ceiling")]).values()
    assert (entry.code, entry.name) == ("RA123", "radius-above-ceiling")


def test_a_repeated_code_is_refused():
    with pytest.raises(RegistryFault, match="RA123 is taken"):
        collect([a_module("ra123_one"), a_module("ra123_two")])


@pytest.mark.parametrize("name", ["ra12_short", "ra123", "ra123_Upper", "helpers"])
def test_a_file_name_that_is_no_rules_is_refused(name):
    with pytest.raises(RegistryFault, match="expected ra<ddd>_<name>"):
        collect([a_module(name)])


def test_a_module_without_check_is_refused():
    module = a_module("ra123_one")
    del module.check
    with pytest.raises(RegistryFault, match="check"):
        collect([module])


@pytest.mark.parametrize(
    "doc",
    [
        "Title.",
        PAGE.replace("Why\n---\nx\n\n", ""),
        PAGE.replace("Why\n---", "Why\n--"),
        PAGE.replace("Why\n---\nx", "Why\n---"),
        PAGE.replace("Title.", "Two\nlines."),
    ],
)
def test_a_docstring_that_is_no_page_is_refused(doc):
    with pytest.raises(PageFault, match="expected"):
        parse_page(doc)
    with pytest.raises(RegistryFault):
        collect([a_module("ra123_one", doc)])
