"""Sizes that are refused before anything is decoded or unpacked.

A few kilobytes can claim, or unpack to, more than the memory holds. What a header
claims is compared with what is accepted first, so that one such file costs its own
patient and nobody else.
"""

from collections.abc import Iterator, Sequence

from ..errors import Finding

_MIB = 1 << 20

#: Bytes from which an image may not be more than so many times larger than its file:
#: measured images shrink two- to tenfold, filled with air a hundredfold.
SWELLS_FROM, LARGEST_SWELLING = 512 * _MIB, 200

#: Bytes of a header that was packed, and of what precedes the voxels of a NIfTI file.
LARGEST_HEADER, LARGEST_START = 64 * _MIB, 16 * _MIB

#: Bytes of a JSON file beside an image.
LARGEST_SIDECAR = 16 * _MIB

#: Items of all sequences of a DICOM header; each costs about a thousand bytes.
MOST_ITEMS = 500_000

#: Smaller files cannot hold so many items that it matters.
COUNTED_FROM = 4 * _MIB


def too_many_voxels(
    voxels: int, sides: Sequence[int], max_voxels: int
) -> Iterator[Finding]:
    """TOO_LARGE if an image has more voxels than `ingest.max_voxels`."""
    if voxels > max_voxels:
        yield Finding(
            "TOO_LARGE",
            f"the header tells {' x '.join(map(str, sides))} = {voxels} voxels, "
            f"expected at most {max_voxels} (ingest.max_voxels). If the image is as "
            "large as that, raise this key.",
        )


def swelling(needed: int, packed: int) -> Iterator[Finding]:
    """TOO_LARGE if a large image is far smaller as a file, as no measured one is.

    Parameters
    ----------
    needed, packed : int
        Bytes of the voxels as the header tells, and of the files that hold them.
    """
    if needed > SWELLS_FROM and needed > LARGEST_SWELLING * max(packed, 1):
        yield Finding(
            "TOO_LARGE",
            f"{packed} bytes would unpack to {needed}, {needed / max(packed, 1):.0f} "
            f"times as many, expected at most {LARGEST_SWELLING} times from "
            f"{SWELLS_FROM} bytes on: no measured image is so uniform. If it is one, "
            "store it without compression.",
        )


def large_start(size: int) -> Iterator[Finding]:
    """TOO_LARGE if the voxels of a NIfTI file begin after too many bytes."""
    if size > LARGEST_START:
        yield Finding(
            "TOO_LARGE",
            f"the voxels of the NIfTI file begin after {size} bytes, expected at most "
            f"{LARGEST_START}. Write it without extensions.",
        )


def large_sidecar(size: int) -> Iterator[Finding]:
    """TOO_LARGE if the JSON beside an image is no sidecar any more."""
    if size > LARGEST_SIDECAR:
        yield Finding(
            "TOO_LARGE",
            f"the sidecar beside the NIfTI file has {size} bytes, expected at most "
            f"{LARGEST_SIDECAR}. Leave in it what describes the image.",
        )


def many_items(count: int) -> Iterator[Finding]:
    """TOO_LARGE if a DICOM header has more items than any reader needs."""
    if count > MOST_ITEMS:
        yield Finding(
            "TOO_LARGE",
            f"the sequences of the header hold {count} items, expected at most "
            f"{MOST_ITEMS}. Ask for another export, in several files.",
        )


def large_header(size: int) -> Finding:
    """TOO_LARGE: a deflated header does not end where it should."""
    return Finding(
        "TOO_LARGE",
        f"the deflated header unpacks to more than {size} bytes. Ask for an export "
        "that is not deflated.",
    )
