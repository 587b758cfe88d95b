"""Review list: the cases in which readers agree worst."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .pairs import REGION_KEYS
from .settings import ReviewSection

#: What cases are ranked within: distances of other images tell nothing of these.
GROUP = ["image", "region"]
#: Statuses from the gravest on: a lesion that a reader missed, then a segmentation that
#: nobody delivered; two empty segmentations agree, so they come last.
GRADES = ("one_empty", "missing", "ok", "both_empty")

_MM3_PER_ML = 1000.0


def review_list(
    agreement: pd.DataFrame,
    masks: pd.DataFrame,
    review: ReviewSection,
    headline: str,
    surface_dice: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The cases of each site in which readers agree worst with another one.

    A case is an image and region that the reader compared with has segmented. Cases
    are ranked within reader, image and region: first those of which one segmentation
    is empty, then those without a segmentation by the reader under review, then by the
    mean of two ranks, of the lowest Dice coefficient and of the largest HD95.

    Parameters
    ----------
    agreement : DataFrame
        Of kind "agreement".
    masks : DataFrame
        Of kind "masks": segmentations that exist, also those that were never compared.
    review : ReviewSection
        Readers, whom they are compared with, and the number of cases of each site.
    headline : str
        Definition of the surface distances: mesh or voxel.
    surface_dice : DataFrame, optional
        Of kind "surface_dice"; the smallest tolerance of each pair is shown.

    Returns
    -------
    DataFrame
        Of kind "review_list", the worst cases first.
    """
    rows = agreement[agreement["definition"] == headline]
    if surface_dice is not None:
        rows = _with_surface_dice(rows, surface_dice)
    parts = [
        _ranked(_cases(rows, masks, reader, review.against))
        for reader in review.readers
    ]
    known = [part for part in parts if len(part)]
    if not known:
        return pd.DataFrame()
    table = pd.concat(known, ignore_index=True)
    chosen = table[table["rank_in_site"] <= review.n_cases]
    return chosen.sort_values(["rank", "reader", *GROUP], ignore_index=True)


def severity(rows: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    """Ranks of cases within groups, 1 for the worst; equal values share their mean.

    Parameters
    ----------
    rows : DataFrame
        With `status`, `dice` and `hd95_mm`; NaN has no rank.

    Returns
    -------
    DataFrame
        `grade` (place of the status among GRADES), `rank_dice`, `rank_hd95` and
        `rank_mean`, of the cases whose distances are defined.
    """
    ok = rows[rows["status"] == "ok"]
    by_group = ok.groupby(group)
    ranks = pd.DataFrame(
        {
            "rank_dice": by_group["dice"].rank(),
            "rank_hd95": by_group["hd95_mm"].rank(ascending=False),
        }
    ).astype(float)
    grades = rows["status"].map({name: place for place, name in enumerate(GRADES)})
    found = ranks.reindex(rows.index).assign(grade=grades.astype(int))
    return found.assign(rank_mean=found[["rank_dice", "rank_hd95"]].mean(axis=1))


def oriented(rows: pd.DataFrame, reader: str, against: str) -> pd.DataFrame:
    """Pairs of two readers; volumes and their difference as `reader` minus `against`.

    Returns
    -------
    DataFrame
        Region keys, `status`, `dice`, `hd95_mm`, `volume_ml`, `volume_against_ml`
        and `volume_difference` = 2 (reader - against) / (reader + against).
    """
    turned = (rows["reader"] == against) & (rows["reader_b"] == reader)
    chosen = rows[turned | ((rows["reader"] == reader) & (rows["reader_b"] == against))]
    second = turned[chosen.index]
    mine = chosen["volume_b_mm3"].where(second, chosen["volume_mm3"])
    theirs = chosen["volume_mm3"].where(second, chosen["volume_b_mm3"])
    table = chosen[[*REGION_KEYS, "status", "dice", "hd95_mm"]].assign(
        volume_ml=mine / _MM3_PER_ML,
        volume_against_ml=theirs / _MM3_PER_ML,
        volume_difference=chosen["volume_difference"] * np.where(second, 1.0, -1.0),
    )
    for name in ("surface_dice", "tolerance_mm"):
        table[name] = chosen.get(name, np.nan)
    return table


def _cases(
    rows: pd.DataFrame, masks: pd.DataFrame, reader: str, against: str
) -> pd.DataFrame:
    """All cases of one reader under review, with what is known of each."""
    pairs = oriented(rows, reader, against)
    segmented = masks.loc[masks["reader"] == against, REGION_KEYS]
    known = [part for part in (segmented, pairs[REGION_KEYS]) if len(part)]
    if not known:
        return pd.DataFrame()
    cases = pd.concat(known).drop_duplicates()
    table = cases.merge(pairs, how="left", on=REGION_KEYS)
    return table.assign(
        status=table["status"].fillna("missing"),
        reader=reader,
        against=against,
        volume_difference_ml=table["volume_ml"] - table["volume_against_ml"],
    )


def _ranked(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases of one reader with their ranks and the reason for them."""
    if cases.empty:
        return cases
    table = cases.join(severity(cases, GROUP))
    order = ["grade", "rank_mean", "dice", *REGION_KEYS]
    table = table.sort_values([*GROUP, *order], ignore_index=True)
    place = table.groupby(GROUP).cumcount() + 1
    table = table.assign(
        rank=place,
        rank_in_site=table.groupby([*GROUP, "site"]).cumcount() + 1,
        n_cases=table.groupby(GROUP)["rank_mean"].transform("size"),
    )
    return table.assign(reason=list(_reasons(table))).drop(
        columns=["grade", "rank_dice", "rank_hd95", "rank_mean"]
    )


def _reasons(table: pd.DataFrame) -> Iterator[str]:
    """Why each case has its rank, in words."""
    n_ok = (table["status"] == "ok").groupby([table[k] for k in GROUP]).transform("sum")
    for n, (_, row) in zip(n_ok, table.iterrows(), strict=True):
        readers = row["reader"], row["against"]
        yield {
            "missing": "no segmentation by {} where {} has one".format(*readers),
            "one_empty": _found_nothing(row),
            "both_empty": "both segmentations are empty",
            "ok": f"of {n}, rank {row['rank_dice']:g} by Dice {row['dice']:.3f} and "
            f"{row['rank_hd95']:g} by HD95 {row['hd95_mm']:.1f} mm",
        }[row["status"]]


def _found_nothing(row: pd.Series) -> str:
    """Who of two readers found nothing, and how much the other one segmented."""
    names, volumes = ("reader", "against"), ("volume_ml", "volume_against_ml")
    is_first = row["volume_ml"] == 0
    blind, other = names if is_first else names[::-1]
    volume_ml = row[volumes[1 if is_first else 0]]
    return f"{row[blind]} found nothing where {row[other]} segmented {volume_ml:.3g} ml"


def _with_surface_dice(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the surface Dice at the smallest tolerance."""
    keys = [name for name in (*REGION_KEYS, "reader", "reader_b") if name in table]
    if "definition" in table:
        keys.append("definition")
    smallest = table.sort_values("tolerance_mm").drop_duplicates(keys)
    columns = [*keys, "tolerance_mm", "surface_dice"]
    return rows.merge(smallest[columns], how="left", on=keys)
