"""Steps of an arm that need what the study has not are refused before any job."""

import pytest
import yaml

from concord.errors import ConfigError
from concord.study.documents import ROOT
from concord.study.study import Study

from ...table_study import CONFIG, write_study
from ...whole_demo import whole_demo

PATH = ROOT / "config" / "config.yaml"


def faults(raw, path=PATH) -> list[str]:
    """Lines of the message; none if the study is right."""
    try:
        Study(raw, path)
    except ConfigError as error:
        return [line.strip() for line in str(error).splitlines()[1:]]
    return []


@pytest.fixture
def raw():
    demo = whole_demo()
    demo["arms"]["radiomics"]["representative"] = "icc"
    return demo


def test_the_demo_repeats_measurements(raw):
    assert faults(raw) == []


@pytest.mark.parametrize("axes", [["reader"], ["retest"], ["perturbation"]])
def test_one_axis_is_enough(raw, axes):
    raw["stability"]["filter_axes"] = axes
    assert faults(raw) == []


def test_axes_that_nothing_was_measured_along_are_named(raw):
    raw["stability"] |= {"filter_axes": ["retest"], "retest_sessions": ["week3"]}
    (fault,) = faults(raw)

    assert "arms.radiomics.representative: is 'icc', but the study repeats no" in fault
    assert "sessions ['baseline', 'retest']" in fault
    assert "(retest)" in fault
    raw["arms"]["radiomics"]["representative"] = "central"
    assert faults(raw) == []


def test_a_table_of_single_measurements_has_no_reliability(tmp_path):
    folder = write_study(tmp_path)
    raw = yaml.safe_load(yaml.safe_dump(CONFIG)) | {"data_root": str(folder / "data")}
    raw["arms"]["radiomics"]["representative"] = "icc"
    path = folder / "config" / "config.yaml"
    for key in ("reader_column", "session_column"):
        raw["feature_table"].pop(key, None)

    (fault,) = faults(raw, path)
    assert "name feature_table.session_column or feature_table.reader_column" in fault


def test_a_phantom_is_measured_without_a_transform(raw, tmp_path):
    table = tmp_path / "phantom.tsv"
    table.write_text("")
    raw["harmonization"] |= {"fit_on": "phantom", "phantom_table": str(table)}
    raw["arms"]["radiomics"]["transform"] = "log"
    assert any(
        "radiomics.transform: is one of ['log'], but" in line for line in faults(raw)
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("transform", "sqrt", "expected 'none', 'log' or 'rank_normal', found 'sqrt'"),
        ("n_imputations", 1, "greater than or equal to 2, found 1"),
        ("selection_threshold", 0.5, "greater than 0.5, found 0.5"),
        ("drop_missing_above", 30, "less than or equal to 1, found 30"),
    ],
)
def test_values_that_cannot_be_are_told_with_those_that_can(raw, key, value, message):
    raw["arms"]["radiomics"][key] = value
    (fault,) = faults(raw)
    assert f"arms.radiomics.{key}" in fault
    assert message in fault
