"""Sections on subjects, images and what was left out."""

from collections.abc import Iterator

import pandas as pd

from ...batch_labels import Spellings
from ...figures.summaries import groups
from ...folds.settings import CovariateSection
from .. import numbers as n
from ..blocks import Block, Section, Table, section, table, text
from ..results import Results
from .design.confounding import confounding_tables
from .design.duplicates import duplicate_table
from .design.giveaways import giveaway_table
from .design.nesting import nesting_table
from .design.spellings import spelling_table
from .ingest import ingest_blocks

_FACTS = {
    "Manufacturer": "Manufacturer",
    "ManufacturersModelName": "Model",
    "SoftwareVersions": "Software",
    "ConvolutionKernel": "Kernel",
    "ScanningSequence": "Sequence",
    "ReconMethodName": "Reconstruction",
    "Units": "Units",
}
_RANGES = {
    "KVP": ("Tube voltage (kV)", 0),
    "MagneticFieldStrength": ("Field strength (T)", 1),
    "RepetitionTime": ("Repetition time (ms)", 0),
    "EchoTime": ("Echo time (ms)", 1),
    "slice_spacing_mm": ("Slice spacing (mm)", 2),
    "row_spacing_mm": ("Pixel spacing (mm)", 2),
}


def cohort_section(results: Results) -> Section:
    """Subjects by site, and how far site and outcome go together."""
    return section(
        "cohort",
        "Cohort",
        _cohort_table(results),
        *confounding_tables(results),
        nesting_table(results),
        giveaway_table(results),
        duplicate_table(results),
        spelling_table(results),
    )


def images_section(results: Results) -> Section:
    """Images by site, how they were acquired, and what was excluded."""
    acquisition = results["acquisition"]
    blocks: list[Block] = []
    if acquisition.empty:
        blocks.append(text("No image was ingested; the study starts from features."))
    else:
        blocks += [_image_counts(acquisition), *_acquisition_tables(results)]
    blocks += exclusion_blocks(results)
    return section("images", "Images", *blocks, *ingest_blocks(results))


def _cohort_table(results: Results) -> Table:
    groups = [results.cohort[results.cohort["site"] == site] for site in results.sites]
    parts = [*groups, results.cohort]
    rows = [["Subjects", *(str(len(part)) for part in parts)]]
    for name, settings in sorted(results.settings.covariates.items()):
        rows += _covariate_rows(name, settings, parts)
    for endpoint in results.endpoints:
        rows += _outcome_rows(results, endpoint, parts)
    return table(
        "Subjects by site",
        ["", *results.sites, "All"],
        rows,
        "Numbers: median (quartiles). Missing values are counted, never filled here."
        f"{_sealed(results)}",
    )


def _sealed(results: Results) -> str:
    """Note on subjects that no column counts."""
    count = len(results["sealed_subjects"])
    if not count:
        return ""
    return f" {n.plural(count, 'sealed subject')} more are counted nowhere here."


def _covariate_rows(
    name: str, settings: CovariateSection, parts: list[pd.DataFrame]
) -> Iterator[list[str]]:
    """One row for a number; one per level for a category."""
    label = settings.label or name.replace("_", " ")
    if settings.kind == "number":
        unit = f" ({settings.unit})" if settings.unit else ""
        yield [
            label + unit,
            *(_with_missing(part, f"covariate.{name}") for part in parts),
        ]
        return
    first, *others = settings.levels
    columns = [f"covariate.{name}={level}" for level in others]
    yield [f"{label}: {first}", *(_reference_count(part, columns) for part in parts)]
    for level, column in zip(others, columns, strict=True):
        counts = (_event_count(part, column) for part in parts)
        yield [f"{label}: {level}", *counts]


def _outcome_rows(
    results: Results, endpoint: str, parts: list[pd.DataFrame]
) -> Iterator[list[str]]:
    label = results.endpoint_label(endpoint)
    counts = (_event_count(part, f"event.{endpoint}") for part in parts)
    yield [f"{label}: events", *counts]
    if results.settings.endpoints[endpoint].outcome.has_times:
        column = f"time_days.{endpoint}"
        times = (_with_missing(part, column, 0) for part in parts)
        yield [f"{label}: time to event or censoring (days)", *times]


def _values(part: pd.DataFrame, column: str) -> pd.Series:
    if column not in part:
        return pd.Series(float("nan"), index=part.index)
    return pd.to_numeric(part[column], errors="coerce").astype("float64")


def _with_missing(part: pd.DataFrame, column: str, digits: int = 1) -> str:
    values = _values(part, column)
    return n.median_quartiles(values, digits) + _missing(int(values.isna().sum()))


def _event_count(part: pd.DataFrame, column: str) -> str:
    values = _values(part, column)
    known = values.dropna()
    return n.share(int(known.sum()), len(known)) + _missing(int(values.isna().sum()))


def _reference_count(part: pd.DataFrame, columns: list[str]) -> str:
    """Subjects with the reference level: those whose indicators are all 0."""
    indicators = pd.DataFrame({c: _values(part, c) for c in columns}).dropna()
    reference = int((indicators == 0).all(axis=1).sum())
    missing = len(part) - len(indicators)
    return n.share(reference, len(indicators)) + _missing(missing)


def _missing(count: int) -> str:
    return f"; {count} missing" if count else ""


def _image_counts(acquisition: pd.DataFrame) -> Table:
    """Images of each image and session by site."""
    sites = sorted(acquisition["site"].unique())
    rows = [
        [
            ", ".join(names),
            *(str((part["site"] == site).sum()) for site in sites),
            str(len(part)),
        ]
        for names, part in groups(acquisition, ["image", "session"])
    ]
    return table("Images by image, session and site", ["", *sites, "All"], rows)


def _acquisition_tables(results: Results) -> Iterator[Table]:
    """Acquisition facts of each batch, one table per image."""
    settings = results.settings.harmonization
    for (image,), part in groups(results["acquisition"], ["image"]):
        column = (settings.variables_of(image) or ["site"])[0]
        if column not in part or part[column].isna().all():
            column = "site"
        spelt = Spellings.of(part[column], safe=False)
        known = part.assign(batch=part[column].map(spelt.label))
        parts = list(groups(known, ["batch"]))
        yield table(
            f"{image}: acquisition by batch ({column})",
            ["", *(name for (name,), _ in parts)],
            _fact_rows([rows for _, rows in parts], column),
            "From the DICOM headers; counts in brackets where a batch is mixed.",
        )


def _fact_rows(batches: list[pd.DataFrame], column: str) -> Iterator[list[str]]:
    """One row per fact that at least one image states."""
    yield ["Images", *(str(len(rows)) for rows in batches)]
    if column != "site":
        yield ["Sites", *(n.distinct(rows["site"]) for rows in batches)]
    for name, label in _FACTS.items():
        if name != column and any(rows[name].notna().any() for rows in batches):
            yield [label, *(n.distinct(rows[name]) for rows in batches)]
    for name, (label, digits) in _RANGES.items():
        if any(rows[name].notna().any() for rows in batches):
            yield [label, *(n.spread(rows[name], digits) for rows in batches)]


def exclusion_blocks(results: Results) -> Iterator[Block]:
    """Exclusions with their reasons."""
    rows = results["exclusions"]
    if rows.empty:
        of_image = "" if results.starts_from_table else "image, segmentation or "
        yield text(f"No {of_image}feature row was excluded.")
    else:
        yield table(
            "Exclusions by stage and reason",
            ["Stage", "Reason", "Excluded", "Subjects concerned"],
            [
                [*names, str(len(part)), str(part["subject_id"].nunique())]
                for names, part in groups(rows, ["stage", "code"])
            ],
        )
        keys = ["subject_id", "session", "image", "region", "reader", "stage"]
        ordered = rows.sort_values(keys)
        yield table(
            "Every exclusion with its reason",
            ["Subject", "Session", "Image", "Region", "Reader", "Stage", "Reason"],
            ordered[[*keys, "reason"]].fillna(n.NONE).astype(str).to_numpy().tolist(),
            folded=True,
            of_people=True,
        )
