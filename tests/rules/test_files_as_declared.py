"""RA810 against files on the disk: the empty file and its SHA-256 as FIPS 180-4 gives it."""

from repaudit.rules import run_rules

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def declaring(sha256, path="counts.csv"):
    evidence = [{"path": path, "sha256": sha256, "format": "records"}]
    return {"evaluations": {"spoken-words": {"evidence": evidence}}}


def found(case):
    return [
        (finding.code, finding.pointer) for finding in run_rules(case)[0] if finding.code == "RA810"
    ]


def test_the_declared_file_is_no_finding(patched, tmp_path):
    (tmp_path / "counts.csv").touch()
    assert found(patched(declaring(EMPTY), tmp_path)) == []


def test_another_file_under_the_name_is_an_error(patched, tmp_path):
    (tmp_path / "counts.csv").write_text("other")
    pointer = "/evaluations/spoken-words/evidence/0/sha256"
    assert found(patched(declaring(EMPTY), tmp_path)) == [("RA810", pointer)]


def test_a_link_out_of_the_folder_is_an_error(patched, tmp_path):
    (tmp_path / "outside.csv").touch()
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "counts.csv").symlink_to(tmp_path / "outside.csv")
    pointer = "/evaluations/spoken-words/evidence/0/path"
    assert found(patched(declaring(EMPTY), tmp_path / "inside")) == [("RA810", pointer)]


def test_a_file_named_twice_is_reported_at_both_places(patched, tmp_path):
    (tmp_path / "counts.csv").write_text("other")
    evidence = declaring(EMPTY)["evaluations"]["spoken-words"]["evidence"] * 2
    case = patched({"evaluations": {"spoken-words": {"evidence": evidence}}}, tmp_path)
    base = "/evaluations/spoken-words/evidence"
    assert found(case) == [("RA810", f"{base}/0/sha256"), ("RA810", f"{base}/1/sha256")]
