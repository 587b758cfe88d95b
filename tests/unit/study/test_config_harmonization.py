"""What the loader refuses in harmonization, and the numbers it gives."""

import numpy as np
import pytest
from pydantic import ValidationError

from concord.errors import ConfigError
from concord.models.settings.specification import ModelSpecification
from concord.statistics.discrimination import concordance
from concord.study.config import StudyConfig
from concord.study.documents import ROOT
from concord.study.outcome_leakage import area_under_curve
from concord.study.study import Study

from ...whole_demo import whole_demo

PATH = ROOT / "config" / "config.yaml"


@pytest.fixture
def raw():
    return whole_demo()


def faults(raw) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Study(raw, PATH)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def test_one_batch_variable_may_be_given_without_a_list(raw):
    raw["harmonization"]["batch"]["CT"] = "site"
    raw["harmonization"]["batch"]["PT"] = ["site", "Manufacturer"]
    batch = Study(raw, PATH).config.harmonization.batch
    assert batch == {"CT": ["site"], "PT": ["site", "Manufacturer"]}


def test_an_empty_list_of_batch_variables_is_refused(raw):
    raw["harmonization"]["batch"]["CT"] = []
    with pytest.raises(ValidationError, match="at least 1 item"):
        StudyConfig.model_validate(raw)


@pytest.mark.parametrize("column", ["recurrence", "cause", "time_days"])
def test_an_outcome_as_covariate_is_refused_with_numbers(raw, column):
    raw["covariates"]["leak"] = {"column": column}
    raw["harmonization"]["keep"] = ["leak"]
    (fault,) = faults(raw)
    assert "covariates.leak.column" in fault
    assert f"{column!r} is an outcome of" in fault
    assert "neither a predictor nor kept by the harmonization" in fault
    assert "an AUC of 0.84 from pure noise, and 0.67 when fitted inside folds" in fault
    assert "events in 60 subjects)" in fault


def test_a_copy_of_an_outcome_under_another_name_is_refused(raw, tmp_path):
    for sheet in ("images.tsv", "masks.tsv"):
        (tmp_path / sheet).write_text((PATH.parent / sheet).read_text())
    lines = (PATH.parent / "subjects.tsv").read_text().splitlines()
    place = lines[0].split("\t").index("recurrence")
    lines = [f"{line}\t{line.split(chr(9))[place]}" for line in lines]
    lines[0] = lines[0].removesuffix("recurrence") + "response"
    (tmp_path / "subjects.tsv").write_text("\n".join(lines) + "\n")
    raw["covariates"]["response"] = {"column": "response"}
    with pytest.raises(
        ConfigError, match="'response' holds the same values as"
    ) as error:
        Study(raw, tmp_path / "config.yaml")
    assert "separates recurrence with an AUC of 1.00" in str(error.value)


def test_a_declared_proxy_is_refused_where_it_is_used(raw):
    raw["endpoints"]["recurrence"]["proxies"] = ["age"]
    found = faults(raw)
    places = ["harmonization.keep", "arms.clinical.cov", "arms.combined.cov"]
    assert len(found) == len(places)
    for place in places:
        (fault,) = [line for line in found if place in line]
        assert "'age' reads 'age', a declared proxy of recurrence" in fault


def test_a_declared_proxy_that_nothing_uses_is_accepted(raw):
    raw["endpoints"]["recurrence"]["proxies"] = ["time_days"]
    assert Study(raw, PATH).config.endpoints["recurrence"].proxies == ["time_days"]


def test_a_proxy_must_be_a_column_of_the_sheet(raw):
    raw["endpoints"]["recurrence"]["proxies"] = ["time_day"]
    (fault,) = faults(raw)
    assert "'time_day' is no column of" in fault
    assert "did you mean 'time_days'?" in fault


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"reference": {"sit": "A"}},
            "'sit' is no batch variable; did you mean 'site'",
        ),
        ({"smooth": ["stage"]}, "'stage' is not in harmonization.keep"),
        (
            {"keep": ["stage"], "smooth": ["stage"]},
            "'stage' is a category; only numbers have curves",
        ),
        ({"batch": {"CT": ["site", "site"], "PT": "site"}}, "names a variable twice"),
        ({"fit_on": "phantom"}, "phantom_table: is null"),
        (
            {"fit_on": "phantom", "phantom_table": "phantom.tsv"},
            "phantom.tsv does not exist",
        ),
    ],
)
def test_harmonization_that_cannot_be_is_refused(raw, changes, expected):
    raw["harmonization"] |= changes
    raw["arms"].pop("radiomics_adapted")
    (fault,) = faults(raw)
    assert expected in fault


def test_a_phantom_teaches_combat_and_cannot_be_adapted(raw, tmp_path):
    table = tmp_path / "phantom.tsv"
    table.write_text("")
    raw["harmonization"] |= {"fit_on": "phantom", "phantom_table": str(table)}
    raw["arms"]["radiomics"]["harmonizer"] = "zscore"
    found = faults(raw)
    assert any("a phantom serves only 'combat'" in line for line in found)
    assert any("patients cannot stand in for the phantom" in line for line in found)


def test_the_rule_of_an_arm_goes_before_that_of_the_study(raw):
    study = Study(raw, PATH)
    raw["harmonization"]["adapt_subjects"] = 7
    other = Study(raw, PATH)

    def harmonization(study, arm):
        return ModelSpecification.of(study, "recurrence", arm).harmonization

    assert harmonization(study, "radiomics").unseen == "passthrough"
    assert harmonization(study, "radiomics").n_adapting is None
    assert harmonization(study, "radiomics") == harmonization(other, "radiomics")
    assert harmonization(study, "radiomics_adapted").n_adapting == 5
    assert harmonization(other, "radiomics_adapted").n_adapting == 7


def test_the_auc_of_a_column_is_that_of_its_ranks():
    generator = np.random.default_rng(1)
    values = generator.integers(0, 8, 60).astype(float)
    events = generator.integers(0, 2, 60)
    found = area_under_curve([str(v) for v in values], events.tolist())
    expected = concordance(events, values, None).value
    assert found == pytest.approx(max(expected, 1 - expected))
    assert np.isnan(area_under_curve(["1", "2"], [1, 1]))
    assert area_under_curve(["I", "II", "II", "I"], [1, 0, 0, 1]) == 1.0
