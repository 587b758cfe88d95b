"""Comparison of the features that two engines computed."""

from collections.abc import Iterator

import pandas as pd

from ...figures import labels
from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Block, Link, table, text
from ..results import Results

_NOTHING = (
    "Features of some subjects were to be computed again by a second engine, but "
    "nothing could be compared"
)
_MOST_REASONS = 3


def crosscheck_blocks(results: Results) -> list[Block]:
    """Agreement of a second engine, and causes of differences; none if unasked."""
    rows = results["feature_crosscheck"]
    if not results.has("feature_crosscheck"):
        return []
    left_out = rows["verdict"] == "not_compared"
    values = rows[~left_out]
    differing = values[values["verdict"] != "equal"]
    blocks: list[Block] = [text(_sentence(values))]
    if len(differing):
        blocks.append(
            table(
                "Feature values that differ between two engines",
                ["Measured on", "Feature", "Regions", "Largest difference", "Cause"],
                _rows(differing),
                "Difference as a share of the larger value; not defined where one "
                "engine has no value. A cause is named only where it holds in the "
                "region concerned.",
                folded=True,
            )
        )
    if left_out.any():
        blocks.append(_not_compared(rows[left_out]))
    return [*blocks, Link("../features/crosscheck.tsv", "All compared values (TSV)")]


def crosscheck_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of a warning if a check was asked for that compared nothing."""
    rows = results["feature_crosscheck"]
    left_out = rows["verdict"] == "not_compared"
    if not results.has("feature_crosscheck") or not left_out.all():
        return
    reasons = list(dict.fromkeys(rows["reason"].dropna()))
    listed = "; ".join(reasons[:_MOST_REASONS]) or "no region was measured"
    more = len(reasons) - _MOST_REASONS
    others = f"; {more} further reasons in the section on features" if more > 0 else ""
    yield "Nothing was compared", f"{_NOTHING}: {listed}{others}."


def _sentence(rows: pd.DataFrame) -> str:
    """Compared values, and how often both engines agree."""
    if rows.empty:
        return f"{_NOTHING}."
    counts = rows["verdict"].value_counts()
    equal, explained, unexplained = (
        int(counts.get(name, 0)) for name in ("equal", "explained", "unexplained")
    )
    keys = ["subject_id", "session", "image", "region", "reader"]
    regions = len(rows[keys].drop_duplicates())
    subjects = rows["subject_id"].nunique()
    return (
        f"{n.listed(sorted(rows['second_engine'].unique()))}, an independent engine, "
        f"computed the features of {n.plural(regions, 'region')} of "
        f"{n.plural(subjects, 'subject')} again from the same prepared voxels: "
        f"{n.share(equal, len(rows))} values are equal within a millionth, "
        f"{explained} differ for a known cause and {unexplained} without one."
    )


def _rows(differing: pd.DataFrame) -> list[list[str]]:
    """One row per feature and cause, the unexplained ones first."""
    keyed = differing.assign(cause=differing["cause"].fillna("unexplained"))
    return [
        [
            f"{image} {region}",
            labels.feature(f"{image}.{region}.{column}"),
            str(len(part)),
            _largest(part["relative_difference"]),
            cause,
        ]
        for verdict in ("unexplained", "explained")
        for (image, region, column, cause), part in groups(
            keyed[keyed["verdict"] == verdict],
            ["image", "region", "column", "cause"],
        )
    ]


def _not_compared(rows: pd.DataFrame) -> Block:
    """Table of values without a second one beside them, by recipe and reason."""
    return table(
        "Feature values that were not compared",
        ["Measured on", "Recipe", "Values", "Reason"],
        [
            [f"{image} {region}", recipe, str(int(part["n_values"].sum())), reason]
            for (image, region, recipe, reason), part in groups(
                rows, ["image", "region", "recipe", "reason"]
            )
        ],
        "Values of the regions chosen for the comparison that one engine alone "
        "computes, or that could not be measured.",
        folded=True,
    )


def _largest(differences: pd.Series) -> str:
    known = differences.dropna()
    return f"{known.max():.1e}" if len(known) else n.UNDEFINED
