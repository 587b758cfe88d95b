"""Section on the agreement of readers, and the cases to look at."""

import pandas as pd

from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Block, Link, Section, Table, section, table, text
from ..results import Results
from .reader_groups import group_tables
from .readings import readings_table

_PAIR = ["image", "region", "reader", "reader_b"]
_AGREEMENT_COLUMNS = (
    "Pair",
    "Definition",
    "Images",
    "One / both empty",
    "Dice",
    "HD95 (mm)",
    "ASSD (mm)",
    "Volume difference 2(b - a)/(a + b)",
)
_SURFACE = "Surface Dice"
_REVIEW_COLUMNS = (
    "Case",
    "Site",
    "Image",
    "Reader",
    "Rank",
    "Dice",
    "HD95 (mm)",
    _SURFACE,
    "Volume difference (ml)",
    "Why",
)


def agreement_section(results: Results) -> Section:
    """Agreement of readers: pairs, groups and the review list."""
    headline = results.settings.agreement.headline
    if results["agreement"].empty:
        missing = text("No region was segmented by two readers.")
        delivered = readings_table(results)
        return section("agreement", "Agreement of readers", missing, delivered)
    return section(
        "agreement",
        "Agreement of readers",
        _agreement_table(results, headline),
        readings_table(results),
        *group_tables(results),
        *_review(results),
    )


def _agreement_table(results: Results, headline: str) -> Table:
    return table(
        "Agreement by pair of readers",
        _AGREEMENT_COLUMNS,
        [
            _agreement_row(names, part, headline)
            for names, part in groups(results["agreement"], [*_PAIR, "definition"])
        ],
        "Median (quartiles). HD95: the larger of the two directed 95th percentiles. "
        "One segmentation empty: Dice 0, no distance; both empty: nothing is defined.",
        shows="agreement",
    )


def _agreement_row(
    names: tuple[str, ...], part: pd.DataFrame, headline: str
) -> list[str]:
    image, region, a, b, definition = names
    one, both = ((part["status"] == s).sum() for s in ("one_empty", "both_empty"))
    return [
        f"{image} {region}, {a} and {b}",
        definition + (" (headline)" if definition == headline else ""),
        str(len(part)),
        f"{one} / {both}",
        n.median_quartiles(part["dice"], 3),
        n.median_quartiles(part["hd95_mm"]),
        n.median_quartiles(part["assd_mm"]),
        n.median_quartiles(part["volume_difference"]),
    ]


def _review(results: Results) -> list[Block | None]:
    """The cases of the review list, site by site."""
    rows = results["review_list"]
    review = results.settings.agreement.review
    if rows.empty or review is None:
        return []
    return [
        text(
            f"An algorithm that is new at a site needs a look at its cases there. Of "
            f"each site, up to {review.n_cases} cases per image and region are "
            f"listed in which {n.listed(review.readers)} and reader "
            f"{review.against} agree worst."
        ),
        _review_table(rows),
        Link("../agreement/review.tsv", "Review list, the worst cases first (TSV)"),
    ]


def _review_table(rows: pd.DataFrame) -> Table:
    ordered = rows.sort_values(["site", "rank", "reader", "image", "region"])
    with_surface = bool(rows["surface_dice"].notna().any())
    columns = [c for c in _REVIEW_COLUMNS if with_surface or c != _SURFACE]
    return table(
        "Review list: the worst cases of each site",
        columns,
        [_review_row(row, with_surface) for _, row in ordered.iterrows()],
        "Rank by the mean of the ranks of Dice coefficient and HD95 within reader, "
        "image and region; missing and empty segmentations come first. Volume "
        "difference: reader minus the one it is compared with.",
        folded=True,
        of_people=True,
    )


def _review_row(row: pd.Series, with_surface: bool) -> list[str]:
    surface = n.decimal(row["surface_dice"])
    if pd.notna(row["surface_dice"]):
        surface += f" at {row['tolerance_mm']:g} mm"
    return [
        row["subject_id"],
        row["site"],
        f"{row['session']}, {row['image']} {row['region']}",
        f"{row['reader']} against {row['against']}",
        f"{row['rank']} of {row['n_cases']}",
        n.decimal(row["dice"]),
        n.decimal(row["hd95_mm"], 1),
        *([surface] if with_surface else []),
        n.decimal(row["volume_difference_ml"], 1),
        row["reason"],
    ]
