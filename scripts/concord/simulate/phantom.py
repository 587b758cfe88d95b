"""Scans of a simulated trunk: a body in air, fat, muscle, a bone and a lesion.

All lengths are in mm. Points are relative to the middle of the field of view of
an undisturbed scan; `Placement` says where that is in the patient's frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ..images import Volume
from ..seeds import generator
from .cohort import Subject
from .lesion import Lesion, random_lesion
from .settings import SimulationSection, SiteSimulation
from .texture import FEW_WAVES, Texture, random_texture

CT_SHAPE, CT_SPACING_MM = (24, 48, 48), (3.0, 2.0, 2.0)  # (k, j, i)
PET_SHAPE, PET_SPACING_MM = (18, 32, 32), (4.0, 4.0, 4.0)

#: Intensities of the materials: HU in CT, SUV in PET.
_CT = {"air": -1000.0, "fat": -95.0, "muscle": 40.0, "bone": 420.0}
_PET = {"air": 0.0, "fat": 0.25, "muscle": 0.8, "bone": 1.3}
#: SD of the slow variation within muscle.
_CT_VARIATION_HU, _PET_VARIATION_SUV = 6.0, 0.08

_BODY_MM, _FAT_MM = (44.0, 41.0), 5.0  # half-axes, thickness of the rim
_BONE_CENTRE_MM, _BONE_MM = (0.0, 29.0), (7.0, 6.0)
_LESION_PLACE_MM = ((-7.0, 7.0), (-9.0, 0.0), (-4.0, 4.0))
_SLOW_MM, _PET_TEXTURE_MM = 30.0, 8.0

_LESION_HU, _LESION_SD_HU = 60.0, 5.0
_UPTAKE_SUV, _UPTAKE_SD_SUV, _UPTAKE_PER_MM = 5.0, 0.9, 0.12
_PET_TEXTURE_SHARE = (0.10, 0.22)  # of the uptake
_LEAST_UPTAKE_SUV = 2.5

#: Points all over the body, which the slow variation is standardized over.
_LATTICE_MM = np.stack(np.meshgrid(*[np.arange(-36.0, 37.0, 12.0)] * 3), -1).reshape(
    -1, 3
)

#: Directions of all scans: rows along x, columns along y, slices along z.
_AXIAL = np.eye(3)


@dataclass(frozen=True)
class Anatomy:
    """Anatomy that is the same in all scans of a subject."""

    lesion: Lesion
    heterogeneity_hu: float
    lesion_hu: float
    uptake_suv: float
    uptake_sd_suv: float
    ct_texture: Texture
    pet_texture: Texture
    slow: Texture


@dataclass(frozen=True)
class Placement:
    """Where a scan is: its middle, and how far the patient lies from it, in mm."""

    middle_mm: tuple[float, float, float]
    shift_mm: tuple[float, float, float]

    def to_body(self, axis: int, world_mm: np.ndarray) -> np.ndarray:
        """Coordinates of one axis in the body."""
        return world_mm - self.middle_mm[axis] - self.shift_mm[axis]

    def to_world(self, axis: int, body_mm: np.ndarray) -> np.ndarray:
        """Coordinates of one axis in the patient's frame of reference."""
        return body_mm + self.middle_mm[axis] + self.shift_mm[axis]


def simulate_anatomy(
    subject: Subject, settings: SimulationSection, seed: int
) -> Anatomy:
    """Anatomy and lesion of a subject, the same in all its sessions."""
    rng = generator(seed, "anatomy", subject.subject_id)
    x, y, z = (float(rng.uniform(*limits)) for limits in _LESION_PLACE_MM)
    lesion = random_lesion(subject.radius_mm, (x, y, z), rng)
    inside = _points_inside(lesion)
    larger_mm = subject.radius_mm - settings.radius_mean_mm
    uptake_suv = _UPTAKE_SUV + _UPTAKE_PER_MM * larger_mm
    uptake_suv = max(uptake_suv + _UPTAKE_SD_SUV * rng.normal(), _LEAST_UPTAKE_SUV)
    return Anatomy(
        lesion=lesion,
        heterogeneity_hu=subject.heterogeneity_hu,
        lesion_hu=_LESION_HU + _LESION_SD_HU * rng.normal(),
        uptake_suv=uptake_suv,
        uptake_sd_suv=uptake_suv * rng.uniform(*_PET_TEXTURE_SHARE),
        ct_texture=random_texture(settings.correlation_length_mm, inside, rng),
        pet_texture=random_texture(_PET_TEXTURE_MM, inside, rng),
        slow=random_texture(_SLOW_MM, _LATTICE_MM, rng, FEW_WAVES),
    )


def ct_volume(
    anatomy: Anatomy,
    placement: Placement,
    site: SiteSimulation,
    rng: np.random.Generator,
) -> Volume:
    """A CT scan in HU, float64, as the scanner of a site sees it."""
    volume = _grid(CT_SHAPE, CT_SPACING_MM, placement)
    lesion = anatomy.lesion_hu, anatomy.heterogeneity_hu
    true = _materials(
        anatomy, volume, placement, _CT, _CT_VARIATION_HU, lesion, anatomy.ct_texture
    )
    sigma = [0.0, *(site.blur_mm / mm for mm in CT_SPACING_MM[1:])]
    seen = site.gain * ndimage.gaussian_filter(true, sigma, mode="nearest")
    noise = _noise(true.shape, sigma, rng)
    return _with(volume, seen + site.offset_hu + site.noise_hu * noise)


def pet_volume(
    anatomy: Anatomy,
    placement: Placement,
    site: SiteSimulation,
    rng: np.random.Generator,
) -> Volume:
    """A PET scan in SUV, float64, not negative, as the scanner of a site sees it."""
    volume = _grid(PET_SHAPE, PET_SPACING_MM, placement)
    lesion = anatomy.uptake_suv, anatomy.uptake_sd_suv
    true = _materials(
        anatomy,
        volume,
        placement,
        _PET,
        _PET_VARIATION_SUV,
        lesion,
        anatomy.pet_texture,
    )
    sigma = [site.pet_blur_mm / mm for mm in PET_SPACING_MM]
    seen = site.gain * ndimage.gaussian_filter(true, sigma, mode="nearest")
    noise = _noise(true.shape, sigma, rng)
    return _with(volume, np.maximum(seen + site.noise_suv * noise, 0.0))


def _grid(
    shape: tuple[int, int, int],
    spacing_mm: tuple[float, float, float],
    placement: Placement,
) -> Volume:
    """An empty volume around the middle of a placement."""
    extent_mm = (np.array(shape[::-1]) - 1) * np.array(spacing_mm[::-1])
    origin_mm = np.round(np.array(placement.middle_mm) - extent_mm / 2, 2)
    x, y, z = origin_mm.tolist()
    return Volume(np.zeros(shape), spacing_mm, (x, y, z), _AXIAL)


def _with(volume: Volume, array: np.ndarray) -> Volume:
    return Volume(array, volume.spacing_mm, volume.origin_mm, volume.direction)


def _materials(
    anatomy: Anatomy,
    volume: Volume,
    placement: Placement,
    material: Mapping[str, float],
    variation: float,
    lesion: tuple[float, float],
    texture: Texture,
) -> np.ndarray:
    """True intensities: each material laid over the one before it."""
    x, y, z = _coordinates(volume, placement)
    edge_mm = volume.spacing_mm[2]
    points = np.stack(np.broadcast_arrays(x, y, z), axis=-1).reshape(-1, 3)
    body_mm = _ellipse_depth_mm(x, y, (0.0, 0.0), _BODY_MM)
    bone_mm = _ellipse_depth_mm(x, y, _BONE_CENTRE_MM, _BONE_MM)
    values = np.full(volume.array.shape, material["air"])
    values = _laid_over(values, material["fat"], body_mm, edge_mm)
    slow = anatomy.slow(points).reshape(values.shape)
    muscle = material["muscle"] + variation * slow
    values = _laid_over(values, muscle, body_mm - _FAT_MM, edge_mm)
    values = _laid_over(values, material["bone"], bone_mm, edge_mm)
    depth_mm = anatomy.lesion.depth_mm(x, y, z)
    near = depth_mm > -edge_mm
    mean, sd = lesion
    inner = np.full(values.shape, mean)
    inner[near] += sd * texture(points[near.ravel()])
    return _laid_over(values, inner, depth_mm, edge_mm)


def _coordinates(volume: Volume, placement: Placement) -> tuple[np.ndarray, ...]:
    """Body coordinates x, y, z of the voxels, ready to broadcast to (k, j, i)."""
    n_slices, n_rows, n_columns = volume.array.shape
    slice_mm, row_mm, column_mm = volume.spacing_mm
    x, y, z = volume.origin_mm
    return (
        placement.to_body(0, x + column_mm * np.arange(n_columns))[None, None, :],
        placement.to_body(1, y + row_mm * np.arange(n_rows))[None, :, None],
        placement.to_body(2, z + slice_mm * np.arange(n_slices))[:, None, None],
    )


def _ellipse_depth_mm(
    x: np.ndarray,
    y: np.ndarray,
    centre_mm: tuple[float, float],
    axes_mm: tuple[float, float],
) -> np.ndarray:
    """About the distance to an elliptic cylinder along z; negative outside."""
    scaled = np.hypot((x - centre_mm[0]) / axes_mm[0], (y - centre_mm[1]) / axes_mm[1])
    return (1 - scaled) * min(axes_mm)


def _laid_over(
    below: np.ndarray, above: np.ndarray | float, depth_mm: np.ndarray, edge_mm: float
) -> np.ndarray:
    """One material over another, with an edge as wide as a voxel."""
    share = np.clip(depth_mm / edge_mm + 0.5, 0, 1)
    return below + share * (above - below)


def _noise(
    shape: tuple[int, ...], sigma: list[float], rng: np.random.Generator
) -> np.ndarray:
    """Noise of mean 0 and SD 1 over the volume, as smooth as the kernel makes it."""
    noise = ndimage.gaussian_filter(rng.normal(size=shape), sigma, mode="wrap")
    return (noise - noise.mean()) / noise.std()


def _points_inside(lesion: Lesion, step_mm: float = 2.0) -> np.ndarray:
    """Points (m, 3) of a lattice within a lesion."""
    reach_mm = 1.6 * lesion.radius_mm
    steps = np.arange(-reach_mm, reach_mm, step_mm)
    z, y, x = np.meshgrid(steps, steps, steps, indexing="ij")
    points = np.column_stack([x.ravel(), y.ravel(), z.ravel()]) + lesion.centre_mm
    return points[lesion.depth_mm(*points.T) > 0]
