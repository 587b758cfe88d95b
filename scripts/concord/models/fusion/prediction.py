"""Predictions of a fused arm from the members that a subject has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from ...folds.splitting import SubjectRows
from ...statistics.outcome_kinds import OUTCOME_KINDS
from ...statistics.risk_groups import named
from ..estimators.penalized import probability
from ..fitted_model import Estimates, FusedEstimates
from ..unscored import USED
from .combination import Combination, in_sd

#: Columns of predictions that only a fused arm has.
N_MEMBERS, MISSING = "n_members", "members_missing"


class Scorer(Protocol):
    """Interface of the predictor of a member."""

    @property
    def estimates(self) -> Estimates: ...

    def predictors(self, rows: SubjectRows) -> pd.DataFrame: ...

    def scored(self, rows: SubjectRows, seed: int) -> pd.DataFrame: ...

    def of_reader(self, reader: str) -> "Scorer": ...

    def predict(self, predictors: pd.DataFrame, seed: int) -> pd.DataFrame: ...


@dataclass(frozen=True)
class FusedPredictor:
    """Fitted members and their weights; used as the predictor of any other arm.

    A subject is scored from the members that can score it; columns `n_members` and
    `members_missing` tell how many they are and which are missing. Without any,
    `reason` holds the reasons of all. Whoever a member spent on adaptation is not
    scored.
    """

    estimates: Estimates
    fusion: FusedEstimates
    members: Mapping[str, Scorer]

    def predictors(self, rows: SubjectRows) -> pd.DataFrame:
        """Predictors of all members, each column once."""
        tables = [member.predictors(rows) for member in self.members.values()]
        table = pd.concat(tables, axis=1)
        return table.loc[:, ~table.columns.duplicated()]

    def scored(self, rows: SubjectRows, seed: int) -> pd.DataFrame:
        """As `predict`, by subject, or why none of the rows has a score."""
        return self._together(
            {name: one.scored(rows, seed) for name, one in self.members.items()}
        )

    def of_reader(self, reader: str) -> "FusedPredictor":
        """The same model for features of another reader's segmentations."""
        changed = self.estimates.model_copy(update={"reader": reader})
        members = {name: one.of_reader(reader) for name, one in self.members.items()}
        return FusedPredictor(changed, self.fusion, members)

    def predict(self, predictors: pd.DataFrame, seed: int) -> pd.DataFrame:
        """Score, probability, risk group, or the reason why there is none.

        Parameters and result as of `models.prediction.Predictor.predict`, with the
        columns `n_members` and `members_missing`; predictors count of those members
        that gave a score.
        """
        return self._together(
            {
                name: one.predict(predictors[one.estimates.columns], seed)
                for name, one in self.members.items()
            }
        )

    def _together(self, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """One table of the predictions of all members."""
        parts = [tables[name] for name in self.fusion.members]
        reasons = pd.concat([part["reason"] for part in parts], axis=1).to_numpy()
        spent = np.array([_begins_with(row, USED) for row in reasons], dtype=bool)
        score = np.where(spent, np.nan, fused_scores(self.fusion, parts))
        if self.estimates.recalibration is not None:
            score = self.estimates.recalibration.of(score)
        table = pd.DataFrame({"score": score}, index=parts[0].index)
        scored = np.isfinite(score)
        groups = np.full(len(score), None, dtype=object)
        groups[scored] = named(score[scored], self.estimates.cuts)
        table["probability"] = _probabilities(self.estimates, score)
        table["risk_group"] = groups
        table["reason"] = _reasons(reasons, scored)
        return table.assign(**_counts(self.fusion, parts, scored))


def fused_scores(fusion: FusedEstimates, parts: Sequence[pd.DataFrame]) -> np.ndarray:
    """Combined score (n,) of members' predictions, in the order of the members."""
    members = list(fusion.members.values())
    standardized = [
        in_sd(part["score"].to_numpy(dtype=float), one.mean, one.sd)
        for part, one in zip(parts, members, strict=True)
    ]
    weights = np.array([one.weight for one in members])
    combination = Combination(fusion.rule, fusion.intercept, weights)
    return combination.scores(np.column_stack(standardized))


def _probabilities(estimates: Estimates, score: np.ndarray) -> np.ndarray:
    if OUTCOME_KINDS[estimates.kind].has_times:
        return np.full(len(score), np.nan)
    return probability(score)


def _reasons(given: np.ndarray, scored: np.ndarray) -> np.ndarray:
    """Why a subject has no score: each reason of a member once, or None."""
    found = np.full(len(given), None, dtype=object)
    for row in np.flatnonzero(~scored):
        told = [text for text in given[row] if isinstance(text, str)]
        # What explains the others comes first: readers look at the beginning.
        ordered = sorted(dict.fromkeys(told), key=lambda text: USED not in text)
        found[row] = "; ".join(ordered)
    return found


def _begins_with(reasons: np.ndarray, start: str) -> bool:
    return any(isinstance(one, str) and one.startswith(start) for one in reasons)


def _counts(
    fusion: FusedEstimates, parts: Sequence[pd.DataFrame], scored: np.ndarray
) -> dict[str, np.ndarray | pd.Series]:
    """Members that gave a score, those that did not, and the predictors of the former.

    Predictors of whoever has no score are those of all members.
    """
    present = np.column_stack([part["score"].notna() for part in parts])
    counted = present | ~scored[:, None]
    sums = {}
    for name in ("n_predictors", "n_missing"):
        each = [
            part[name].astype("Int64").to_numpy(float, na_value=0) for part in parts
        ]
        sums[name] = (np.column_stack(each) * counted).sum(axis=1).astype(int)
    names = np.array(list(fusion.members), dtype=object)
    lacking = [", ".join(names[~row]) or None for row in present]
    return {
        **sums,
        N_MEMBERS: present.sum(axis=1),
        MISSING: np.array(lacking, dtype=object),
    }
