"""Section on how images were acquired: protocol, drift, proposed batches."""

from collections.abc import Iterator

import pandas as pd

from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Block, Section, Table, section, table, text
from ..results import Results

#: Below this, the order of the scans explains a change better than chance.
SUSPICIOUS = 0.05
#: Longer courses are cut; the table of results has them whole.
_LETTERS = 140


def acquisition_section(results: Results) -> Section | None:
    """Conformance to the protocol, drift by site, and proposed batches."""
    if results["acquisition"].empty:
        return None
    return section(
        "acquisition",
        "Acquisition",
        *_protocol_blocks(results),
        *_drift_blocks(results["drift"]),
        _batch_table(results["batches"]),
    )


def _protocol_blocks(results: Results) -> Iterator[Block | None]:
    rows = results["protocol_summary"]
    if rows.empty:
        yield text(
            "The study declares no protocol, so whether images were acquired as wanted "
            "was not judged."
        )
        return
    n_all, n_departing = int(rows["n"].sum()), int(rows["n_departing"].sum())
    yield text(
        "Every image was compared with the protocol that the study declares: "
        f"{n.share(n_departing, n_all)} comparisons depart, and "
        f"{n.share(int(rows['n_blank'].sum()), n_all)} find the fact not stated in the "
        "header. No image was excluded for this."
    )
    yield _protocol_table(rows)


def _protocol_table(rows: pd.DataFrame) -> Table:
    sites = sorted(rows["site"].unique())
    items = rows[["image", "item", "expected"]].drop_duplicates()
    cells = []
    for image, item, expected in items.itertuples(index=False):
        part = rows[(rows["image"] == image) & (rows["item"] == item)]
        found = {row["site"]: _conforming(row) for _, row in part.iterrows()}
        by_site = (found.get(site, n.NONE) for site in sites)
        cells.append([f"{image} {item}", expected, *by_site])
    return table(
        "Images that conform to the protocol, by site",
        ["Item", "Expected", *sites],
        cells,
        "Images that conform, of those whose header states the fact; then the values "
        "that depart, with their counts.",
        shows="protocol_summary",
    )


def _conforming(row: pd.Series) -> str:
    stated = int(row["n"] - row["n_blank"])
    if not stated:
        return "not stated"
    blank = f"; {row['n_blank']} not stated" if row["n_blank"] else ""
    departing = f": {row['departing']}" if pd.notna(row["departing"]) else ""
    return f"{row['n_conforming']} of {stated}{blank}{departing}"


def _drift_blocks(drift: pd.DataFrame) -> Iterator[Block]:
    suspicious = (drift["p_value"] < SUSPICIOUS) | (drift["pattern"] == "switched")
    shown = drift[suspicious.fillna(False)]
    if shown.empty:
        yield text(
            "No acquisition fact changed over the order of a site's scans more than by "
            f"chance ({n.plural(len(drift), 'fact')} took more than one value)."
        )
        return
    yield table(
        "Acquisition facts that changed while the scans were made",
        ["Site and fact", "Scans", "Values", "Course", "Trend", "p"],
        [_drift_row(row) for _, row in shown.iterrows()],
        f"Of {n.plural(len(drift), 'fact')} that took more than one value at a site, "
        f"those whose order is not by chance (p < {SUSPICIOUS:g}) or whose values each "
        "have their own period. In brackets, the scans of the site in their order, "
        "without dates. Trend: Spearman correlation of a number with that order. p: "
        "of the trend, or of so few changes. About 5 % fall below by chance.",
    )


def _drift_row(row: pd.Series) -> list[str]:
    return [
        f"{row['site']}, {row['image']} {row['fact']}",
        str(row["n"]),
        str(row["n_values"]),
        _course(row),
        n.decimal(row["trend"]) if pd.notna(row["trend"]) else n.NONE,
        _p_value(row["p_value"]),
    ]


def _course(row: pd.Series) -> str:
    if pd.isna(row["course"]):
        return n.plural(int(row["n_changes"]), "change")
    course = str(row["course"])
    return course if len(course) <= _LETTERS else course[:_LETTERS] + " …"


def _p_value(value: float) -> str:
    return n.NONE if pd.isna(value) else n.p_value(value)


def _batch_table(batches: pd.DataFrame) -> Table | None:
    if batches.empty:
        return None
    return table(
        "Batches proposed by the headers",
        ["Batch", "Facts that tell it", "Images", "Subjects", "Sites", "Advice"],
        [
            [
                row["batch"],
                _or_none(row["facts"]),
                str(row["n_images"]),
                str(row["n_subjects"]),
                row["sites"],
                _or_none(row["advice"]),
            ]
            for _, row in batches.iterrows()
        ],
        _batch_note(batches),
    )


def _batch_note(batches: pd.DataFrame) -> str:
    """Origin of the proposal, and the columns that come closest to it."""
    nearest = [
        f"{image}: {part['column'].iloc[0]} (adjusted Rand index "
        f"{n.decimal(part['agreement'].iloc[0])})"
        for (image,), part in groups(batches, ["image"])
        if pd.notna(part["column"].iloc[0])
    ]
    note = (
        "From the headers alone; neither outcomes nor features were used. A proposal: "
        "the harmonization uses what harmonization.batch names."
    )
    if nearest:
        note += f" Columns most like the proposal: {'; '.join(nearest)}."
    return note


def _or_none(value: object) -> str:
    return n.NONE if pd.isna(value) else str(value)  # type: ignore[call-overload]
