"""concord.evaluation.reader_agreement: planted shifts, closed forms."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.intervals import wilson_interval
from concord.evaluation.reader_agreement import prediction_agreement
from concord.statistics.outcome_kinds import OUTCOME_KINDS

SUBJECTS = [f"P{number:03d}" for number in range(40)]
EVENT = np.random.default_rng(5).integers(0, 2, 40)
STANDARD = np.random.default_rng(6).normal(size=40)
N_FOLDS = 4


def rows_of(reader, standard, *, repeat=1, subjects=SUBJECTS):
    """Predictions by one reader; each fold has a cut and a spread of its own."""
    fold = (np.arange(40) + repeat) % N_FOLDS
    spread = 0.5 + fold
    score = 10.0 * fold + spread * standard
    table = pd.DataFrame(
        {
            "endpoint": "recurrence",
            "arm": "radiomics",
            "scheme": "cv",
            "repeat": repeat,
            "fold": fold.astype(str),
            "reader": reader,
            "subject_id": SUBJECTS,
            "group": "A",
            "cluster": SUBJECTS,
            "event": EVENT,
            "time_days": np.nan,
            "score": score,
            "probability": 1 / (1 + np.exp(-standard)),
            "risk_group": np.where(standard > 0, "high", "low"),
            "standard_score": standard,
            "reason": None,
        }
    )
    return table[table["subject_id"].isin(subjects)]


def fits_of(predictions):
    folds = predictions[["endpoint", "arm", "scheme", "repeat", "fold"]]
    return folds.drop_duplicates().assign(n_development=30)


def agreement(*parts, kind="binary"):
    predictions = pd.concat(parts, ignore_index=True)
    fits = fits_of(predictions)
    found = prediction_agreement(predictions, fits, "A", OUTCOME_KINDS[kind], 0.95)
    return tables.check(found.reindex(columns=COLUMNS), "x", "prediction_agreement")


COLUMNS = list(tables.KINDS["prediction_agreement"])


def test_equal_scores_agree_perfectly():
    row = agreement(rows_of("A", STANDARD), rows_of("B", STANDARD)).iloc[0]

    assert row[["icc", "icc_lower", "icc_upper"]].tolist() == [1, 1, 1]
    for name in ("bias", "sd_difference", "limit_lower", "median_change", "regrouped"):
        assert row[name] == 0, name
    assert row["discrimination"] == row["discrimination_b"]
    assert row["difference"] == 0
    assert (row["n_subjects"], row["n_unscored"]) == (40, 0)
    assert pd.isna(row["reason"])


def test_a_planted_shift_has_the_icc_of_its_closed_form():
    """Without noise ICC(A,1) is var / (var + shift^2 / 2)."""
    shift = 0.8
    row = agreement(rows_of("A", STANDARD), rows_of("B", STANDARD + shift)).iloc[0]

    variance = STANDARD.var(ddof=1)
    assert row["icc"] == pytest.approx(variance / (variance + shift**2 / 2))
    changed = np.mean((STANDARD > 0) != (STANDARD + shift > 0))
    assert changed > 0
    assert row["regrouped"] == pytest.approx(changed)
    assert row["to_high"] == pytest.approx(changed)
    lower, upper = wilson_interval(changed, 40, 0.95)
    assert row["regrouped_lower"] == pytest.approx(lower)
    assert row["regrouped_upper"] == pytest.approx(upper)


def test_limits_of_agreement_are_those_of_the_scores_of_one_model_each():
    """The fold shifts of 10 cancel; the spread of the fold scales the difference."""
    noise = np.random.default_rng(1).normal(0.3, 0.2, 40)
    row = agreement(rows_of("A", STANDARD), rows_of("B", STANDARD + noise)).iloc[0]

    difference = (0.5 + (np.arange(40) + 1) % N_FOLDS) * noise
    mean, sd = difference.mean(), difference.std(ddof=1)
    assert row["bias"] == pytest.approx(mean)
    assert row["sd_difference"] == pytest.approx(sd)
    assert row["limit_lower"] == pytest.approx(mean - 1.96 * sd)
    assert row["limit_upper"] == pytest.approx(mean + 1.96 * sd)
    assert row["median_change"] == pytest.approx(np.median(np.abs(difference)))
    probability = 1 / (1 + np.exp(-np.array([STANDARD, STANDARD + noise])))
    moved = probability[1] - probability[0]
    assert row["probability_bias"] == pytest.approx(moved.mean())
    sd = moved.std(ddof=1)
    assert row["probability_upper"] == pytest.approx(moved.mean() + 1.96 * sd)


def test_repeats_are_averaged_and_do_not_count_as_further_subjects():
    first = rows_of("A", STANDARD), rows_of("B", STANDARD + 0.8)
    second = [
        rows_of(reader, STANDARD + shift, repeat=2)
        for reader, shift in (("A", 0.0), ("B", 0.2))
    ]
    once, other, both = (
        agreement(*parts).iloc[0] for parts in (first, second, [*first, *second])
    )
    for name in ("icc", "icc_lower", "bias", "sd_difference", "regrouped"):
        assert both[name] == pytest.approx((once[name] + other[name]) / 2), name
    assert both["n_subjects"] == 40
    lower, _ = wilson_interval(both["regrouped"], 40, 0.95)
    assert both["regrouped_lower"] == pytest.approx(lower)


def test_subjects_without_a_score_by_one_reader_are_counted_and_left_out():
    part = agreement(
        rows_of("A", STANDARD), rows_of("B", STANDARD, subjects=SUBJECTS[:30])
    ).iloc[0]
    whole = agreement(
        rows_of("A", STANDARD, subjects=SUBJECTS[:30]),
        rows_of("B", STANDARD, subjects=SUBJECTS[:30]),
    ).iloc[0]

    assert (part["n_subjects"], part["n_unscored"]) == (30, 10)
    assert part["discrimination"] == whole["discrimination"]
    assert part["discrimination"] == part["discrimination_b"]


def test_discrimination_is_the_mean_over_folds_with_the_segmentations_of_each_reader():
    worse = STANDARD - 2 * EVENT
    row = agreement(rows_of("A", STANDARD), rows_of("B", worse)).iloc[0]

    means = []
    for values in (STANDARD, worse):
        per_fold = []
        for fold in range(N_FOLDS):
            mine = (np.arange(40) + 1) % N_FOLDS == fold
            yes, no = values[mine & (EVENT == 1)], values[mine & (EVENT == 0)]
            per_fold.append(np.mean(yes[:, None] > no[None, :]))
        means.append(np.mean(per_fold))
    assert row["metric"] == "auc"
    assert row["discrimination"] == pytest.approx(means[0])
    assert row["discrimination_b"] == pytest.approx(means[1])
    assert row["difference"] == pytest.approx(means[1] - means[0])
    assert row["difference_lower"] < row["difference"] < row["difference_upper"]


def test_survival_scores_have_no_probability_and_are_judged_by_the_c_index():
    time = np.random.default_rng(2).exponential(300, 40)
    parts = [
        rows_of(reader, STANDARD + shift).assign(time_days=time, probability=np.nan)
        for reader, shift in (("A", 0.0), ("B", 0.5))
    ]
    row = agreement(*parts, kind="survival").iloc[0]

    assert row["metric"] == "c_index"
    assert row["bias"] > 0
    assert pd.isna(row["probability_bias"])


def test_a_reader_without_a_common_subject_has_a_reason():
    found = agreement(
        rows_of("A", STANDARD, subjects=SUBJECTS[:20]),
        rows_of("B", STANDARD, subjects=SUBJECTS[20:]),
    ).iloc[0]

    assert (
        found["reason"]
        == "no subject was scored with the segmentations of both readers"
    )
    assert found["n_subjects"] == 0
    assert pd.isna(found["icc"])


def test_scores_without_spread_have_no_correlation_but_a_reason():
    parts = [rows_of(reader, np.full(40, np.nan)) for reader in ("A", "B")]
    for part in parts:
        part["score"] = 0.0
    found = agreement(*parts).iloc[0]

    assert found["reason"] == "icc: fewer than 2 subjects have all ratings"
    assert pd.isna(found["icc"])
    assert found["bias"] == 0


def test_each_further_reader_has_a_row():
    found = agreement(*(rows_of(reader, STANDARD) for reader in ("AI", "A", "B")))

    assert found["reader_b"].tolist() == ["AI", "B"]
    assert (found["reader"] == "A").all()


@pytest.mark.parametrize(
    ("share", "n", "expected"),
    # Newcombe (1998), Statistics in Medicine, 17, 857-872, table I.
    [
        (81 / 263, 263, (0.2553, 0.3662)),
        (15 / 148, 148, (0.0624, 0.1605)),
        (0 / 20, 20, (0.0, 0.1611)),
        (1 / 29, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_intervals_equal_the_published_ones(share, n, expected):
    assert wilson_interval(share, n, 0.95) == pytest.approx(expected, abs=5e-5)


def test_a_share_of_nobody_has_no_interval():
    assert np.isnan(wilson_interval(0.0, 0, 0.95)).all()
