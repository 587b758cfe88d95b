"""Names of the volumes of 4D series, for the drafts of the image sheet."""

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..dicom.frames import frames_of, open_file
from ..geometry import volumes
from ..nifti import volume_parts
from .scan import FileFacts


def of_series(root: Path, group: Sequence[FileFacts]) -> tuple[str, ...]:
    """Names of the volumes of a DICOM series; none if it is one volume.

    Headers are read again only where slices share a place, or a file has frames.

    Parameters
    ----------
    root : Path
        Folder of the root.
    group : sequence of FileFacts
        The files of the series.
    """
    if not _may_be_several(group):
        return ()
    try:
        files = [open_file(root / facts.path) for facts in group]
        headers = [f.header for file in files if file for f in frames_of(file)]
        found = volumes.names(headers)
    except Exception as error:  # one odd series never stops the index
        logging.warning("volumes of a series not told (%s)", type(error).__name__)
        return ()
    return found if len(found) > 1 else ()


def of_nifti(path: Path) -> tuple[str, ...]:
    """Names of the volumes of a NIfTI file; none if it has three dimensions."""
    try:
        parts = volume_parts(path)
    except Exception as error:  # one odd file never stops the index
        logging.warning("volumes of a file not told (%s)", type(error).__name__)
        return ()
    return tuple(part.name for part in parts) if len(parts) > 1 else ()


def _may_be_several(group: Sequence[FileFacts]) -> bool:
    if any(facts.frames not in (None, "", "1") for facts in group):
        return True
    places = Counter(facts.position for facts in group if facts.position)
    return max(places.values(), default=0) > 1
