"""Nothing of a group is in a model that is frozen without it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.folds.splitting import FoldName
from concord.frozen.freezing import learnt
from concord.frozen.freezing.leakage import frozen_fits
from concord.models.leakage import leakage_test
from concord.models.leakage.leakage_test import FROZEN_FIT, STUDY_FIT
from concord.models.leakage.perturbations import PERTURBATIONS

from ....frozen_study import acquisition_of, frozen, learning, masks_of, study_tables
from ....fused_study import fused, two_images
from ....modelling_study import Tables, make_specification, make_tables

GROUP = "without_C"


@pytest.fixture(scope="module")
def study():
    made = make_tables(n=90, signal=1.5)
    stage = np.random.default_rng(5).integers(2, size=90).astype(float)
    return replace(made, cohort=made.cohort.assign(**{"covariate.stage=II": stage}))


def perturbed(study, how, subjects):
    """The study with other rows of some subjects; the folds are given."""
    generator = np.random.default_rng(9)
    rows = PERTURBATIONS[how].change(study.rows, sorted(subjects), generator)
    known = study.folds["subject_id"].isin(rows.cohort["subject_id"])
    return Tables(rows.cohort, rows.features, study.folds[known], rows.phantom)


def other_images(study, subjects, images=("CT",)):
    """Acquisition and masks in which everything of some subjects is another."""
    acquisition = acquisition_of(study.cohort, images)
    masks = masks_of(study.cohort, images)
    own = acquisition["subject_id"].isin(subjects)
    for name in ("Manufacturer", "ManufacturersModelName", "ConvolutionKernel"):
        acquisition.loc[own, name] = "Unheard of"
    acquisition.loc[own, ["KVP", "UptakeMinutes"]] = -1.0
    masks.loc[masks["subject_id"].isin(subjects), "voxels"] = 1
    return {"acquisition": acquisition, "masks": masks}


def members(study, group="C"):
    return set(study.cohort.loc[study.cohort["group"] == group, "subject_id"])


PLANS = [
    make_specification("survival", {"keep": ["age"]}, covariates=["age", "stage"]),
    make_specification("binary", {"unseen": "adapt"}, name="adapted"),
    make_specification(
        "binary", name="chained", covariates=["age"], imputation="chained"
    ),
]


@pytest.mark.parametrize("how", PERTURBATIONS)
def test_rows_of_the_group_left_out_change_no_digit_of_the_document(study, how):
    """Features, covariates, outcomes, batches, acquisition and masks of C."""
    subjects = members(study)
    expected, _ = frozen(study, PLANS, GROUP, samples=2)
    changed = perturbed(study, how, subjects)
    known = study_tables(study, **other_images(study, subjects))
    found, _ = frozen(changed, PLANS, GROUP, known, samples=2)
    for before, after in zip(expected, found, strict=True):
        assert before.model_dump(mode="json") == after.model_dump(mode="json")
        assert before.hash == after.hash
        assert len(after.samples) == 2


@pytest.mark.parametrize("how", ["noise x 1e6", "outcome flipped", "rows removed"])
def test_rows_of_any_other_group_change_it(study, how):
    expected, _ = frozen(study, PLANS[:1], GROUP)
    changed = perturbed(study, how, members(study, "A"))
    found, _ = frozen(changed, PLANS[:1], GROUP, study_tables(study))
    assert expected[0].hash != found[0].hash


def test_a_fused_arm_knows_nothing_of_the_group_left_out_either():
    study = two_images()
    subjects = members(study)
    (before,), _ = frozen(study, [fused("stacking")], GROUP)
    changed = perturbed(study, "noise x 1e6", subjects)
    images = other_images(study, subjects, ("CT", "PT"))
    known = study_tables(study, **images)
    (after,), _ = frozen(changed, [fused("stacking")], GROUP, known)
    assert before.hash == after.hash
    assert "Unheard of" not in str(before.applicability.acquisition)


def judged(study, plan, options):
    name = FoldName("loso", 1, "C")
    folds = study.folds[study.folds["scheme"] == "loso"]
    folds = folds[folds["fold"] == "C"]
    columns = {"scheme": "loso", "repeat": 1, "fold": "C", "status": "failed"}
    fits = pd.DataFrame([columns | {"message": "none"}])
    fits_beside = frozen_fits(options)
    rows = leakage_test.leakage_test(study.rows, folds, fits, plan, 1, fits_beside)
    assert set(fits_beside) <= {name}
    return rows[rows["fit"] == FROZEN_FIT], rows


def test_the_leakage_test_makes_frozen_models_again_from_perturbed_rows(study):
    found, rows = judged(study, PLANS[0], learning(without=["C"], samples=5))
    assert set(found["perturbation"]) == set(rows["perturbation"])
    assert found["unchanged"].all()
    assert found["hash_study"].nunique() == 1
    assert not found["hash_study"].str.startswith("failed").any()


def test_a_study_that_freezes_no_model_without_a_group_tests_none(study):
    found, rows = judged(study, PLANS[0], None)
    assert found.empty
    assert STUDY_FIT in set(rows["fit"])


def test_a_leak_into_what_is_known_of_development_is_noticed(study, monkeypatch):
    """Ranges of all subjects, those of the group left out included."""

    def leaking(rows, plan, model, sampled, options):
        found = learnt.learn(rows, plan, model, sampled, options)
        values = leaking.tables.matrix("baseline", "A")
        return replace(found, compared={"ranges": values.max().to_dict()})

    from concord.frozen.freezing import leakage

    original = leakage.split_of

    def remembering(tables, fold):
        leaking.tables = tables
        return original(tables, fold)

    monkeypatch.setattr(leakage, "split_of", remembering)
    monkeypatch.setattr(leakage, "learn", leaking)
    found, _ = judged(study, PLANS[0], learning(without=["C"]))
    noticed = set(found.loc[~found["unchanged"], "perturbation"])
    assert {"noise x 1e6", "rows removed"} <= noticed
