"""Objects that were divided into several files: whether all of their parts are there.

A large multi-frame object may be stored as a concatenation, each file of which holds
some of its frames. One part alone looks like a whole object.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pydicom import Dataset

from ...errors import Finding, IngestFault
from . import header as hd


def missing_parts(headers: Sequence[Dataset]) -> Iterator[Finding]:
    """MISSING_PART for each concatenation of which files are absent.

    Parameters
    ----------
    headers : sequence of Dataset
        One per file of a series.
    """
    found: dict[str, set[float]] = defaultdict(set)
    totals: dict[str, float] = {}
    for header in headers:
        name = hd.text(header, "ConcatenationUID")
        if name is None:
            continue
        found[name].add(hd.number(header, "InConcatenationNumber") or 0)
        total = hd.number(header, "InConcatenationTotalNumber") or 0
        totals[name] = max(total, totals.get(name, 0), *found[name])
    for name, numbers in found.items():
        absent = int(totals[name]) - len(numbers)
        if absent > 0:
            text = (
                f"{absent} of {totals[name]:.0f} files of a divided object are absent"
            )
            yield Finding("MISSING_PART", f"{text}. Copy the complete series.")


def fewer_slices_than_told(
    headers: Sequence[Dataset], modality: str
) -> Iterator[Finding]:
    """SLICES_FEWER_THAN_TOLD if a PET says that it has more slices than are there.

    Slices absent at either end leave a regular grid, which looks whole.

    Parameters
    ----------
    headers : sequence of Dataset
        Of the slices of one volume.
    """
    told = [hd.number(header, "NumberOfSlices") or 0 for header in headers]
    if modality == "PT" and (most := max(told, default=0)) > len(headers):
        yield Finding(
            "SLICES_FEWER_THAN_TOLD",
            f"NumberOfSlices is {most:.0f} and {len(headers)} slices are there. Copy "
            "the complete series; if it was cropped, waive this for the subject.",
        )


def require_undivided(header: Dataset) -> None:
    """Raise MISSING_PART if one file is part of a divided object."""
    total = hd.number(header, "InConcatenationTotalNumber")
    number = hd.number(header, "InConcatenationNumber")
    if (total or 1) > 1 or (number or 1) > 1:
        raise IngestFault(
            "MISSING_PART",
            f"the file is part {number or 0:.0f} of {total or 0:.0f} of a divided "
            "object and holds some of its frames only. Export it as one file.",
        )
