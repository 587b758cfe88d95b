"""Small files that unpack to gigabytes, or claim to: made without as much memory."""

import gzip
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from .slices import save_as

MIB = 1 << 20
#: What a bomb of these cases unpacks to, where it has no size of its own.
GIBS_3 = 3 << 30


def deflated_zeros(size: int) -> bytes:
    """A raw deflate stream of zeros without its end, whole blocks of a MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (size // MIB)


def deflated(content: bytes, zeros: int, after: bytes = b"") -> bytes:
    """A raw deflate stream of some bytes, many zeros, and other bytes."""
    first, last = (zlib.compressobj(9, zlib.DEFLATED, -15) for _ in range(2))
    start = first.compress(content) + first.flush(zlib.Z_FULL_FLUSH)
    return start + deflated_zeros(zeros) + last.compress(after) + last.flush()


def gzipped_zeros(start: bytes, size: int) -> bytes:
    """Members of a gzip file: some bytes, then zeros."""
    return gzip.compress(start) + gzip.compress(bytes(64 * MIB)) * (size // (64 * MIB))


def deflated_file(pixels: int, before: int = 0) -> Callable[[Dataset, Path], None]:
    """A function that writes a deflated file of so many zero bytes of pixels.

    `before` bytes of zeros stand in a private element of the header.
    """

    def save(header: Dataset, path: Path) -> None:
        header.PixelData = b"\0\0"
        save_as(DeflatedExplicitVRLittleEndian)(header, path)
        content = path.read_bytes()
        length = 144 + int.from_bytes(content[140:144], "little")
        elements = zlib.decompress(content[length:], -15)
        place = elements.index(b"\xe0\x7f\x10\x00OW")
        head, tail = elements[:place], elements[place : place + 8]
        tail += struct.pack("<I", pixels)
        if before:
            private = b"\x09\x00\x10\x10OB\0\0" + struct.pack("<I", before)
            packed = deflated(_until(head, b"\x10\x00") + private, before, tail)
        else:
            packed = deflated(head + tail, pixels)
        path.write_bytes(content[:length] + packed)

    return save


def _until(elements: bytes, group: bytes) -> bytes:
    """Elements before the first one of a group."""
    return elements[: elements.index(group + b"\x10\x00PN")]


def claiming(rows: int, columns: int, save: Callable[[Dataset, Path], None]):
    """A function that writes a compressed file whose frames claim another size."""

    def write(header: Dataset, path: Path) -> None:
        save(header, path)
        content = bytearray(path.read_bytes())
        place = content.find(b"\xff\x4f\xff\x51", 300)
        if place > 0:  # JPEG 2000: the size of the grid and of its one tile
            for at in (8, 24):
                where = place + at
                content[where : where + 8] = struct.pack(">II", columns, rows)
        else:
            place = content.find(b"\xff\xd8\xff", 300)
            marks = (content.find(bytes([255, m]), place) for m in (0xC3, 0xF7))
            where = min(mark for mark in marks if mark > 0)
            content[where + 5 : where + 9] = struct.pack(">HH", rows, columns)
        path.write_bytes(content)

    return write


def header_says(save: Callable[[Dataset, Path], None], **told: int):
    """A function that writes a file, and other numbers into its header."""

    def write(header: Dataset, path: Path) -> None:
        save(header, path)
        written = dcmread(path)
        for keyword, value in told.items():
            setattr(written, keyword, value)
        written.save_as(path)

    return write


def many_items(count: int, depth: int = 0):
    """A function that writes a slice with a sequence of so many items, or so deep."""
    start = b"\x09\x00\x20\x10SQ\0\0\xff\xff\xff\xff"
    item, item_end = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0" + bytes(4)
    end = b"\xfe\xff\xdd\xe0" + bytes(4)

    def write(header: Dataset, path: Path) -> None:
        save_as()(header, path)
        content = path.read_bytes()
        place = content.index(b"\x10\x00\x10\x00PN")
        inner = (start + item + b"\xff" * 4) * depth + (item_end + end) * depth
        sequence = inner or start + (item + bytes(4)) * count + end
        path.write_bytes(content[:place] + sequence + content[place:])

    return write


def absurd_length(nested: bool):
    """A function that writes a slice with an element of four gigabytes, it says."""
    element = b"\x09\x00\x21\x10OB\0\0\xf0\xff\xff\xff"
    start = b"\x09\x00\x20\x10SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0" + b"\xff" * 4

    def write(header: Dataset, path: Path) -> None:
        save_as()(header, path)
        content = path.read_bytes()
        place = content.index(b"\x10\x00\x10\x00PN")
        damage = start + element if nested else element
        path.write_bytes(content[:place] + damage + content[place:])

    return write


def nifti_bomb(shape: tuple[int, ...], zeros: int, offset: int = 352):
    """What writes `scan.nii.gz`: a header that tells a shape, and zeros."""

    def write(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scan.nii.gz").write_bytes(nifti_bytes(shape, zeros, offset))

    return write


def nifti_bytes(shape: tuple[int, ...], zeros: int, offset: int = 352) -> bytes:
    """A packed NIfTI file whose header tells a shape, and zeros."""
    image = nib.Nifti1Image(np.zeros((2, 2, 2), np.int16), np.diag([-1, -1, 1, 1]))
    image.header.set_xyzt_units("mm")
    header = bytearray(image.header.binaryblock)
    header[40:56] = struct.pack("<8h", *(len(shape), *shape, 1, 1, 1, 1))[:16]
    header[108:112] = struct.pack("<f", offset)
    extension = b"\1\0\0\0" + struct.pack("<ii", offset - 352, 0)
    start = bytes(header) + (extension if offset > 352 else bytes(4))
    return gzipped_zeros(start, zeros)
