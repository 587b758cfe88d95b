"""Nesting: factors and covariates that cannot be told from the group, by degrees."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from ...statistics.group_tests import GroupTest, number_test, table_test
from ..confounding_settings import DesignLimits
from .levels import Factor, factors

#: Verdicts on a factor, the gravest first.
NESTED, NEARLY, TIED, APART = "nested", "nearly nested", "tied", "apart"
#: Association, and overlap of a number, from which a factor counts as nearly nested.
_NEARLY_FROM, _OVERLAP_UP_TO = 0.9, 0.05
_N_PERMUTATIONS = 999
#: Tests of one factor: association, groups of one level, groups that know little.
_N_TESTS = 3


def nesting(cohort: pd.DataFrame, settings: DesignLimits, seed: int) -> pd.DataFrame:
    """Levels of each factor and covariate per group, a table of kind "nesting".

    A factor is nested in the groups if it has several levels, but every group only
    one: whatever it does to outcome or features cannot be told from what the group
    does. Short of that it is nearly nested or tied by the size of its association
    with the group (of a number, also if no values overlap), if chance does not explain
    it. A group of one level, and one that hardly knows the factor, are flagged under
    the same condition; errors are shared out over all tests (Bonferroni).

    Parameters
    ----------
    cohort : DataFrame
        With `group`, `factor.<name>` and `covariate.<name>`, see `cohort.assemble`;
        subjects of one `cluster` count once in the tests.
    settings : DesignLimits
        Limits, and the error of all warnings together.
    seed : int
        Seed of the permutations.
    """
    found = list(factors(cohort))
    level = settings.level / (_N_TESTS * max(len(found), 1))
    times = max(_N_PERMUTATIONS, int(np.ceil(2 / level)))
    clusters = cohort.get("cluster")
    return pd.DataFrame(
        row
        for one in found
        for row in _Nesting(one, cohort["group"], clusters, settings, level).rows(
            times, seed
        )
    )


class _Nesting:
    """A factor beside the group."""

    def __init__(
        self,
        factor: Factor,
        group: pd.Series,
        clusters: pd.Series | None,
        settings: DesignLimits,
        level: float,
    ) -> None:
        self._factor, self._group = factor, group
        self._counted = group.notna() if clusters is None else ~clusters.duplicated()
        self._settings, self._level = settings, level

    def rows(self, times: int, seed: int) -> Iterator[dict[str, Any]]:
        """One row per group."""
        names = sorted(set(self._group))
        test = self._test(times, seed)
        overlap = {name: self._overlap(name) for name in names}
        nested = self._nested()
        shared = {
            "name": self._factor.name,
            "kind": self._factor.kind,
            "nested": nested,
            "strength": test.strength,
            "chance": test.chance,
            "p_value": test.p_value,
            "verdict": self._verdict(nested, test, list(overlap.values())),
        }
        for name in names:
            yield shared | self._of_group(name, len(names)) | {"overlap": overlap[name]}

    def _of_group(self, name: str, n_groups: int) -> dict[str, Any]:
        here = self._group == name
        levels = self._factor.levels[here].dropna()
        counts = levels.value_counts()
        one, rare = len(counts) == 1, self._level / n_groups
        of_number = self._factor.kind == "number"
        top = counts[counts == counts.max()].index.min() if len(counts) else None
        return {
            "group": name,
            "n": int(here.sum()),
            "n_known": len(levels),
            "n_levels": len(counts),
            "level": top if one else None,
            "commonest": None if of_number else top,
            "n_commonest": None
            if of_number
            else int(counts.max() if len(counts) else 0),
            **self._spread(here),
            "one_level": one and self._chance_of_one_level(name) <= rare,
            "little_known": self._little_known(name)
            and self._chance_of_few(name) <= rare,
        }

    def _spread(self, here: pd.Series) -> dict[str, float]:
        numbers = self._factor.numbers
        values = np.array([]) if numbers is None else numbers[here].dropna().to_numpy()
        if not len(values):
            return dict.fromkeys(("lowest", "median", "highest"), np.nan)
        return {
            "lowest": float(values.min()),
            "median": float(np.median(values)),
            "highest": float(values.max()),
        }

    def _nested(self) -> bool:
        levels = self._factor.levels
        by_group = levels.groupby(self._group).nunique()
        several = levels.nunique() > 1 and int((by_group > 0).sum()) > 1
        return bool(several and by_group.max() == 1)

    def _test(self, times: int, seed: int) -> GroupTest:
        known = self._factor.levels.notna() & self._counted
        group = self._group[known].to_numpy(dtype=str)
        if self._factor.numbers is not None:
            values = self._factor.numbers[known].to_numpy(dtype=float)
            return number_test(values, group, times, seed)
        levels = self._factor.levels[known].to_numpy(dtype=str)
        return table_test(group, levels, times, seed)

    def _verdict(self, nested: bool, test: GroupTest, overlap: list[float]) -> str:
        if nested:
            return NESTED
        shown = (
            test.p_value <= self._level and test.strength >= self._settings.nested_from
        )
        if not shown:
            return APART
        known = [share for share in overlap if not np.isnan(share)]
        disjoint = bool(known) and max(known) <= _OVERLAP_UP_TO
        return NEARLY if disjoint or test.strength >= _NEARLY_FROM else TIED

    def _overlap(self, name: str) -> float:
        """Share of the values of a group within the range of another; NaN of a text."""
        numbers = self._factor.numbers
        if numbers is None or numbers[self._group == name].notna().sum() == 0:
            return float("nan")
        mine = numbers[self._group == name].dropna().to_numpy()
        others = numbers[self._group != name].dropna().groupby(self._group)
        inside = np.zeros(len(mine), dtype=bool)
        for low, high in zip(others.min(), others.max(), strict=True):
            inside |= (mine >= low) & (mine <= high)
        return float(inside.mean()) if others.ngroups else float("nan")

    def _chance_of_one_level(self, name: str) -> float:
        """Chance that as many subjects of all share one level; 1 if all do."""
        known = self._factor.levels[self._counted].dropna()
        n_here = int((self._group[known.index] == name).sum())
        counts = known.value_counts().to_numpy()
        ways = _log_choose(counts, n_here) - _log_choose(len(known), n_here)
        return float(min(np.exp(ways).sum(), 1.0))

    def _little_known(self, name: str) -> bool:
        here = self._factor.levels[self._group == name].notna()
        return bool(here.mean() < self._settings.least_known or not here.any())

    def _chance_of_few(self, name: str) -> float:
        """Chance that at most as many values are known among as many subjects."""
        known = self._factor.levels[self._counted].notna()
        here = known[self._group[known.index] == name]
        n_known = stats.hypergeom(len(known), int(known.sum()), len(here))
        return float(n_known.cdf(int(here.sum())))


def _log_choose(n: Any, k: int) -> Any:
    """Logarithm of the number of ways to choose k of n; minus infinity for k > n."""
    n = np.asarray(n, dtype=float)
    ways = -np.log(n + 1) - special.betaln(np.maximum(n - k, 0) + 1, k + 1)
    return np.where(n >= k, ways, -np.inf)
