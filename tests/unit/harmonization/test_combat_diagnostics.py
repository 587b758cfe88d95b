"""Batch effects before and after harmonization, on rows that were not learnt from."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.decomposition import PCA

from concord import tables
from concord.folds import splits as folding
from concord.folds.scheme import Scheme
from concord.folds.subject_table import feature_matrix
from concord.harmonization.diagnostics import held_out, site_effect
from concord.harmonization.diagnostics.associations import associations, correlation
from concord.harmonization.diagnostics.batch_prediction import (
    cross_validated,
    transferred,
)
from concord.harmonization.diagnostics.batch_tests import rejections
from concord.harmonization.diagnostics.components import principal_components, scores
from concord.harmonization.diagnostics.fold_estimates import fold_estimates
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.settings import (
    Harmonization,
    HarmonizationDiagnostics,
    SiteEffect,
)

from ...batch_rows import batch_effect
from ...modelling_study import BATCH, IMAGES, make_tables

HARMONIZATION = Harmonization(batch=BATCH)
SETTINGS = HarmonizationDiagnostics(
    harmonization=HARMONIZATION,
    covariates=["age"],
    endpoints=["recurrence", "survival"],
    retest_sessions=["retest"],
    readers=None,
    confidence=0.95,
    **IMAGES,
)
SITE_EFFECT = SiteEffect(
    harmonization=HARMONIZATION, seed=1, n_permutations=0, **IMAGES
)


def of(study, settings=SETTINGS):
    return study.cohort, study.features, study.folds, settings


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
    # Brown and Forsythe: an analysis of variance of distances from the median.
    spread = [np.abs(g - np.median(g)) for g in groups]
    assert found["spread_p_value"] == pytest.approx(stats.f_oneway(*spread).pvalue)
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


def test_constant_feature_has_no_defined_batch_effect():
    found = batch_effect(pd.Series([1.0] * 4), pd.Series(list("aabb")))
    assert np.isnan(found["eta_squared"])
    assert np.isnan(found["p_value"])
    assert np.isnan(found["spread_p_value"])


def test_a_batch_of_one_row_has_a_location_but_no_spread():
    values = pd.Series([1.0, 2.0, 4.0, 9.0])
    found = batch_effect(values, pd.Series(list("aaab")))
    assert np.isfinite(found["p_value"])
    assert np.isnan(found["spread_p_value"])


def test_rejections_follow_benjamini_and_hochberg():
    p_values = [0.001, 0.012, 0.014, 0.039, 0.5, np.nan]
    effects = pd.DataFrame(
        {
            "name": [f"CT.tumour.f{n}" for n in range(6)],
            "variable": "site",
            "stage": "raw",
            "p_value": p_values,
            "spread_p_value": 1.0,
        }
    )

    found = rejections(effects).set_index("test")

    # 0.012 exceeds 0.01 and 0.014 is below 0.03; the fourth, 0.039, is below 0.04.
    assert found.loc["Kruskal-Wallis", "n_rejected"] == 4
    assert found.loc["Kruskal-Wallis", "n_features"] == 5
    assert found.loc["Brown-Forsythe", "n_rejected"] == 0


def test_batches_of_too_few_rows_are_not_guessed():
    generator = np.random.default_rng(0)
    features = pd.DataFrame(generator.normal(size=(13, 4)))
    batch = pd.Series(["a"] * 6 + ["b"] * 4 + ["c"] * 3)

    assert np.isnan(cross_validated(features, batch, 1)["auc"])
    assert cross_validated(features, batch.replace("c", "b"), 1)["n"] == 13


def test_batches_without_a_trace_are_guessed_by_chance():
    generator = np.random.default_rng(0)
    batch = pd.Series(np.tile(["a", "b"], 100))
    features = pd.DataFrame(generator.normal(size=(200, 10)))
    assert cross_validated(features, batch, 1)["auc"] == pytest.approx(0.5, abs=0.1)
    features[0] += 10.0 * (batch == "b")
    assert cross_validated(features, batch, 1)["auc"] == 1.0


def test_a_classifier_of_other_rows_finds_what_these_have_in_common():
    generator = np.random.default_rng(0)
    batch = pd.Series(np.tile(["a", "b"], 50))
    training, judged = (pd.DataFrame(generator.normal(size=(100, 5))) for _ in range(2))
    for rows in (training, judged):
        rows[0] += 8.0 * (batch == "b")
    assert transferred((training, batch), (judged, batch))["auc"] == 1.0

    opposite = judged.copy()
    opposite[0] = 8.0 * (batch == "a")
    assert transferred((training, batch), (opposite, batch))["auc"] < 0.1


def test_planted_site_shift_is_seen_and_removed():
    judged = site_effect.site_effect(
        *of(make_tables(n=120, n_features=20), SITE_EFFECT)
    )
    effects, found = judged.effects, judged.prediction

    median = effects.groupby("stage")["eta_squared"].median()
    assert median["raw"] > 0.4
    assert median["harmonized"] < 0.1
    auc = found.set_index("stage")["auc"]
    assert auc["raw"] > 0.99
    assert auc["fold-fitted"] == pytest.approx(0.5, abs=0.1)
    assert (found["n"] == 120).all()
    counts = rejections(effects).set_index(["stage", "test"])["n_rejected"]
    assert counts["raw", "Kruskal-Wallis"] > 15
    assert counts["harmonized", "Kruskal-Wallis"] == 0


def test_site_is_not_reported_as_less_predictable_than_by_chance():
    """Rows harmonized by different folds, put together, would give an AUC near 0."""
    found = []
    for seed in range(4):
        judged = site_effect.site_effect(
            *of(make_tables(90, 30, seed=seed), SITE_EFFECT)
        )
        by_stage = judged.prediction.set_index("stage")["auc"]
        found.append(by_stage["harmonized"])
    assert 0.5 < np.mean(found) < 0.95


def test_every_batch_variable_is_judged_by_itself():
    study = make_tables(n=90, n_features=20)
    kernel = np.where(np.arange(90) % 2, "sharp", "soft")
    study.cohort["batch.CT.kernel"] = kernel
    harmonization = Harmonization(batch={"CT": ["site", "kernel"]})

    judged = site_effect.site_effect(
        study.cohort,
        study.features,
        study.folds,
        SITE_EFFECT.model_copy(update={"harmonization": harmonization}),
    )

    effects, found = judged.effects, judged.prediction
    raw = effects[effects["stage"] == "raw"].groupby("variable")["eta_squared"].median()
    assert raw["site"] > 0.4
    assert raw["kernel"] < 0.1
    assert set(found["variable"]) == {"site", "kernel"}


def test_fold_estimates_are_those_of_combat_in_each_development_set():
    study = make_tables(n=60, n_features=8)
    matrix = feature_matrix(study.features, "baseline", "A")
    site = study.cohort.set_index("subject_id")["site"]
    rows = matrix.assign(site=site)

    estimates, priors = fold_estimates(*of(study))

    chosen = folding.select(study.folds, Scheme.parse("cv-1"))
    fits = [
        ComBat("site").fit(rows[rows.index.isin(development)])
        for _, development, _ in folding.splits(chosen)
    ]
    shifts = np.array([fit.shift_ for fit in fits])
    found = estimates.set_index(["batch", "name"])
    for number, batch in enumerate("ABC"):
        mine = found.loc[batch].loc[list(matrix.columns)]
        assert mine["shift"].to_numpy() == pytest.approx(shifts[:, number].mean(0))
        spread = shifts[:, number].std(0, ddof=1)
        assert mine["shift_sd"].to_numpy() == pytest.approx(spread)
    assert (found["n_folds"] == 5).all()
    unshrunk = found.groupby("batch")["shift_unshrunk"].std()
    shrunk = pd.DataFrame(fits[0].shift_.T, columns=list("ABC")).std()
    assert (shrunk < unshrunk).all()
    assert priors["n"].sum() == 48
    assert (priors["shape"] > 1).all()


def test_component_scores_equal_scikit_learn():
    generator = np.random.default_rng(0)
    values = generator.normal(size=(30, 6)) @ generator.normal(size=(6, 6))
    scaled = (values - values.mean(0)) / values.std(0)

    found, share = scores(values)

    expected = PCA(2).fit(scaled)
    assert share == pytest.approx(expected.explained_variance_ratio_)
    assert np.abs(found) == pytest.approx(np.abs(expected.transform(scaled)))


def test_components_of_too_few_rows_are_undefined():
    found, share = scores(np.ones((2, 5)))
    assert np.isnan(found).all()
    assert np.isnan(share).all()


def test_sites_that_stand_apart_come_together_in_held_out_components():
    study = make_tables(n=120, n_features=20)
    table = principal_components(*of(study))

    def eta(stage):
        rows = table[(table["stage"] == stage) & (table["half"] == 1)]
        return batch_effect(rows["component_1"], rows["batch"])["eta_squared"]

    assert eta("raw") > 0.8
    assert eta("harmonized") < 0.3
    assert len(table) == 2 * 120


def test_correlation_equals_scipy_with_gaps():
    generator = np.random.default_rng(0)
    features = pd.DataFrame(generator.normal(size=(20, 3)))
    features.iloc[:4, 0] = np.nan
    covariate = pd.Series(generator.integers(0, 5, 20).astype(float))

    found = correlation(features, covariate)

    for column in range(3):
        known = features[column].notna()
        expected = stats.spearmanr(features.loc[known, column], covariate[known])
        assert found[column] == pytest.approx(expected.statistic)
    assert np.isnan(correlation(features.head(4), covariate.head(4))).all()


def test_harmonization_moves_pooled_associations_to_those_within_batches():
    study = make_tables(n=150, n_features=12, signal=1.5, prevalence=(0.2, 0.5, 0.8))
    table = associations(*of(study))

    wide = table.pivot(index=["quantity", "name"], columns="stage", values="value").loc[
        "outcome: recurrence"
    ]
    far = (wide["raw"] - wide["within batches"]).abs().median()
    near = (wide["harmonized"] - wide["within batches"]).abs().median()
    assert near < 0.6 * far
    planted = wide.loc["CT.tumour.original.glcm.f000"]
    assert planted["within batches"] > 0.75


def test_repeatability_is_judged_on_harmonized_measurements_of_both_readers():
    table = associations(*of(make_tables(n=90, n_features=6, site_shift=4.0)))
    icc = table[table["quantity"] == "ICC: reader"].groupby("stage")["value"].median()
    # The planted noise of reader B has SD 0.1. Sites lie 4 apart before, not after, so
    # the subjects differ less from each other and the ICC is lower, as it should be.
    assert icc["raw"] > icc["harmonized"] > 0.9


def test_columns_of_further_recipes_are_not_judged():
    study = make_tables()
    plain = held_out.by_image(study.cohort, study.features, SETTINGS, HARMONIZATION)
    (name, *_) = tables.feature_columns(study.features)
    again = name.replace(".", "@noise.", 1)
    more = study.features.assign(**{again: study.features[name]})
    found = held_out.by_image(study.cohort, more, SETTINGS, HARMONIZATION)
    assert [part.features for part in found] == [part.features for part in plain]
