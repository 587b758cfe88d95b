"""Alternatives of a multiverse: faults, combinations, and what each of them changes."""

import copy
from pathlib import Path

import pytest
import yaml

from concord.errors import ConfigError
from concord.evaluation.multiverse.settings import FitMultiverse, GatherMultiverse
from concord.models.settings.specification import ModelSpecification
from concord.study.alternatives.analyses import drawn
from concord.study.alternatives.overlay import text_of, with_values
from concord.study.study import Study

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config" / "config.yaml"
DEMO = yaml.safe_load(CONFIG.read_text())


def study(alternatives, changes=None, **options) -> Study:
    """The demo with other alternatives, and some dotted keys changed."""
    raw = with_values(copy.deepcopy(DEMO), changes or {})
    raw["multiverse"] = {"alternatives": alternatives, **options}
    return Study(raw, CONFIG)


def faults_of(alternatives, **options) -> dict[str, str]:
    """Message of each fault by the key after `multiverse.alternatives.`."""
    with pytest.raises(ConfigError) as caught:
        study(alternatives, **options)
    lines = [line.strip() for line in str(caught.value).splitlines()[1:]]
    assert all(line.startswith(f"{CONFIG}: multiverse.") for line in lines)
    found = [line.removeprefix(f"{CONFIG}: multiverse.") for line in lines]
    parts = [line.removeprefix("alternatives.").partition(": ") for line in found]
    return {key: message for key, _, message in parts}


def test_all_faults_of_all_keys_are_told_at_once_with_the_next_name():
    found = faults_of(
        {
            "arms.radiomics.harmoniser": ["none"],
            "arms.radiomics.harmonizer": ["comba"],
            "arms.radiomic.penalty": [1],
            "arms.volume.penalty": [1],
            "arms.radiomics.label": ["x"],
            "arms.radiomics.max_features": ["ten"],
            "recipes.CT.bin_width": [20],
            "recipes.CT": ["CT_slice"],
            "recipes.MR": ["CT_slices"],
            "study.reference_reader": ["Z"],
            "study.reference_readr": ["B"],
            "validation.folds": [3],
            "harmonization.batch.CT": [["kernel"]],
            "harmonization.fit_on": ["phantom"],
            "arms.clinical.covariates": [["agee"]],
        },
        scheme="temporal",
    )
    wanted = {
        "scheme": "is 'temporal', but the study is validated by cv, loso",
        "arms.radiomics.harmoniser": "unknown key; did you mean 'harmonizer'?",
        "arms.radiomics.harmonizer": "found 'comba'",
        "arms.radiomic.penalty": "did you mean 'radiomics'?",
        "arms.volume.penalty": "is neither the headline arm nor its reference",
        "arms.radiomics.label": "expected a key of the arm",
        "arms.radiomics.max_features": "expected a whole number, found 'ten'",
        "recipes.CT.bin_width": "would need features that are not extracted",
        "recipes.CT": "would need another extraction; did you mean 'CT_slices'?",
        "recipes.MR": "'MR' is no image with a recipe",
        "study.reference_reader": "'Z' has segmented nothing",
        "study.reference_readr": "did you mean 'study.reference_reader'?",
        "validation.folds": "is no key that an analysis chooses in the same folds",
        "harmonization.batch.CT": "'kernel' is no variable of harmonization.batch",
        "harmonization.fit_on": "needs rows that are not read here",
        "arms.clinical.covariates": "possible in no combination",
    }
    assert found.keys() == wanted.keys()
    for key, words in wanted.items():
        assert words in found[key], key


def test_alternatives_that_are_all_those_of_the_study_are_a_fault():
    found = faults_of({"arms.radiomics.max_features": [5]})
    assert list(found.values()) == ["hold no value but those of the study itself"]


def test_a_predictor_that_gives_the_outcome_away_is_no_alternative():
    covariates = {"covariates.seen": {"column": "event", "label": "Event"}}
    raw = with_values(copy.deepcopy(DEMO), covariates)
    raw["multiverse"] = {
        "alternatives": {"arms.clinical.covariates": [["age", "seen"]]}
    }
    with pytest.raises(ConfigError, match=r"is possible in no combination: .*outcome"):
        Study(raw, CONFIG)


def test_the_headline_is_the_first_combination_and_each_choice_is_seen():
    found = study(
        {
            "arms.radiomics.harmonizer": ["none", "combat", "zscore"],
            "arms.radiomics.max_features": [10],
        }
    )
    assert found.n_combinations == 6  # the value of the study is counted once
    assert found.has_multiverse
    first, second, *_, last = found.analyses
    assert first.choices == {
        "arms.radiomics.harmonizer": "combat",
        "arms.radiomics.max_features": "5",
    }
    own = ModelSpecification.of(found, "recurrence", "radiomics")
    assert first.models("recurrence")["headline"] == own
    assert second.choices["arms.radiomics.max_features"] == "10"
    assert last.models("survival")["headline"].arm.harmonizer == "zscore"
    assert last.models("survival")["headline"].arm.max_features == 10
    assert last.models("survival")["reference"].name == "clinical"


def test_contradictions_are_counted_and_told_and_not_run():
    found = study(
        {
            "arms.radiomics.model.kind": ["unpenalized"],
            "arms.radiomics.penalty": [0.2],
        }
    )
    impossible = [one for one in found.analyses if one.impossible]
    assert len(impossible) == 1
    assert "only penalized models have a penalty" in impossible[0].impossible
    gathered = GatherMultiverse.model_validate_json(
        found.settings(GatherMultiverse, endpoint="recurrence")
    )
    told = [one.impossible for one in gathered.combinations]
    assert told == [one.impossible for one in found.analyses]
    fitted = FitMultiverse.model_validate_json(
        found.settings(FitMultiverse, endpoint="recurrence", number="1")
    )
    assert len(fitted.specifications) == 3


def test_combinations_with_the_same_models_are_run_once():
    found = study(
        {
            "arms.radiomics.harmonizer": ["none"],
            "harmonization.empirical_bayes": [False],
        }
    )
    gathered = GatherMultiverse.model_validate_json(
        found.settings(GatherMultiverse, endpoint="recurrence")
    )
    # Without harmonization, its options change nothing.
    assert [one.same_as for one in gathered.combinations] == [None, None, None, 3]
    fitted = FitMultiverse.model_validate_json(
        found.settings(FitMultiverse, endpoint="recurrence", number="1")
    )
    assert [one.number for one in fitted.specifications] == [1, 2, 3]


def test_models_come_back_from_the_settings_of_a_job():
    found = study(
        {
            "recipes.CT": ["CT_slices"],
            "study.reference_reader": ["B"],
            "harmonization.keep": [[], ["age", "stage"]],
            "harmonization.batch": [{"CT": ["site"]}],
            "arms.radiomics.model": [{"kind": "unpenalized", "firth": True}],
            "arms.clinical.covariates": [["age"]],
            "stability.threshold": [0.5],
        },
        at_most=40,
        specifications_per_job=25,
    )
    assert len(found.analyses) == 40 < found.n_combinations == 192
    assert found.n_multiverse_chunks == 2
    numbers = []
    for chunk in ("1", "2"):
        settings = FitMultiverse.model_validate_json(
            found.settings(FitMultiverse, endpoint="survival", number=chunk)
        )
        for one in settings.specifications:
            numbers.append(one.number)
            models = found.analyses[one.number - 1].models("survival")
            assert settings.models_of(one) == tuple(models.values())
    assert 1 in numbers


def test_only_changed_chunks_get_other_settings():
    plain = {"arms.radiomics.max_features": [3], "arms.radiomics.penalty": [0.2]}
    more = {"arms.radiomics.max_features": [3, 8], "arms.radiomics.penalty": [0.2]}
    first, second = (study(one, specifications_per_job=2) for one in (plain, more))
    for number in ("1", "2"):
        specs = {
            one.settings(FitMultiverse, endpoint="survival", number=number)
            for one in (first, second)
        }
        assert len(specs) == 1
    assert (first.n_multiverse_chunks, second.n_multiverse_chunks) == (2, 3)


def test_combinations_are_drawn_by_the_seed_and_the_headline_stays():
    assert drawn(6, 10, seed=1) == [0, 1, 2, 3, 4, 5]
    found = drawn(10**12, 50, seed=1)
    assert len(set(found)) == 50
    assert found[0] == 0
    assert found == sorted(found) == drawn(10**12, 50, seed=1)
    assert found != drawn(10**12, 50, seed=2)


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        ("CT.tumour.original.*", "CT.tumour.original@CT_slices.*"),
        ("CT.*", "CT.*.*@CT_slices.*"),
        ("PT.tumour.original.*", "PT.tumour.original.*"),
        ("CT.tumour.original@CT_noise.*", "CT.tumour.original@CT_noise.*"),
        ("CT.rim.log.glcm.contrast", "CT.rim.log@CT_slices.glcm.contrast"),
    ],
)
def test_features_of_the_main_recipe_come_from_another(pattern, other):
    raw = {"arms": {"radiomics": {"features": [pattern]}, "clinical": {}}}
    changed = with_values(raw, {"recipes.CT": "CT_slices"})
    assert changed["arms"]["radiomics"]["features"] == [other]
    assert raw["arms"]["radiomics"]["features"] == [pattern]


def test_values_are_written_as_a_reader_knows_them():
    assert text_of("combat") == "combat"
    assert text_of(["age", "stage"]) == "age, stage"
    assert text_of([]) == "none"
    assert text_of(0.1) == "0.1"
    assert text_of(True) == "true"
    assert text_of({"kind": "forest"}) == '{"kind":"forest"}'


def test_a_study_without_a_multiverse_has_no_analyses():
    raw = {key: value for key, value in DEMO.items() if key != "multiverse"}
    found = Study(raw, CONFIG)
    assert not found.has_multiverse
    assert found.analyses == []
    assert found.n_multiverse_chunks == 0


def test_the_demo_declares_48_analyses():
    found = Study(copy.deepcopy(DEMO), CONFIG)
    assert len(found.analyses) == 48
    assert not any(one.impossible for one in found.analyses)
