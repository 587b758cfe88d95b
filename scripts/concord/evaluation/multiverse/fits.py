"""Values of many analyses in the same folds, observed and under permuted outcomes."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...errors import StudyError
from ...folds.scheme import Scheme, kind_of
from ...folds.splitting import Split, SubjectRows, splits
from ...models.null.permuted_folds import Remake
from ...models.null.permuted_values import (
    PreparedFold,
    Refitted,
    values_and_errors,
)
from ...models.settings.specification import ModelSpecification
from ...statistics.discrimination import PairCounts
from ..calibration import Calibration
from ..fold_values import FoldValues, Key
from .fold_data import FoldData, PreparedAnalysis
from .permuted_outcomes import PermutedOutcomes

_LOG = logging.getLogger(__name__)


class ScoredFold(NamedTuple):
    """Scores of the evaluation subjects of a fold whose outcome is known."""

    places: np.ndarray  # numbers of the subjects
    target: np.ndarray
    scores: np.ndarray


@dataclass
class JudgedAnalysis:
    """One analysis in all folds: its scores, and its values under permutations."""

    model: ModelSpecification
    folds: dict[Key, ScoredFold | None] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    null: list[pd.DataFrame] = field(default_factory=list)
    _prepared: list[tuple[PreparedFold, Refitted, Refitted | None]] = field(
        default_factory=list
    )

    def judge(
        self, data: FoldData, split: Split, known: PermutedOutcomes, permuted: bool
    ) -> None:
        """Fit to a fold, and to its permuted outcomes, or note why it cannot be."""
        name = split.name
        key = int(name.repeat), str(name.fold)
        self.folds[key] = None
        try:
            found = data.prepared(self.model)
            scores, _ = found.refit.scores_and_cuts(found.target)
        except StudyError as error:
            self.reasons.append(str(error))
            return
        outcomes = split.evaluation.outcomes(self.model.endpoint)
        outcomes = outcomes.loc[found.refit.evaluation]
        judged = outcomes["event"].notna().to_numpy()
        target = self.model.outcome.target(outcomes[judged])
        places = known.places(outcomes.index[judged])
        self.folds[key] = ScoredFold(places, target, scores[judged])
        if permuted:
            self.permute(found, known, slice(None))

    def permute(
        self, found: PreparedAnalysis, known: PermutedOutcomes, which: slice
    ) -> None:
        """Fit the prepared fold to some of the permuted outcomes."""
        evaluation = known.places(found.refit.evaluation)
        fold = PreparedFold(known.places(found.development), evaluation, found.refit)
        judged = evaluation >= 0
        kept = fold._replace(evaluation=evaluation[judged])
        within = _of_judged(Refitted.of(fold, known.within[which]), judged)
        freely = None
        if self.model.may_see_group:
            freely = _of_judged(Refitted.of(fold, known.freely[which]), judged)
        self._prepared.append((kept, within, freely))

    def finish_permutations(self, known: PermutedOutcomes, which: slice) -> None:
        """Mean over the folds that were permuted, and its error; forgets the folds."""
        if not self._prepared:
            return
        folds = [one for one, _, _ in self._prepared]
        within = [one for _, one, _ in self._prepared]
        freely = [one for _, _, one in self._prepared if one is not None]
        arguments = known.clusters, self.model.outcome
        y = known.within[which], known.freely[which]
        estimate, error = values_and_errors(folds, within, y[0], *arguments)
        table = pd.DataFrame({"estimate": estimate, "standard_error": error})
        table[["free_estimate", "free_standard_error"]] = np.nan
        if freely:
            found = values_and_errors(folds, freely, y[1], *arguments)
            table["free_estimate"], table["free_standard_error"] = found
        self.null.append(table)
        self._prepared.clear()

    @property
    def permuted(self) -> pd.DataFrame:
        """Value and error under each permutation that has one, as kind "null"."""
        columns = ["estimate", "standard_error", "free_estimate", "free_standard_error"]
        if not self.null:
            return pd.DataFrame(columns=columns, dtype=float)
        return pd.concat(self.null, ignore_index=True)

    @property
    def calibration(self) -> Calibration:
        """Widening of standard errors by the permutations."""
        return Calibration.of(self.permuted)

    def values(self, known: PermutedOutcomes) -> FoldValues:
        """Value of each fold, and what clusters of subjects move it."""
        return self.values_of(self.folds, known)

    def values_of(
        self, folds: dict[Key, ScoredFold | None], known: PermutedOutcomes
    ) -> FoldValues:
        """The same of some folds, or of some subjects of each."""
        empty = np.zeros(0, dtype=int)
        rows = {key: fold.places if fold else empty for key, fold in folds.items()}
        every = np.concatenate([*rows.values(), empty])
        clusters, events = known.clusters, known.events.to_numpy()
        names = np.unique(clusters[every])
        has_event = np.isin(names, clusters[every][events[every] == 1])
        members = [np.searchsorted(names, clusters[one]) for one in rows.values()]
        pairs = {
            key: self._pairs(fold) if fold else PairCounts(np.zeros(0), np.zeros(0))
            for key, fold in folds.items()
        }
        n_subjects = len(np.unique(every))
        return FoldValues.of_pairs(pairs, members, has_event, n_subjects)

    def _pairs(self, fold: ScoredFold) -> PairCounts:
        return self.model.outcome.pairs_of_targets(fold.target, fold.scores)


def judged_analyses(
    rows: SubjectRows,
    folds: pd.DataFrame,
    models: Sequence[ModelSpecification],
    scheme: str,
    known: PermutedOutcomes,
    remake: Remake | None = None,
) -> list[JudgedAnalysis]:
    """Fit many analyses of one endpoint in the folds of a scheme, fold by fold.

    What analyses have in common (rows, repeated measurements, steps that do not see
    the outcome) is made once in each fold. Selection and model are fitted anew to each
    permutation in the folds of the first repeat.

    Parameters
    ----------
    rows, folds
        The study and its folds.
    models : sequence of ModelSpecification
        The analyses.
    scheme : str
        Name of the kind of scheme, such as "cv".
    known : PermutedOutcomes
        Permutations, the same for all analyses.
    remake : callable, optional
        Folds for permuted events, where folds depend on the outcome; then all steps
        are fitted anew for each permutation.
    """
    found = [JudgedAnalysis(model) for model in models]
    remade = remake is not None and kind_of(scheme).repeated
    for split in _splits(rows, folds, scheme):
        data, permuted = FoldData(split), split.name.repeat == 1 and not remade
        for one in found:
            one.judge(data, split, known, permuted)
    for one in found:
        one.finish_permutations(known, slice(None))
    if remake is not None and remade:
        for number in range(len(known.within)):
            made = remake(known.permuted_events(number))
            _permute_in(rows, made, scheme, found, known, number)
    return found


def _permute_in(
    rows: SubjectRows,
    folds: pd.DataFrame,
    scheme: str,
    found: Sequence[JudgedAnalysis],
    known: PermutedOutcomes,
    number: int,
) -> None:
    """Values of one permutation in folds that were made for it."""
    which = slice(number, number + 1)
    for split in _splits(rows, folds, scheme):
        data = FoldData(split)
        for one in found:
            try:
                one.permute(data.prepared(one.model), known, which)
            except StudyError as error:
                _LOG.warning("%s: %s", split.name.stem, error)
    for one in found:
        one.finish_permutations(known, which)


def _splits(rows: SubjectRows, folds: pd.DataFrame, scheme: str) -> Iterator[Split]:
    """Folds of all repeats of a scheme, in order."""
    kind = kind_of(scheme)
    mine = folds[folds["scheme"] == kind.name]
    for repeat in sorted(set(mine["repeat"])):
        yield from splits(rows, folds, str(Scheme(kind, int(repeat))))


def _of_judged(found: Refitted, judged: np.ndarray) -> Refitted:
    """Scores of those whose outcome is known."""
    return Refitted(found.scores[:, judged], found.group[:, judged])
