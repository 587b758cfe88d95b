"""Tables on surface Dice, on all readers together, and on volumes."""

from collections.abc import Iterator

import pandas as pd

from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Table, table
from ..results import Results

_PAIR = ["image", "region", "reader", "reader_b"]


def group_tables(results: Results) -> Iterator[Table]:
    """The tables that exist."""
    headline = results.settings.agreement.headline
    surface = results.of("surface_dice", definition=headline)
    if len(surface):
        yield _surface_table(surface, headline)
    if len(results["agreement_group"]):
        yield _group_table(results["agreement_group"])
    volumes = results.of("volume_agreement", site="all")
    if len(volumes):
        yield _volume_table(volumes)


def _surface_table(surface: pd.DataFrame, headline: str) -> Table:
    """Median surface Dice of each pair, one column per tolerance."""
    tolerances = sorted(surface["tolerance_mm"].unique())
    rows = []
    for (image, region, a, b), part in groups(surface, _PAIR):
        cells = [
            n.median_quartiles(part.loc[part["tolerance_mm"] == t, "surface_dice"])
            for t in tolerances
        ]
        count = int((part["tolerance_mm"] == tolerances[0]).sum())
        rows.append([f"{image} {region}, {a} and {b}", str(count), *cells])
    return table(
        "Surface Dice",
        ["Pair", "Images", *(f"within {value:g} mm" for value in tolerances)],
        rows,
        f"Median (quartiles), by the {headline} definition; one segmentation empty: 0.",
        folded=True,
    )


def _group_table(found: pd.DataFrame) -> Table:
    """All readers of an image together, by image and region."""
    rows = [
        [
            f"{image} {region}",
            str(len(part)),
            n.spread(part["n_readers"], 0),
            n.median_quartiles(part["generalized_dice"], 3),
            n.median_quartiles(part["fleiss_kappa"], 3),
            n.median_quartiles(part["intersection_ml"] / part["union_ml"], 2),
        ]
        for (image, region), part in groups(found, ["image", "region"])
    ]
    columns = ["Measured on", "Images", "Readers", "Generalized Dice", "Fleiss' kappa"]
    return table(
        "All readers together",
        [*columns, "Volume that all segmented, of what any segmented"],
        rows,
        "Median (quartiles), the consensus left out. Kappa within the box of all "
        "segmentations, because it depends on how much background is counted.",
    )


def _volume_table(volumes: pd.DataFrame) -> Table:
    """Volumes by two readers: ICC, and ratio with limits of agreement."""
    rows = []
    for names, part in groups(volumes, _PAIR):
        image, region, a, b = names
        forms = part.set_index("form")
        first = part.iloc[0]
        limits = (
            f"{n.decimal(first['ratio_lower'])} to {n.decimal(first['ratio_upper'])}"
        )
        rows.append(
            [
                f"{image} {region}, {b} over {a}",
                str(first["n"]),
                *(_icc(forms, form) for form in ("ICC(A,1)", "ICC(C,1)")),
                f"{n.decimal(first['ratio'])} ({limits})",
            ]
        )
    return table(
        "Volumes by reader",
        ["Pair", "Subjects", "ICC(A,1)", "ICC(C,1)", "Ratio (limits of agreement)"],
        rows,
        "Logarithms of the volumes of the baseline session, with 95 % bounds; the "
        "geometric mean of the ratio and where 95 % of ratios lie (Bland and Altman). "
        "ICC(A,1) counts a systematic difference, ICC(C,1) does not.",
        shows="volume_agreement",
    )


def _icc(forms: pd.DataFrame, form: str) -> str:
    if form not in forms.index:
        return n.UNDEFINED
    row = forms.loc[form]
    if pd.isna(row["icc"]):
        return n.UNDEFINED
    bounds = f"{n.decimal(row['lower'])} to {n.decimal(row['upper'])}"
    return f"{n.decimal(row['icc'])} ({bounds})"
