"""Competing risks against R's cmprsk and survival."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.competing.effects import CauseSpecific, FineGray
from concord.evaluation.competing.outcomes import CompetingOutcomes
from concord.statistics.competing.cumulative_incidence import cumulative_incidence
from concord.statistics.competing.gray import gray_test

RELATIVE = 1e-6


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "reference" / "modelling"


@pytest.fixture(scope="module")
def reference(folder):
    return pd.read_csv(folder / "reference_values.csv").set_index("id")


@pytest.fixture(scope="module")
def transplants(folder):
    return pd.read_csv(folder / "data" / "sk_cgvhd.csv")


@pytest.mark.parametrize(
    ("cause", "time"), [(1, 0.5), (1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]
)
def test_cumulative_incidence_and_its_error_equal_cuminc(
    reference, transplants, cause, time
):
    expected = reference.loc[f"cif_1_{cause}_{time:g}"]
    found = cumulative_incidence(
        transplants["y_ftime"].to_numpy(), transplants["y_status"].to_numpy(), cause
    )
    estimate, error = found.at(np.array([time]))
    np.testing.assert_allclose(estimate, expected["value"], rtol=RELATIVE)
    np.testing.assert_allclose(error, expected["se"], rtol=RELATIVE)


@pytest.mark.parametrize("cause", [1, 2])
def test_groups_are_compared_as_by_cuminc(reference, folder, cause):
    table = pd.read_csv(folder / "data" / "sk_bmt.csv")
    expected = reference.loc[f"gray_bmt_cause{cause}"]
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
        return regression.estimates(["age", "pb"], columns.astype(float))

    return of


@pytest.mark.parametrize("cause", [1, 2])
def test_subdistribution_effects_and_robust_errors_equal_crr(reference, fitted, cause):
    for name, found in zip(("age", "pb"), fitted(FineGray, cause), strict=True):
        expected = reference.loc[f"finegray_cause_{cause}_{name}"]
        np.testing.assert_allclose(found.log_ratio, expected["value"], rtol=RELATIVE)
        np.testing.assert_allclose(found.standard_error, expected["se"], rtol=RELATIVE)


@pytest.mark.parametrize("row", ["cause_1_2", "cause_2_1", "cause_2_2"])
def test_cause_specific_effects_equal_coxph(reference, fitted, row):
    _, cause, place = row.split("_")
    expected = reference.loc[f"cshaz_{row}"]
    found = fitted(CauseSpecific, int(cause))[int(place) - 1]
    np.testing.assert_allclose(found.log_ratio, expected["value"], rtol=RELATIVE)
    np.testing.assert_allclose(found.standard_error, expected["se"], rtol=RELATIVE)
