"""Exact copies of a file among the files of a series."""

import filecmp
from collections import defaultdict
from collections.abc import Sequence

from . import header as hd
from .frames import DicomFile


def distinct(files: Sequence[DicomFile]) -> tuple[list[DicomFile], list[str]]:
    """Files without exact copies of another one, and a note of how many there were."""
    seen: dict[str, list[DicomFile]] = defaultdict(list)
    kept = []
    for file in files:
        same = seen[hd.text(file.header, "SOPInstanceUID") or ""]
        if not any(filecmp.cmp(file.path, other.path, False) for other in same):
            kept.append(file)
        same.append(file)
    dropped = len(files) - len(kept)
    return kept, [f"DUPLICATE_INSTANCE {dropped} files"] if dropped else []
