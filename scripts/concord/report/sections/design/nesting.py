"""Factors that differ between groups, as a table and as warnings."""

from collections.abc import Iterator

import pandas as pd

from ....figures.summaries import groups
from ....harmonization.diagnostics.nesting import APART, NEARLY, NESTED, TIED
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results

_NAMES_SHOWN = 6


def nesting_table(results: Results) -> Table | None:
    """Each factor and covariate by group; None if the study declares none."""
    rows = results["nesting"]
    if rows.empty:
        return None
    names = sorted(rows["group"].unique())
    cells = [
        [_label(results, name), *_line(part.set_index("group").reindex(names))]
        for (name, _), part in groups(rows, ["name", "kind"])
    ]
    return table(
        "Further differences between groups",
        ["Factor", *names, "Association with the group", "By chance", "Verdict"],
        cells,
        "Declared factors and covariates: their one value in a group, or the number of "
        "their values; of a number, its range. Association: bias-corrected Cramér's V, "
        "of a number the corrected correlation ratio; beside it, its mean over "
        "permuted groups. Nested: one value per group, so that its effect cannot be "
        "told from that of the group; tied: associated from "
        f"{results.settings.confounding.nested_from:g} on.",
    )


def nesting_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of a warning for each factor that goes with the group.

    Of a factor, the gravest statement on its association is made, then those on
    groups that it says little of.
    """
    for (name, _), part in groups(results["nesting"], ["name", "kind"]):
        label, verdict = _label(results, name), part["verdict"].iloc[0]
        if verdict != APART:
            title, said = _ASSOCIATED[verdict]
            yield title.format(label), f"{_strength(part)}{_shown(part)}. {said}"
        elif part["one_level"].any():
            alone = part[part["one_level"]]
            yield (
                f"{label} has one value in a group",
                f"It is {_values(alone)}, and others elsewhere: what it does cannot be "
                "seen there, and is told from the group by the other groups alone.",
            )
        yield from _little_known(part, label)


_ASSOCIATED = {
    NESTED: (
        "{} is nested in the groups",
        "No group has two values of it, so what it does to outcome and features "
        "cannot be told from what the group does; harmonization by group removes both.",
    ),
    NEARLY: (
        "{} is nearly nested in the groups",
        "Few subjects tell what it does from what the group does; harmonization by "
        "group removes most of both.",
    ),
    TIED: (
        "{} differs strongly between groups",
        "What it does to outcome and features is hard to tell from what the group "
        "does; harmonization by group removes part of it unless it is kept.",
    ),
}


def _little_known(part: pd.DataFrame, label: str) -> Iterator[tuple[str, str]]:
    few = part[part["little_known"]]
    if few.empty:
        return
    absent = few.loc[few["n_known"] == 0, "group"].tolist()
    rare = few[few["n_known"] > 0]
    said = [f"No subject of {n.listed(absent)} has a value of it"] if absent else []
    if len(rare):
        counts = (
            f"{row['n_known']} of {row['n']} subjects of {row['group']}"
            for _, row in rare.iterrows()
        )
        said.append(f"It is known in {n.listed(counts)} only")
    yield (
        f"{label} is not known everywhere",
        f"{'. '.join(said)}: filled in, it tells the group, not the subject.",
    )


def _strength(part: pd.DataFrame) -> str:
    """The size of the association; nothing of a factor that is nested as a whole."""
    row = part.iloc[0]
    if row["verdict"] == NESTED:
        return ""
    what = "correlation ratio" if row["kind"] == "number" else "Cramér's V"
    return (
        f"Association with the group: {what} {n.decimal(row['strength'])}, by chance "
        f"{n.decimal(row['chance'])}. "
    )


def _shown(part: pd.DataFrame) -> str:
    return f"It is {_values(part[part['n_known'] > 0])}"


def _values(rows: pd.DataFrame) -> str:
    """Values of some groups; of many groups, the first ones."""
    shown = [_value(row) for _, row in rows.head(_NAMES_SHOWN).iterrows()]
    hidden = len(rows) - len(shown)
    return n.listed(shown + ([f"others in {hidden} more groups"] if hidden else []))


def _value(row: pd.Series) -> str:
    if pd.notna(row["level"]):
        return f"{row['level']} in {row['group']}"
    if row["kind"] == "number":
        return f"{_range(row)} in {row['group']}"
    return (
        f"{row['commonest']} in {row['n_commonest']} of {row['n_known']} of "
        f"{row['group']}"
    )


def _range(row: pd.Series) -> str:
    return f"{row['lowest']:g} to {row['highest']:g}"


def _line(by_group: pd.DataFrame) -> Iterator[str]:
    """Values of a factor by group, its association with it, and the verdict."""
    yield from (_cell(row) for _, row in by_group.iterrows())
    first = by_group.iloc[0]
    for column in ("strength", "chance"):
        yield n.decimal(first[column]) if pd.notna(first[column]) else n.NONE
    yield first["verdict"]


def _cell(row: pd.Series) -> str:
    one, number = pd.notna(row["level"]), pd.notna(row["lowest"])
    value = str(row["level"]) if one else f"{row['n_levels']} values"
    if number and not one:
        value = _range(row)
    if row["n_known"] == row["n"]:
        return value
    value = value if row["n_known"] else n.NONE
    return f"{value} ({row['n_known']} of {row['n']} known)"


def _label(results: Results, name: str) -> str:
    """Label of a factor or covariate, its first letter a capital."""
    text = results.covariate_label(name)
    return text[:1].upper() + text[1:]
