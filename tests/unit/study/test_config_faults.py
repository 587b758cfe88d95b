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


def test_ties_without_times_are_a_fault(raw, folder):
    raw["endpoints"]["recurrence"]["ties"] = "breslow"

    (line,) = lines_of(raw, folder / "config.yaml")
    assert "endpoints.recurrence.ties: is breslow; a model without times" in line


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
        (
            "ingest",
            3,
            "ingest: expected keys, such as max_voxels, on_fault, on_fault_codes",
        ),
        ("ingest", [1], "on_fault, on_fault_codes, found a list"),
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


@pytest.mark.parametrize("value", ["recurrence", ["group", "outcome"], None])
def test_folds_by_an_endpoint_are_answered_by_what_to_write(raw, folder, value):
    raw["validation"]["stratify_by"] = value

    (line,) = lines_of(raw, folder / "config.yaml")
    assert "validation.stratify_by: write group (or leave the key out), or outcome" in (
        line
    )
    assert f"found {value!r}" in line


def test_a_subject_that_is_left_out_leaves_every_sheet(raw, folder):
    raw["sheets"]["leave_out"] = {"A001": "copy of A002"}
    study = Study(raw, folder / "config.yaml", check_sources=False)

    assert "A001" not in study.site_of
    named = {r["subject_id"] for s in (study.images, study.masks) for r in s.rows}
    assert "A001" not in named
    assert "A002" in named


def test_whom_to_leave_out_must_be_known_and_needs_a_reason(raw, folder):
    raw["sheets"]["leave_out"] = {"A00l": "copy of A002", "A003": " "}

    unknown, unreasoned = lines_of(raw, folder / "config.yaml")
    assert "sheets.leave_out.A00l: is no subject of" in unknown
    assert "did you mean" in unknown
    assert "sheets.leave_out.A003: has no reason" in unreasoned


def test_lines_of_a_sheet_are_counted_with_the_subjects_that_are_left_out(raw, folder):
    raw["sheets"]["leave_out"] = {"A001": "copy of A002"}
    path = folder / "subjects.tsv"
    header, first, second, *rest = path.read_text().splitlines()
    third = second.split("\t")
    third[header.split("\t").index("site")] = ""
    path.write_text("\n".join([header, first, "\t".join(third), *rest]) + "\n")

    (line,) = lines_of(raw, folder / "config.yaml")
    assert "line 3: site is empty" in line
