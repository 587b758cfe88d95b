"""Findings of the index, notes of the ingest, and the key of the hashes."""

from collections.abc import Iterator

import pandas as pd

from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Block, table, text
from ..privacy_sentences import privacy_text
from ..results import Results

_KEYS = ["stage", "subject_id", "session", "image", "region", "reader"]


def n_excluded(results: Results) -> int:
    """Images, segmentations and feature rows excluded; one may have several reasons."""
    return len(results["exclusions"].drop_duplicates(_KEYS))


def ingest_blocks(results: Results) -> Iterator[Block]:
    """Notes and waivers, what lies in the data, and the key of the hashes."""
    yield from _note_blocks(results)
    yield from _index_blocks(results)
    yield text(privacy_text(results.settings))


def _note_blocks(results: Results) -> Iterator[Block]:
    """Oddities of images and segmentations that are used nevertheless."""
    found = results["ingest_report"]
    rows = found[found["severity"] != "fault"]
    if rows.empty:
        return
    yield table(
        "Notes on images and segmentations that are used",
        ["Stage", "Code", "Kind", "Notes", "Subjects concerned"],
        [
            [*names, str(len(part)), str(part["subject_id"].nunique())]
            for names, part in groups(rows, ["stage", "code", "severity"])
        ],
        "Waived: the configuration accepts this fault for these subjects.",
    )
    columns = ["subject_id", "session", "image", "region", "reader", "code", "text"]
    yield table(
        "Every note",
        ["Subject", "Session", "Image", "Region", "Reader", "Code", "Text"],
        rows[columns].fillna(n.NONE).astype(str).to_numpy().tolist(),
        folded=True,
        of_people=True,
    )


def _index_blocks(results: Results) -> Iterator[Block]:
    """Counts of what lies below the DICOM roots."""
    rows = results["index_summary"]
    if rows.empty:
        return
    counts = ["patients", "studies", "series", "files", "unlisted"]
    yield table(
        "What the DICOM roots hold",
        ["Root", "Modality", *map(str.capitalize, counts), "Problems"],
        [
            [row["root"], row["modality"]]
            + [n.NONE if pd.isna(row[name]) else str(row[name]) for name in counts]
            + [n.NONE if pd.isna(row["problems"]) else row["problems"]]
            for _, row in rows.iterrows()
        ],
        "Unlisted: series and segmentations that no sheet of the study uses. Problems: "
        "codes of what cannot be used.",
    )
