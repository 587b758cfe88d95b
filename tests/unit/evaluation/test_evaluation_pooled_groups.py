"""Values of groups left out, pooled; what they give on pure noise."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.performance import performance
from concord.evaluation.pooled_groups import pooled_groups
from concord.statistics.outcome_kinds import BINARY


def groups_of(values, errors, reasons=None):
    """Rows of performance of one arm with a group left out at a time."""
    rows = [
        {
            "endpoint": "relapse",
            "arm": "radiomics",
            "scheme": "loso",
            "metric": "auc",
            "stratum": f"group={name}",
            "estimate": value,
            "standard_error": error,
            "reason": reason,
        }
        for name, value, error, reason in zip(
            "ABCDEFGH", values, errors, reasons or [None] * len(values), strict=False
        )
    ]
    return pd.DataFrame(rows)


def pooled_row(performance_rows):
    found = tables.check(pooled_groups(performance_rows, 0.95), "p", "pooled_groups")
    (row,) = found.to_dict("records")
    return row


def test_values_at_the_ends_and_without_error_are_named_and_not_pooled():
    row = pooled_row(
        groups_of(
            [0.7, 0.6, 1.0, 0.8],
            [0.05, 0.05, 0.01, np.nan],
            [None, None, None, "no information: all pairs have one subject in common"],
        )
    )
    assert (row["n_groups"], row["n_pooled"]) == (4, 2)
    assert row["not_pooled"] == (
        "C (no error); D (no information: all pairs have one subject in common)"
    )
    assert 0.6 < row["estimate"] < 0.7


def test_one_group_is_no_mean():
    row = pooled_row(groups_of([0.7, 1.0], [0.05, 0.01]))
    assert np.isnan(row["estimate"])
    assert row["reason"].startswith("1 groups have a value with a standard error")


def test_five_groups_need_no_warning_and_scatter_widens_what_is_predicted():
    alike = pooled_row(groups_of([0.7] * 5, [0.04] * 5))
    apart = pooled_row(groups_of([0.5, 0.9, 0.6, 0.8, 0.7], [0.04] * 5))
    assert pd.isna(alike["reason"])
    assert alike["tau"] == 0
    assert apart["i2"] > 0.7
    assert apart["tau_lower"] > 0
    width = [r["prediction_upper"] - r["prediction_lower"] for r in (alike, apart)]
    assert width[1] > 2 * width[0]
    for row in (alike, apart):
        assert row["prediction_lower"] <= row["lower"] < row["estimate"]
        assert row["prediction_upper"] >= row["upper"] > row["estimate"]


def noise(generator, n_groups, per_group):
    """Performance of random scores, with each group left out once."""
    n = n_groups * per_group
    subjects = np.array([f"P{number:03d}" for number in range(n)])
    group = np.array([f"G{number % n_groups}" for number in range(n)])
    rows = pd.DataFrame(
        {
            "endpoint": "relapse",
            "arm": "noise",
            "scheme": "loso",
            "repeat": 1,
            "fold": group,
            "subject_id": subjects,
            "group": group,
            "cluster": subjects,
            "event": generator.integers(0, 2, n),
            "time_days": np.nan,
            "score": generator.normal(size=n),
        }
    )
    fits = rows[["arm", "scheme", "repeat", "fold"]].drop_duplicates()
    return performance(rows, fits, BINARY, 0.95, Calibrations())


@pytest.mark.parametrize(
    ("n_studies", "n_groups"), [(60, 5), pytest.param(600, 8, marks=pytest.mark.slow)]
)
def test_noise_is_pooled_to_one_half_as_often_as_its_interval_allows(
    n_studies, n_groups
):
    generator = np.random.default_rng(1)
    rows = [pooled_row(noise(generator, n_groups, 24)) for _ in range(n_studies)]
    found = pd.DataFrame(rows)
    error = found["estimate"].std(ddof=1) / np.sqrt(n_studies)
    assert abs(found["estimate"].mean() - 0.5) < 3 * error
    held = ((found["lower"] < 0.5) & (found["upper"] > 0.5)).mean()
    assert held >= 0.93
    new = ((found["prediction_lower"] < 0.5) & (found["prediction_upper"] > 0.5)).mean()
    assert new >= held
