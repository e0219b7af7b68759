"""``from repaudit import …``: typed, lazy, and the same whoever imported what before."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "examples" / "papers" / "aliasing" / "results.json"
ORDERS = [
    "from repaudit import check",
    "import repaudit; check = repaudit.check",
    "from repaudit.check import check",
    "import repaudit.check.options; from repaudit import check",
    "from repaudit.check import CheckOptions; from repaudit import check",
]


def python(text: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("imports", ORDERS)
def test_check_is_a_verb_in_every_order_of_imports(imports: str) -> None:
    text = (
        f"{imports}\nfrom repaudit import CheckOptions\n"
        f"print(check({str(RESULTS)!r}, CheckOptions(static=True)).subject.kind)"
    )
    assert python(text) == "transcription\n"


def test_load_gives_typed_results_and_loads_no_torch() -> None:
    text = (
        "import sys\nfrom repaudit import load, Results\n"
        f"found = load({str(RESULTS)!r})\n"
        "assert isinstance(found, Results)\n"
        "print(found.study.kind, 'torch' in sys.modules)"
    )
    assert python(text) == "transcription False\n"


def test_every_public_name_is_there_and_no_other() -> None:
    import repaudit

    assert {name for name in repaudit.__all__ if getattr(repaudit, name) is None} == set()
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        _ = repaudit.chekc


USE = """
from repaudit import Audit, CheckOptions, Recorder, Results, check, load, load_audit
results: Results = load("results.json")
audit: Audit = check("results.json", CheckOptions(static=True))
again: Audit = load_audit(__import__("pathlib").Path("audit.json"))
with Recorder("counts.csv", contract=results) as recorder:
    recorder.add("a", 1, [1, 9], [10, 90])
wrong: int = check("results.json")
"""


@pytest.mark.slow
def test_a_type_checker_sees_what_they_return(tmp_path: Path) -> None:
    path = tmp_path / "use.py"
    path.write_text(USE, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", str(path)]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    errors = [line for line in ended.stdout.splitlines() if "use.py" in line and "error" in line]
    # the one line that is wrong on purpose
    assert [line.split(":")[1] for line in errors] == ["8"]
