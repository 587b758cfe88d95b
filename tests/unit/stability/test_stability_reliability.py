"""concord.stability.reliability: which ratings are compared, and what is stable."""

import math

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.stability.reliability import RepeatedMeasurements, reliability_table
from concord.stability.settings import ReliabilitySection, Stability
from concord.statistics.icc import intraclass_correlation

STUDY = {"baseline_session": "baseline", "reference_reader": "A"}
#: What the measurements of a study take, one by one.
SETTINGS = STUDY | ReliabilitySection().model_dump(exclude={"readers"})


def settings(**changes):
    """Settings of the rule, the defaults changed."""
    keys = {name: changes.pop(name, value) for name, value in STUDY.items()}
    return Stability(stability=ReliabilitySection(**changes), **keys)


STABILITY = settings()
STEADY, NOISY, SESSION_NOISY = (
    f"original.glcm.{name}" for name in ("steady", "noisy", "session_noisy")
)


def rows(subjects, session, reader, image="CT", seed=0):
    """Feature rows: the first feature repeats, the second never does, the third
    repeats between readers only."""
    within = np.random.default_rng([seed, ord(reader), len(session), ord(image[0])])
    of_session = np.random.default_rng([seed, len(session)])
    between = np.random.default_rng(seed).normal(10, 2, size=(100, 3))[: len(subjects)]
    values = between + 0.01 * within.normal(size=between.shape)
    values[:, 1] = within.normal(10, 2, size=len(subjects))
    values[:, 2] += of_session.normal(0, 9, size=len(subjects))
    keys = pd.DataFrame(
        {
            "subject_id": subjects,
            "site": "A",
            "session": session,
            "image": image,
            "region": "tumour",
            "reader": reader,
        }
    )
    return keys.join(pd.DataFrame(values, columns=[STEADY, NOISY, SESSION_NOISY]))


SUBJECTS = [f"A-{number:03d}" for number in range(30)]
BASELINE_A = rows(SUBJECTS, "baseline", "A")
BASELINE_B = rows(SUBJECTS[:20], "baseline", "B")
RETEST_A = rows(SUBJECTS[:12], "retest", "A")


def test_the_consensus_of_the_readers_is_no_reader():
    consensus = BASELINE_A.assign(reader="consensus")
    without = reliability_table(pd.concat([BASELINE_A, BASELINE_B]), STABILITY)
    both = reliability_table(pd.concat([BASELINE_A, BASELINE_B, consensus]), STABILITY)

    pd.testing.assert_frame_equal(both, without)
    assert set(both["n_raters"]) == {2}


def test_the_consensus_may_be_the_reader_of_the_models():
    consensus = pd.concat([BASELINE_A, RETEST_A]).assign(reader="consensus")
    features = pd.concat([BASELINE_A, BASELINE_B, consensus], ignore_index=True)

    found = reliability_table(features, settings(reference_reader="consensus"))

    raters = found.groupby("axis")["n_raters"].unique()
    assert {axis: list(n) for axis, n in raters.items()} == {
        "reader": [2],
        "retest": [2],
    }


def stable_names(features, subjects, **settings):
    """The features that are stable among some subjects of a feature matrix."""
    return RepeatedMeasurements(features, **settings).stable_names(subjects)


def study(*parts):
    return pd.concat(parts, ignore_index=True)


def test_every_axis_and_feature_has_a_row_in_the_order_of_its_keys():
    found = reliability_table(study(RETEST_A, BASELINE_B, BASELINE_A), STABILITY)

    assert found[["column", "axis"]].to_numpy().tolist() == [
        [NOISY, "reader"],
        [NOISY, "retest"],
        [SESSION_NOISY, "reader"],
        [SESSION_NOISY, "retest"],
        [STEADY, "reader"],
        [STEADY, "retest"],
    ]
    assert found["form"].tolist() == ["ICC(A,1)", "ICC(1,1)"] * 3
    assert found["n_subjects"].tolist() == [20, 12] * 3
    assert found["stable"].tolist() == [False, False, True, False, True, True]


def test_rows_hold_the_correlation_of_the_paired_values():
    found = reliability_table(study(BASELINE_A, RETEST_A), STABILITY)

    pairs = np.stack([BASELINE_A[STEADY][:12], RETEST_A[STEADY]], axis=1)[..., None]
    expected = intraclass_correlation(pairs, "ICC(1,1)")
    row = found.set_index("column").loc[STEADY]
    assert row["icc"] == expected.estimate[0]
    assert row["icc_lower"] == expected.lower[0]
    assert row["within_sd"] == expected.within_sd[0]
    assert row["repeatability_coefficient"] == 2.77 * expected.within_sd[0]
    assert row["bias"] == pytest.approx((RETEST_A[STEADY] - BASELINE_A[STEADY]).mean())


def test_the_bias_of_a_reader_is_against_the_reference_reader():
    shifted = BASELINE_A.copy()
    shifted[STEADY] += 5

    found = reliability_table(
        study(shifted, BASELINE_B), settings(reference_reader="B")
    )

    assert found.set_index("column").loc[STEADY, "bias"] == pytest.approx(5, abs=0.02)


def test_the_order_of_rows_in_the_feature_table_does_not_matter():
    features = study(BASELINE_A, BASELINE_B, RETEST_A)
    shuffled = features.sample(frac=1, random_state=3)

    pd.testing.assert_frame_equal(
        reliability_table(features, STABILITY), reliability_table(shuffled, STABILITY)
    )


def test_only_subjects_with_all_readers_count():
    third = rows(SUBJECTS[15:25], "baseline", "C")

    found = reliability_table(study(BASELINE_A, BASELINE_B, third), STABILITY)

    assert set(found["n_subjects"]) == {5}
    assert set(found["n_raters"]) == {3}


def test_retests_by_other_readers_and_sessions_not_listed_do_not_count():
    retest_b = rows(SUBJECTS, "retest", "B")
    later = rows(SUBJECTS, "follow-up", "A")

    found = reliability_table(study(BASELINE_A, retest_b, later), STABILITY)

    assert found.empty


def test_several_retest_sessions_are_further_ratings():
    second = rows(SUBJECTS[:6], "second retest", "A")
    sessions = settings(retest_sessions=["retest", "second retest", "third"])

    found = reliability_table(study(BASELINE_A, RETEST_A, second), sessions)

    assert set(found["n_raters"]) == {3}
    assert set(found["n_subjects"]) == {6}


def test_a_study_that_repeats_nothing_has_no_rows(tmp_path):
    found = reliability_table(BASELINE_A, STABILITY)

    tables.write(found, tmp_path / "stability.tsv", "stability")
    assert tables.read(tmp_path / "stability.tsv", "stability").empty


def test_images_are_judged_apart():
    other = study(
        rows(SUBJECTS, "baseline", "A", "PT"), rows(SUBJECTS, "baseline", "B", "PT")
    )
    other[STEADY] = other[NOISY]

    found = stable_names(study(BASELINE_A, BASELINE_B, other), SUBJECTS, **SETTINGS)

    assert found == {
        f"CT.tumour.{STEADY}",
        f"CT.tumour.{SESSION_NOISY}",
        f"PT.tumour.{SESSION_NOISY}",
    }


def test_a_column_of_another_image_is_no_feature_of_this_one():
    other = rows(SUBJECTS, "baseline", "A", "PT").assign(**{STEADY: math.nan})

    found = RepeatedMeasurements(study(BASELINE_A, BASELINE_B, other), **SETTINGS)

    assert f"PT.tumour.{STEADY}" not in found.names
    assert f"PT.tumour.{NOISY}" in found.stable_names(SUBJECTS)


def test_a_feature_is_stable_if_every_axis_reaches_the_threshold():
    measurements = RepeatedMeasurements(
        study(BASELINE_A, BASELINE_B, RETEST_A), **SETTINGS
    )

    assert measurements.stable_names(SUBJECTS) == {f"CT.tumour.{STEADY}"}


def test_the_lower_bound_decides_and_not_the_estimate():
    few = SUBJECTS[:4]
    retest = RETEST_A.assign(**{STEADY: RETEST_A[STEADY] + np.tile([1.5, 0, 0], 4)})
    features = study(BASELINE_A, retest)
    part = features[features["subject_id"].isin(few)]
    row = reliability_table(part, STABILITY).set_index("column").loc[STEADY]

    assert row["icc"] > SETTINGS["threshold"] > row["icc_lower"]
    assert f"CT.tumour.{STEADY}" not in stable_names(features, few, **SETTINGS)


def test_only_the_given_subjects_decide():
    features = study(BASELINE_A, RETEST_A)
    spoilt = features["subject_id"].isin(SUBJECTS[8:12])
    features.loc[spoilt & (features["session"] == "retest"), STEADY] = 1000.0
    measurements = RepeatedMeasurements(features, **SETTINGS)

    assert f"CT.tumour.{STEADY}" in measurements.stable_names(SUBJECTS[:8])
    assert f"CT.tumour.{STEADY}" not in measurements.stable_names(SUBJECTS[:12])


def test_an_axis_with_two_of_the_subjects_does_not_decide():
    measurements = RepeatedMeasurements(study(BASELINE_A, RETEST_A), **SETTINGS)

    assert measurements.stable_names(SUBJECTS[10:]) == measurements.names
    assert measurements.stable_names(SUBJECTS[9:]) != measurements.names


def test_without_any_axis_all_features_are_stable():
    found = stable_names(BASELINE_A, SUBJECTS, **SETTINGS)

    assert found == {f"CT.tumour.{name}" for name in (STEADY, NOISY, SESSION_NOISY)}


@pytest.mark.parametrize("value", [7.0, math.nan])
def test_a_feature_without_a_defined_correlation_is_not_stable(value):
    features = study(BASELINE_A, BASELINE_B)
    features.loc[features["reader"] == "B", STEADY] = value
    if value == 7.0:
        features[STEADY] = value

    assert f"CT.tumour.{STEADY}" not in stable_names(features, SUBJECTS, **SETTINGS)


def test_a_higher_threshold_keeps_fewer_features():
    features = study(BASELINE_A, BASELINE_B)
    strict = SETTINGS | {"threshold": 1.0}

    assert stable_names(features, SUBJECTS, **SETTINGS)
    assert not stable_names(features, SUBJECTS, **strict)


def test_a_higher_confidence_lowers_the_bound():
    features = study(BASELINE_A, BASELINE_B)
    wide = reliability_table(features, settings(confidence=0.99))

    assert (
        wide["icc_lower"] < reliability_table(features, STABILITY)["icc_lower"]
    ).all()


def variant(axis, name, **changes):
    """The scans of the reference reader measured again; some columns set or NaN."""
    again = BASELINE_A.iloc[:9].reset_index(drop=True)
    return again.assign(session=f"baseline::{axis}::{name}", **changes)


def test_variants_of_a_scan_are_axes_with_their_form_of_icc():
    noise = np.random.default_rng(5).normal(10, 2, 9)
    features = study(
        BASELINE_A,
        variant("perturbation", "rotate+5", **{NOISY: noise}),
        variant("perturbation", "volume+10"),
        variant("discretization", "FBS5"),
    )
    found = reliability_table(features, STABILITY).set_index(["column", "axis"])

    disturbed = found.loc[(STEADY, "perturbation")]
    assert (disturbed["n_raters"], disturbed["n_subjects"]) == (3, 9)
    assert disturbed["form"] == "ICC(1,1)"
    assert found.loc[(STEADY, "discretization"), "form"] == "ICC(A,1)"
    assert not found.loc[(NOISY, "perturbation"), "stable"]
    assert found.loc[(NOISY, "discretization"), "stable"]


def test_variants_are_neither_readers_nor_retests():
    without = reliability_table(study(BASELINE_A, BASELINE_B, RETEST_A), STABILITY)
    features = study(BASELINE_A, BASELINE_B, RETEST_A, variant("resampling", "2mm"))
    found = reliability_table(features, STABILITY)

    others = found[found["axis"] != "resampling"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, without)


def test_only_the_axes_of_the_filter_decide():
    noise = np.random.default_rng(5).normal(10, 2, 9)
    features = study(BASELINE_A, variant("resampling", "2mm", **{STEADY: noise}))
    name = f"CT.tumour.{STEADY}"

    assert name not in stable_names(features, SUBJECTS, **SETTINGS)
    spared = SETTINGS | {"filter_axes": ["reader", "perturbation"]}
    assert name in stable_names(features, SUBJECTS, **spared)


def test_a_feature_that_the_variants_do_not_have_is_not_judged_there():
    again = variant("discretization", "FBS5", **{STEADY: np.nan})
    found = reliability_table(study(BASELINE_A, again), STABILITY)

    assert set(found["column"]) == {NOISY, SESSION_NOISY}
    assert f"CT.tumour.{STEADY}" in stable_names(
        study(BASELINE_A, again), SUBJECTS, **SETTINGS
    )


BASELINE_C = rows(SUBJECTS[:20], "baseline", "C", seed=5)  # unlike the others


def test_only_the_chosen_readers_make_the_axis():
    features = study(BASELINE_A, BASELINE_B, BASELINE_C)
    chosen = reliability_table(features, settings(readers=["A", "B"]))
    every = reliability_table(features, STABILITY)

    assert chosen["n_raters"].unique().tolist() == [2]
    pd.testing.assert_frame_equal(
        chosen, reliability_table(study(BASELINE_A, BASELINE_B), STABILITY)
    )
    steady = every.set_index("column").loc[STEADY]
    assert steady["n_raters"] == 3
    assert not steady["stable"]


def test_the_consensus_is_no_reader_of_its_own_unless_it_is_chosen():
    consensus = BASELINE_C.assign(reader="consensus")
    features = study(BASELINE_A, BASELINE_B, consensus)

    found = reliability_table(features, STABILITY)
    assert found["n_raters"].unique().tolist() == [2]
    chosen = reliability_table(features, settings(readers=["A", "consensus"]))
    assert not chosen.set_index("column").loc[STEADY]["stable"]
