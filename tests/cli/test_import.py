"""``repaudit import``: what it writes, says and refuses."""

import json
from pathlib import Path

import pytest

from repaudit.contract.load import load_results
from tests.cli.commands import repaudit

HEADER = "idx\tlabel\tpredict\tradius\tcorrect\ttime"
# sigma 1/4, n = 100, alpha = .001: Clopper-Pearson gives .375 at 100 votes, .337 at 99
LOG = f"{HEADER}\n0\t3\t3\t0.375\t1\t15.4\n1\t7\t-1\t0.0\t0\t15.6\n2\t8\t8\t0.337\t1\t15.6\n"
BUDGET = ("--n0", "100", "--n", "100", "--alpha", "0.001")
BOUND = ("--bound", "clopper_pearson_one_sided")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "sigma_0.25"
    path.write_text(LOG)
    return path


def test_a_log_becomes_a_transcription_that_says_what_nobody_said(log: Path) -> None:
    folder = log.parents[1]
    ended = repaudit("import", "smoothing-tsv", log, *BUDGET, "-o", "r.json", cwd=folder)
    assert ended.returncode == 0
    assert (
        "3 rows, radii with 3 significant digits; sigma 0.25 from the file's name" in ended.stderr
    )
    assert ended.stdout == "wrote r.json from 1 file\n  Try: repaudit check r.json --static\n"
    results, _ = load_results(folder / "r.json")
    assert results.study.kind == "transcription"
    budget = results.sampling["certify"]
    assert (budget.n0, budget.n, float(str(budget.alpha))) == (100, 100, 0.001)
    assert results.data["test-set"].examples == "unstated"
    evaluation = results.evaluations["sigma_0.25"]
    assert [(e.path, e.format) for e in evaluation.evidence] == [
        ("logs/sigma_0.25", "smoothing_tsv")
    ]
    noted = {note.pointer: (note.kind, note.text) for note in results.annotations}
    assert noted["/evaluations/sigma_0.25/sigma"][0] == "inferred"
    assert noted["/sampling/certify/bound"][0] == "inferred"
    kind, text = noted["/contracts/l2-ball/perturbation/norm"]
    assert kind == "note"
    assert "assertion of whoever imported" in text


def test_an_imported_log_is_audited_without_counts(log: Path) -> None:
    folder = log.parents[1]
    given = (*BUDGET, *BOUND, "--sigma", "0.25", "--examples", "3")
    repaudit("import", "smoothing-tsv", log, *given, "-o", "r.json", cwd=folder)
    repaudit("check", "r.json", "--static", "--out", "a", cwd=folder)
    audit = json.loads((folder / "a" / "audit.json").read_text())
    (records,) = audit["comparisons"]
    assert records["verdict"] == "not_checked"
    assert records["reason"] == "no counts: the released log has radii only"
    assert {f["code"] for f in audit["findings"] if f["severity"] == "error"} == set()


def test_a_log_of_another_budget_is_an_error_of_the_audit(log: Path) -> None:
    folder = log.parents[1]
    given = ("--n0", "100", "--n", "100", "--alpha", "0.01", *BOUND, "--sigma", "0.25")
    repaudit("import", "smoothing-tsv", log, *given, "-o", "r.json", cwd=folder)
    ended = repaudit("check", "r.json", "--static", cwd=folder)
    assert ended.returncode == 1
    assert "RA103" in ended.stdout


def test_claims_are_compared_with_the_interval_of_the_radii(log: Path) -> None:
    folder = log.parents[1]
    given = (*BUDGET, *BOUND, "--sigma", "0.25", "--examples", "3")
    repaudit("import", "smoothing-tsv", log, *given, "-o", "r.json", cwd=folder)
    document = json.loads((folder / "r.json").read_text())
    # by hand: (.375 + .337) / 3 = .23733, and two of three are right at .337 or are not
    document["evaluations"]["sigma_0.25"]["claims"] = [
        {"metric": "certified_radius", "statistic": "mean", "population": "all", "value": ".2373"},
        {"metric": "certified_accuracy", "at_radius": ".337", "unit": "percent", "value": "33.3"},
        {"metric": "abstention_rate", "unit": "percent", "value": "66.7"},
    ]
    (folder / "r.json").write_text(json.dumps(document))
    repaudit("check", "r.json", "--static", "--out", "a", cwd=folder)
    audit = json.loads((folder / "a" / "audit.json").read_text())
    claims = [c for c in audit["comparisons"] if c["kind"] == "claim"]
    verdicts = [c["verdict"] for c in claims]
    assert verdicts == ["not_checked", "not_checked", "refuted"]
    mean = claims[0]["recomputed"]
    assert (round(mean["low"], 5), round(mean["high"], 5)) == (0.237, 0.23767)
    share = claims[1]["recomputed"]
    assert (round(share["low"], 1), round(share["high"], 1)) == (33.3, 66.7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("0.337", "-0.337"), ":4: column radius: expected the radius of an L2 ball"),
        (("radius", "linf_radius"), ":1: expected the column radius"),
        (("\t1\t15.6", ""), ":4: expected 6 values, found 4"),
    ],
)
def test_a_log_that_is_none_is_refused_with_file_and_line(
    change: tuple[str, str], words: str, log: Path
) -> None:
    log.write_text(LOG.replace(*change))
    ended = repaudit("import", "smoothing-tsv", log, "-o", log.parent / "r.json")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"error: {log}{words}")
    assert not (log.parent / "r.json").exists()


def test_a_log_elsewhere_is_refused_or_copied_when_told_to(log: Path, tmp_path: Path) -> None:
    output = tmp_path / "study" / "r.json"
    ended = repaudit("import", "smoothing-tsv", log, "-o", output)
    assert ended.returncode == 2
    assert "Try: --copy, or -o beside the file" in ended.stderr
    ended = repaudit("import", "smoothing-tsv", log, "-o", output, "--copy")
    assert ended.returncode == 0
    copied = output.parent / "evidence" / "sigma_0.25"
    assert copied.read_text() == LOG
    # never over another file, nor over a results file
    assert repaudit("import", "smoothing-tsv", log, "-o", output, "--copy").returncode == 2
    copied.write_text("another")
    ended = repaudit("import", "smoothing-tsv", log, "-o", output.with_name("s.json"), "--copy")
    assert ended.returncode == 2
    assert copied.read_text() == "another"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--alpha", "a"), "--alpha: expected a number"),
        (("--sigma", "0"), "--sigma: expected a number above 0"),
        (("--bound", "exact"), "--bound: expected one of clopper_pearson_one_sided"),
    ],
)
def test_a_setting_that_is_none_is_refused(
    arguments: tuple[str, str], words: str, log: Path
) -> None:
    ended = repaudit("import", "smoothing-tsv", log, *arguments, "-o", log.parent / "r.json")
    assert ended.returncode == 2
    assert words in ended.stderr


def test_sigma_must_be_given_where_no_name_says_it(log: Path) -> None:
    unnamed = log.rename(log.with_name("log.tsv"))
    ended = repaudit("import", "smoothing-tsv", unnamed, "-o", log.parent / "r.json")
    assert ended.returncode == 2
    assert "Try: --sigma 0.25" in ended.stderr


def test_several_logs_are_several_evaluations_with_names_of_their_own(log: Path) -> None:
    other = log.parents[1] / "more" / "sigma_0.25"
    other.parent.mkdir()
    other.write_text(LOG)
    output = log.parents[1] / "r.json"
    assert repaudit("import", "smoothing-tsv", log, other, "-o", output).returncode == 0
    results, _ = load_results(output)
    assert list(results.evaluations) == ["logs-sigma_0.25", "more-sigma_0.25"]
    ended = repaudit("import", "smoothing-tsv", log, log, "-o", output.with_name("s.json"))
    assert (ended.returncode, "every file once" in ended.stderr) == (2, True)


def test_counts_are_attached_as_records(tmp_path: Path) -> None:
    counts = tmp_path / "sigma_0.5.csv"
    counts.write_text("example_id,label,selected_class,hits,label_hits,draws\na,0,0,99,99,100\n")
    output = tmp_path / "r.json"
    ended = repaudit("import", "counts-csv", counts, *BUDGET, "-o", output)
    assert ended.returncode == 0
    assert "1 row; sigma 0.5 from the file's name" in ended.stderr
    results, _ = load_results(output)
    (evidence,) = results.evaluations["sigma_0.5.csv"].evidence
    assert (evidence.path, evidence.format) == ("sigma_0.5.csv", "records")
    counts.write_text("example_id,hits\na,99\n")
    ended = repaudit("import", "counts-csv", counts, "-o", tmp_path / "s.json")
    assert ended.returncode == 2
    assert "column label: expected this column, found none" in ended.stderr
