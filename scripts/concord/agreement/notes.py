"""Notes on a pair of segmentations: codes with a text, as with masks."""

from collections.abc import Iterator, Mapping, Sequence

from .overlap import Segmentation


def note(pair: Mapping[str, Segmentation], tolerances_mm: Sequence[float]) -> str:
    """Notes on two segmentations given by their readers, separated by a semicolon.

    `2D`: all voxels of both lie in one slice, so that distances are those of the
    contours in its plane. `ONE_SLICE`: one of the segmentations lies in a single slice,
    and the other does not lie in the same. `TOUCHES_BORDER`: a segmentation reaches the
    border of the image, where it may be cut; what lies beyond counts as outside.
    `FINE_TOLERANCE`: a tolerance of the surface Dice below the size of a voxel in
    the plane.
    """
    return ";".join([*_slices(pair), *_border(pair), *_fine(pair, tolerances_mm)])


def _slices(pair: Mapping[str, Segmentation]) -> Iterator[str]:
    slices = {
        reader: segmentation.only_slice
        for reader, segmentation in pair.items()
        if segmentation.only_slice is not None
    }
    if len(slices) == 2 and len(set(slices.values())) == 1:
        yield f"2D both segmentations lie in slice {min(slices.values())} alone"
    elif slices:
        yield f"ONE_SLICE {_names(slices)}"


def _border(pair: Mapping[str, Segmentation]) -> Iterator[str]:
    at_border = [
        reader for reader, segmentation in pair.items() if segmentation.touches_border
    ]
    if at_border:
        yield f"TOUCHES_BORDER {_names(at_border)}"


def _fine(
    pair: Mapping[str, Segmentation], tolerances_mm: Sequence[float]
) -> Iterator[str]:
    in_plane_mm = max(
        max(segmentation.spacing_mm[-2:]) for segmentation in pair.values()
    )
    fine = [f"{tolerance:g}" for tolerance in tolerances_mm if tolerance < in_plane_mm]
    if fine:
        yield f"FINE_TOLERANCE {', '.join(fine)} mm, pixels of {in_plane_mm:g} mm"


def _names(readers: Mapping[str, object] | Sequence[str]) -> str:
    return "readers " + ", ".join(sorted(readers))
