"""External subjects whose scores are judged: the applicable ones, and all with a score.

A score with a red flag is not applicable and not judged as one. The same numbers of all
subjects with a score stand beside, so that leaving flagged subjects out cannot flatter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ...frozen.applying import flags
from ..given import joining

APPLICABLE, SCORED = "applicable", "all scored"


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
    predictions: pd.DataFrame,
    risks: pd.DataFrame,
    scores: pd.DataFrame,
    cohort: pd.DataFrame,
) -> Iterator[Judgeable]:
    """Both populations of one arm.

    Parameters
    ----------
    predictions, risks : DataFrame
        Kinds "predictions" and "risks" of one arm: applicable scores, others empty.
    scores : DataFrame
        Kind "patient_scores" of this arm and endpoint, all scores that there are.
    cohort : DataFrame
        Cohort with outcomes.
    """
    yield Judgeable(APPLICABLE, predictions, risks)
    status = scores["status"].mask(scores["score"].notna(), flags.SCORED)
    every = scores.assign(status=status)
    endpoint = str(predictions["endpoint"].iloc[0])
    days = sorted(set(risks["horizon_days"].dropna()))
    yield Judgeable(
        SCORED,
        joining.predictions_of(every, cohort, endpoint),
        joining.risks_of(every, endpoint, days) if days else risks,
    )


def counts(predictions: pd.DataFrame, scores: pd.DataFrame) -> dict[str, int]:
    """Subjects of one arm by what became of them, with those whose outcome is known."""
    subjects = scores.drop_duplicates("subject_id")
    known = subjects["score"].notna()
    applicable = subjects["status"] == flags.SCORED
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
