"""Site effects before and after harmonization, on rows that ComBat never saw."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from concord.harmonize.confounding import confounding, cramers_v
from concord.harmonize.diagnostics import (
    batch_effect,
    batch_predictability,
    site_effect,
)

from ..modelling_study import HARMONIZATION, make_tables

SETTINGS = {
    "harmonization": HARMONIZATION,
    "seed": 1,
    "baseline_session": "baseline",
    "reference_reader": "A",
}


def test_batch_effect_equals_scipy_and_the_definition():
    generator = np.random.default_rng(0)
    values = pd.Series(generator.integers(0, 8, 30).astype(float))
    batch = pd.Series(np.repeat(["a", "b", "c"], 10))
    groups = [values[batch == name] for name in "abc"]

    found = batch_effect(values, batch)

    between = sum(10 * (g.mean() - values.mean()) ** 2 for g in groups)
    total = ((values - values.mean()) ** 2).sum()
    assert found["eta_squared"] == pytest.approx(between / total)
    assert found["p_value"] == pytest.approx(stats.kruskal(*groups).pvalue)
    assert found["n"] == 30


def test_chance_is_what_unrelated_batches_reach_on_average():
    generator = np.random.default_rng(0)
    batch = pd.Series(np.repeat(["a", "b", "c"], 10))
    found = [
        batch_effect(pd.Series(x), batch) for x in generator.normal(size=(400, 30))
    ]

    assert {row["chance"] for row in found} == {2 / 29}
    mean = np.mean([row["eta_squared"] for row in found])
    assert mean == pytest.approx(2 / 29, abs=0.008)


def test_batches_of_too_few_rows_are_not_guessed():
    generator = np.random.default_rng(0)
    features = pd.DataFrame(generator.normal(size=(13, 4)))
    batch = pd.Series(["a"] * 6 + ["b"] * 4 + ["c"] * 3)

    assert np.isnan(batch_predictability(features, batch, 1)["auc"])
    assert batch_predictability(features, batch.replace("c", "b"), 1)["n"] == 13


def test_constant_feature_has_no_defined_batch_effect():
    found = batch_effect(pd.Series([1.0] * 4), pd.Series(list("aabb")))
    assert np.isnan(found["eta_squared"])
    assert np.isnan(found["p_value"])


def test_batches_without_a_trace_are_guessed_by_chance():
    generator = np.random.default_rng(0)
    batch = pd.Series(np.tile(["a", "b"], 100))
    features = pd.DataFrame(generator.normal(size=(200, 10)))
    assert batch_predictability(features, batch, 1)["auc"] == pytest.approx(
        0.5, abs=0.1
    )
    features[0] += 10.0 * (batch == "b")
    assert batch_predictability(features, batch, 1)["auc"] == 1.0


def test_planted_site_shift_is_seen_and_removed():
    study = make_tables(n=120, n_features=20)
    effects, predictability = site_effect(
        study.cohort, study.features, study.folds, SETTINGS
    )

    median = effects.groupby("stage")["eta_squared"].median()
    assert median["raw"] > 0.4
    assert median["harmonized"] < 0.1
    auc = predictability.set_index("stage")["auc"]
    assert auc["raw"] > 0.99
    assert (predictability["n"] == 120).all()


def test_site_is_not_reported_as_less_predictable_than_by_chance():
    """Rows harmonized by different folds, put together, would give an AUC near 0."""
    found = []
    for seed in range(4):
        study = make_tables(n=90, n_features=30, seed=seed)
        tables = site_effect(study.cohort, study.features, study.folds, SETTINGS)
        found.append(tables[1].set_index("stage").loc["harmonized", "auc"])
    assert 0.5 < np.mean(found) < 0.95


def test_cramers_v_is_one_when_groups_decide_and_zero_when_they_do_not():
    group = np.repeat(["a", "b"], 10)
    assert cramers_v(group, np.repeat([0, 1], 10)) == pytest.approx(1.0)
    assert cramers_v(group, np.tile([0, 1], 10)) == pytest.approx(0.0)
    assert np.isnan(cramers_v(group, np.zeros(20)))


def test_confounding_counts_subjects_with_known_outcome():
    study = make_tables(n=30)
    study.cohort.loc[0, "event.recurrence"] = np.nan
    found = confounding(study.cohort, ["recurrence"])
    assert found["n"].sum() == 29
    known = study.cohort["event.recurrence"].dropna()
    assert found["n_events"].sum() == known.sum()
