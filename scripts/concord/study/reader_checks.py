"""Readers that settings name."""

from collections.abc import Iterator

from .config import StudyConfig


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
