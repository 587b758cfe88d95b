"""Held-out predictions of simple models, for tests of what is made from predictions.

A model is the sum of the columns, each with its covariance with the outcome in the
other folds: enough to learn noise as other models do, and quick.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

FOLDS = 5


def folds_of(event: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Fold of each subject, stratified by the outcome."""
    fold = np.empty(len(event), dtype=int)
    for member in (event == 1, event == 0):
        own = generator.permutation(np.flatnonzero(member))
        fold[own] = np.arange(len(own)) % FOLDS
    return fold


def scores(values: np.ndarray, event: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Score of each subject by the covariances in all folds but its own, SD about 1."""
    found = np.empty(len(event))
    for number in range(FOLDS):
        own = fold == number
        centred = event[~own] - event[~own].mean()
        score = values @ (values[~own].T @ centred)
        found[own] = score[own] / max(score[~own].std(), 1e-12)
    return found


def predictions(
    arms: dict[str, np.ndarray],
    event: np.ndarray,
    seed: int,
    repeats: int = 2,
    days: np.ndarray | None = None,
) -> pd.DataFrame:
    """Table of predictions of a cross-validation, of columns (n, p) by arm.

    An arm of shape (n,) is a score that is given and not learnt.
    """
    generator, tables = np.random.default_rng(seed), []
    names = [f"S{number:03d}" for number in range(len(event))]
    share = np.log(event.mean() / (1 - event.mean()))
    for repeat in range(1, repeats + 1):
        fold = folds_of(event, generator)
        for arm, values in arms.items():
            given = values.ndim == 1
            score = values if given else share + scores(values, event, fold)
            tables.append(
                pd.DataFrame(
                    {
                        "endpoint": "relapse",
                        "arm": arm,
                        "scheme": "cv",
                        "repeat": repeat,
                        "fold": (fold + 1).astype(str),
                        "subject_id": names,
                        "group": "A",
                        "cluster": names,
                        "event": event.astype(int),
                        "time_days": np.nan if days is None else days,
                        "score": score,
                        "probability": expit(score) if days is None else np.nan,
                        "risk_group": "low",
                        "reason": pd.NA,
                    }
                )
            )
    return pd.concat(tables, ignore_index=True)


def cohort(table: pd.DataFrame) -> pd.DataFrame:
    """A cohort of the subjects of a table of predictions."""
    subjects = table.drop_duplicates("subject_id")
    return pd.DataFrame(
        {
            "subject_id": subjects["subject_id"],
            "site": "A",
            "group": "A",
            "cluster": subjects["cluster"],
            "event.relapse": subjects["event"].astype(float),
        }
    ).reset_index(drop=True)
