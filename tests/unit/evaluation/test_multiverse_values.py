"""Analyses of a multiverse: the values of the study's own fits, and nothing else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.calibration import Calibrations
from concord.evaluation.comparisons import comparisons
from concord.evaluation.multiverse import fold_data
from concord.evaluation.multiverse.fits import JudgedAnalysis, judged_analyses
from concord.evaluation.multiverse.fold_data import FoldData
from concord.evaluation.multiverse.permuted_outcomes import PermutedOutcomes
from concord.evaluation.multiverse.settings import FitMultiverse, Specification
from concord.evaluation.multiverse.values import multiverse_values
from concord.evaluation.null_tests import null_tests
from concord.evaluation.performance import performance
from concord.folds.splitting import SubjectRows, splits
from concord.folds.validation import SplittingSection
from concord.models.settings.specification import ModelSpecification
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ...modelling_study import (
    Tables,
    fit_and_predict,
    make_folds,
    make_specification,
    make_tables,
    null_band,
)

N_PERMUTATIONS = 19


def clinical(kind: str) -> ModelSpecification:
    return make_specification(
        kind, name="clinical", features=[], covariates=["age"], harmonizer="none"
    )


def settings_of(headline, reference, *changes, **others) -> FitMultiverse:
    """The headline, and one analysis for each change of it."""
    listed = [[], *changes]
    return FitMultiverse(
        **{
            "headline": headline,
            "reference": reference,
            "specifications": [
                Specification(number=number, headline=one)
                for number, one in enumerate(listed, 1)
            ],
            "n_permutations": N_PERMUTATIONS,
            "scheme": "cv",
            "confidence": 0.95,
            "seed": 1,
            "validation": SplittingSection(repeats=1),
            **others,
        }
    )


def values_of(study: Tables, settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    found, null = multiverse_values(study.rows, study.folds, settings)
    return pd.DataFrame(found), pd.DataFrame(null)


@pytest.fixture(scope="module")
def study() -> Tables:
    """Sixty subjects, some with missing features and one without outcome."""
    made = make_tables(n=60, n_features=12, signal=1.0, repeats=2)
    features = made.features.copy()
    features.loc[[3, 9, 20], "original.glcm.f002"] = np.nan
    columns = [name for name in features if name.startswith("original.")]
    features.loc[features["subject_id"] == "P0011", columns[:9]] = np.nan
    cohort = made.cohort.copy()
    events = ["event.recurrence", "event.survival"]
    cohort.loc[cohort["subject_id"] == "P0017", events] = np.nan
    return replace(made, cohort=cohort, features=features)


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("harmonizer", ["combat", "none"])
def test_the_headline_has_the_values_of_performance_and_comparisons(
    study, kind, harmonizer
):
    arms = make_specification(kind, harmonizer=harmonizer), clinical(kind)
    outcome = OUTCOME_KINDS[kind]
    predictions, fits, null = [], [], []
    for arm in arms:
        for scheme in ("cv-1", "cv-2"):
            found = fit_and_predict(study, arm, scheme)
            predictions.append(found[0])
            fits.append(found[1].fits)
        band = null_band(
            study.rows, study.folds, arm, n_permutations=N_PERMUTATIONS, seed=1
        )
        null.append(band[band["scheme"] == "cv"])
    tables = pd.concat(predictions), pd.concat(fits), pd.concat(null)
    widened = Calibrations.of(tables[2])
    judged = *tables[:2], outcome, 0.95
    reached = performance(*judged, widened)
    own = reached[(reached["arm"] == "radiomics") & (reached["stratum"] == "all")]
    pair = comparisons(*judged, [("radiomics", "clinical")], widened)
    tests = null_tests(reached, tables[2]).set_index("arm")

    values, permuted = values_of(study, settings_of(*arms))
    row, expected = values.iloc[0], own.iloc[0]
    for key in ("estimate", "first_repeat", "n", "n_events", "n_folds"):
        assert row[key] == pytest.approx(expected[key], rel=1e-12)
    # Permutations of all analyses are alike, those of an arm are of its own subjects.
    assert row["difference"] == pytest.approx(pair["estimate"].iloc[0], rel=1e-12)
    reference = pair["estimate_reference"].iloc[0]
    assert row["reference_estimate"] == pytest.approx(reference, rel=1e-12)
    assert len(permuted) == tests.loc["radiomics", "n_permutations"] == N_PERMUTATIONS


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_intervals_and_null_are_those_of_the_arm_where_all_subjects_are_known(kind):
    study = make_tables(n=45, n_features=8, signal=1.0)
    arm, outcome = make_specification(kind, harmonizer="none"), OUTCOME_KINDS[kind]
    predictions, fit = fit_and_predict(study, arm)
    null = null_band(
        study.rows, study.folds, arm, n_permutations=N_PERMUTATIONS, seed=1
    )
    null = null[null["scheme"] == "cv"]
    reached = performance(predictions, fit.fits, outcome, 0.95, Calibrations.of(null))
    expected = reached[reached["stratum"] == "all"].iloc[0]

    values, permuted = values_of(study, settings_of(arm, clinical(kind)))
    for key in ("estimate", "lower", "upper"):
        assert values[key].iloc[0] == pytest.approx(expected[key], rel=1e-12)
    assert permuted["estimate"].to_numpy() == pytest.approx(
        null["estimate"].to_numpy(), rel=1e-12
    )


CHANGES = {
    "selection": [(["arm", "max_features"], 2)],
    "model": [(["arm", "penalty"], 1.0)],
    "harmonizer": [(["arm", "harmonizer"], "zscore")],
    "reader": [(["reference_reader"], "B")],
    "kind of model": [(["arm", "model", "kind"], "unpenalized")],
    "transform": [(["arm", "transform"], "rank_normal")],
    "no selection": [(["arm", "selection"], "none")],
    "tuned": [(["arm", "tuning"], {"n_penalties": 3})],
    "features": [(["arm", "features"], ["CT.*.f00[0-4]"])],
}


def test_what_analyses_share_changes_no_value(study):
    headline, reference = make_specification(), clinical("binary")
    together, null = values_of(
        study, settings_of(headline, reference, *CHANGES.values())
    )
    assert together["status"].tolist() == ["ok"] * (1 + len(CHANGES))
    assert together["estimate"].nunique() > len(CHANGES) - 2
    for number, change in enumerate(CHANGES.values(), 2):
        alone = settings_of(headline, reference).model_copy(
            update={"specifications": [Specification(number=number, headline=change)]}
        )
        values, permuted = values_of(study, alone)
        same = together[together["specification"] == number].iloc[0]
        pd.testing.assert_series_equal(values.iloc[0], same, check_names=False)
        mine = null.loc[null["specification"] == number, "estimate"]
        assert permuted["estimate"].tolist() == mine.tolist()


def test_another_reader_gives_the_values_of_that_readers_features(study):
    change = [(["reference_reader"], "B")]
    values, _ = values_of(
        study, settings_of(make_specification(), clinical("binary"), change)
    )
    other = make_specification().model_copy(update={"reference_reader": "B"})
    found = [fit_and_predict(study, other, scheme) for scheme in ("cv-1", "cv-2")]
    predictions, fits = (
        pd.concat([one for one, _ in found]),
        pd.concat([one.fits for _, one in found]),
    )
    kind = OUTCOME_KINDS["binary"]
    reached = performance(predictions, fits, kind, 0.95, Calibrations())
    expected = reached.loc[reached["stratum"] == "all", "estimate"].iloc[0]
    assert values["estimate"].iloc[1] == pytest.approx(expected, rel=1e-12)


def fused() -> ModelSpecification:
    members = {
        name: make_specification(name=name, features=[pattern])
        for name, pattern in (("low", "CT.*.f00[0-4]"), ("high", "CT.*.f00[5-9]"))
    }
    plan = make_specification(name="fused", features=[], harmonizer="none")
    arm = plan.arm.model_copy(update={"features": []})
    arm = type(arm).model_validate(
        {"fusion": {"of": ["low", "high"], "inner_folds": 2, "rule": "stacking"}}
    )
    return plan.model_copy(update={"arm": arm, "members": members})


def test_a_fused_headline_has_the_values_of_its_fit(study):
    arm = fused()
    found = [fit_and_predict(study, arm, scheme) for scheme in ("cv-1", "cv-2")]
    predictions, fits = (
        pd.concat([one for one, _ in found]),
        pd.concat([one.fits for _, one in found]),
    )
    kind = OUTCOME_KINDS["binary"]
    reached = performance(predictions, fits, kind, 0.95, Calibrations())
    expected = reached.loc[reached["stratum"] == "all", "estimate"].iloc[0]
    values, _ = values_of(study, settings_of(arm, clinical("binary")))
    assert values["estimate"].iloc[0] == pytest.approx(expected, rel=1e-9)


def test_an_analysis_that_cannot_be_fitted_says_why_and_costs_no_other(study):
    nothing = [(["arm", "features"], ["CT.tumour.original@CT_slices.*"])]
    crowded = [(["harmonization", "min_batch_size"], 80)]
    values, null = values_of(
        study,
        settings_of(make_specification(), clinical("binary"), nothing, crowded),
    )
    assert values["status"].tolist() == ["ok", "failed", "failed"]
    assert "matches none of 12 features" in values["reason"].iloc[1]
    assert "80" in values["reason"].iloc[2]
    assert values["estimate"].isna().tolist() == [False, True, True]
    assert set(null["specification"]) == {1}


def test_groups_left_out_are_judged_as_groups(study):
    values, _ = values_of(
        study, settings_of(make_specification(), clinical("binary"), scheme="loso")
    )
    assert values["n_folds"].iloc[0] == 3
    assert values["method"].iloc[0].startswith("mean over groups left out")
    refused = make_specification(harmonization={"unseen": "refuse"})
    values, _ = values_of(
        study, settings_of(refused, clinical("binary"), scheme="loso")
    )
    assert values["status"].iloc[0] == "failed"
    assert "can be scored" in values["reason"].iloc[0]


def test_folds_that_spread_the_outcome_are_made_anew_for_each_permutation():
    made = make_tables(n=40, n_features=6)
    folds = make_folds(made.cohort, stratify_by="outcome")
    study = replace(made, folds=folds)
    validation = SplittingSection(repeats=1, stratify_by="outcome")
    settings = settings_of(
        make_specification(), clinical("binary"), validation=validation
    )
    _, remade = values_of(study, settings)
    _, kept = values_of(study, settings_of(make_specification(), clinical("binary")))
    assert remade["permutation"].tolist() == kept["permutation"].tolist()
    assert remade["estimate"].notna().all()
    assert remade["estimate"].tolist() != kept["estimate"].tolist()


def scores_of(rows: SubjectRows, folds: pd.DataFrame, models) -> list[bytes]:
    """Scores of the first fold of each analysis."""
    endpoint, kind = models[0].endpoint, models[0].outcome
    known = PermutedOutcomes.of(rows, endpoint, kind, 1, seed=1)
    split = next(splits(rows, folds, "cv-1"))
    data, found = FoldData(split), []
    for model in models:
        judged = JudgedAnalysis(model)
        judged.judge(data, split, known, permuted=False)
        (fold,) = judged.folds.values()
        found.append(fold.scores.tobytes())
    return found


def with_other_outcomes(study: Tables) -> Tables:
    """The study with the outcomes of the first fold's evaluation subjects reversed."""
    split = next(splits(study.rows, study.folds, "cv-1"))
    judged = set(split.evaluation.cohort["subject_id"])
    cohort = study.cohort.copy()
    mine = cohort["subject_id"].isin(judged)
    for name in ("event.recurrence", "event.survival"):
        cohort.loc[mine, name] = 1 - cohort.loc[mine, name]
    cohort.loc[mine, "time_days.survival"] *= 3
    return replace(study, cohort=cohort)


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_outcomes_of_evaluation_subjects_move_no_score(study, kind):
    models = [
        make_specification(kind, **options)
        for options in ({}, {"harmonizer": "zscore"}, {"selection": "mrmr"})
    ]
    before = scores_of(study.rows, study.folds, models)
    changed = with_other_outcomes(study)
    assert scores_of(changed.rows, changed.folds, models) == before


def test_features_of_an_evaluation_subject_move_no_other_score(study):
    models = [make_specification(), make_specification(transform="rank_normal")]
    split = next(splits(study.rows, study.folds, "cv-1"))
    first = split.evaluation.cohort["subject_id"].iloc[0]
    features = study.features.copy()
    columns = [name for name in features if name.startswith("original.")]
    features.loc[features["subject_id"] == first, columns] *= 1e6
    before = scores_of(study.rows, study.folds, models)
    after = scores_of(replace(study, features=features).rows, study.folds, models)
    for old, new in zip(before, after, strict=True):
        moved = np.frombuffer(old) != np.frombuffer(new)
        assert moved.sum() <= 1


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_a_planted_leak_is_seen(study, kind, monkeypatch):
    def leaking(self, model):
        """Development data that hold the evaluation subjects too."""
        sides = self._split.development, self._split.evaluation
        cohort, features = (
            pd.concat([getattr(one, name) for one in sides], ignore_index=True)
            for name in ("cohort", "features")
        )
        return fold_data.arm_data(SubjectRows(cohort, features), model).only_fittable()

    monkeypatch.setattr(FoldData, "_development", leaking)
    models = [make_specification(kind)]
    before = scores_of(study.rows, study.folds, models)
    changed = with_other_outcomes(study)
    assert scores_of(changed.rows, changed.folds, models) != before


def test_permutations_are_the_same_for_analyses_with_other_subjects(study):
    outcome = OUTCOME_KINDS["binary"]
    known = PermutedOutcomes.of(study.rows, "recurrence", outcome, 5, seed=1)
    assert "P0017" not in known.subjects  # its outcome is unknown
    assert known.within.shape == (5, 59)
    groups = study.rows.by_subject.loc[known.subjects, "group"].to_numpy()
    for drawn in known.within:
        for group in set(groups):
            mine = groups == group
            assert sorted(drawn[mine]) == sorted(known.events[mine])
    assert any(
        known.freely[0][groups == group].sum() != known.events[groups == group].sum()
        for group in set(groups)
    )


def test_an_analysis_of_the_first_fold_alone_has_no_value_in_the_others(
    study, monkeypatch
):
    prepared = FoldData.prepared

    def failing(self, model):
        if self._split.name.fold != "1":
            raise fold_data.FitError("no luck")
        return prepared(self, model)

    monkeypatch.setattr(FoldData, "prepared", failing)
    known = PermutedOutcomes.of(
        study.rows, "recurrence", OUTCOME_KINDS["binary"], 3, seed=1
    )
    (found,) = judged_analyses(
        study.rows, study.folds, [make_specification()], "cv", known
    )
    values = found.values(known)
    assert values.n_defined == 2  # one per repeat
    assert len(values.values) == 10
    assert "8 of 10 folds undefined" in values.method("mean")


@pytest.mark.parametrize("harmonizer", ["combat", "none"])
def test_a_study_with_permuted_outcomes_has_the_value_of_that_permutation(harmonizer):
    # So observed and permuted values are exchangeable without effect: p is exact.
    study = make_tables(n=48, n_features=8)
    plan = make_specification(harmonizer=harmonizer)
    outcome = OUTCOME_KINDS["binary"]
    known = PermutedOutcomes.of(study.rows, "recurrence", outcome, 5, seed=1)
    (found,) = judged_analyses(study.rows, study.folds, [plan], "cv", known)
    for number in range(5):
        cohort = study.cohort.copy()
        events = known.permuted_events(number)
        cohort["event.recurrence"] = cohort["subject_id"].map(events)
        rows = replace(study, cohort=cohort).rows
        other = PermutedOutcomes.of(rows, "recurrence", outcome, 1, seed=1)
        (judged,) = judged_analyses(rows, study.folds, [plan], "cv", other)
        expected = found.permuted["estimate"].iloc[number]
        value = judged.values(other).first_repeat
        assert value == pytest.approx(expected, rel=1e-12)
