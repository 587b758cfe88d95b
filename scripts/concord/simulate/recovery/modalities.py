"""Does the study score those who lack a modality, and say so?"""

from collections.abc import Iterator

import pandas as pd

from .readers import Claim

_MOST_SHOWN = 3


def claims(
    truth: pd.DataFrame,
    predictions: pd.DataFrame,
    fusion: pd.DataFrame,
    fused_arms: list[str],
) -> Iterator[Claim]:
    """Subjects without PET are scored by the other member of a fused arm, and flagged.

    Parameters
    ----------
    truth, predictions, fusion : DataFrame
        Of kinds "truth", "predictions" and "fusion".
    fused_arms : list of str
    """
    planted = set(
        truth.loc[truth["without_pet"].fillna(False).astype(bool), "subject_id"]
    )
    if not planted:
        return
    for (endpoint, arm), rows in predictions.groupby(["endpoint", "arm"]):
        if arm in fused_arms:
            counted = fusion[(fusion["endpoint"] == endpoint) & (fusion["arm"] == arm)]
            told = counted.loc[counted["scheme"] == "cv", "n_without"].max()
            yield _claim(f"{endpoint}: {arm}", planted, rows, told)


def _claim(name: str, planted: set[str], rows: pd.DataFrame, told: float) -> Claim:
    """Claim on one fused arm."""
    rows = rows[rows["scheme"] == "cv"]
    flagged = rows["members_missing"].notna() & (rows["members_missing"] != "")
    always = set(rows["subject_id"]) - set(rows.loc[~flagged, "subject_id"])
    ever = set(rows.loc[flagged, "subject_id"])
    n_lost = rows.loc[rows["score"].isna(), "subject_id"].nunique()
    wrong = sorted(ever ^ planted)
    listed = (
        f", wrongly or not at all {', '.join(wrong[:_MOST_SHOWN])}" if wrong else ""
    )
    return Claim(
        f"{name} scores those without PET by CT, and says so",
        f"{len(planted)} subjects without PET",
        f"{len(ever)} flagged{listed}; {told:.0f} in the table of fusion; {n_lost} "
        "without a score",
        "the same subjects in every fold, nobody without a score",
        always == ever == planted and n_lost == 0 and bool(told == len(planted)),
    )
