"""Contours of known bodies as RTSTRUCT files, and the masks that they must give.

The expected masks come from the bodies themselves (is the centre of the voxel in the
cylinder?), never from polygons.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import RTStructureSetStorage

from concord.images import Volume

from .lattice import Lattice
from .slices import FRAME, SERIES, STUDY, save_as

#: The grid on which contours are drawn: 0.8 x 0.9 x 3 mm.
GRID = Lattice(shape=(12, 40, 44))

#: A point near the middle, in mm along (i, j) from the first voxel, so chosen that no
#: circle of these cases passes within 0.004 mm of the centre of a voxel.
CENTRE_MM = (17.6, 17.56)

#: Vertices of a round contour: its area is the circle's to 1 in 10,000.
ROUND = 256

CLOSED, XOR = "CLOSED_PLANAR", "CLOSEDPLANAR_XOR"


@dataclass(frozen=True)
class Contour:
    """A planar contour: points in mm along (i, j) at a height in slices."""

    points: np.ndarray  # shape (n, 2)
    height: float
    kind: str = CLOSED

    def in_space(self, grid: Lattice) -> np.ndarray:
        """Points (n, 3) in LPS, in mm."""
        axes = grid.axes()
        along = self.points @ axes[:, :2].T
        return np.array(grid.origin_mm) + along + (
            self.height * grid.spacing_mm[0] * axes[:, 2]
        )  # fmt: skip


def image(grid: Lattice = GRID) -> Volume:
    return Volume(
        np.zeros(grid.shape, np.int16), grid.spacing_mm, grid.origin_mm, grid.axes()
    )


def circle(
    radius: float, height: float, centre: Sequence[float] = CENTRE_MM,
    kind: str = CLOSED, vertices: int = ROUND,
) -> Contour:  # fmt: skip
    # Circumscribed and inscribed polygons in equal parts: the area of the circle.
    angle = (np.arange(vertices) + 0.37) * 2 * np.pi / vertices
    size = radius * np.sqrt(2 * np.pi / vertices / np.sin(2 * np.pi / vertices))
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    return Contour(np.array(centre) + size * ring, height, kind)


def box(
    low: Sequence[float], high: Sequence[float], height: float, kind: str = CLOSED
) -> Contour:
    (a, b), (c, d) = low, high
    return Contour(np.array([(a, b), (c, b), (c, d), (a, d)], float), height, kind)


def cylinder(radius: float, heights: Sequence[float], **more) -> list[Contour]:
    return [circle(radius, height, **more) for height in heights]


def keyhole(outer: float, inner: float, height: float) -> Contour:
    """A ring as one contour that runs inwards and back along one line."""
    first, second = circle(outer, height).points, circle(inner, height).points
    ring = [first, first[:1], second[:1], second[::-1]]
    return Contour(np.concatenate(ring), height)


def where(
    test: Callable[[np.ndarray, np.ndarray, int], np.ndarray],
    slices: Sequence[int],
    grid: Lattice = GRID,
) -> np.ndarray:
    """A mask of the voxels of some slices whose centre passes a test of (x, y, k)."""
    _, n_rows, n_columns = grid.shape
    y, x = np.meshgrid(
        np.arange(n_rows) * grid.spacing_mm[1],
        np.arange(n_columns) * grid.spacing_mm[2],
        indexing="ij",
    )
    mask = np.zeros(grid.shape, bool)
    for k in slices:
        mask[k] = test(x, y, k)
    return mask


def disc(radius: float, slices: Sequence[int], centre=CENTRE_MM, grid=GRID):
    return where(
        lambda x, y, k: np.hypot(x - centre[0], y - centre[1]) < radius, slices, grid
    )


def rectangle(low, high, slices, grid=GRID):
    (a, b), (c, d) = low, high
    return where(lambda x, y, k: (x > a) & (x < c) & (y > b) & (y < d), slices, grid)


def write_structure_set(
    path: Path,
    rois: dict[str, Sequence[Contour]],
    grid: Lattice = GRID,
    *,
    frame: str = FRAME,
    series: str = SERIES,
    edit: Callable[[Dataset], None] | None = None,
) -> None:
    """Write an RTSTRUCT file with one ROI for each name."""
    header = Dataset()
    header.SpecificCharacterSet = "ISO_IR 100"
    header.SOPClassUID = RTStructureSetStorage
    header.SOPInstanceUID, header.SeriesInstanceUID = f"{SERIES}.8.1", f"{SERIES}.8"
    header.Modality, header.StudyInstanceUID = "RTSTRUCT", STUDY
    header.PatientName, header.PatientID = "Phantom^Ramp", "PHANTOM"
    cited, study, reference = Dataset(), Dataset(), Dataset()
    cited.SeriesInstanceUID = series
    study.RTReferencedSeriesSequence = [cited]
    reference.FrameOfReferenceUID = frame
    reference.RTReferencedStudySequence = [study]
    header.ReferencedFrameOfReferenceSequence = [reference]
    header.StructureSetROISequence, header.ROIContourSequence = [], []
    for number, (name, contours) in enumerate(rois.items(), 1):
        roi, drawing = Dataset(), Dataset()
        roi.ROINumber, roi.ROIName = number, name
        roi.ReferencedFrameOfReferenceUID = frame
        header.StructureSetROISequence.append(roi)
        drawing.ReferencedROINumber = number
        drawing.ContourSequence = [_contour(contour, grid) for contour in contours]
        header.ROIContourSequence.append(drawing)
    if edit is not None:
        edit(header)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_as()(header, path)


def _contour(contour: Contour, grid: Lattice) -> Dataset:
    points = contour.in_space(grid)
    item = Dataset()
    item.ContourGeometricType = contour.kind
    item.NumberOfContourPoints = len(points)
    item.ContourData = [f"{value:.6f}" for value in points.ravel()]
    return item


def moved(contours: Sequence[Contour], by: Sequence[float]) -> list[Contour]:
    """Contours shifted by mm along (i, j)."""
    return [replace(o, points=o.points + np.array(by)) for o in contours]
