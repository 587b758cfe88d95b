"""Sizes of a DICOM SEG: what its header tells, compared before anything is decoded."""

from typing import Any

from pydicom.encaps import generate_frames

from ..dicom import header as hd
from ..dicom.codestreams import Told, require_as_told
from ..dicom.encapsulated import items_of
from ..dicom.frames import DicomFile
from ..faults.collecting import Finding, raise_ingest_faults
from ..sizes import too_many_voxels


def require_sound(file: DicomFile, max_voxels: int) -> None:
    """Raise a fault if a segmentation is too large, or larger than it says.

    Raises
    ------
    IngestFault
        TOO_LARGE or SURPLUS_PIXELS.
    """
    sides = [
        int(hd.number(file.header, keyword) or default)
        for keyword, default in (("NumberOfFrames", 1), ("Rows", 0), ("Columns", 0))
    ]
    voxels = sides[0] * sides[1] * sides[2]
    raise_ingest_faults(too_many_voxels(voxels, sides, max_voxels))
    if file.pixels is None or not voxels or not file.syntax.is_transfer_syntax:
        return
    bits = int(hd.number(file.header, "BitsAllocated") or 0)
    if file.syntax.is_encapsulated:
        has, needs, what = items_of(file).frames, sides[0], "frames"
    else:
        has, needs, what = file.pixels.length or 0, -(-voxels * bits // 16) * 2, "bytes"
    if has > needs:
        text = (
            f"the DICOM SEG holds {has} {what} of pixels, but Rows, Columns, "
            f"NumberOfFrames and BitsAllocated tell {needs}, so that it is unknown "
            "what is meant. Export it again."
        )
        raise_ingest_faults([Finding("SURPLUS_PIXELS", text)])


def require_frames_as_told(dataset: Any, name: str) -> None:
    """Refuse compressed frames that are larger than the header tells.

    Raises
    ------
    IngestFault
        SURPLUS_PIXELS or TRUNCATED_FILE.
    """
    syntax = dataset.file_meta.TransferSyntaxUID
    if not syntax.is_encapsulated:
        return
    told = Told(int(dataset.Rows), int(dataset.Columns), 1)
    n_bytes = -(-int(dataset.BitsAllocated) // 8)
    count = int(hd.number(dataset, "NumberOfFrames") or 1)
    for frame in generate_frames(dataset.PixelData, number_of_frames=count):
        require_as_told(frame, told, n_bytes, syntax, name)
