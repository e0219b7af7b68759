"""What cannot be used ends with 2 and one clear message, and nothing is written."""

from pathlib import Path

import pytest

from tests.cli.commands import repaudit

STATIC = ("check", "results.json", "--static")
MEASURE = ("measure", "plan.json", "-o")
REFUSED = [
    (("check", "nothing.json"), "nothing.json: expected a file, found none"),
    (("check", "audio"), "audio: expected a file, found a folder"),
    (("check", "cut.json"), "cut.json:54:"),
    (
        ("check", "misspelt.json"),
        'misspelt.json:3:2: /stduy: expected the key "study", found "stduy"\n  Try: write "study"',
    ),
    (("check", "nan.json"), "nan.json:3:12: expected a finite number, found NaN"),
    (
        ("check", "results.json", "--statc"),
        "No such option: --statc (Possible options: --static)",
    ),
    (("check",), "Missing argument 'RESULTS'"),
    (("chekc", "results.json"), "Did you mean 'check'?"),
    ((), "Commands:"),
    ((*STATIC, "--margin", "radius"), "--margin: expected FAMILY=SIZE, found 'radius'"),
    ((*STATIC, "--margin", "radus=1%"), "--margin radus: expected one of accuracy, radius, snr"),
    ((*STATIC, "--margin", "radius=wide"), "--margin radius: expected a number of at least 0"),
    ((*STATIC, "--margin", "snr=-1"), "--margin snr: expected a number of at least 0"),
    ((*STATIC, *("--margin", "snr=1") * 2), "--margin: expected snr once, found it twice"),
    ((*STATIC, "--nonce", "12"), "--nonce: expected 32 hexadecimal digits, found '12'"),
    ((*STATIC, "--memory", "4X"), "--memory: expected a size such as 4G or 512M, found '4X'"),
    ((*STATIC, "--root", "corpus"), "--root: expected NAME=DIR, found 'corpus'"),
    ((*STATIC, "--root", "corpus=gone"), "--root corpus: expected a folder that exists"),
    ((*STATIC, "--batch-size", "0"), "'--batch-size'"),
    ((*STATIC, "--require", "L9"), "'L9' is not one of 'L0', 'L1', 'L2', 'L3'"),
    ((*STATIC, "--fail-on", "all"), "'all' is not one of 'error', 'warning'"),
    ((*STATIC, "--out", "plan.json"), "'--out'"),
    ((*STATIC, "--out", "plan.json/deeper"), "plan.json/deeper/audit.json: expected a writable"),
    (("check", "results.json", "--out", "plan.json/deeper"), "plan.json/deeper/journal: expected"),
    (("check", "results.json", "--device", "gpu"), "--device: expected auto, cpu, cuda or cuda:N"),
    (("check", "results.json", "--resume"), "--resume: expected an interrupted run in repaudit"),
    (("report", "results.json"), "results.json: expected an audit"),
    (("report", "audio/manifest.csv"), "audio/manifest.csv:1:1: expected a value"),
    (("report", "list.json"), "list.json: expected an audit"),
    (("report", "list.json", "--format", "pdf"), "--format: expected one of github, html, json"),
    (("table", "plan.json"), "expected a results file with values, found a plan"),
    (("table", "results.json", "--table", "nope"), "found nope"),
    (("table", "results.json", "-o", "audio"), "'-o' / '--output'"),
    (("table", "results.json", "-o", "plan.json/x"), "plan.json/x: expected a writable place"),
    (("init", "plan.json"), "plan.json: expected a new file, found one that exists"),
    (("init", "none/x.json"), "none/x.json: expected a writable place"),
    (("schema", "tables"), "'tables' is not one of 'results', 'audit'"),
    (("measure", "plan.json"), "Missing option '-o' / '--output'"),
    (("measure", "results.json", "-o", "new.json"), '/study/kind: expected "plan"'),
    ((*MEASURE, "plan.json"), "expected a file other than the plan"),
    ((*MEASURE, "audio/new.json"), "expected a file in the plan's folder"),
    ((*MEASURE, "audio"), "'-o' / '--output'"),
    ((*MEASURE, "new.json", "--seed", "-1"), "'--seed'"),
    ((*MEASURE, "new.json", "--resume"), "--resume: expected an interrupted run in .new-measure"),
]


@pytest.fixture(scope="module")
def folder(measured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the refused commands name."""
    folder = tmp_path_factory.mktemp("refused")
    text = (measured / "results.json").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    files = {
        "results.json": text,
        "cut.json": "".join(lines[:54]),
        "misspelt.json": text.replace('"study"', '"stduy"'),
        "nan.json": '{\n "study": {\n  "title": NaN\n }\n}\n',
        "list.json": "[]",
        "plan.json": (measured / "plan.json").read_text(encoding="utf-8"),
        "audio/manifest.csv": "path,label,sha256\n",
    }
    (folder / "audio").mkdir()
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("arguments", "said"), REFUSED, ids=lambda value: str(value)[:70])
def test_refusal_is_one_clear_message(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    before = sorted(folder.rglob("*"))
    ended = repaudit(*arguments, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip() == ended.stderr.removesuffix("\n")
    assert sorted(folder.rglob("*")) == before


def test_existing_file_stays_as_it_is_when_init_refuses(study: Path) -> None:
    before = (study / "plan.json").read_bytes()
    assert repaudit("init", "plan.json", cwd=study).returncode == 2
    assert (study / "plan.json").read_bytes() == before
