"""Interaction of treatment and marker against R's survival package."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.treatment.interaction import treatment_interaction
from concord.evaluation.treatment.markers import KIND_COVARIATE, Marker


@pytest.fixture(scope="module")
def reference(shared_data):
    path = shared_data / "reference" / "modelling" / "reference_values.csv"
    return pd.read_csv(path).set_index("id")


@pytest.fixture(scope="module")
def found(shared_data):
    """Tables of the veterans' trial: the test drug by the Karnofsky score."""
    folder = shared_data / "reference" / "modelling" / "data"
    patients = pd.read_csv(folder / "sk_veterans_lung_cancer.csv")
    subjects = [f"V{number:03d}" for number in range(len(patients))]
    cohort = pd.DataFrame(
        {
            "subject_id": subjects,
            "cluster": subjects,
            "group": "one",
            "event.death": patients["y_Status"].astype(float),
            "time_days.death": patients["y_Survival_in_days"],
            "treatment.death": (patients["Treatment"] == "test").astype(float),
        }
    )
    values = pd.DataFrame(
        {"Karnofsky_score": patients["Karnofsky_score"].to_numpy()}, subjects
    )
    marker = Marker("Karnofsky_score", KIND_COVARIATE, values)
    none = pd.DataFrame(index=subjects)
    tables = treatment_interaction(cohort, "death", [marker], none, "measured", 0.95)
    return {kind: pd.DataFrame(rows) for kind, rows in tables.items()}


def test_the_likelihood_ratio_test_equals_rs(found, reference):
    row, expected = found["interaction"].iloc[0], reference.loc["interaction_lrt"]

    assert row["df"] == 1
    assert row["chi_squared"] == pytest.approx(expected["value"], rel=1e-6)
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-6)


@pytest.mark.parametrize(
    ("among", "name"),
    [
        ("control", "interaction_Karnofsky_score"),
        ("treated / control", "interaction_trt:Karnofsky_score"),
    ],
)
def test_log_hazard_ratios_of_the_marker_equal_rs(found, reference, among, name):
    step = found["interaction"].loc[0, "step"]
    row = found["marker_effects"].set_index("among").loc[among]
    expected = reference.loc[name]

    assert row["log_ratio"] / step == pytest.approx(expected["value"], rel=1e-6)
    assert row["standard_error"] / step == pytest.approx(expected["se"], rel=1e-6)


def test_the_effect_of_the_treatment_goes_through_rs_at_zero(found, reference):
    line = found["treatment_effect"].query("model == 'line'")
    slope, at_zero = np.polyfit(line["value"], line["log_ratio"], 1)

    expected = reference.loc["interaction_trt", "value"]
    assert at_zero == pytest.approx(expected, rel=1e-6)
    assert slope == pytest.approx(
        reference.loc["interaction_trt:Karnofsky_score", "value"], rel=1e-6
    )
