"""Members of the cohort without a judged score of an arm, each with the reason."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ..folds.completeness import NO_FEATURES, TOO_MANY_MISSING
from ..folds.endpoints.horizon import CENSORED_BEFORE
from ..folds.scheme import kind_of
from ..models.unscored import NO_ROW, REFUSED, TOO_FEW, USED
from .fold_values import of_arm

#: Stage at which a subject was left out, by the beginning of the reason.
_STAGES = {
    NO_ROW: "features",
    NO_FEATURES: "features",
    TOO_MANY_MISSING: "missing values",
    REFUSED: "harmonization",
    TOO_FEW: "harmonization",
    USED: "adaptation",
}
_FOLD = ["arm", "scheme", "repeat", "fold"]
#: Reason of a row whose score nobody can judge.
UNKNOWN = "the outcome is not known"
#: Reason of a row whose outcome at a horizon nobody knows.
CENSORED = "censored before the horizon"
#: Reason of a subject whom no fold holds out.
NEVER = "in no evaluation set"
#: Stage and reason where a study declares who is held out: the others are learnt from.
DECLARED, NOT_DECLARED = "declared split", "not in the declared evaluation set"


def arm_exclusions(
    predictions: pd.DataFrame, fits: pd.DataFrame, cohort: pd.DataFrame
) -> pd.DataFrame:
    """Members of the cohort whom an arm is not judged by, as kind "arm_exclusions".

    Parameters
    ----------
    predictions, fits : DataFrame
        Table kinds of these names, of one endpoint.
    cohort : DataFrame
        One row per subject with `subject_id`.

    Returns
    -------
    DataFrame
        One row per arm, scheme, subject and reason; `compared` tells whether the
        subject is judged in other folds of the scheme.
    """
    subjects = sorted(cohort["subject_id"])
    failed = fits[fits["status"] == "failed"][_FOLD].drop_duplicates()
    told = predictions.merge(failed.assign(failed=True), on=_FOLD, how="left")
    endpoint = str(predictions["endpoint"].iloc[0])
    told["censored"] = told["subject_id"].isin(_censored(cohort, endpoint))
    rows = [
        {"arm": arm, "scheme": scheme, **row}
        for arm, scheme in sorted(set(zip(told["arm"], told["scheme"], strict=True)))
        for row in _of_scheme(of_arm(told, arm, scheme), subjects, scheme)
    ]
    columns = ["arm", "scheme", "subject_id", "stage", "reason"]
    columns += ["n_folds", "n_planned", "compared"]
    return pd.DataFrame(rows, columns=columns).assign(endpoint=endpoint)


def _censored(cohort: pd.DataFrame, endpoint: str) -> list[str]:
    """Subjects whose follow-up ended before the horizon of an endpoint."""
    column = f"{CENSORED_BEFORE}{endpoint}"
    if column not in cohort:
        return []
    return list(cohort.loc[cohort[column] == 1, "subject_id"])


def _of_scheme(
    rows: pd.DataFrame, subjects: list[str], scheme: str
) -> Iterator[dict[str, Any]]:
    """Subjects left out of one arm and scheme, with stage and reason."""
    declared = kind_of(scheme).once
    stage, never_why = (DECLARED, NOT_DECLARED) if declared else ("folds", NEVER)
    planned = rows.groupby("subject_id").size().to_dict()
    lost = rows[rows["score"].isna() | rows["event"].isna()]
    n_lost = lost.groupby("subject_id").size().to_dict()
    for subject in subjects:
        if subject not in planned:
            never = {"stage": stage, "reason": never_why, "compared": False}
            yield {"subject_id": subject, "n_folds": 0, "n_planned": 0, **never}
    counts = Counter((row["subject_id"], *_why(row)) for row in lost.to_dict("records"))
    for (subject, stage, reason), n_folds in sorted(counts.items()):
        yield {
            "subject_id": subject,
            "stage": stage,
            "reason": reason,
            "n_folds": n_folds,
            "n_planned": planned[subject],
            "compared": n_lost[subject] < planned[subject],
        }


def _why(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Stage and reason of a prediction that is not judged."""
    if pd.isna(row["event"]):
        return "outcome", CENSORED if row["censored"] else UNKNOWN
    reason = str(row["reason"]) if pd.notna(row["reason"]) else "no reason is stated"
    if row["failed"] is True:
        return "fit", reason
    stages = [stage for start, stage in _STAGES.items() if reason.startswith(start)]
    return (*stages, "prediction")[0], reason
