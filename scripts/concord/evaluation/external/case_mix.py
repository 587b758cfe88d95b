"""Model-based concordance of development and external subjects, as pairs of rows."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import special

from ...frozen.document import FrozenModel
from ...statistics.discrimination import PairCounts
from ...statistics.external.bounds import Bounded
from ...statistics.external.development_scores import from_percentiles
from ...statistics.external.model_based_concordance import (
    FollowUp,
    expected_pairs,
    hazard_pairs,
)
from ...statistics.survival.censoring import Censoring

NO_PROBABILITY = "the model gives no probability"
NO_DEVELOPMENT = "the model's document does not tell the scores of development"
_OF_ODDS = "model-based concordance of probabilities"
_OF_HAZARDS = "concordance of Gönen and Heller"
_OF_FOLLOW_UP = (
    "model-based concordance of the pairs that the C-index can compare, by the model's "
    "baseline hazard and the follow-up here"
)


@dataclass(frozen=True)
class CaseMix:
    """Concordance that the spread of the scores of one model allows.

    Attributes
    ----------
    document : FrozenModel
    has_times : bool
    follow_up : FollowUp or None
        Of the external subjects; None if the model has no single baseline hazard.
    """

    document: FrozenModel
    has_times: bool
    follow_up: FollowUp | None

    @classmethod
    def of(
        cls, document: FrozenModel, rows: pd.DataFrame, has_times: bool
    ) -> "CaseMix":
        """Of judged predictions, which tell how long subjects were followed."""
        found = _follow_up(document, rows) if has_times and len(rows) else None
        return cls(document, has_times, found)

    def pairs(self, rows: pd.DataFrame) -> PairCounts:
        """Expected pairs of external rows; those of one stratum, if there are some."""
        if "stratum" not in rows:
            return self._pairs(rows)
        wins, pairs = np.zeros(len(rows)), np.zeros(len(rows))
        groups = rows.groupby("stratum", dropna=False).indices
        for places in groups.values():
            found = self._pairs(rows.iloc[places])
            wins[places], pairs[places] = found.wins, found.pairs
        return PairCounts(wins, pairs)

    def why_undefined(self, rows: pd.DataFrame) -> str | None:
        """Reason why rows have no expected pairs, or None."""
        lacks = not self.has_times and rows["probability"].isna().any()
        return NO_PROBABILITY if lacks else None

    @property
    def method(self) -> str:
        """Words for the kind of model-based concordance."""
        if not self.has_times:
            return _OF_ODDS
        return _OF_HAZARDS if self.follow_up is None else _OF_FOLLOW_UP

    def development(self, z: float) -> Bounded:
        """The same of the development subjects, from the percentiles of their scores.

        The value itself is the document's, unless it depends on the follow-up. The
        error is that of drawing as many subjects.
        """
        scores, told = self.sample, self.document.scores.concordance_expected
        value = float("nan") if told is None or self.follow_up is not None else told
        if not len(scores):
            return Bounded(value)
        if self.has_times:
            counts = hazard_pairs(scores, self.follow_up)
        else:
            counts = expected_pairs(special.expit(scores))
        size = np.sqrt(len(scores) / self.document.scores.n)
        error = float(np.sqrt((counts.influence() ** 2).sum()) * size)
        estimate = float(counts.value) if np.isnan(value) else value
        return Bounded.of_error(estimate, error, z)

    @cached_property
    def sample(self) -> np.ndarray:
        """Scores of development as the document tells them; empty without percentiles.

        Few percentiles tell the spread only roughly, which mean and SD mend.
        """
        known = self.document.scores
        made = from_percentiles(np.array(known.percentiles, dtype=float), known.n)
        if known.mean is None or not known.sd or not len(made) or not np.ptp(made) > 0:
            return made
        return np.asarray(
            known.mean + (made - made.mean()) * known.sd / made.std(ddof=1)
        )

    def _pairs(self, rows: pd.DataFrame) -> PairCounts:
        if self.has_times:
            return hazard_pairs(rows["score"].to_numpy(dtype=float), self.follow_up)
        weight = rows["weight"].to_numpy(dtype=float) if "weight" in rows else None
        return expected_pairs(rows["probability"].to_numpy(dtype=float), weight)


def _follow_up(document: FrozenModel, rows: pd.DataFrame) -> FollowUp | None:
    baseline = document.model.baseline
    if baseline is None or not baseline.times_days:
        return None
    times = np.array(baseline.times_days, dtype=float)
    days = rows["time_days"].to_numpy(dtype=float)
    followed = Censoring.of(days, rows["event"].to_numpy(dtype=float) == 1).before(
        times
    )
    # Nobody is followed beyond the last day, whatever ended it.
    followed = np.where(times > days.max(), 0.0, followed)
    return FollowUp(np.array(baseline.cumulative_hazard, dtype=float), followed)
