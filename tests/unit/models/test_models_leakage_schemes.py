"""Declared splits and bootstrap samples: what is kept from a fit leaves no trace."""

import numpy as np
import pandas as pd
import pytest

from concord import tables as files
from concord.folds import bootstrap, splitting
from concord.folds.scheme import BOOTSTRAP, Part
from concord.folds.splitting import SubjectRows
from concord.models.leakage import inputs, leakage_test
from concord.models.resampling import first_sample, resampled
from concord.report.sections.leakage import leaks

from ...modelling_study import (
    Tables,
    fit_and_predict,
    make_folds,
    make_specification,
    make_tables,
)

SCHEMES = ("temporal", "fixed", "bootstrap")


@pytest.fixture(scope="module")
def study():
    """Patients of two lesions, three periods, an evaluation set, and samples."""
    made = make_tables(n=60, n_features=10)
    number = np.arange(60)
    cohort = made.cohort.assign(
        cluster=[f"Q{n // 2}" for n in number],
        **{
            "split.temporal": (number % 3).astype(str).astype(object),
            "split.fixed": np.where(number % 4 < 2, "development", "evaluation"),
        },
    )
    folds = make_folds(
        cohort,
        folds=2,
        leave_one_group_out=False,
        temporal={"column": "scanned", "first_evaluated": [2016, 2018]},
        fixed={"column": "set", "development": ["a"], "evaluation": ["b"]},
    )
    return Tables(cohort, made.features, folds)


@pytest.fixture(scope="module")
def plan():
    return make_specification(covariates=["age"], harmonization={"keep": ["age"]})


@pytest.fixture(scope="module")
def known(study, plan):
    """Folds and fits of the new schemes, as the leakage test is given them."""
    fits = pd.concat(
        fit_and_predict(study, plan, scheme)[1].fits for scheme in SCHEMES[:2]
    )
    samples = bootstrap.samples(study.cohort, 2, 1)
    (rows,) = resampled(study.rows, samples, Part(BOOTSTRAP, 1, 2), [plan], 1)
    first, fit = first_sample(samples, rows)
    folds = study.folds[study.folds["scheme"].isin(SCHEMES)]
    together = pd.concat([folds, first], ignore_index=True)
    return together, pd.concat([fits, fit], ignore_index=True)


@pytest.fixture(scope="module")
def leakage_table(study, plan, known):
    found = leakage_test.leakage_test(study.rows, *known, plan, seed=1)
    return files.check(found, "leakage.tsv", "leakage")


def test_nothing_that_is_kept_from_a_fit_changes_what_it_learns(leakage_table):
    own = leakage_table[leakage_table["fit"] == leakage_test.STUDY_FIT]
    folds = own[["scheme", "fold"]].drop_duplicates().to_numpy().tolist()
    expected = [
        ["bootstrap", "1"],
        ["fixed", "1"],
        ["temporal", "1"],
        ["temporal", "2"],
    ]
    assert sorted(folds) == expected
    assert own["unchanged"].all()
    assert own["hash_study"].nunique() == 4
    assert leaks(leakage_table) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_perturbation_is_noticed_by_a_planted_leak_of_each_scheme(
    leakage_table, scheme
):
    controls = leakage_table[leakage_table["fit"] != leakage_test.STUDY_FIT]
    mine = controls[controls["scheme"] == scheme]
    noticed = set(mine.loc[~mine["unchanged"], "perturbation"])
    assert noticed == set(mine["perturbation"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_split_that_hands_kept_rows_to_the_fit_fails_the_claim(
    study, plan, known, scheme, monkeypatch
):
    original = splitting._of

    def leaky(rows, subjects):
        return original(rows, [*subjects, *study.cohort["subject_id"][-6:]])

    monkeypatch.setattr(splitting, "_of", leaky)
    if scheme == "bootstrap":
        monkeypatch.setattr(splitting, "_repeated", lambda rows, times: rows)
    folds, fits = known
    mine = folds[(folds["scheme"] == scheme) & (folds["fold"] == "1")]
    found = leakage_test.leakage_test(
        study.rows, mine, fits[fits["scheme"] == scheme], plan, seed=1
    )
    own = found[found["fit"] == leakage_test.STUDY_FIT]
    assert not own["unchanged"].all()


def test_periods_and_sides_are_given_and_out_of_reach_of_every_fit(study):
    for column in ("split.temporal", "split.fixed"):
        assert column in study.cohort
        assert inputs.kind_of_column(column) == ""
    changed = study.cohort.assign(
        **{"split.temporal": "2", "split.fixed": "development"}
    )
    other = SubjectRows(changed, study.features)
    for scheme in ("cv-1", "temporal"):
        pairs = zip(
            splitting.splits(study.rows, study.folds, scheme),
            splitting.splits(other, study.folds, scheme),
            strict=True,
        )
        for one, two in pairs:
            pd.testing.assert_frame_equal(
                one.development.cohort, two.development.cohort
            )


def test_the_first_sample_is_refused_without_its_fit(study, plan, known):
    folds, fits = known
    mine = folds[folds["scheme"] == "bootstrap"]
    none = fits[fits["scheme"] != "bootstrap"]
    found = leakage_test.leakage_test(study.rows, mine, none, plan, seed=1)
    own = found[found["fit"] == leakage_test.STUDY_FIT]
    assert (own["hash_study"] == "no fit").all()
    assert not own["unchanged"].any()
