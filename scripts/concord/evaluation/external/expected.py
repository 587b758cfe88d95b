"""Numbers of performance that a frozen model was found to have in development."""

from collections.abc import Iterable

from ...folds.scheme import CV, FIXED, LOSO, TEMPORAL
from ...frozen.development import ExpectedPerformance
from ...frozen.document import FrozenModel
from ...statistics.external.bounds import Bounded

#: Schemes in which a model met subjects most like those of another hospital first.
_ORDER = (LOSO.name, TEMPORAL.name, FIXED.name, CV.name)
_NAN = float("nan")
#: Names of the calibration slope in documents.
_SLOPES = ("slope", "calibration_slope")
NONE = "the model's document tells no expected {what}"


def discrimination(document: FrozenModel, metric: str) -> ExpectedPerformance | None:
    """Expected AUC or C-index, of groups left out if that was done; None without."""
    return _best(document.expected, (metric,))


def slope(document: FrozenModel) -> ExpectedPerformance | None:
    """Expected calibration slope; None if the document has none."""
    return _best(document.expected, _SLOPES)


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
        if one.metric in metrics and one.against is None and one.estimate is not None
    ]
    return min(fitting, key=_place, default=None)


def _place(one: ExpectedPerformance) -> int:
    return _ORDER.index(one.scheme) if one.scheme in _ORDER else len(_ORDER)
