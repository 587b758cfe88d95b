"""Observed and expected discrimination, and how much of the change is case mix.

observed - expected = case mix + rest. Case mix: what the spread of the scores alone
allows here, less what it allowed in development. Rest: what is observed beyond what the
spread allows, less the same of development.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...frozen.document import FrozenModel
from ...statistics.external.bounds import Bounded
from ...statistics.outcome_kinds import OutcomeKind
from ..calibration import Calibration
from ..fold_errors import difference_interval, share_interval
from ..fold_values import FoldValues
from ..intervals import Interval, quantile
from . import expected, rows
from .case_mix import NO_DEVELOPMENT, CaseMix
from .rows import line, of_interval

#: Nobody here can refit the model.
_AS_IT_IS = Calibration(refits=False)
_ONE_SET = "the external set"
METRIC_OF = {"auc": "AUC", "c_index": "C-index"}


def discrimination_rows(
    judged: pd.DataFrame, document: FrozenModel, kind: OutcomeKind, confidence: float
) -> Iterator[dict[str, Any]]:
    """Rows of discrimination of one arm and population, see `rows`.

    Parameters
    ----------
    judged : DataFrame
        Kind "predictions", rows with a score and a known outcome, scheme fixed.
    document : FrozenModel
    kind : OutcomeKind
    confidence : float
        Level of all intervals.
    """
    found = _Compared.of(judged, document, kind, confidence)
    why_expected = None
    if np.isnan(found.expected.estimate):
        why_expected = expected.NONE.format(what=METRIC_OF[kind.metric])
    told = expected.discrimination(document, kind.metric)
    source = {"expected_from": told.scheme if told else None}
    yield line(
        rows.DISCRIMINATION,
        found.expected,
        of_interval(found.observed),
        of_interval(found.observed).minus(found.expected),
        method=found.observed.method,
        reason=rows.reasons(found.observed.reason, why_expected),
        **source,
    )
    yield from _decomposed(found, why_expected, source)


class _Compared:
    """Observed, expected and model-based values of one arm and population."""

    def __init__(self, mix: CaseMix, wanted: Bounded, z: float) -> None:
        self.mix, self.expected = mix, wanted
        self.development = mix.development(z)
        self.observed = self.model_based = self.beyond = _nothing(None)

    @classmethod
    def of(
        cls,
        judged: pd.DataFrame,
        document: FrozenModel,
        kind: OutcomeKind,
        confidence: float,
    ) -> "_Compared":
        mix = CaseMix.of(document, judged, kind.has_times)
        wanted = expected.bounded(expected.discrimination(document, kind.metric))
        found = cls(mix, wanted, quantile(confidence, np.inf))
        folds = [(1, str(judged["fold"].iloc[0]))] if len(judged) else []
        observed = FoldValues.of(judged, folds, kind.pairs)
        found.observed = share_interval(observed, _AS_IT_IS, confidence, _ONE_SET)
        why = mix.why_undefined(judged)
        if why is not None:
            found.model_based = found.beyond = _nothing(why)
            return found
        based = FoldValues.of(judged, folds, mix.pairs)
        beyond = observed.minus(based)
        found.model_based = share_interval(based, _AS_IT_IS, confidence, _ONE_SET)
        found.beyond = difference_interval(beyond, _AS_IT_IS, confidence, _ONE_SET)
        return found


def _decomposed(
    found: _Compared, why_expected: str | None, source: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Case mix, and what is beyond it."""
    based, beyond = of_interval(found.model_based), of_interval(found.beyond)
    known = found.development
    no_scores = NO_DEVELOPMENT if np.isnan(known.estimate) else None
    mix = based.minus(known)
    method = found.mix.method
    why = rows.reasons(found.model_based.reason, no_scores)
    yield line(rows.MODEL_BASED, known, based, mix, method=method, reason=why)
    before = found.expected.minus(known)
    rest = beyond.minus(before)
    told = {
        "method": method,
        "reason": rows.reasons(found.beyond.reason, why_expected, no_scores),
        **source,
    }
    yield line(rows.BEYOND, before, beyond, rest, **told)
    corrected, observed = found.expected.plus(mix), of_interval(found.observed)
    yield line(rows.CORRECTED, corrected, observed, rest, **told)


def _nothing(why: str | None) -> Interval:
    nan = float("nan")
    return Interval(nan, nan, nan, nan, nan, "", why)
