"""Risk groups: cuts at quantiles of development, and names in the order of risk."""

import numpy as np
import pytest

from concord.evaluation.settings import EvaluationSection
from concord.statistics import risk_groups

ARMS = {"headline_arm": "a", "reference_arm": "b"}


def test_the_median_is_one_cut_and_a_score_at_it_is_low():
    scores = np.array([3.0, 1.0, 2.0, np.nan])
    cuts = risk_groups.cuts_of(scores, risk_groups.quantiles_of("median"))

    assert cuts.tolist() == [2.0]
    assert risk_groups.named(scores[:3], cuts).tolist() == ["high", "low", "low"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("median", ["low", "high"]),
        ("tertiles", ["low", "middle", "high"]),
        ([0.2, 0.5, 0.8], ["low", "group 2", "group 3", "high"]),
    ],
)
def test_groups_hold_the_shares_of_development_that_were_asked_for(given, names):
    scores = np.random.default_rng(1).normal(size=600)
    quantiles = risk_groups.quantiles_of(given)
    found = risk_groups.named(scores, risk_groups.cuts_of(scores, quantiles))

    counts = [int((found == name).sum()) for name in names]
    expected = np.diff([0, *quantiles, 1]) * 600
    assert counts == pytest.approx(expected, abs=1)
    assert risk_groups.ordered([*found, "all the rest"])[: len(names)] == names


def test_groups_are_told_in_words():
    assert risk_groups.described("median") == "the median score"
    assert risk_groups.described("tertiles") == "the tertiles of the scores"
    given = risk_groups.described([0.16, 0.5])
    assert given == "the 16, 50 % quantiles of the scores"
    labels = [risk_groups.label(name) for name in ("low", "group 3")]
    assert labels == ["Low risk", "Group 3"]


@pytest.mark.parametrize(
    "given", [[0.5, 0.2], [0.5, 0.5], [0.0, 0.5], [], "quartiles", [0.1] * 5]
)
def test_cuts_that_do_not_ascend_between_0_and_1_are_refused(given):
    with pytest.raises(ValueError, match="risk_groups"):
        EvaluationSection(**ARMS, risk_groups=given)


def test_cuts_that_ascend_are_accepted():
    section = EvaluationSection(**ARMS, risk_groups=[0.25, 0.75])
    assert risk_groups.quantiles_of(section.risk_groups) == [0.25, 0.75]
