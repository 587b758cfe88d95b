"""DICOM SEG files: segments of any type, placed on an image by their geometry."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from pydicom import Dataset

from ...errors import IngestFault
from ...images import Volume
from ..dicom import header as hd
from ..dicom.codestreams import nothing_left_out
from ..faults.collecting import raise_ingest_faults
from ..geometry.same_grid import tolerated_note
from ..sizes import too_many_voxels
from .contours import Rasterized
from .options import SegmentationOptions
from .resampling import nearest, placed
from .rois import FOUND_NOTHING, Candidate
from .rtstruct import Links, link_notes, united
from .seg_frames import Frame, Segmentation, functional_group

#: Frames nearer to the grid of an image than this, in voxels, lie on it without a word.
_ON_GRID = 0.01


def segment_mask(
    source: Segmentation,
    chosen: Sequence[Candidate],
    image: Volume,
    links: Links,
    options: SegmentationOptions,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Mask of segments, united, on the grid of an image, shape (k, j, i), and notes.

    Fractional segments hold a voxel from `seg_threshold` of their maximum on. If no
    frame holds any, the reader found nothing.

    Parameters
    ----------
    links : Links
        Series and frame of reference of the image.

    Raises
    ------
    IngestFault
        SEG_FRAME_OF_REFERENCE, RT_SERIES, SEG_GRID or CONTOUR_OUTSIDE.
    """
    notes = link_notes(_links(source.dataset), links, "SEG_FRAME_OF_REFERENCE", options)
    off_grid, apart = _off_grid(source, image, options.tolerances.grid_tolerance)
    if off_grid and options.tolerances.resample_masks == "refuse":
        raise IngestFault(
            "SEG_GRID",
            f"the segmentation has another grid than its image: {off_grid}. Export it "
            "on the grid of the image, raise ingest.grid_tolerance, or set "
            "ingest.resample_masks to nearest.",
        )
    near = tolerated_note(apart, "frames and image") if apart > _ON_GRID else ()
    on = _sampled if off_grid else _placed
    parts = [on(source, segment, image, options) for segment in chosen]
    overlap = hd.text(source.dataset, "SegmentsOverlap") == "YES"
    noted = [] if off_grid else near
    noted = [*noted, *(["SEG_OVERLAP"] if overlap else [])]
    mask, found = united(parts, [*notes, *noted])
    blank = () if mask.any() else _blank_note(source, chosen, options)
    return mask, (*found, *blank)


def _sampled(
    source: Segmentation,
    segment: Candidate,
    image: Volume,
    options: SegmentationOptions,
) -> Rasterized:
    """A segment of another grid, at the voxel centres of an image."""
    return Rasterized(*nearest(_volume(source, segment, options), image, options))


def _placed(
    source: Segmentation,
    segment: Candidate,
    image: Volume,
    options: SegmentationOptions,
) -> Rasterized:
    """A segment on the grid of an image, voxel by voxel."""
    return Rasterized(*placed(_voxels(source, segment, image, options), image, options))


def _blank_note(
    source: Segmentation, chosen: Sequence[Candidate], options: SegmentationOptions
) -> tuple[str, ...]:
    """A note if no frame holds a pixel of the segments: nothing was lost on the way."""
    frames = (frame for one in chosen for frame in _pixels(source, one, options))
    return () if any(pixels.any() for _, pixels in frames) else (FOUND_NOTHING,)


def cited_series(dataset: Dataset) -> frozenset[str]:
    """Hashed UIDs of all series that a segmentation cites."""
    return frozenset(
        str(hd.hashed(hd.text(item, "SeriesInstanceUID")))
        for item in hd.value(dataset, "ReferencedSeriesSequence") or []
        if hd.text(item, "SeriesInstanceUID")
    )


def _links(dataset: Dataset) -> Links:
    frame = hd.hashed(hd.text(dataset, "FrameOfReferenceUID"))
    return Links(cited_series(dataset), frozenset([frame] if frame else []))


def _pixels(
    source: Segmentation, segment: Candidate, options: SegmentationOptions
) -> Iterator[tuple[Frame, np.ndarray]]:
    """Frames that may hold a segment, and which of their pixels do."""
    kind = str(source.dataset.SegmentationType)
    least, most = 1.0, 1
    if kind == "FRACTIONAL":
        most = int(source.dataset.MaximumFractionalValue)
        least = options.tolerances.seg_threshold * most
    for frame in source.frames:
        if frame.segment in (None, segment.number):
            stored = _stored(source, frame)
            if kind == "FRACTIONAL" and stored.max() > most:
                raise IngestFault(
                    "SEG_UNREADABLE",
                    f"a frame of the segmentation holds {stored.max()}, but "
                    f"MaximumFractionalValue is {most}. Export it again.",
                )
            is_map = kind == "LABELMAP"
            yield frame, stored == segment.number if is_map else stored >= least


def _stored(source: Segmentation, frame: Frame) -> np.ndarray:
    """Pixels (rows, columns) of a frame, decoded."""
    try:
        with nothing_left_out("the segmentation"):
            return source.dataset.get_stored_frame(frame.number)
    except IngestFault:
        raise
    except Exception as error:  # decoders meet arbitrary bytes here
        raise IngestFault(
            "SEG_UNREADABLE",
            f"frame {frame.number} of {len(source.frames)} of the segmentation cannot "
            f"be decoded ({type(error).__name__}). Copy the file again.",
        ) from None


def _voxels(
    source: Segmentation,
    segment: Candidate,
    image: Volume,
    options: SegmentationOptions,
) -> Iterator[np.ndarray]:
    """Voxels (n, 3) of an image, as slice, row, column, that each frame holds."""
    for frame, pixels in _pixels(source, segment, options):
        rows, columns = np.nonzero(pixels)
        points = np.stack([columns, rows, np.ones(len(rows), int)])
        voxels = np.rint(_in_voxels(frame, image) @ points).astype(int)
        yield voxels.T[:, ::-1]


def _volume(
    source: Segmentation, segment: Candidate, options: SegmentationOptions
) -> Volume:
    """A segment on the grid of its own frames; frames left out are empty."""
    affines = np.array([frame.affine for frame in source.frames])
    axes, corners = affines[0, :, :2], affines[:, :, 2]
    pixel_mm = np.linalg.norm(axes, axis=0)
    normal = np.cross(*(axes / pixel_mm).T)
    heights = corners @ normal
    step_mm = _known_step_mm(source, heights)
    first = corners[heights.argmin()]
    places = np.rint((heights - heights.min()) / step_mm).astype(int)
    expected = first + places[:, None] * step_mm * normal
    tolerance = max(options.tolerances.grid_tolerance, _ON_GRID)
    _require_stack(affines, expected, tolerance * float(pixel_mm.min()))
    size = int(places.max()) + 1, source.dataset.Rows, source.dataset.Columns
    raise_ingest_faults(too_many_voxels(math.prod(size), size, options.max_voxels))
    array = np.zeros(size, bool)
    for frame, pixels in _pixels(source, segment, options):
        array[places[frame.number - 1]] |= pixels
    return Volume(
        array,
        (step_mm, float(pixel_mm[1]), float(pixel_mm[0])),
        (float(first[0]), float(first[1]), float(first[2])),
        np.column_stack([axes / pixel_mm, normal]),
    )


def _require_stack(
    affines: np.ndarray, expected: np.ndarray, tolerance_mm: float
) -> None:
    """Raise IngestFault unless frames are parallel with their corners as expected."""
    if not (
        np.allclose(affines[:, :, 2], expected, rtol=0, atol=tolerance_mm)
        and np.allclose(affines[:, :, :2], affines[0, :, :2], rtol=0, atol=1e-4)
    ):
        raise IngestFault(
            "SEG_GRID",
            "the frames of the segmentation are not a stack of evenly spaced slices, "
            "so that it cannot be resampled. Export it on the grid of its image.",
        )


def _known_step_mm(source: Segmentation, heights_mm: np.ndarray) -> float:
    """Distance of the slices of a segmentation; NO_GEOMETRY if nothing tells it."""
    step_mm = _slice_step_mm(source, heights_mm)
    if step_mm is None:
        raise IngestFault(
            "NO_GEOMETRY",
            "the segmentation tells neither SpacingBetweenSlices nor SliceThickness, "
            "and its slices are too few to tell their distance, so that it cannot be "
            "resampled. Export it on the grid of its image.",
        )
    return step_mm


def _slice_step_mm(source: Segmentation, heights_mm: np.ndarray) -> float | None:
    """Distance of the slices of a segmentation, of which some may be left out.

    None if neither its header nor its slices tell it.
    """
    groups = (
        source.dataset.SharedFunctionalGroupsSequence[0],
        source.dataset.PerFrameFunctionalGroupsSequence[0],
    )
    measures = functional_group(groups, "PixelMeasuresSequence")
    declared = hd.number(measures, "SpacingBetweenSlices")
    steps = np.diff(np.unique(np.round(heights_mm, 3)))
    if declared:
        return abs(declared)
    if len(steps) > 1:
        return float(steps.min())
    # Of two slices nobody knows whether others between them were left out.
    thickness = hd.number(measures, "SliceThickness")
    return float(min([thickness, *steps])) if thickness else None


def _in_voxels(frame: Frame, image: Volume) -> np.ndarray:
    """Matrix (3, 3) from (column, row, 1) of a frame to (i, j, k) of an image."""
    to_voxel = np.linalg.inv(image.affine())
    steps = to_voxel[:3, :3] @ frame.affine
    steps[:, 2] += to_voxel[:3, 3]
    return steps


def _off_grid(
    source: Segmentation, image: Volume, tolerance: float
) -> tuple[str, float]:
    """Ways in which the frames leave the grid of an image, if they do.

    Returns
    -------
    tuple
        What is wrong, or an empty text, and the largest distance in voxels.
    """
    rows, columns = source.dataset.Rows - 1, source.dataset.Columns - 1
    corners = np.array([(0, 0, 1), (columns, 0, 1), (0, rows, 1)]).T
    apart = 0.0
    for frame in source.frames:
        steps = _in_voxels(frame, image)
        whole = np.rint(steps)
        distance = float(np.abs((steps - whole) @ corners).max())
        if (np.abs(whole[:, :2]).sum(axis=0) != 1).any():
            return "its pixels are larger, smaller or turned", distance
        if distance > tolerance:
            text = (
                f"frame {frame.number} lies {distance:.2g} voxels beside it, expected "
            )
            return f"{text}at most {tolerance:g}", distance
        apart = max(apart, distance)
    return _skipped(source, image), apart


def _skipped(source: Segmentation, image: Volume) -> str:
    """True if the frames lie on every second or third slice only."""
    whole = np.rint([_in_voxels(frame, image) for frame in source.frames])
    across = int(np.flatnonzero(~whole[0, :, :2].any(axis=1))[0])
    step_mm = image.spacing_mm[::-1][across]
    own_mm = _slice_step_mm(source, whole[:, across, 2] * step_mm)
    if own_mm is None:
        return ""
    if own_mm > (1 + _ON_GRID) * step_mm and len(np.unique(whole[:, across, 2])) > 1:
        return f"its slices are {own_mm:.2f} mm apart, those of the image {step_mm:.2f}"
    return ""
