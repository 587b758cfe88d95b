"""Two values side by side are of the same subjects, or carry their number."""

import numpy as np
import pytest

from concord.evaluation.calibration import Calibrations
from concord.evaluation.comparisons import comparison_pairs, comparisons
from concord.evaluation.performance import performance
from concord.models.settings.arm import Arm
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from .test_evaluation_performance import make_fits, make_predictions

ARMS = {
    "clinical": Arm(covariates=["age"]),
    "radiomics": Arm(features=["CT.*"], harmonizer="combat"),
    "raw": Arm(features=["CT.*"]),
    "site": Arm(group_indicator=True),
    "volume": Arm(features=["CT.tumour.original.morphology.volume_mesh"]),
}


@pytest.fixture
def unlike():
    """Radiomics lacks eight subjects, whom the clinical arm ranks backwards."""
    import pandas as pd

    radiomics, clinical = make_predictions("radiomics"), make_predictions("clinical")
    lost = radiomics["subject_id"].isin([f"P{number:02d}" for number in range(8)])
    radiomics.loc[lost, "score"] = np.nan
    clinical.loc[lost, "score"] *= -1
    return pd.concat([radiomics, clinical], ignore_index=True)


def judged(predictions, fits):
    """Values over all subjects, by arm."""
    kind = OUTCOME_KINDS["binary"]
    found = performance(predictions, fits, kind, 0.95, Calibrations())
    return found.query("stratum == 'all'").set_index("arm")


def test_a_comparison_carries_the_values_and_counts_of_the_subjects_of_both(unlike):
    kind = OUTCOME_KINDS["binary"]
    fits = make_fits(unlike)
    pairs = [("radiomics", "clinical")]
    row = comparisons(unlike, fits, kind, 0.95, pairs, Calibrations()).iloc[0]
    judged = performance(unlike, fits, kind, 0.95, Calibrations()).query(
        "stratum == 'all'"
    )
    own = judged.set_index("arm")
    known = unlike[unlike["score"].notna() & (unlike["arm"] == "radiomics")]
    common = unlike[unlike["subject_id"].isin(known["subject_id"])]
    on_common = performance(common, fits, kind, 0.95, Calibrations()).query(
        "stratum == 'all'"
    )
    expected = on_common.set_index("arm")["estimate"]

    assert row["n"] == own.loc["radiomics", "n"] == 32
    assert own.loc["clinical", "n"] == 40
    assert row["n_events"] == own.loc["radiomics", "n_events"]
    assert row["estimate_arm"] == pytest.approx(own.loc["radiomics", "estimate"])
    assert row["estimate_reference"] == pytest.approx(expected["clinical"])
    assert row["estimate_reference"] != pytest.approx(own.loc["clinical", "estimate"])
    difference = row["estimate_arm"] - row["estimate_reference"]
    assert row["estimate"] == pytest.approx(difference)


def test_arms_without_a_common_fold_have_no_value(unlike):
    unlike.loc[unlike["arm"] == "radiomics", "score"] = np.nan
    row = comparisons(
        unlike,
        make_fits(unlike),
        OUTCOME_KINDS["binary"],
        0.95,
        [("radiomics", "clinical")],
        Calibrations(),
    ).iloc[0]

    assert row["n"] == row["n_events"] == 0
    assert np.isnan([row["estimate_arm"], row["estimate_reference"]]).all()


def test_the_headline_is_compared_with_each_of_its_company():
    pairs = comparison_pairs(list(ARMS), "clinical", ARMS, "radiomics")

    assert pairs[-2:] == [("radiomics", "site"), ("radiomics", "volume")]
    assert ("radiomics", "raw") in pairs
    assert len(pairs) == len(set(pairs))
    assert ("radiomics", "site") not in comparison_pairs(list(ARMS), "clinical", ARMS)
