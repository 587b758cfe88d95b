"""Folds without an event, or with one outcome only: told and counted, never a crash."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation import (
    comparisons,
    curves,
    exclusions,
    performance,
)
from concord.evaluation.calibration import Calibrations
from concord.evaluation.guards.tables import guards
from concord.evaluation.settings import Anticipation
from concord.folds.splitting import splits
from concord.models.fitting import fit_arms
from concord.models.null.permutation_null import null_bands
from concord.models.prediction import predict_folds
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.tables.io import _frame

from ...modelling_study import make_folds, make_specification, make_tables

N = 48
ENDPOINTS = {"binary": "recurrence", "survival": "survival"}
ARMS = {
    "radiomics": {"max_features": 2},
    "clinical": {"features": [], "covariates": ["age"]},
    "site": {"features": [], "group_indicator": True},
}


def with_events(rows):
    """A study in which some subjects alone have the event."""
    study = make_tables(n=N, n_features=6)
    event = np.zeros(N)
    event[list(rows)] = 1
    events = {"event.recurrence": event, "event.survival": event}
    return replace(study, cohort=study.cohort.assign(**events))


def judged(study, kind):
    """All tables of an endpoint, checked, and the fits."""
    plans = [
        make_specification(kind, name=name, harmonizer="none", **options)
        for name, options in ARMS.items()
    ]
    predictions, fits = [], []
    for scheme in ("cv-1", "loso"):
        found = list(splits(study.rows, study.folds, scheme))
        made = fit_arms([(s.name, s.development) for s in found], plans)
        models = {p.name: fit.models for p, fit in zip(plans, made, strict=True)}
        held_out = [(s.name, s.evaluation) for s in found]
        predictions.append(predict_folds(held_out, models, ENDPOINTS[kind], seed=1))
        fits += [fit.fits for fit in made]
    scored = checked(pd.concat(predictions, ignore_index=True), "predictions")
    fitted = checked(pd.concat(fits, ignore_index=True), "fits")
    bands = null_bands(study.rows, study.folds, plans, n_permutations=10, seed=1)
    null = checked(pd.concat([band.rows for band in bands]), "null")
    return _tables(study, kind, plans, scored, fitted, null), fitted


def _tables(study, kind, plans, scored, fits, null):
    outcome, widened = OUTCOME_KINDS[kind], Calibrations.of(null)
    arms = {plan.name: plan.arm for plan in plans}
    pairs = comparisons.comparison_pairs(sorted(arms), "clinical", arms, "radiomics")
    given = scored, fits, outcome, 0.95
    found = {
        "performance": performance.performance(*given, widened),
        "comparisons": comparisons.comparisons(*given, pairs, widened),
        "arm_exclusions": exclusions.arm_exclusions(scored, fits, study.cohort),
        **guards(study.cohort, fits, arms, outcome, Anticipation()),
        **curves.curves(scored, outcome, 0.95, null),
    }
    return {name: checked(table, name) for name, table in found.items()}


def checked(table, kind):
    return tables.check(_frame(table, kind), kind, kind)


@pytest.mark.parametrize("kind", ENDPOINTS)
@pytest.mark.parametrize("events", [[], [5], [0, 9]])
def test_without_events_to_learn_from_each_fit_and_value_has_its_reason(kind, events):
    found, fits = judged(with_events(events), kind)

    failed = fits[fits["status"] == "failed"]
    assert len(failed)
    assert failed["message"].str.contains("event").all()
    values = found["performance"]
    undefined = values[values["estimate"].isna()]
    assert len(undefined)
    assert undefined["reason"].notna().all()
    if not events:
        assert len(failed) == len(fits)
        assert found["sample_size"]["reason"].notna().all()
        assert found["event_counts"]["note"].eq("none").all()
        assert values["estimate"].isna().all()


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_folds_that_are_lost_are_counted_beside_the_value(kind):
    found, fits = judged(with_events([0, 1, 4, 11]), kind)

    rows = found["performance"].query("stratum == 'all' and scheme == 'cv'")
    planned = fits.query("arm == 'site' and scheme == 'cv'")["fold"].nunique()
    lost = planned - rows["n_folds"]
    assert (lost > 0).any()
    for n_lost, method in zip(lost, rows["method"], strict=True):
        assert (f"{n_lost} of {planned} folds undefined" in method) == (n_lost > 0)


def test_nobody_with_a_known_outcome_is_a_reason_of_every_fit():
    study = with_events([])
    unknown = {name: np.nan for name in study.cohort if name.startswith("event.")}
    study = replace(study, cohort=study.cohort.assign(**unknown))
    plan = make_specification(harmonizer="none")
    found = [(s.name, s.development) for s in splits(study.rows, study.folds, "cv-1")]
    (fit,) = fit_arms(found, [plan])

    assert (fit.fits["status"] == "failed").all()
    assert fit.fits["message"].str.startswith("none of").all()
    (band,) = null_bands(study.rows, study.folds, [plan], n_permutations=10, seed=1)
    assert "nobody to learn from" in str(band.error)


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_a_site_of_one_subject_and_one_of_two_are_judged_like_others(kind):
    study = make_tables(n=N, n_features=6)
    names = ["Z", "Y", "Y", *study.cohort["site"][3:]]
    moved = dict.fromkeys(("site", "group", "batch.CT.site"), names)
    cohort = study.cohort.assign(**moved)
    study = replace(study, cohort=cohort, folds=make_folds(cohort))
    found, fits = judged(study, kind)

    assert (fits["status"] == "ok").all()
    single = found["performance"].query("stratum == 'group=Z'")
    assert single["estimate"].isna().all()
    assert single["reason"].notna().all()
