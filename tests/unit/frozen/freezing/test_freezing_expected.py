"""Performance to expect: on noise, on what was planted, and of small studies."""

import numpy as np
import pytest

from concord.folds import bootstrap
from concord.folds.splitting import SubjectRows
from concord.frozen.freezing.facts import facts
from concord.frozen.freezing.samples import Sampled, sampled

from ....frozen_study import frozen
from ....modelling_study import make_specification, make_tables

FEW = {"max_features": 3, "harmonizer": "none"}


def judged(seed, signal, n=60, samples=6):
    study = make_tables(n=n, n_features=8, signal=signal, site_shift=0.0, seed=seed)
    plan = make_specification(**FEW)
    (found,), _ = frozen(study, [plan], "without_C", samples=samples)
    (one,) = found.expected
    apparent = float(one.note.split(";")[0].rsplit(" ", 1)[1])
    return apparent, one.estimate, found.scores.concordance_expected


@pytest.mark.parametrize("n_studies", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_of_noise_no_more_than_chance_is_expected(n_studies):
    """The apparent value and the spread of the scores promise more than there is."""
    found = np.array([judged(seed, 0.0) for seed in range(n_studies)])
    apparent, estimate, promised = found.mean(axis=0)
    error = found[:, 1].std(ddof=1) / np.sqrt(n_studies)
    assert apparent > 0.65
    assert promised > 0.6
    assert estimate < 0.5 + 3 * error
    assert estimate == pytest.approx(0.5, abs=0.06)


def test_what_was_planted_is_expected():
    found = np.array([judged(seed, 2.5, n=120) for seed in range(3)])
    assert found[:, 1].mean() > 0.75
    assert (found[:, 1] <= found[:, 0]).all()


def test_samples_are_drawn_among_the_development_subjects_alone_clusters_together():
    made = make_tables(n=60)
    cohort = made.cohort.assign(cluster=made.cohort["subject_id"].str[:4])
    known = set(cohort.loc[cohort["group"] != "C", "subject_id"])
    rows = SubjectRows(
        cohort[cohort["subject_id"].isin(known)],
        made.features[made.features["subject_id"].isin(known)],
    )
    table = bootstrap.samples(rows.cohort, 3, 1)
    assert set(table["subject_id"]) == set(rows.cohort["subject_id"])
    times = table.merge(rows.cohort[["subject_id", "cluster"]])
    assert (times.groupby(["repeat", "cluster"])["times"].nunique() == 1).all()
    (found,) = sampled(rows, [make_specification(**FEW)], 3, 1)
    assert len(found.models) == 3
    batches = [one.estimates.pipeline["model"]["coefficients"] for one in found.models]
    assert batches[0] != batches[1]


def test_a_sample_that_cannot_be_fitted_is_counted():
    made = make_tables(n=40)
    event = np.zeros(40)
    event[[0, 3]] = 1.0  # two events of site A: many samples hold none
    cohort = made.cohort.assign(**{"event.recurrence": event})
    study = type(made)(cohort, made.features, made.folds)
    (found,), _ = frozen(study, [make_specification(**FEW)], samples=15)
    assert 0 < found.n_samples_failed < 15
    assert len(found.samples) + found.n_samples_failed == 15


def test_without_samples_nothing_is_expected():
    assert np.isnan(Sampled().mean_out_of_bag())
    assert np.isnan(Sampled(out_of_bag=[np.nan]).mean_out_of_bag())
    assert Sampled(out_of_bag=[0.5, np.nan, 0.7]).mean_out_of_bag() == 0.6


def test_a_model_says_what_it_does_with_what_it_does_not_know():
    study = make_tables(n=60)
    plans = [
        make_specification(max_missing=0.25),
        make_specification(name="b", unseen="adapt"),
        make_specification(name="c", harmonizer="none"),
    ]
    told = [one.population.facts for one in frozen(study, plans, "without_C")[0]]
    assert "more than 25 % of the features" in told[0]["missing values"]
    assert told[0]["unseen batches"].endswith("taken as measured.")
    assert "from 10 of its subjects" in told[1]["unseen batches"]
    assert "unseen batches" not in told[2]
    assert told[0]["development"].endswith("Nothing of C is in this document.")
    (whole,), _ = frozen(study, plans[:1])
    assert whole.population.facts["development"].startswith("All subjects of the study")
    refusing = whole.estimates.model_copy(update={"unseen": "refuse"})
    assert facts(refusing, "all")["unseen batches"].endswith("are not scored.")
