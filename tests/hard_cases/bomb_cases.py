"""Cases of images that are small as files and huge as voxels."""

import json
from dataclasses import replace
from pathlib import Path

from .bombs import (
    GIBS_3,
    MIB,
    absurd_length,
    claiming,
    deflated_file,
    header_says,
    many_items,
    nifti_bomb,
)
from .case import Case, refused
from .codecs import LOSSLESS, compressed
from .edits import put
from .enhanced_cases import file as enhanced
from .geometry_cases import series
from .lattice import Lattice
from .nifti_cases import FILE, nifti
from .pixel_cases import UINT12
from .slices import save_as

J2K, JPEG, JPEG_LS = (LOSSLESS[n] for n in ("jpeg_2000", "jpeg_lossless", "jpeg_ls"))
#: Two slices, so that a bomb of each costs little time.
SMALL = replace(UINT12, lattice=Lattice((2, 8, 9)))
#: Sides whose slices alone exceed any memory.
HUGE = {"Rows": 65535, "Columns": 65535}
_PACKED = {"row": {"source": "scan.nii.gz"}, "modality": "MR"}


def small(**more):
    return series(recipe=SMALL, **more)


def as_told(syntax: str):
    """Frames and header that claim the same huge size."""
    save = claiming(65535, 65535, compressed(syntax))
    return small(save=header_says(save, **HUGE))


def deep_sidecar(folder: Path) -> None:
    nifti(sidecar="[" * 200_000 + "]" * 200_000)(folder)


def large_sidecar(folder: Path) -> None:
    nifti(sidecar=json.dumps({"Units": "HU", "Note": "x" * (17 * MIB)}))(folder)


REFUSED: list[Case] = [
    refused("bomb_jpeg_2000_claims_more", small(
        save=claiming(40000, 40000, compressed(J2K))), "SURPLUS_PIXELS"),
    refused("bomb_jpeg_claims_more", small(
        save=claiming(65000, 65000, compressed(JPEG))), "SURPLUS_PIXELS"),
    refused("bomb_jpeg_ls_claims_more", small(
        save=claiming(65000, 65000, compressed(JPEG_LS))), "SURPLUS_PIXELS"),
    refused("bomb_jpeg_2000_as_told", as_told(J2K), "TOO_LARGE"),
    refused("bomb_jpeg_ls_as_told", as_told(JPEG_LS), "TOO_LARGE"),
    refused("bomb_jpeg_2000_by_the_key", small(save=compressed(J2K)), "TOO_LARGE",
            settings={"max_voxels": 143}),
    refused("bomb_rle_as_told", small(save=header_says(
        compressed(LOSSLESS["rle"]), **HUGE)), "TOO_LARGE"),
    refused("bomb_rows_and_columns", small(save=header_says(save_as(), **HUGE)),
            "TOO_LARGE", "TRUNCATED_FILE"),
    refused("bomb_deflated_pixels", small(save=deflated_file(GIBS_3)),
            "SURPLUS_PIXELS"),
    refused("bomb_deflated_as_told", series(
        put("Rows", 30000), put("Columns", 25000), recipe=SMALL,
        save=deflated_file(1_500_000_000)), "TOO_LARGE"),
    refused("bomb_deflated_header", small(save=deflated_file(144, GIBS_3)),
            "TOO_LARGE"),
    refused("bomb_items", small(save=many_items(600_000)), "TOO_LARGE"),
    refused("bomb_nested_items", small(save=many_items(0, depth=20_000)),
            "UNREADABLE_FILE"),
    refused("bomb_length", small(save=absurd_length(nested=False)), "TRUNCATED_FILE"),
    refused("bomb_length_nested", small(save=absurd_length(nested=True)),
            "UNREADABLE_FILE"),
    refused("bomb_frames", enhanced(file_edits=[(
        lambda header: setattr(header, "NumberOfFrames", 10**9))]), "BAD_VALUE",
        modality="CT"),
    refused("bomb_nii_as_told", nifti_bomb((1200, 1100, 1000), GIBS_3), "TOO_LARGE",
            **_PACKED),
    refused("bomb_nii_by_the_cap", nifti_bomb((2000, 2000, 2000), MIB), "TOO_LARGE",
            **_PACKED),
    refused("bomb_nii_surplus", nifti_bomb((2, 2, 2), GIBS_3), "SURPLUS_PIXELS",
            **_PACKED),
    refused("bomb_nii_extension", nifti_bomb((2, 2, 2), GIBS_3, 1 << 30), "TOO_LARGE",
            **_PACKED),
    refused("bomb_sidecar_deep", deep_sidecar, "BAD_VALUE", **FILE),
    refused("bomb_sidecar_large", large_sidecar, "TOO_LARGE", **FILE),
]  # fmt: skip

CASES = REFUSED
