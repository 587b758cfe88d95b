"""Factors that differ between groups, as a table and as warnings."""

from collections.abc import Iterator

import pandas as pd

from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Table, table
from ..results import Results


def nesting_table(results: Results) -> Table | None:
    """Each factor and covariate by group; None if the study declares none."""
    rows = results["nesting"]
    if rows.empty:
        return None
    names = sorted(rows["group"].unique())
    cells = []
    for (name, _), part in groups(rows, ["name", "kind"]):
        by_group = part.set_index("group").reindex(names)
        strength = part["cramers_v"].iloc[0]
        cells.append(
            [
                _label(results, name),
                *(_cell(row) for _, row in by_group.iterrows()),
                n.NONE if part["cramers_v"].isna().all() else n.decimal(strength),
                "yes" if part["nested"].any() else "no",
            ]
        )
    return table(
        "Further differences between groups",
        ["Factor", *names, "Cramér's V with the group", "Nested in the group"],
        cells,
        "Declared factors and covariates: their one value in a group, or the number of "
        "their values. Nested: one value per group, so that its effect cannot be told "
        "from that of the group.",
    )


def nesting_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of a warning for each factor that is nested or not recorded."""
    for (name, _), part in groups(results["nesting"], ["name", "kind"]):
        label = _label(results, name)
        if part["nested"].any():
            known = part[part["n_known"] > 0]
            levels = n.listed(
                f"{row['level']} in {row['group']}" for _, row in known.iterrows()
            )
            yield (
                f"{label} is nested in the groups",
                f"It is {levels}. No group has two values of it, so what it does to "
                "outcome and features cannot be told from what the group does; "
                "harmonization by group removes both.",
            )
        absent = part.loc[part["n_known"] == 0, "group"].tolist()
        if absent and len(absent) < len(part):
            yield (
                f"{label} is not known everywhere",
                f"No subject of {n.listed(absent)} has a value of it: filled in, it "
                "tells the group, not the subject.",
            )


def _cell(row: pd.Series) -> str:
    one = pd.notna(row["level"])
    value = str(row["level"]) if one else f"{row['n_levels']} values"
    if row["n_known"] == row["n"]:
        return value
    value = value if row["n_known"] else n.NONE
    return f"{value} ({row['n_known']} of {row['n']} known)"


def _label(results: Results, name: str) -> str:
    """Label of a factor or covariate, its first letter a capital."""
    text = results.covariate_label(name)
    return text[:1].upper() + text[1:]
