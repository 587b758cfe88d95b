"""External subjects whose scores are judged: the applicable ones, and all with a score.

A score with a red flag is not applicable and not judged as one. The same numbers of all
subjects with a score stand beside, so that leaving flagged subjects out cannot flatter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

APPLICABLE, SCORED = "applicable", "all scored"
_SCORED_STATUS = "scored"
_KEYS = ["endpoint", "arm"]


@dataclass(frozen=True)
class Judgeable:
    """Predictions (kind "predictions") and risks of one arm in one population."""

    name: str
    predictions: pd.DataFrame
    risks: pd.DataFrame

    @property
    def rows(self) -> pd.DataFrame:
        """Predictions with a score and a known outcome."""
        table = self.predictions
        return table[table["score"].notna() & table["event"].notna()]


def populations(
    predictions: pd.DataFrame, risks: pd.DataFrame, scores: pd.DataFrame
) -> Iterator[Judgeable]:
    """Both populations of one arm.

    Parameters
    ----------
    predictions, risks : DataFrame
        Kinds "predictions" and "risks" of one arm: applicable scores, others empty.
    scores : DataFrame
        Kind "patient_scores" of this arm and endpoint, all scores that there are.
    """
    yield Judgeable(APPLICABLE, predictions, risks)
    known = scores[scores["score"].notna()]
    first = known.drop_duplicates("subject_id").set_index("subject_id")
    filled = predictions.copy()
    for name in ("score", "probability"):
        values = filled["subject_id"].map(first[name]).astype(float)
        filled[name] = filled[name].where(filled[name].notna(), values)
    yield Judgeable(SCORED, filled, _risks(filled, risks, known))


def counts(predictions: pd.DataFrame, scores: pd.DataFrame) -> dict[str, int]:
    """Subjects of one arm by what became of them, with those whose outcome is known."""
    subjects = scores.drop_duplicates("subject_id")
    known = subjects["score"].notna()
    applicable = subjects["status"] == _SCORED_STATUS
    judged = predictions[predictions["score"].notna() & predictions["event"].notna()]
    return {
        "n_subjects": len(subjects),
        "n_scored": int(known.sum()),
        "n_applicable": int((known & applicable).sum()),
        "n_flagged": int((known & ~applicable).sum()),
        "n_judged": len(judged),
        "n_events": int(judged["event"].sum()),
    }


def of_arm(table: pd.DataFrame, endpoint: str, arm: str) -> pd.DataFrame:
    """Rows of one endpoint and arm."""
    return table[(table["endpoint"] == endpoint) & (table["arm"] == arm)]


def _risks(
    predictions: pd.DataFrame, risks: pd.DataFrame, scores: pd.DataFrame
) -> pd.DataFrame:
    """Risks of applicable subjects as they are, and of the others from their scores."""
    wanted = set(risks["horizon_days"].dropna())
    rows = scores[scores["horizon_days"].isin(wanted) & scores["risk"].notna()]
    have = set(risks.loc[risks["risk"].notna(), "subject_id"])
    rows = rows[~rows["subject_id"].isin(have)]
    folds = [*_KEYS, "scheme", "repeat", "fold", "subject_id"]
    new = predictions[folds].merge(
        rows[["subject_id", "horizon_days", "risk"]], on="subject_id"
    )
    if new.empty:
        return risks
    kept = risks[~risks["subject_id"].isin(set(new["subject_id"]))]
    return pd.concat([kept, new], ignore_index=True)[list(risks.columns)]
