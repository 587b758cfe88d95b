"""Faults of a study: one line for one cause, in the words of the configuration."""

import shutil

import pytest
import yaml

from concord.errors import ConfigError
from concord.study.documents import ROOT
from concord.study.parsing import parse
from concord.study.study import Study

from ...table_study import write_study
from ...whole_demo import whole_demo


@pytest.fixture
def raw():
    whole = whole_demo()
    return whole | {"dicom_roots": {}}  # with roots, image sheets may come later


@pytest.fixture
def folder(tmp_path):
    """The configuration and the sheets of the demo study."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path / "config"


def lines_of(raw, path):
    """The faults of a study, one line each."""
    with pytest.raises(ConfigError) as caught:
        Study(raw, path, check_sources=False)
    return str(caught.value).splitlines()[1:]


@pytest.mark.parametrize("name", ["subjects", "images", "masks"])
def test_a_missing_sheet_is_one_fault_and_not_one_per_row(raw, folder, name):
    (folder / f"{name}.tsv").unlink()

    (line,) = lines_of(raw, folder / "config.yaml")
    assert line.endswith(f"{name}.tsv: the file does not exist")


def test_a_missing_column_of_subjects_is_one_fault_and_not_one_per_row(raw, folder):
    raw["sheets"]["subject_id_column"] = "Subject"

    (line,) = lines_of(raw, folder / "config.yaml")
    assert "Subject: this column is missing" in line


def test_batch_columns_are_not_looked_for_in_a_sheet_that_is_missing(tmp_path):
    path = write_study(tmp_path) / "config" / "config.yaml"
    raw = yaml.safe_load(path.read_text())
    raw["data_root"] = str(tmp_path / raw["data_root"])
    raw["feature_table"]["batch_columns"] += ["treatment"]  # of the subjects sheet
    Study(raw, path)
    (path.parent / raw["sheets"]["subjects"]).unlink()

    with pytest.raises(ConfigError) as caught:
        Study(raw, path)
    (line,) = str(caught.value).splitlines()[1:]
    assert line.endswith("subjects.tsv: the file does not exist")


def test_a_missing_sheet_hides_no_fault_of_another_one(raw, folder):
    (folder / "masks.tsv").unlink()
    (folder / "subjects.tsv").unlink()

    assert len(lines_of(raw, folder / "config.yaml")) == 2


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("ingest", 3, "ingest: expected keys, such as on_fault, on_fault_codes, waive"),
        ("ingest", [1], "on_fault_codes, waive, found a list"),
        ("factors", {"x": 3}, "factors.x: expected keys, such as column, label"),
        ("simulation", "no", "such as sites, heterogeneity_mean_hu, heter"),
        ("recipes", {"CT": {"filters": {"f": 3}}}, "recipes.CT.filters.f: expected ke"),
        ("arms", 5, "arms: expected keys, found 5"),
        ("evaluation", None, "evaluation: expected keys, such as"),
    ],
)
def test_what_is_no_section_is_told_by_its_keys(raw, key, value, message):
    with pytest.raises(ConfigError) as caught:
        parse(raw | {key: value}, "c.yaml")
    assert message in str(caught.value)
    assert "instance of" not in str(caught.value)
    assert "Section" not in str(caught.value)
