"""Risk groups: cuts of scores chosen in development, and names of the groups.

A score above a cut belongs to the higher group. Cuts are quantiles of the scores of
the development rows, which every kind of model has, whatever its baseline risk.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

#: Schemes of groups by their name in the configuration: shares below each cut.
NAMED: dict[str, tuple[float, ...]] = {
    "median": (0.5,),
    "tertiles": (1 / 3, 2 / 3),
}
RiskGroups = Literal["median", "tertiles"]
#: Curves of more than five groups cannot be told apart.
MOST_CUTS = 4
LOW, MIDDLE, HIGH = "low", "middle", "high"
#: In place of a group, all subjects.
ALL = "all"
_NUMBERED = "group "
_AFTER_ALL = 1_000_000


def quantiles_of(groups: str | Sequence[float]) -> list[float]:
    """Shares of the development subjects below each cut, ascending."""
    return list(NAMED[groups]) if isinstance(groups, str) else [*groups]


def cuts_of(scores: np.ndarray, quantiles: Sequence[float]) -> np.ndarray:
    """Scores that the groups are told apart by, (k - 1,) of k groups.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        Of development; NaN are left out.
    quantiles : sequence of float
        Shares below each cut, ascending.
    """
    return np.asarray(np.nanquantile(scores, list(quantiles)), dtype=float)


def numbers(scores: np.ndarray, cuts: Sequence[float] | np.ndarray) -> np.ndarray:
    """Number of the group of each score, from 0 of the lowest; of NaN, 0."""
    above = np.asarray(scores, float)[..., None] > np.asarray(cuts, float)
    return np.asarray(above.sum(axis=-1))


def names(n_groups: int) -> list[str]:
    """Names of groups, the lowest first: low, high; low, middle, high; or numbered."""
    between = [f"{_NUMBERED}{number}" for number in range(2, n_groups)]
    return [LOW, *([MIDDLE] if len(between) == 1 else between), HIGH]


def named(scores: np.ndarray, cuts: Sequence[float] | np.ndarray) -> np.ndarray:
    """Name of the group of each score, (n,) of str."""
    return np.asarray(np.array(names(len(cuts) + 1))[numbers(scores, cuts)])


def rank(name: str) -> int:
    """Place of a name among others: low is 0, high comes last."""
    known = {LOW: 0, MIDDLE: 1, HIGH: _AFTER_ALL}
    if name in known:
        return known[name]
    number = name.removeprefix(_NUMBERED)
    return int(number) - 1 if number.isdigit() else _AFTER_ALL + 1


def ordered(found: Iterable[str]) -> list[str]:
    """Distinct names in the order of risk."""
    return sorted({str(name) for name in found}, key=lambda name: (rank(name), name))


def label(name: str) -> str:
    """Printed name of a group."""
    numbered = name.startswith(_NUMBERED)
    return (name if numbered else f"{name} risk").capitalize()


def described(groups: str | Sequence[float]) -> str:
    """Place of the cuts in words: "the median score" and so on."""
    if groups == "median":
        return "the median score"
    if groups == "tertiles":
        return "the tertiles of the scores"
    shares = ", ".join(f"{100 * share:g}" for share in groups)
    return f"the {shares} % quantile{'s' if len(groups) > 1 else ''} of the scores"
