"""Cases of files that hold more pixels than their headers tell, or other ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from .bombs import header_says
from .case import Case, refused, right
from .codecs import LOSSLESS, compressed
from .edits import put
from .enhanced_cases import file as enhanced
from .geometry_cases import series
from .lattice import Lattice
from .nifti_cases import FILE, SOURCE, UNITS, nifti
from .pixel_cases import UINT12
from .slices import MR, Encoding, Recipe, save_as

_PLAIN = {
    "implicit": ImplicitVRLittleEndian,
    "big_endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}
HALF = {"Rows": UINT12.lattice.shape[1] // 2}
FEWER_COLUMNS = {"Columns": UINT12.lattice.shape[2] - 1}
MORE_ROWS = {"Rows": UINT12.lattice.shape[1] + 1}
_ODD = Recipe("MR", Lattice((7, 9, 11)), Encoding("uint8", 8, None, None), 0.35, 125)


def longer(n_bytes: int, fill: bytes = b"\0"):
    """Bytes behind the pixels of every slice."""

    def change(k: int, header: Dataset) -> None:
        header.PixelData = header.PixelData + fill * n_bytes

    return change


def items(change: Callable[[bytes], list[bytes]], syntax: str, table: bool = False):
    """A function that writes a compressed file with other items."""

    def write(header: Dataset, path: Path) -> None:
        compressed(syntax)(header, path)
        written = dcmread(path)
        (frame,) = generate_frames(written.PixelData, number_of_frames=1)
        written.PixelData = encapsulate(change(frame), has_bot=table)
        written.save_as(path)

    return write


def one_frame_more(header: Dataset) -> None:
    size = header.Rows * header.Columns * header.BitsAllocated // 8
    header.PixelData = header.PixelData + header.PixelData[:size]


def longer_runs(header: Dataset, path: Path) -> None:
    """RLE of twice the rows: each segment holds both halves of a doubled slice."""
    rows = header.Rows
    plane = np.frombuffer(header.PixelData, "<u2")
    header.PixelData, header.Rows = np.tile(plane, 2).tobytes(), 2 * rows
    compressed(LOSSLESS["rle"])(header, path)
    written = dcmread(path)
    written.Rows = rows
    written.save_as(path)


def nii_longer(n_bytes: int, fill: bytes = b"\0", packed: bool = False):
    def write(folder: Path):
        import gzip

        truth = nifti()(folder)
        path = folder / "scan.nii"
        content = path.read_bytes() + fill * n_bytes
        path.write_bytes(content)
        if packed:
            (folder / "scan.nii.gz").write_bytes(gzip.compress(content))
        return truth

    return write


_PACKED = {"row": {"source": "scan.nii.gz"}}
_TWO = {"rle": LOSSLESS["rle"], "jpeg": LOSSLESS["jpeg_lossless_sv1"]}
_TWO |= {"jpeg_ls": LOSSLESS["jpeg_ls"], "jpeg_2000": LOSSLESS["jpeg_2000"]}

RIGHT: list[Case] = [
    right("surplus_of_the_one_legal_byte", series(recipe=_ODD), modality="MR"),
    right("nii_filled_to_a_block", nii_longer(511), SOURCE, UNITS, **FILE),
    right("nii_packed_filled_to_a_block", nii_longer(511, packed=True), SOURCE, UNITS,
          **_PACKED),
]  # fmt: skip

REFUSED: list[Case] = [
    refused("surplus_rows", series(put("Rows", 3)), "SURPLUS_PIXELS"),
    refused("surplus_in_one_slice", series(put("Rows", 3, 2)), "MIXED_MATRIX",
            "SURPLUS_PIXELS"),
    *(refused(f"surplus_rows_{name}", series(
        recipe=UINT12, save=header_says(save_as(syntax), **HALF)), "SURPLUS_PIXELS")
      for name, syntax in _PLAIN.items()),
    refused("surplus_two_bytes", series(longer(2)), "SURPLUS_PIXELS"),
    refused("surplus_two_bytes_of_odd_length", series(longer(2), recipe=_ODD),
            "SURPLUS_PIXELS", modality="MR"),
    refused("surplus_row_of_zeros", series(
        longer(2 * MR.lattice.shape[2]), recipe=MR), "SURPLUS_PIXELS", modality="MR"),
    *(refused(f"surplus_rows_{name}", series(recipe=UINT12, save=header_says(
        compressed(syntax), **HALF)), "SURPLUS_PIXELS")
      for name, syntax in LOSSLESS.items() if name != "rle"),
    *(refused(f"surplus_columns_{name}", series(recipe=UINT12, save=header_says(
        compressed(syntax), **FEWER_COLUMNS)), "SURPLUS_PIXELS")
      for name, syntax in LOSSLESS.items() if name != "rle"),
    *(refused(f"fewer_rows_{name}", series(recipe=UINT12, save=header_says(
        compressed(syntax), **MORE_ROWS)), "TRUNCATED_FILE")
      for name, syntax in LOSSLESS.items()),
    refused("surplus_rows_rle", series(recipe=UINT12, save=longer_runs),
            "SURPLUS_PIXELS"),
    refused("surplus_segments_rle", series(recipe=UINT12, save=header_says(
        compressed(LOSSLESS["rle"]), BitsAllocated=8, BitsStored=8, HighBit=7)),
        "SURPLUS_PIXELS"),
    *(refused(f"surplus_frames_{name}", series(recipe=UINT12, save=items(
        lambda frame: [frame, frame], syntax)), "SURPLUS_PIXELS")
      for name, syntax in _TWO.items()),
    *(refused(f"surplus_frames_by_the_table_{name}", series(recipe=UINT12, save=items(
        lambda frame: [frame, frame], syntax, table=True)), "SURPLUS_PIXELS")
      for name, syntax in _TWO.items()),
    *(refused(f"surplus_image_in_a_frame_{name}", series(recipe=UINT12, save=items(
        lambda frame: [frame + frame], syntax)), "SURPLUS_PIXELS")
      for name, syntax in _TWO.items() if name != "rle"),
    refused("surplus_frame_of_enhanced", enhanced(file_edits=[one_frame_more]),
            "SURPLUS_PIXELS"),
    refused("nii_surplus_block", nii_longer(512), "SURPLUS_PIXELS", **FILE),
    refused("nii_surplus_voxel", nii_longer(2, b"\1"), "SURPLUS_PIXELS", **FILE),
    refused("nii_packed_surplus", nii_longer(2, b"\1", packed=True), "SURPLUS_PIXELS",
            **_PACKED),
]  # fmt: skip

CASES = RIGHT + REFUSED
