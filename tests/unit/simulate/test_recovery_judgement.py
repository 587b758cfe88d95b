import pandas as pd
import pytest

from concord.simulate.recovery.judgement import added_value_claims, calibration_claims

TRUTH = pd.DataFrame(
    {"site": ["A", "A", "B", "C"], "site_log_hazard": [-1.2, -1.2, 0.0, 1.2]}
)


def calibration(lower, arm="clinical", stratum="group=C", days=(365.0, 730.0)):
    rows = pd.DataFrame(
        {
            "endpoint": "survival",
            "arm": arm,
            "scheme": "loso",
            "stratum": stratum,
            "horizon_days": list(days),
            "observed_expected": 3.0,
            "oe_lower": lower,
            "oe_upper": 5.0,
        }
    )
    return rows.iloc[::-1]


@pytest.mark.parametrize(("lower", "found"), [(1.9, True), (0.8, False)])
def test_the_site_of_the_highest_hazard_must_lie_above_one(lower, found):
    (claim,) = calibration_claims(TRUTH, calibration(lower), "clinical")
    assert claim.recovered is found
    assert "site C" in claim.claim
    assert "by 365 days" in claim.found
    assert claim.planted == "log hazard 1.2, of other sites -1.2 to 0"


def test_a_site_without_an_interval_is_not_found():
    (claim,) = calibration_claims(TRUTH, calibration(float("nan")), "clinical")
    assert claim.recovered is False


def test_other_arms_sites_and_binary_outcomes_are_no_claims():
    others = [
        calibration(2.0, arm="site"),
        calibration(2.0, stratum="group=A"),
        calibration(2.0, days=(float("nan"),)),
    ]
    assert not list(calibration_claims(TRUTH, pd.concat(others), "clinical"))


@pytest.mark.parametrize(("p_value", "found"), [(0.4, True), (0.01, False)])
def test_noise_must_add_nothing(p_value, found):
    rows = pd.DataFrame(
        {
            "endpoint": "recurrence",
            "arm": ["control", "radiomics", "control"],
            "reference_arm": "clinical",
            "scheme": "cv",
            "measure": ["likelihood_ratio", "likelihood_ratio", "idi"],
            "estimate": 1.0,
            "p_value": [p_value, 0.001, 0.5],
        }
    )
    (claim,) = added_value_claims(rows, ["control"])
    assert claim.recovered is found
    assert claim.found == f"likelihood ratio 1.00, p = {p_value:.2g}"
