"""Numbers of pixels: what files hold, what headers tell, and what is accepted."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..faults.collecting import Finding, some
from ..sizes import swelling, too_many_voxels
from . import header as hd
from .encapsulated import items_of
from .frames import DicomFile, Frame


def n_frames(file: DicomFile) -> int:
    """Frames of a file as its header tells; 1 if it does not."""
    return int(hd.number(file.header, "NumberOfFrames") or 1)


def size_faults(frames: Sequence[Frame], max_voxels: int) -> list[Finding]:
    """TOO_LARGE if the slices of one volume are more than is accepted.

    Parameters
    ----------
    frames : sequence of Frame
        Slices of the volume; files that hold others besides count as a whole.
    max_voxels : int
        `ingest.max_voxels`.
    """
    rows, columns, bits = (
        [int(hd.number(frame.header, keyword) or 0) for frame in frames]
        for keyword in ("Rows", "Columns", "BitsAllocated")
    )
    voxels = sum(r * c for r, c in zip(rows, columns, strict=True))
    packed = sum(file.size for file in {frame.file for frame in frames})
    return [
        *too_many_voxels(voxels, (len(frames), max(rows), max(columns)), max_voxels),
        *swelling(voxels * max(bits) // 8, packed),
    ]


class _Size(NamedTuple):
    """Bytes and frames of pixels that a file has, and that its header needs."""

    has_bytes: int
    needs_bytes: int
    has_frames: int = 1
    needs_frames: int = 1

    @property
    def is_short(self) -> bool:
        return self.has_bytes < self.needs_bytes

    @property
    def is_surplus(self) -> bool:
        """True if something is left over that does not make an odd length even."""
        even = self.needs_bytes + self.needs_bytes % 2
        return self.has_bytes > even or self.has_frames > self.needs_frames


def other_sizes(files: Sequence[DicomFile]) -> Iterator[Finding]:
    """Files with fewer or more bytes or frames of pixels than their header needs."""
    found = [(file, _size(file)) for file in files]
    short = [
        f"{file.label} has {size.has_bytes} bytes of pixels, needs {size.needs_bytes}"
        for file, size in found
        if size.is_short
    ]
    if short:
        text = f"{len(short)} of {len(files)} files are cut short: {some(short)}. "
        yield Finding("TRUNCATED_FILE", text + "Copy them again from the archive.")
    surplus = [
        f"{file.label} has {size.has_bytes} bytes and {size.has_frames} frames of "
        f"pixels, its header needs {size.needs_bytes} and {size.needs_frames}"
        for file, size in found
        if size.is_surplus and not size.is_short
    ]
    if surplus:
        text = f"{len(surplus)} of {len(files)} files hold more than their header "
        text += f"tells, so that it is unknown what is meant: {some(surplus)}. "
        yield Finding("SURPLUS_PIXELS", text + "Ask for another export.")


def _size(file: DicomFile) -> _Size:
    """Bytes and frames of pixels that a file has and needs."""
    if file.pixels is None:
        return _Size(0, 0)
    if file.syntax.is_encapsulated:
        items = items_of(file)
        # What follows the items are other elements.
        present = min(items.present, items.needed)
        return _Size(present, items.needed, items.frames, n_frames(file))
    header = file.header
    if file.pixels.length is None or hd.number(header, "Rows") is None:
        return _Size(0, 0)
    needed = int(header.Rows) * int(header.Columns) * int(header.BitsAllocated) // 8
    needed *= n_frames(file) * int(hd.number(header, "SamplesPerPixel") or 1)
    if file.syntax.is_deflated:
        return _Size(file.pixels.length, needed)
    there = file.size - file.pixels.offset
    return _Size(min(file.pixels.length, there), needed)
