"""Tables of competing risks: cumulative incidence, effects, and tests of groups."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...folds.causes import ordered_causes
from ...statistics.competing.cumulative_incidence import cumulative_incidence
from ...statistics.competing.gray import GrayTest, gray_test
from ...statistics.risk_groups import ALL, ordered
from ..risk_groups import evaluated
from .effects import MODELS
from .outcomes import CompetingOutcomes
from .settings import CompetingRisks
from .variables import FACTOR, LEARNT, SCORES, Variable, variables

#: Events expected in the smallest group from which chi-squared gives a p-value.
LEAST_EXPECTED = 5
RISK_GROUPS = "risk_group"
_GROUPED = (
    "the risk groups were learnt from the outcomes of other subjects; a p-value that "
    "takes them as given is none"
)


def incidence_table(
    outcomes: CompetingOutcomes, predictions: pd.DataFrame, settings: CompetingRisks
) -> pd.DataFrame:
    """Cumulative incidence of every cause, of all and by risk group.

    Parameters
    ----------
    outcomes : CompetingOutcomes
        Of all subjects.
    predictions : DataFrame
        Of kind "predictions", of one endpoint; the groups are those of the headline arm
        in the first repeat of the cross-validation.

    Returns
    -------
    DataFrame
        Of kind "competing_incidence", without the endpoint.
    """
    group = _risk_groups(predictions, settings)
    own, known = outcomes.among(group)
    tables = list(_curves(outcomes, ALL, settings))
    for name in ordered(known[RISK_GROUPS]):
        member = (known[RISK_GROUPS] == name).to_numpy()
        part = CompetingOutcomes(
            own.subjects[member], own.time_days[member], own.code[member]
        )
        tables += list(_curves(part, name, settings))
    return pd.concat(tables, ignore_index=True)


def _curves(
    outcomes: CompetingOutcomes, group: str, settings: CompetingRisks
) -> Iterator[pd.DataFrame]:
    """Curve of each cause in one group, one row per distinct time, from 0 on."""
    if not len(outcomes.code):
        return
    for cause in ordered_causes(settings):
        found = cumulative_incidence(outcomes.time_days, outcomes.code, cause)
        lower, upper = found.interval(settings.confidence)
        curve = pd.DataFrame(
            {
                "time_days": found.times,
                "n_at_risk": found.at_risk,
                "n_events": found.events,
                "n_other_events": found.others,
                "n_censored": found.censored,
                "incidence": found.estimate,
                "standard_error": found.standard_error,
                "lower": lower,
                "upper": upper,
            }
        )
        start = curve.iloc[:1] * 0
        start["n_at_risk"], start[["lower", "upper"]] = len(outcomes.code), np.nan
        whole = curve if found.times[0] == 0 else pd.concat([start, curve])
        yield whole.assign(arm=settings.headline_arm, risk_group=group, cause=cause)


def effect_table(
    outcomes: CompetingOutcomes,
    cohort: pd.DataFrame,
    predictions: pd.DataFrame,
    settings: CompetingRisks,
) -> pd.DataFrame:
    """Effects of each variable alone on each cause, of both kinds side by side.

    Returns
    -------
    DataFrame
        Of kind "competing_effects", without the endpoint.
    """
    rows = [
        row
        for variable in variables(cohort, predictions)
        for row in _effects(outcomes, variable, settings)
    ]
    return pd.DataFrame(rows)


def _effects(
    outcomes: CompetingOutcomes, variable: Variable, settings: CompetingRisks
) -> Iterator[dict[str, Any]]:
    """One row per cause and column of a variable."""
    own, columns = outcomes.among(variable.columns)
    names, values = [str(name) for name in columns], columns.to_numpy(dtype=float)
    named = {"kind": variable.kind, "variable": variable.name, "unit": variable.unit}
    for cause in ordered_causes(settings):
        counts = {"n": len(own.code), "n_events": int((own.code == cause).sum())}
        found = {
            prefix: model(own, cause).effects(names, values)
            for prefix, model in MODELS.items()
        }
        for place, term in enumerate(names):
            spread = values[:, place].std() if len(values) else np.nan
            row = {"term": term, "standard_deviation": spread, "cause": cause}
            for prefix, effects in found.items():
                one = effects[place]
                if variable.kind == SCORES:
                    one = one.without_error(LEARNT)
                row |= one.row(prefix, settings.confidence)
            yield {**named, **counts, **row}


def group_test_table(
    outcomes: CompetingOutcomes,
    cohort: pd.DataFrame,
    predictions: pd.DataFrame,
    settings: CompetingRisks,
) -> pd.DataFrame:
    """Gray's test of every grouping for every cause.

    Fixed groups are the site, the group of the folds if it is another one, and each
    factor, which is also compared within sites. Risk groups have no p-value.

    Returns
    -------
    DataFrame
        Of kind "competing_tests", without the endpoint.
    """
    rows, causes = cohort.set_index("subject_id"), ordered_causes(settings)
    others = [] if (rows["group"] == rows["site"]).all() else ["group"]
    factors = [str(name) for name in rows if str(name).startswith(FACTOR)]
    tests: list[tuple[pd.DataFrame, str | None]] = [
        (rows[[name]], None) for name in ["site", *others, *factors]
    ]
    if rows["site"].nunique() > 1:
        tests += [(rows[[name, "site"]], "site") for name in factors]
    tests.append((_risk_groups(predictions, settings), None))
    return pd.DataFrame(
        [
            row
            for grouping, within in tests
            for row in _tests(outcomes, grouping, within, causes)
        ]
    )


def _tests(
    outcomes: CompetingOutcomes,
    grouping: pd.DataFrame,
    within: str | None,
    causes: Sequence[int],
) -> Iterator[dict[str, Any]]:
    """Test of the first column of a grouping, within labels of another one."""
    own, labels = outcomes.among(grouping)
    name = str(grouping.columns[0])
    levels, group = np.unique(labels[name].to_numpy(dtype=str), return_inverse=True)
    stratum = None if within is None else labels[within].to_numpy(dtype=str)
    for cause in causes:
        found = gray_test(own.time_days, own.code, cause, group, stratum)
        reason = _reason(found, learnt=name == RISK_GROUPS)
        yield {
            "grouping": name,
            "within": within,
            "cause": cause,
            "n": len(own.code),
            "n_events": int((own.code == cause).sum()),
            "n_groups": len(levels),
            "least_expected": found.expected.min() if len(levels) else np.nan,
            "chi_squared": found.chi_squared,
            "df": found.df,
            "p_value": np.nan if reason else found.p_value,
            "reason": reason,
        }


def _reason(found: GrayTest, learnt: bool) -> str | None:
    """Reason for having no p-value."""
    if not found.df:
        return "no two groups are at risk when an event happens"
    if learnt:
        return _GROUPED
    if found.expected.min() < LEAST_EXPECTED:
        return (
            f"{found.expected.min():.1f} events expected in the smallest group; "
            f"chi-squared takes {LEAST_EXPECTED}"
        )
    return None


def _risk_groups(predictions: pd.DataFrame, settings: CompetingRisks) -> pd.DataFrame:
    """Risk group of each evaluation subject of the headline arm, by subject."""
    rows = evaluated(predictions)
    mine = rows[rows["arm"] == settings.headline_arm]
    return mine.set_index("subject_id")[[RISK_GROUPS]]
