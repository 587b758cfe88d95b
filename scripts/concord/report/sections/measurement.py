"""Sections on what was measured: features, stability."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...figures import labels
from ...figures.summaries import groups, main_recipes
from .. import numbers as n
from ..blocks import Items, Link, Section, Table, section, table, text
from ..methods.measurement import recipe_sentence
from ..results import Results
from .feature_crosscheck import crosscheck_blocks

_DICTIONARY_COLUMNS = (
    "Measured on",
    "Image",
    "Recipe (hash)",
    "Columns",
    "Standardized (IBSI)",
    "Families",
)
_STABILITY_COLUMNS = (
    "Measured on",
    "Axis",
    "Family",
    "Subjects",
    "ICC",
    "Lower bound",
    "Stable",
    "Undefined",
)


def features_section(results: Results) -> Section:
    """Feature columns, their engine and recipes, and undefined values."""
    recipes = results.settings.recipes
    return section(
        "features",
        "Features",
        text(_engine_sentence(results)),
        _dictionary_table(results),
        text(*(recipe_sentence(name, recipes[name]) for name in sorted(recipes))),
        _recipe_warnings(results.recipes),
        Link("../features/dictionary.tsv", "Dictionary of all feature columns (TSV)"),
        Link("../features/dictionary.json", "All recipes in full (JSON)"),
        _undefined_table(results),
        *crosscheck_blocks(results),
    )


def stability_section(results: Results) -> Section:
    """Repeatability and reproducibility of the features."""
    if results["stability"].empty:
        missing = text("No region was measured twice, so stability is unknown.")
        return section("stability", "Stability of features", missing)
    threshold = results.settings.stability.threshold
    return section(
        "stability",
        "Stability of features",
        text(
            f"A feature is stable if the lower bound of its intraclass correlation "
            f"reaches {threshold:g}. This table uses all subjects and only describes; "
            "the models judge stability again in the development subjects of each fold."
        ),
        _stability_table(main_recipes(results["stability"]), by_family=False),
        _stability_table(main_recipes(results["stability"]), by_family=True),
    )


def _engine_sentence(results: Results) -> str:
    software = n.listed(sorted(results["dictionary"]["software"].dropna().unique()))
    if results.starts_from_table:
        return (
            f"Features were taken as given (software: {software}). Filter and family "
            "are read off their names; the same name does not prove the same "
            "definition, so none counts as standardized."
        )
    text_ = f"Features were computed by {software}." if software else ""
    engine = results.engine
    if engine:
        text_ += (
            f" On this machine it reproduced "
            f"{n.share(engine['n_matching'], engine['n_values'])} IBSI reference "
            "values within their tolerances."
        )
        if engine["mismatches"]:
            text_ += f" Outside: {'; '.join(map(str, engine['mismatches']))}."
    return text_.strip()


def _dictionary_table(results: Results) -> Table | None:
    if results["dictionary"].empty:
        return None
    rows = [
        [
            f"{image} {region}",
            kind,
            f"{recipe} ({part['recipe_hash'].iloc[0]})",
            str(len(part)),
            n.share(int(part["standardized"].fillna(False).sum()), len(part)),
            str(part["family"].nunique()),
        ]
        for (image, region, recipe, kind), part in groups(
            results["dictionary"], ["image", "region", "recipe", "filter"]
        )
    ]
    return table(
        "Feature columns",
        _DICTIONARY_COLUMNS,
        rows,
    )


def _recipe_warnings(document: Mapping[str, Any]) -> Items | None:
    """Settings that do not suit the image of their recipe."""
    found = tuple(
        f"{name}: {warning}."
        for name, number in sorted(document.get("recipe_by_name", {}).items())
        for warning in document["recipes"][number]["warnings"]
    )
    return Items(found, "Settings that do not suit their images") if found else None


def _undefined_table(results: Results) -> Table | None:
    rows = results["undefined"]
    if rows.empty:
        return None
    return table(
        "Undefined feature values",
        ["Measured on", "Reason", "Values", "Columns", "Subjects"],
        [
            [
                f"{image} {region}",
                reason,
                str(len(part)),
                str(part["column"].nunique()),
                str(part["subject_id"].nunique()),
            ]
            for (image, region, reason), part in groups(
                rows, ["image", "region", "reason"]
            )
        ],
        shows="undefined",
    )


def _stability_table(stability: pd.DataFrame, by_family: bool) -> Table:
    """One row per measurement and axis, and per family if wanted."""
    keyed = stability.assign(family=stability["column"].map(labels.family))
    rows = []
    for names, part in groups(keyed, ["image", "region", "axis"]):
        families = labels.family_order(part["family"]) if by_family else ["all"]
        for family in families:
            chosen = part[part["family"] == family] if by_family else part
            rows.append(_stability_row(names, family, chosen))
    return table(
        "Stability by family" if by_family else "Stability of all features",
        _STABILITY_COLUMNS,
        rows,
        "Median (quartiles) over features of the main recipes.",
        folded=by_family,
        shows="stability",
    )


def _stability_row(
    names: tuple[str, ...], family: str, rows: pd.DataFrame
) -> list[str]:
    image, region, axis = names
    return [
        f"{image} {region}",
        f"{labels.AXES.get(axis, axis)}, {n.distinct(rows['form'])}",
        labels.FAMILIES.get(family, family),
        n.spread(rows["n_subjects"], 0),
        n.median_quartiles(rows["icc"]),
        n.median_quartiles(rows["icc_lower"]),
        n.share(int(rows["stable"].fillna(False).sum()), len(rows)),
        str(int(rows["icc"].isna().sum())),
    ]


def axes_missing(results: Results) -> Iterator[str]:
    """Axes of stability that were not measured, in words."""
    present = set(results["stability"]["axis"].unique())
    if results.judges_given or results.applies_models:
        return
    if results.starts_from_table and not present:
        yield (
            "The feature table holds one measurement of each subject: how far features "
            "repeat from scan to scan or depend on the segmentation is unknown."
        )
        return
    if "retest" not in present:
        yield (
            "No subject was scanned twice: how far features repeat from scan to scan "
            "is unknown."
        )
    if "reader" not in present:
        yield (
            "No region was segmented by two readers: how far features depend on the "
            "segmentation is unknown."
        )
