"""An arm that lacks the hard cases looks better, but not in the paired difference.

Both arms know the outcome equally well. One of them has no score of the subjects whom
both place worst, as an arm has that needs a scan that only some could have.
"""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.calibration import Calibrations
from concord.evaluation.comparisons import comparisons
from concord.evaluation.exclusions import arm_exclusions
from concord.evaluation.performance import performance
from concord.statistics.outcome_kinds import BINARY

N, FOLDS, N_LOST = 120, 3, 18


def study(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Predictions and fits of a whole and a lacking arm, and the cohort."""
    generator = np.random.default_rng(seed)
    subjects = np.array([f"P{number:03d}" for number in range(N)])
    event = generator.integers(0, 2, N)
    fold = (generator.permutation(N) % FOLDS + 1).astype(str)
    common = {"endpoint": "e", "scheme": "cv", "repeat": 1, "fold": fold}
    common |= {"subject_id": subjects, "cluster": subjects, "group": "A"}
    common |= {"event": event, "reason": None}
    common["cluster"] = subjects
    shared = event + generator.normal(size=N)
    hardest = np.argsort(np.where(event == 1, -shared, shared))[-N_LOST:]
    tables = []
    for arm in ("whole", "lacking"):
        score = shared + 0.5 * generator.normal(size=N)
        if arm == "lacking":
            score[hardest] = np.nan
        tables.append(pd.DataFrame(common | {"arm": arm, "score": score}))
    predictions = pd.concat(tables, ignore_index=True)
    keys = ["endpoint", "arm", "scheme", "repeat", "fold"]
    fits = predictions[keys].drop_duplicates()
    fits = fits.assign(status="ok", n_development=N - N // FOLDS)
    return predictions, fits, pd.DataFrame({"subject_id": subjects})


def found(seed: int) -> dict[str, float]:
    """Naive and paired difference of the arms, and how many subjects are told."""
    predictions, fits, cohort = study(seed)
    judged = performance(predictions, fits, BINARY, 0.95, Calibrations())
    values = judged[judged["stratum"] == "all"].set_index("arm")
    pairs = [("lacking", "whole")]
    row = comparisons(predictions, fits, BINARY, 0.95, pairs, Calibrations()).iloc[0]
    listed = arm_exclusions(predictions, fits, cohort)
    assert set(listed["arm"]) == {"lacking"}
    assert row["n"] == values.loc["lacking", "n"] == N - len(listed)
    assert values.loc["whole", "n"] == N
    difference = row["estimate_arm"] - row["estimate_reference"]
    assert row["estimate"] == pytest.approx(difference)
    naive = values.loc["lacking", "estimate"] - values.loc["whole", "estimate"]
    return {"naive": naive, "paired": row["estimate"]}


def check(n_studies: int) -> None:
    table = pd.DataFrame([found(seed) for seed in range(n_studies)])
    mean, error = table.mean(), table.sem()

    assert mean["naive"] > 0.05 + 3 * error["naive"]
    assert abs(mean["paired"]) < 3 * error["paired"]


def test_hard_cases_that_one_arm_lacks_are_no_difference():
    check(20)


@pytest.mark.slow
def test_hard_cases_that_one_arm_lacks_are_no_difference_in_many_studies():
    check(400)
