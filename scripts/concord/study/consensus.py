"""Readers that settings name, and the segmentations that have a consensus."""

from collections import defaultdict
from collections.abc import Iterator

from ..config_faults import Fault, nearest
from ..readers import CONSENSUS, LEAST_READERS
from .config import StudyConfig
from .sheets import IMAGE_KEY, Row, Sheet


def segmented_regions(
    config: StudyConfig, masks: Sheet, reader: str
) -> set[tuple[str, str]]:
    """Image and region of what a reader, or the consensus, has segmented."""
    rows = [row for row in masks.rows if row["reader"] == reader]
    if reader == CONSENSUS:
        rows = [group[0] for group in _agreed(config, masks)]
    return {(row["image"], row["region"]) for row in rows}


def consensus_faults(config: StudyConfig, masks: Sheet) -> Iterator[Fault]:
    """A reader of the reserved name, and unknown or too few readers to agree."""
    where, key = str(masks.path), "agreement.consensus_of"
    readers = {row["reader"] for row in masks.rows}
    if CONSENSUS in readers:
        yield Fault(
            where,
            "reader",
            f"{CONSENSUS!r} is reserved for the consensus of all readers; give the "
            "reader another name",
        )
    wanted = config.agreement.consensus_of
    for name in wanted:
        if name not in readers:
            yield Fault(
                where,
                "reader",
                f"no row has {name!r}, which {key} asks for{nearest(name, readers)}",
            )
    if wanted and len(set(wanted)) < LEAST_READERS:
        yield Fault(
            key, str(wanted), f"expected {LEAST_READERS} readers or more, or [] for all"
        )


def reader_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """A reader compared with itself, and an axis without the reference reader."""
    readers, reference = config.stability.readers, config.study.reference_reader
    if readers is not None and reference not in readers:
        yield (
            "stability.readers",
            f"are {readers}, without the study.reference_reader {reference!r}",
        )
    review = config.agreement.review
    if review is not None and review.against in review.readers:
        yield (
            "agreement.review.readers",
            f"holds {review.against!r}, which is agreement.review.against",
        )


def named_readers(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Key and name of readers whom some row of the sheet must have."""
    for name in config.stability.readers or []:
        yield "stability.readers", name
    review = config.agreement.review
    if review is not None:
        yield from (("agreement.review.readers", name) for name in review.readers)
        yield "agreement.review.against", review.against


def _agreed(config: StudyConfig, masks: Sheet) -> list[list[Row]]:
    """Rows of each image and region that enough readers segmented."""
    settings = config.agreement
    if settings.consensus == "none":
        return []
    regions: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in masks.rows:
        if not settings.consensus_of or row["reader"] in settings.consensus_of:
            regions[tuple(row[key] for key in (*IMAGE_KEY, "region"))].append(row)
    return [rows for rows in regions.values() if len(rows) >= LEAST_READERS]
