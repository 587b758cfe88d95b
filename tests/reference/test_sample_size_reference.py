"""Sample sizes against published examples of the criteria of Riley et al."""

import pytest

from concord.statistics.sample_size import BinaryOutcome, SurvivalOutcome, required

from ..reference_rows import modelling

#: Rows that are compared: outcome, parameters and R2 of each example.
EXAMPLES = {
    "riley_binary": (BinaryOutcome(0.174), 24, 0.288),
    "riley_survival": (
        SurvivalOutcome(rate=0.065, mean_follow_up_days=2.07, at_days=2),
        30,
        0.051,
    ),
}
ROWS = frozenset(EXAMPLES)


@pytest.fixture(scope="module")
def published(shared_data):
    return modelling(shared_data)["value"]


def numbers(*given):
    return [found.n for found in required(*given)]


@pytest.mark.parametrize("row", EXAMPLES)
def test_a_study_needs_what_was_published(published, row):
    assert max(numbers(*EXAMPLES[row])) == published[row]


def test_every_criterion_of_a_binary_outcome_needs_what_was_published():
    assert numbers(*EXAMPLES["riley_binary"]) == [623, 662, 221]


@pytest.mark.parametrize(
    ("n_parameters", "published"), [(5, 323), (10, 514), (30, 1541), (1500, 77048)]
)
def test_an_auc_of_three_quarters_needs_what_was_simulated(n_parameters, published):
    """The published way draws a million subjects, here is the integral of them."""
    study = BinaryOutcome(0.3)

    found = max(numbers(study, n_parameters, study.r2_of(0.75)))

    assert found == pytest.approx(published, rel=0.006)
