"""Cases of segmentations that are small as files, or simple, and cost any memory."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from .bombs import GIBS_3, nifti_bytes
from .contour_cases import rois
from .contours import GRID, box
from .label_cases import BODY as VOXELS
from .label_cases import NEAREST, NII, label_map, seg
from .mask_case import MaskCase, refused, right
from .slices import save_as


def afterwards(write, **told):
    """A file, and other numbers in its header once it is written."""

    def write_changed(path: Path) -> None:
        write(path)
        header = dcmread(path)
        for keyword, value in told.items():
            setattr(header, keyword, value)
        header.save_as(path)

    return write_changed


def stored_as(write, syntax: str):
    """An uncompressed file in another transfer syntax."""

    def write_again(path: Path) -> None:
        write(path)
        save_as(syntax)(dcmread(path), path)

    return write_again


def tiny_steps(header: Dataset) -> None:
    measures = header.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.SpacingBetweenSlices = "0.0000001"


def with_surplus(path: Path) -> None:
    label_map()(path)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + b"\1"))


def nested(count: int) -> list:
    """Squares in squares, all of one plane."""
    return [box((5 + d, 5 + d), (25 - d, 25 - d), 5) for d in np.linspace(0, 9, count)]


def each_at_its_height(count: int) -> list:
    """Contours of as many planes, which fill the image."""
    heights = np.linspace(1, 10, count)
    return [box((1, 1), (30, 33), height) for height in heights]


RIGHT: list[MaskCase] = [
    right("seg_deflated", stored_as(
        seg(), DeflatedExplicitVRLittleEndian), VOXELS),
    right("nifti_mask_filled_to_a_block", lambda path: (
        label_map()(path), path.write_bytes(gzip.compress(
            gzip.decompress(path.read_bytes()) + bytes(511)))), VOXELS, "NIFTI_SOURCE",
        **NII),
]  # fmt: skip

REFUSED: list[MaskCase] = [
    refused("bomb_rt_nested_contours", rois(nested(1200)), "TOO_LARGE"),
    refused("bomb_rt_planes", rois(each_at_its_height(1500)), "TOO_LARGE"),
    refused("bomb_seg_claims_more", seg(edit=lambda header: (
        setattr(header, "Rows", 65535), setattr(header, "Columns", 65535))),
        "TOO_LARGE"),
    refused("bomb_seg_frames", seg(edit=lambda header: setattr(
        header, "NumberOfFrames", 2_000_000_000)), "TOO_LARGE"),
    refused("bomb_seg_by_the_key", seg(), "TOO_LARGE", settings={"max_voxels": 10_000}),
    refused("bomb_seg_between_two_frames", seg(grid=replace(
        GRID, origin_mm=(1.0, 2.0, 3.1)), edit=tiny_steps), "TOO_LARGE",
        settings=NEAREST),
    refused("seg_surplus_rle", afterwards(seg(VOXELS * 1.0, "FRACTIONAL",
                                              syntax=RLELossless), Rows=20),
            "SURPLUS_PIXELS"),
    refused("seg_surplus_jpeg_ls", afterwards(seg(VOXELS, "LABELMAP",
                                                  syntax=JPEGLSLossless), Rows=20),
            "SURPLUS_PIXELS"),
    refused("seg_surplus_deflated", afterwards(stored_as(
        seg(), DeflatedExplicitVRLittleEndian), Rows=20), "SURPLUS_PIXELS"),
    refused("seg_surplus_two_bytes", seg(edit=lambda header: setattr(
        header, "PixelData", header.PixelData + bytes(2))), "SURPLUS_PIXELS"),
    refused("nifti_mask_surplus", with_surplus, "SURPLUS_PIXELS", **NII),
    refused("bomb_nifti_mask_surplus", lambda path: (
        path.parent.mkdir(parents=True, exist_ok=True),
        path.write_bytes(nifti_bytes((2, 2, 2), GIBS_3))), "SURPLUS_PIXELS", **NII),
    refused("bomb_nifti_mask_by_the_cap", lambda path: (
        path.parent.mkdir(parents=True, exist_ok=True),
        path.write_bytes(nifti_bytes((2000, 2000, 2000), GIBS_3))), "TOO_LARGE", **NII),
]  # fmt: skip

CASES = RIGHT + REFUSED
