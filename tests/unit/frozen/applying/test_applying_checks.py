"""Refusals before any score: each names file, item, both values and a way out."""

from dataclasses import replace

import pytest

from concord.errors import ConfigError
from concord.folds.settings import CovariateSection
from concord.frozen.applying.applied import Applied
from concord.frozen.applying.checks import Engine, require_applicable

from ....applied_study import (
    Meeting,
    exclusion,
    exclusions,
    feature_input,
    frozen,
    meeting,
    some,
    world,
)

F0 = "CT.tumour.original.glcm.f000"


@pytest.fixture(scope="module")
def found():
    """A model and a study that fits it."""
    every = world(50)
    return meeting(frozen(some(every, slice(0, 45))), some(every, slice(45, None)))


def refusal(changed: Meeting) -> str:
    """What is told of a study that its models do not fit."""
    with pytest.raises(ConfigError) as error:
        require_applicable(changed.applied, changed.measured, changed.settings)
    return str(error.value)


def with_entry(found: Meeting, **changes) -> Meeting:
    """The study with another dictionary."""
    return found.but(dictionary=found.measured.dictionary.assign(**changes))


def test_a_study_that_fits_is_not_refused(found):
    require_applicable(found.applied, found.measured, found.settings)


def test_another_recipe_is_refused(found):
    told = refusal(with_entry(found, recipe_hash="0000"))

    assert f"model.json: {F0}: has the recipe '0000', expected 'b4c9cad01031'" in told
    assert "Extract the features by the recipe of the model" in told


def test_another_unit_is_refused(found):
    told = refusal(with_entry(found, unit="cm"))

    assert f"model.json: {F0}: has the unit 'cm', expected 'mm'. Convert" in told


def test_a_fault_that_all_features_share_is_told_once(found):
    told = refusal(with_entry(found, unit="cm", recipe_hash="0000"))

    assert len(told.splitlines()) == 3


def test_a_table_of_another_engine_is_refused_and_not_for_its_recipe(found):
    told = refusal(with_entry(found, software="pyradiomics 3.1.0", recipe_hash="00"))

    assert (
        f"{F0}: was computed by 'pyradiomics 3.1.0', expected 'pictologics 0.9.0 "
        "(numba 0.62.1)' (model.engine_versions: same). Use that engine"
    ) in told
    assert "has the recipe" not in told


def test_an_engine_that_is_not_stated_is_refused(found):
    assert "was computed by 'not stated'" in refusal(
        with_entry(found, software="not stated")
    )


@pytest.mark.parametrize(
    ("seen", "versions", "taken"),
    [
        ("pictologics 0.9.0 (numba 0.63.0)", "same", True),
        ("pictologics 0.9.1", "same", False),
        ("pictologics 0.9.1", "minor", True),
        ("pictologics 0.10.0", "minor", False),
        ("pictologics 0.9", "minor", False),
        ("pictologics 2.0", "any", True),
        ("Pictologics v0.9.0", "same", True),
        ("mirp 0.9.0", "any", False),
        ("pictologics", "same", False),
        ("", "any", False),
    ],
)
def test_a_version_is_taken_within_the_declared_tolerance(seen, versions, taken):
    own = Engine.parse("pictologics 0.9.0 (numba 0.62.1)")

    assert own.is_taken(Engine.parse(seen), versions) == taken


def test_another_version_is_refused_with_the_way_out(found):
    changed = with_entry(found, software="pictologics 0.9.1 (numba 0.62.1)")

    assert "say so in model.engine_versions" in refusal(changed)
    minor = changed.with_model(engine_versions="minor")
    require_applicable(minor.applied, minor.measured, minor.settings)


def test_a_model_of_any_engine_and_recipe_takes_every_table(found):
    free = {
        name: feature_input(name, software=None, recipe_hash=None)
        for name in found.applied[0].document.features
    }
    changed = with_entry(found, software="other 1.0", recipe_hash="0000")
    changed = changed.with_document(features=free)

    require_applicable(changed.applied, changed.measured, changed.settings)


def test_an_image_of_another_name_is_refused_by_name(found):
    told = refusal(with_entry(found, image="ct"))

    assert "model.json: needs the image 'CT', the study has ['ct']" in told
    assert "Give it that name in the sheets" in told


def test_a_region_of_another_name_is_refused_by_name(found):
    told = refusal(with_entry(found, region="GTV"))

    assert "needs the region of CT 'tumour', the study has ['GTV']" in told


def test_an_image_that_all_subjects_lack_for_a_reason_is_no_fault_of_names(found):
    lost = exclusions(exclusion("P0045", "MISSING_SLICE"))
    changed = found.but(dictionary=found.measured.dictionary.iloc[:0], exclusions=lost)

    require_applicable(changed.applied, changed.measured, changed.settings)


def test_a_missing_feature_is_refused_by_name(found):
    table = found.measured.dictionary
    told = refusal(found.but(dictionary=table[table["name"] != F0]))

    assert f"needs 1 features of CT that the study has not: {F0}; expected" in told


def test_many_missing_features_are_counted(found):
    names = [f"CT.tumour.original.glcm.g{number}" for number in range(5)]
    found_columns = found.applied[0].document.estimates.columns + names
    estimates = found.applied[0].document.estimates.model_copy(
        update={"columns": found_columns}
    )
    model = found.applied[0].document.model.model_copy(update={"estimates": estimates})

    told = refusal(found.with_document(model=model))

    assert "needs 5 features" in told
    assert "and 2 more" in told


def test_a_covariate_that_is_not_declared_is_refused(found):
    settings = found.settings.model_copy(update={"covariates": {}})

    told = refusal(replace(found, settings=settings))

    assert "model.json: needs the covariate 'age', the study declares []" in told
    assert "covariates.age" in told


def with_covariate(found: Meeting, **declared) -> Meeting:
    """The study with another declaration of the age."""
    covariates = {"age": CovariateSection(column="age", **declared)}
    settings = found.settings.model_copy(update={"covariates": covariates})
    return replace(found, settings=settings)


def test_another_unit_of_a_covariate_is_refused(found):
    told = refusal(with_covariate(found, unit="months"))

    assert "covariates.age.unit is 'months', expected 'years'. Convert" in told


def test_a_covariate_whose_unit_is_not_declared_is_taken(found):
    changed = with_covariate(found)

    require_applicable(changed.applied, changed.measured, changed.settings)


def test_another_kind_of_covariate_is_refused(found):
    told = refusal(with_covariate(found, kind="category", levels=["old", "young"]))

    assert "covariates.age is a category, expected a number" in told


def test_a_level_that_the_model_does_not_know_is_refused(found):
    levels = {"column": "stage", "kind": "category", "levels": ["I", "II"]}
    changed = found.with_document(covariates={"age": CovariateSection(**levels)})

    told = refusal(with_covariate(changed, kind="category", levels=["I", "II", "IV"]))

    assert (
        "covariates.age has the levels ['IV'], which the model does not know; expected "
        "['I', 'II']"
    ) in told


def test_levels_in_another_order_are_refused_since_the_first_is_the_reference(found):
    levels = {"column": "stage", "kind": "category", "levels": ["I", "II"]}
    changed = found.with_document(covariates={"age": CovariateSection(**levels)})

    told = refusal(with_covariate(changed, kind="category", levels=["II", "I"]))

    assert "has the levels ['II', 'I'], expected ['I', 'II']" in told


def test_a_batch_column_that_the_cohort_lacks_is_refused(found):
    cohort = found.measured.cohort.drop(columns="batch.CT.site")

    told = refusal(found.but(cohort=cohort))

    assert "needs the batch column 'batch.CT.site'" in told
    assert "harmonization.batch" in told


def test_models_of_different_endpoints_are_refused(found):
    other = frozen(some(world(50), slice(0, 45)), "binary")
    second = Applied("clinical", other, "clinical.json")

    told = refusal(replace(found, applied=[*found.applied, second]))

    assert (
        "clinical.json: predicts recurrence (diagnostic), expected survival "
        "(prognostic), which model.json predicts"
    ) in told


def test_all_faults_are_told_at_once(found):
    changed = with_entry(found, unit="cm", recipe_hash="0000")
    changed = with_covariate(changed, unit="months")

    told = refusal(changed)

    assert told.startswith("The models cannot be applied to this study:\n  ")
    assert len(told.splitlines()) == 4
    assert all(word in told for word in ("'cm'", "'0000'", "'months'"))


def as_given(found: Meeting, **changes) -> Meeting:
    """The study with a table that another run computed, as it is imported."""
    given = {"recipe": "as given", "recipe_hash": "0000", "unit": "as given by a.csv"}
    return with_entry(found, **{**given, **changes})


def test_a_table_whose_recipe_nobody_names_is_refused_with_the_way_out(found):
    told = refusal(as_given(found))

    assert "has the recipe '0000', expected 'b4c9cad01031'" in told
    assert "name this hash in feature_table.provenance" in told


def test_a_table_that_was_made_by_the_recipe_is_taken_if_it_says_so(found):
    settings = found.settings.model_copy(
        update={"provenance": "Made at our hospital by recipe b4c9cad01031."}
    )
    changed = replace(as_given(found), settings=settings)

    require_applicable(changed.applied, changed.measured, changed.settings)


def test_a_unit_that_no_table_states_is_not_compared(found):
    told = refusal(as_given(found))

    assert "unit" not in told


def test_provenance_names_no_recipe_of_images(found):
    settings = found.settings.model_copy(update={"provenance": "b4c9cad01031"})

    assert "has the recipe '0000'" in refusal(
        replace(with_entry(found, recipe_hash="0000"), settings=settings)
    )


def test_a_recipe_that_other_versions_computed_is_taken_as_far_as_declared(found):
    wanted = found.applied[0].document.features
    changed = {
        name: one.model_copy(update={"settings_hash": "same-settings"})
        for name, one in wanted.items()
    }
    other = found.with_document(features=changed)
    measured = other.measured.dictionary.assign(recipe_hash="computed-here")
    other = other.but(dictionary=measured)

    def settings(versions, hashed):
        update = {"engine_versions": versions, "recipe_settings": hashed}
        return other.settings.model_copy(update=update)

    same = {"computed-here": "same-settings"}
    require_applicable(other.applied, other.measured, settings("minor", same))
    for versions, hashed in [("same", same), ("any", {"computed-here": "others"})]:
        with pytest.raises(ConfigError, match="has the recipe 'computed-here'"):
            require_applicable(
                other.applied, other.measured, settings(versions, hashed)
            )
