"""All analyses of an endpoint together: tests, place of the headline, choices."""

from typing import Any

import numpy as np
import pandas as pd

from .choice_effects import choice_effects, choice_rows
from .joint_tests import LEVEL, JointTests, null_band, of_curve
from .settings import HEADLINE, GatherMultiverse

_OF_TESTS = [
    *("level", "share_above_null", "null_share_above", "p_share"),
    *("first_repeat_median", "null_median", "p_median", "p_mean_z"),
]
_NOTHING = {"n": None, "n_events": None, "n_folds": None}


class Gathered:
    """Tables of a multiverse, of the kinds that the names of properties tell.

    Parameters
    ----------
    values, null : DataFrame
        Kinds "specifications" and "specification_null" of all jobs of an endpoint.
    settings : GatherMultiverse
        All combinations as declared.
    """

    def __init__(
        self, values: pd.DataFrame, null: pd.DataFrame, settings: GatherMultiverse
    ) -> None:
        self._settings = settings
        self._values = values.sort_values("specification", ignore_index=True)
        self._known = self._values[self._values["status"] == "ok"]
        numbers = self._known["specification"].to_numpy()
        table = null.pivot(
            index="specification", columns="permutation", values="estimate"
        )
        self._permuted = table.reindex(numbers).to_numpy(dtype=float)
        observed = self._known["first_repeat"].to_numpy(dtype=float)
        self._observed = observed
        has_null = len(numbers) and self._permuted.shape[1]
        self._tests: JointTests | None = (
            of_curve(observed, self._permuted) if has_null else None
        )

    def specifications(self) -> pd.DataFrame:
        """One row per combination: its value and tests, or why it has none."""
        table = self._known.assign(**self._null_columns())
        others = self._values[self._values["status"] != "ok"]
        rows = [*table.to_dict("records"), *others.to_dict("records"), *self._not_run()]
        found = pd.DataFrame(rows).sort_values("specification", ignore_index=True)
        every = dict.fromkeys([*self._values.columns, *found.columns])
        found = found.reindex(columns=list(every))
        if "above_null" in found:
            found["above_null"] = found["above_null"].eq(True)
        return found.assign(is_headline=found["specification"] == HEADLINE)

    def specification_choices(self) -> pd.DataFrame:
        """Value of each key of each combination."""
        combinations = [one.model_dump() for one in self._settings.combinations]
        rows = choice_rows(combinations, combinations[0]["choices"])
        return pd.DataFrame(rows).assign(endpoint=self._settings.endpoint)

    def choice_effects(self) -> pd.DataFrame:
        """Share of the variance by key, the largest first; no row without values."""
        if not len(self._known):
            return pd.DataFrame()
        wide = self._choices()
        all_values = np.column_stack([self._observed, self._permuted])
        estimates = self._known["estimate"].to_numpy(dtype=float)
        rows = choice_effects(wide, estimates, all_values)
        head = {"endpoint": self._settings.endpoint, "scheme": self._settings.scheme}
        return pd.DataFrame([head | row for row in rows])

    def multiverse(self) -> dict[str, Any]:
        """The one row of the summary."""
        declared = self._settings.combinations
        failed = len(self._values) - len(self._known)
        return {
            "endpoint": self._settings.endpoint,
            "scheme": self._settings.scheme,
            "metric": self._values["metric"].iloc[0] if len(self._values) else "",
            "n_combinations": self._settings.n_all,
            "n_declared": len(declared),
            "n_specifications": len(self._known),
            "n_impossible": sum(one.impossible is not None for one in declared),
            "n_same": sum(one.same_as is not None for one in declared),
            "n_failed": failed,
            **self._curve(),
            **self._headline(),
            **self._against_null(),
            "reason": None if len(self._known) else "no analysis has a value",
        }

    def _curve(self) -> dict[str, Any]:
        """Median and range of the values, and shares above the reference."""
        estimates = self._known["estimate"]
        difference = self._known["difference"].dropna()
        above = self._known["difference_lower"].dropna()
        n = len(difference)
        return {
            "median": float(estimates.median()) if len(estimates) else np.nan,
            "lowest": float(estimates.min()) if len(estimates) else np.nan,
            "highest": float(estimates.max()) if len(estimates) else np.nan,
            "median_difference": float(difference.median()) if n else np.nan,
            "share_above_reference": float((difference > 0).mean()) if n else np.nan,
            "share_surely_above_reference": float((above > 0).sum() / n)
            if n
            else np.nan,
        }

    def _headline(self) -> dict[str, Any]:
        """Value of the headline and its place among all, 1 for the highest."""
        own = self._known.loc[self._known["specification"] == HEADLINE, "estimate"]
        if not len(own):
            return {"headline": np.nan, "rank": None, "share_below_headline": np.nan}
        value, estimates = float(own.iloc[0]), self._known["estimate"]
        others = len(estimates) - 1
        below = float((estimates < value).sum() / others) if others else np.nan
        return {
            "headline": value,
            "rank": int((estimates > value).sum()) + 1,
            "share_below_headline": below,
        }

    def _against_null(self) -> dict[str, Any]:
        tests = self._tests
        if tests is None:
            return dict.fromkeys(_OF_TESTS, np.nan) | {"n_permutations": 0}
        return {
            "n_permutations": self._permuted.shape[1],
            "level": LEVEL,
            "share_above_null": tests.share,
            "null_share_above": tests.null_share,
            "p_share": tests.p_share,
            "first_repeat_median": tests.median,
            "null_median": tests.null_median,
            "p_median": tests.p_median,
            "p_mean_z": tests.p_mean_z,
        }

    def _null_columns(self) -> dict[str, Any]:
        """Null of each analysis that has a value, and its p-values."""
        if self._tests is None:
            return {}
        known = [row[np.isfinite(row)] for row in self._permuted]
        bands = [null_band(row) for row in known]
        p_values = self._tests.p_values
        return {
            "null_median": [float(np.median(r)) if len(r) else np.nan for r in known],
            "null_lower": [lower for lower, _ in bands],
            "null_upper": [upper for _, upper in bands],
            "p_value": p_values,
            "p_adjusted": self._tests.adjusted,
            "above_null": p_values <= LEVEL,
        }

    def _not_run(self) -> list[dict[str, Any]]:
        """Rows of combinations that cannot be, or that are another one again."""
        settings, rows = self._settings, []
        metric = self._values["metric"].iloc[0] if len(self._values) else ""
        head = {"endpoint": settings.endpoint, "scheme": settings.scheme}
        for one in settings.combinations:
            told = {"status": "impossible", "reason": one.impossible}
            if one.same_as is not None:
                told = {"status": "same", "reason": f"is specification {one.same_as}"}
            if told["reason"] is not None:
                row = {**head, "metric": metric, "specification": one.number}
                rows.append({**row, **_NOTHING, **told})
        return rows

    def _choices(self) -> pd.DataFrame:
        """Value of each key by analysis that has a value."""
        by_number = {one.number: one.choices for one in self._settings.combinations}
        rows = [by_number[int(number)] for number in self._known["specification"]]
        return pd.DataFrame(rows)
