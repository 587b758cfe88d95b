"""Sample sizes against published examples of the criteria of Riley et al."""

import pandas as pd
import pytest

from concord.statistics.sample_size import BinaryOutcome, SurvivalOutcome, required


@pytest.fixture(scope="module")
def published(shared_data):
    path = shared_data / "reference" / "modelling" / "reference_values.csv"
    return pd.read_csv(path).set_index("id")["value"]


def numbers(*given):
    return [found.n for found in required(*given)]


def test_a_binary_outcome_needs_what_was_published(published):
    found = numbers(BinaryOutcome(0.174), 24, 0.288)

    assert found == [623, 662, 221]
    assert max(found) == published["riley_binary"]


def test_a_time_to_an_event_needs_what_was_published(published):
    study = SurvivalOutcome(rate=0.065, mean_follow_up_days=2.07, at_days=2)

    assert max(numbers(study, 30, 0.051)) == published["riley_survival"]


@pytest.mark.parametrize(
    ("n_parameters", "published"), [(5, 323), (10, 514), (30, 1541), (1500, 77048)]
)
def test_an_auc_of_three_quarters_needs_what_was_simulated(n_parameters, published):
    """The published way draws a million subjects, here is the integral of them."""
    study = BinaryOutcome(0.3)

    found = max(numbers(study, n_parameters, study.r2_of(0.75)))

    assert found == pytest.approx(published, rel=0.006)
