"""Numbers of performance that a frozen model was found to have in development."""

from collections.abc import Iterable

import numpy as np

from ...folds.scheme import CV, FIXED, LOSO, TEMPORAL
from ...frozen.development import ExpectedPerformance
from ...frozen.document import FrozenModel
from ...frozen.updating.documents import is_of_parent
from ...statistics.external.bounds import Bounded

#: Schemes in which a model met subjects most like those of another hospital first.
_ORDER = (LOSO.name, TEMPORAL.name, FIXED.name, CV.name)
_NAN = float("nan")
#: Names of the calibration slope in documents.
_SLOPES, _EVERYBODY = ("calibration_slope",), "all"
NONE = "the model's document tells no expected {what}"


def discrimination(document: FrozenModel, metric: str) -> ExpectedPerformance | None:
    """Expected AUC or C-index, of groups left out if that was done; None without."""
    return _best(document.expected, (metric,))


def slope(document: FrozenModel, horizon_days: float) -> ExpectedPerformance | None:
    """Expected calibration slope; None if the document has none.

    That of its parent is none of an updated model.

    Parameters
    ----------
    document : FrozenModel
    horizon_days : float
        Time of the risk; NaN of an outcome without times.
    """
    wanted = None if np.isnan(horizon_days) else horizon_days
    own = (one for one in document.expected if not is_of_parent(one))
    return _best((one for one in own if one.horizon_days == wanted), _SLOPES)


def bounded(found: ExpectedPerformance | None) -> Bounded:
    """Estimate with its interval; NaN without one."""
    if found is None or found.estimate is None:
        return Bounded(_NAN)
    lower, upper = (_NAN if end is None else end for end in (found.lower, found.upper))
    return Bounded(found.estimate, lower, upper)


def _best(
    known: Iterable[ExpectedPerformance], metrics: tuple[str, ...]
) -> ExpectedPerformance | None:
    fitting = [
        one
        for one in known
        if one.metric in metrics
        and one.stratum == _EVERYBODY
        and one.against is None
        and one.estimate is not None
    ]
    return min(fitting, key=_place, default=None)


def _place(one: ExpectedPerformance) -> int:
    return _ORDER.index(one.scheme) if one.scheme in _ORDER else len(_ORDER)
