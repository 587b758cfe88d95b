"""concord.stability.reader_pairs: each two readers, by themselves."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.stability.reader_pairs import reader_pairs_table
from concord.statistics.icc import intraclass_correlation

from .test_stability_reliability import (
    BASELINE_A,
    BASELINE_B,
    BASELINE_C,
    NOISY,
    RETEST_A,
    STEADY,
    settings,
    study,
)


def pairs(*parts, threshold=0.75):
    table = reader_pairs_table(study(*parts), settings(threshold=threshold))
    return tables.check(table, "x", "reader_stability")


def test_each_two_readers_have_a_row_of_every_feature():
    found = pairs(BASELINE_C, BASELINE_A, BASELINE_B, RETEST_A)

    names = found[["reader", "reader_b"]].drop_duplicates().to_numpy().tolist()
    assert sorted(names) == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert len(found) == 3 * 3
    assert (found["n_subjects"] == 20).all()


def test_the_icc_of_a_pair_is_that_of_its_two_ratings():
    found = pairs(BASELINE_A, BASELINE_B, BASELINE_C)
    row = found.query("column == @STEADY and reader == 'B'").iloc[0]

    ratings = np.stack([BASELINE_B[STEADY], BASELINE_C[STEADY]], axis=1)[:, :, None]
    expected = intraclass_correlation(ratings, "ICC(A,1)")
    assert row["icc"] == pytest.approx(expected.estimate[0])
    assert row["icc_lower"] == pytest.approx(expected.lower[0])


def test_a_feature_can_be_stable_for_one_pair_alone():
    found = pairs(BASELINE_A, BASELINE_B, BASELINE_C).set_index(
        ["column", "reader", "reader_b"]
    )

    assert found.loc[(STEADY, "A", "B"), "stable"]
    assert not found.loc[(STEADY, "A", "C"), "stable"]
    assert not found.loc[(NOISY, "A", "B"), "stable"]
    assert not pairs(BASELINE_A, BASELINE_B, threshold=1.0)["stable"].any()


def test_the_consensus_is_compared_with_nobody():
    consensus = BASELINE_B.assign(reader="consensus")

    pd.testing.assert_frame_equal(
        pairs(BASELINE_A, BASELINE_B, consensus), pairs(BASELINE_A, BASELINE_B)
    )


def test_a_study_of_one_reader_has_no_pair():
    assert reader_pairs_table(study(BASELINE_A, RETEST_A), settings()).empty
