"""Given predictions judged: values of scikit-learn, noise, permutations of scores."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from concord.evaluation.calibration import Calibrations
from concord.evaluation.given.permuted import permuted_outcomes
from concord.evaluation.given.planned import fits_of
from concord.evaluation.null_tests import null_tests
from concord.evaluation.performance import performance
from concord.statistics.outcome_kinds import BINARY, SURVIVAL


def predictions(
    seed: int, n: int = 60, effect: float = 0.0, n_repeats: int = 1
) -> pd.DataFrame:
    """Scores of one arm in five folds; with an effect, of the outcome."""
    generator = np.random.default_rng(seed)
    event = generator.integers(0, 2, n)
    parts = []
    for repeat in range(1, n_repeats + 1):
        parts.append(
            pd.DataFrame(
                {
                    "endpoint": "death",
                    "arm": "one",
                    "scheme": "cv",
                    "repeat": repeat,
                    "fold": generator.permutation(n) % 5,
                    "subject_id": [f"S{i:03d}" for i in range(n)],
                    "group": np.where(np.arange(n) % 2, "A", "B"),
                    "cluster": [f"S{i:03d}" for i in range(n)],
                    "event": event,
                    "time_days": generator.exponential(100, n) + 1,
                    "score": generator.normal(size=n) + effect * event,
                    "risk_group": np.where(generator.normal(size=n) > 0, "high", "low"),
                }
            ).assign(fold=lambda rows: rows["fold"].astype(str))
        )
    return pd.concat(parts, ignore_index=True)


def judged(rows: pd.DataFrame) -> pd.Series:
    found = performance(rows, fits_of(rows), BINARY, 0.95, Calibrations.of_given())
    return found[found["stratum"] == "all"].iloc[0]


def test_the_value_is_the_mean_over_folds_of_the_auc_of_scikit_learn():
    rows = predictions(1, effect=1.0, n_repeats=3)
    by_fold = rows.groupby(["repeat", "fold"])
    values = [roc_auc_score(part["event"], part["score"]) for _, part in by_fold]

    found = judged(rows)

    assert found["estimate"] == pytest.approx(np.mean(values), abs=1e-12)
    assert found["n_folds"] == 15


def test_the_interval_says_that_nothing_was_refitted():
    found = judged(predictions(1, effect=1.0))

    assert found["method"].endswith("without widening for refitted models")
    assert found["widening"] == 1


def test_planned_folds_are_those_of_the_predictions_with_unscored_ones():
    rows = predictions(1)
    rows.loc[rows["fold"] == "3", "score"] = np.nan

    fits = fits_of(rows)

    assert len(fits) == 5
    assert fits["n_candidates"].isna().all()
    assert "1 of 5 folds undefined" in judged(rows)["method"]


@pytest.mark.parametrize("n_studies", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_intervals_of_noise_hold_one_half_as_often_as_they_say(n_studies):
    held, tests = 0, 0
    for seed in range(n_studies):
        rows = predictions(seed)
        row = judged(rows)
        held += row["lower"] <= 0.5 <= row["upper"]
        null = permuted_outcomes(rows, BINARY, 19, seed)
        found = null_tests(row.to_frame().T, null)
        tests += found["p_value"].iloc[0] <= 0.05

    error = np.sqrt(0.05 * 0.95 / n_studies)
    assert abs(held / n_studies - 0.95) < 3.5 * error + 0.01
    assert abs(tests / n_studies - 0.05) < 3.5 * error


def test_a_permutation_is_the_same_analysis_of_outcomes_in_another_order():
    rows = predictions(4, effect=1.0)
    null = permuted_outcomes(rows, BINARY, 30, 1)

    assert list(null["permutation"]) == list(range(1, 31))
    assert abs(null["estimate"].mean() - 0.5) < 0.05
    assert null["estimate"].max() < judged(rows)["estimate"]
    assert null["log_rank_z"].isna().all()
    pd.testing.assert_frame_equal(null, permuted_outcomes(rows, BINARY, 30, 1))


def test_outcomes_move_within_groups_so_that_the_group_alone_keeps_its_value():
    rows = predictions(5)
    rows["score"] = (rows["group"] == "A").astype(float)
    rows["event"] = rows["score"].astype(int)

    null = permuted_outcomes(rows, BINARY, 10, 1)

    assert (null["estimate"] == 1).all()


def test_unscored_rows_and_later_repeats_do_not_count():
    rows = predictions(6, n_repeats=2)
    rows.loc[rows["repeat"] == 2, "score"] = 100.0
    first = rows[rows["repeat"] == 1]
    lost = first.iloc[:1].assign(subject_id="X", cluster="X", score=np.nan)

    found = permuted_outcomes(pd.concat([rows, lost]), BINARY, 5, 1)

    pd.testing.assert_frame_equal(found, permuted_outcomes(first, BINARY, 5, 1))


def test_risk_groups_of_permuted_times_are_apart_by_chance_alone():
    rows = predictions(7, n=200)
    null = permuted_outcomes(rows, SURVIVAL, 200, 1)

    assert abs(null["log_rank_z"].mean()) < 0.3
    assert 0.8 < null["log_rank_z"].std() < 1.2


def test_permutations_of_fixed_scores_widen_nothing_wherever_they_are_read():
    rows = predictions(8)

    found = Calibrations.of(permuted_outcomes(rows, BINARY, 20, 1)).get("one", "cv")

    assert found.factor == 1
    assert found.method.endswith("without widening for refitted models")
