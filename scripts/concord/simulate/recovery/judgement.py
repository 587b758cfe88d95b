"""Does the evaluation find a site of another risk, and no value in noise?"""

from collections.abc import Iterator

import pandas as pd

from .readers import Claim

#: Noise in place of the image adds nothing if the p-value is at least so large.
LEVEL = 0.05


def calibration_claims(
    truth: pd.DataFrame, calibration: pd.DataFrame, arm: str
) -> Iterator[Claim]:
    """The site of the highest hazard, left out, has more events than predicted.

    Parameters
    ----------
    truth, calibration : DataFrame
        Of kinds "truth" and "calibration".
    arm : str
        Arm whose predictions are judged, at the first declared time.
    """
    hazards = truth.groupby("site")["site_log_hazard"].first()
    highest, others = str(hazards.idxmax()), hazards.drop(hazards.idxmax())
    rows = calibration[
        (calibration["arm"] == arm)
        & (calibration["scheme"] == "loso")
        & (calibration["stratum"] == f"group={highest}")
        & calibration["horizon_days"].notna()
    ]
    for endpoint, own in rows.groupby("endpoint"):
        row = own.sort_values("horizon_days").iloc[0]
        yield Claim(
            f"{endpoint}: site {highest}, left out, has more events than predicted",
            f"log hazard {hazards.max():g}, of other sites {others.min():g} to "
            f"{others.max():g}",
            f"{row['observed_expected']:.2f} ({row['oe_lower']:.2f} to "
            f"{row['oe_upper']:.2f}) times as many by {row['horizon_days']:g} days "
            f"({arm})",
            "the interval lies above 1",
            bool(row["oe_lower"] > 1),
        )


def added_value_claims(added: pd.DataFrame, arms: list[str]) -> Iterator[Claim]:
    """Arms that see noise in place of the image add nothing to the reference arm.

    Parameters
    ----------
    added : DataFrame
        Of kind "added_value".
    arms : list of str
        Arms that see noise.
    """
    rows = added[
        added["arm"].isin(arms)
        & (added["scheme"] == "cv")
        & (added["measure"] == "likelihood_ratio")
    ]
    for _, row in rows.sort_values(["endpoint", "arm"]).iterrows():
        yield Claim(
            f"{row['endpoint']}: noise in place of the image adds nothing to the arm "
            f"{row['reference_arm']}",
            "nothing",
            f"likelihood ratio {row['estimate']:.2f}, p = {row['p_value']:.2g}",
            f"p at least {LEVEL:g}",
            bool(row["p_value"] >= LEVEL),
        )
