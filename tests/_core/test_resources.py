"""Our own folders are found in a wheel and in a checkout."""

import pytest

from repaudit._core import resources
from repaudit._core.errors import MissingPart


def test_a_wheel_carries_the_folder_inside_the_package(tmp_path, monkeypatch):
    package = tmp_path / "repaudit"
    (package / "_data" / "schemas").mkdir(parents=True)
    (tmp_path / "schemas").mkdir()  # a stranger's folder beside site-packages' repaudit
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.data_dir("schemas") == package / "_data" / "schemas"


def test_a_checkout_has_the_folder_beside_the_package(tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "repaudit")
    assert resources.data_dir("templates") == tmp_path / "templates"


def test_a_broken_installation_is_said_to_be_one(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "repaudit")
    with pytest.raises(MissingPart, match="schemas"):
        resources.data_dir("schemas")
