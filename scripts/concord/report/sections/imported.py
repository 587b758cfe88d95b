"""Section on a table of features that the study starts from."""

from collections.abc import Iterator, Mapping

from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Block, Section, Table, section, table, text
from ..results import Results
from .cohort import exclusion_blocks

_ONE_FILE = "The file and what it declares"


def imported_section(results: Results) -> Section:
    """Origin of the features, their batch variables, and exclusions."""
    return section(
        "feature-table",
        "Feature table",
        text(
            "The study starts from features that were computed elsewhere. No image was "
            "read here, so ingest, segmentations and agreement of readers are "
            "outside this report.",
        ),
        *_source_table(results),
        *(_batch_table(results, variable) for variable in _variables(results)),
        *exclusion_blocks(results),
    )


def imported_sentence(results: Results) -> str:
    """Sentence of the declared provenance for the methods of the paper."""
    (known,) = results.imported["recipes"].values()
    return known["methods"]


def _source_table(results: Results) -> Iterator[Block]:
    source = results.imported["source"]
    (known,) = results.imported["recipes"].values()
    used = source["subjects_with_features"]
    by_site = n.listed(f"{count} {site}" for site, count in sorted(used.items()))
    files = source["files"]
    several = len(files) > 1
    yield table(
        "The files and what is declared" if several else _ONE_FILE,
        ["", ""],
        [
            *(row for file in files for row in _file_rows(file)),
            ["Rows", f"{source['rows_used']} used of {source['rows']}"],
            [
                "Columns",
                f"{source['features']} features of {source['columns']} columns",
            ],
            ["Subjects with features", f"{sum(used.values())} ({by_site})"],
            ["Software", known["settings"]["software"]],
            ["Provenance", known["settings"]["provenance"]],
        ],
        "Software and provenance are declared by the study; they were not checked.",
    )


def _file_rows(file: Mapping[str, str]) -> list[list[str]]:
    return [["File", file["name"]], ["SHA-256", file["sha256"]]]


def _variables(results: Results) -> list[str]:
    return sorted(results["batch_facts"]["variable"].unique())


def _batch_table(results: Results, variable: str) -> Table:
    """Images of each value of a batch variable, by site."""
    rows = results["batch_facts"]
    rows = rows[rows["variable"] == variable].fillna({"value": "not known"})
    sites = sorted(rows["site"].unique())
    return table(
        f"Batch variable {variable}: images by site",
        ["Image", "Value", *sites, "All"],
        [
            [
                image,
                value,
                *(str((part["site"] == site).sum()) for site in sites),
                str(len(part)),
            ]
            for (image, value), part in groups(rows, ["image", "value"])
        ],
    )
