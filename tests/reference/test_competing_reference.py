"""Competing risks against R's cmprsk and survival."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.competing.effects import CauseSpecific, FineGray
from concord.evaluation.competing.outcomes import CompetingOutcomes
from concord.statistics.competing.cumulative_incidence import cumulative_incidence
from concord.statistics.competing.gray import gray_test

from ..reference_rows import modelling

RELATIVE = 1e-6
#: Rows that are compared: causes and times, and causes and columns of a model.
INCIDENCE = {
    f"cif_1_{cause}_{time:g}": (cause, time)
    for cause, time in [(1, 0.5), (1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]
}
GRAY = {f"gray_bmt_cause{cause}": cause for cause in (1, 2)}
COLUMNS = ("age", "pb")
FINE_GRAY = {
    f"finegray_cause_{cause}_{name}": (cause, place)
    for cause in (1, 2)
    for place, name in enumerate(COLUMNS)
}
CAUSE_SPECIFIC = {
    f"cshaz_cause_{cause}_{place + 1}": (cause, place)
    for cause, place in [(1, 1), (2, 0), (2, 1)]
}
ROWS = frozenset([*INCIDENCE, *GRAY, *FINE_GRAY, *CAUSE_SPECIFIC])


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "reference" / "modelling"


@pytest.fixture(scope="module")
def reference(shared_data):
    return modelling(shared_data)


@pytest.fixture(scope="module")
def transplants(folder):
    return pd.read_csv(folder / "data" / "sk_cgvhd.csv")


@pytest.mark.parametrize("row", INCIDENCE)
def test_cumulative_incidence_and_its_error_equal_cuminc(reference, transplants, row):
    expected, (cause, time) = reference.loc[row], INCIDENCE[row]
    found = cumulative_incidence(
        transplants["y_ftime"].to_numpy(), transplants["y_status"].to_numpy(), cause
    )
    estimate, error = found.at(np.array([time]))
    np.testing.assert_allclose(estimate, expected["value"], rtol=RELATIVE)
    np.testing.assert_allclose(error, expected["se"], rtol=RELATIVE)


@pytest.mark.parametrize("row", GRAY)
def test_groups_are_compared_as_by_cuminc(reference, folder, row):
    table = pd.read_csv(folder / "data" / "sk_bmt.csv")
    expected, cause = reference.loc[row], GRAY[row]
    columns = table["y_ftime"], table["y_status"], table["dis"]
    time, code, group = (column.to_numpy() for column in columns)
    found = gray_test(time, code, cause, group)
    np.testing.assert_allclose(found.chi_squared, expected["value"], rtol=RELATIVE)
    np.testing.assert_allclose(found.p_value, expected["p"], rtol=RELATIVE)
    assert found.df == 1


@pytest.fixture(scope="module")
def fitted(transplants):
    """Effects of age and peripheral blood as the source, in one model, by cause."""
    outcomes = CompetingOutcomes(
        transplants.index,
        transplants["y_ftime"].to_numpy(),
        transplants["y_status"].to_numpy(),
    )
    columns = np.column_stack([transplants["age"], transplants["tx"] == "PB"])

    def of(model, cause):
        regression = model(outcomes, cause)
        return regression.estimates(list(COLUMNS), columns.astype(float))

    return of


@pytest.mark.parametrize("row", FINE_GRAY)
def test_subdistribution_effects_and_robust_errors_equal_crr(reference, fitted, row):
    cause, place = FINE_GRAY[row]
    expected, found = reference.loc[row], fitted(FineGray, cause)[place]
    np.testing.assert_allclose(found.log_ratio, expected["value"], rtol=RELATIVE)
    np.testing.assert_allclose(found.standard_error, expected["se"], rtol=RELATIVE)


@pytest.mark.parametrize("row", CAUSE_SPECIFIC)
def test_cause_specific_effects_equal_coxph(reference, fitted, row):
    cause, place = CAUSE_SPECIFIC[row]
    expected, found = reference.loc[row], fitted(CauseSpecific, cause)[place]
    np.testing.assert_allclose(found.log_ratio, expected["value"], rtol=RELATIVE)
    np.testing.assert_allclose(found.standard_error, expected["se"], rtol=RELATIVE)
