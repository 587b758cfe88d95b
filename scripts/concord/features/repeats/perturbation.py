"""Small, repeatable changes of an image and its region: does a feature survive?

The order is that of the source: noise, rotation and translation, volume, contour.
The source turns the grid while it resamples to the spacing of the recipe; here the
turned image keeps the grid of the scan and is resampled once more by the recipe.

References
----------
Zwanenburg A et al. Assessing robustness of radiomic features by image perturbation.
Sci Rep 2019;9:614. doi:10.1038/s41598-018-36938-4
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy import ndimage

from ...seeds import generator
from ..errors import UnusableRegion, empty_mask
from ..preparation.grid import SPLINE_MARGIN, Slices
from ..preparation.regions import Spacing, signed_distance_mm, surroundings
from ..settings.perturbations import PerturbationSection
from .contour_randomization import CONTOUR_MARGIN_MM, randomize_contour
from .noise import add_noise

#: Reach in mm of what a recipe reads around a region, besides the spline's margin:
#: the local intensity sphere and two voxels of up to 6 mm with their smoothing.
READ_MM = 30.0

_DEFAULTS = PerturbationSection()


@dataclass(frozen=True)
class Perturbation:
    """One way to disturb a scan; what is 0 is not done."""

    rotation_degrees: float = 0.0
    translation_voxels: float = 0.0
    noise: int = 0  # number of the repetition
    volume_fraction: float = 0.0
    contour: int = 0  # number of the repetition
    noise_scale: float = (
        _DEFAULTS.noise_scale
    )  # SD of the added noise over that of the image
    supervoxel_mm3: float = _DEFAULTS.supervoxel_mm3

    @property
    def name(self) -> str:
        """Stable name, such as ``rotate+13_noise-1``; ``none`` if nothing is done."""
        parts = [
            f"rotate{self.rotation_degrees:+g}" * bool(self.rotation_degrees),
            f"translate{self.translation_voxels:+g}" * bool(self.translation_voxels),
            f"noise-{self.noise}" * bool(self.noise),
            f"volume{100 * self.volume_fraction:+g}" * bool(self.volume_fraction),
            f"contour-{self.contour}" * bool(self.contour),
        ]
        return "_".join(part for part in parts if part) or "none"


def perturbations(section: PerturbationSection) -> list[Perturbation]:
    """The perturbations of a section.

    Each value by itself, or, with `combine`, every combination of the values given;
    the combination that changes nothing is left out.
    """
    axes: dict[str, list[Any]] = {
        "rotation_degrees": section.rotations_degrees,
        "translation_voxels": section.translations_voxels,
        "noise": list(range(1, section.noise_repetitions + 1)),
        "volume_fraction": section.volume_fractions,
        "contour": list(range(1, section.contour_repetitions + 1)),
    }
    if section.combine:
        given = {name: values for name, values in axes.items() if values}
        chosen = [
            dict(zip(given, each, strict=True)) for each in product(*given.values())
        ]
    else:
        chosen = [{name: value} for name, values in axes.items() for value in values]
    return [
        Perturbation(
            **each,
            noise_scale=section.noise_scale,
            supervoxel_mm3=section.supervoxel_mm3,
        )
        for each in chosen
        if any(each.values())
    ]


def perturb(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: Spacing,
    perturbation: Perturbation,
    *,
    seed: int,
    names: tuple[str, ...],
) -> tuple[np.ndarray, np.ndarray]:
    """Image and mask after a perturbation, on the same grid.

    Only what a recipe reads around the region is changed, the rest of the image
    stays. The numbers depend on `seed`, `names` and the perturbation alone.

    Parameters
    ----------
    image, mask : ndarray of shape (k, j, i)
        Whole image, finite around the region, and the region as bool.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    perturbation : Perturbation
        What to do.
    seed : int
        Seed of the study.
    names : tuple of str
        Subject, session, image, region and reader.

    Returns
    -------
    image, mask : ndarray of shape (k, j, i)
        Whole numbers become float32 (float64 from 32 bits on). An array that the
        perturbation does not concern is returned itself.

    Raises
    ------
    UnusableRegion
        If the region is empty, before or after, or the image around it is not finite.
    """
    if not mask.any():
        raise empty_mask()
    mask = mask.astype(bool, copy=False)
    box = _box(mask, spacing_mm, perturbation)
    values, inside = image[box].astype(np.float64), mask[box]
    _require_finite(values)
    random = {
        step: generator(seed, *names, perturbation.name, step)
        for step in ("noise", "volume", "contour")
    }
    if perturbation.noise:
        values = add_noise(values, random["noise"], scale=perturbation.noise_scale)
    values, inside = _moved(
        values,
        inside,
        spacing_mm,
        perturbation.rotation_degrees,
        perturbation.translation_voxels,
    )
    inside = _redrawn(values, inside, spacing_mm, perturbation, random)
    return _pasted(image, values, box), _pasted(mask, inside, box)


def _redrawn(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: Spacing,
    perturbation: Perturbation,
    random: Mapping[str, np.random.Generator],
) -> np.ndarray:
    """The mask after the changes of volume and contour."""
    if perturbation.volume_fraction:
        mask = change_volume(
            mask, spacing_mm, perturbation.volume_fraction, random["volume"]
        )
    if perturbation.contour:
        size = perturbation.supervoxel_mm3
        mask = randomize_contour(
            image, mask, spacing_mm, random["contour"], supervoxel_mm3=size
        )
    return mask


def change_volume(
    mask: np.ndarray,
    spacing_mm: Spacing,
    fraction: float,
    random: np.random.Generator,
) -> np.ndarray:
    """The mask grown or shrunk evenly until its volume has changed by a fraction.

    The voxels deepest below, or nearest to, the surface in mm are taken, so that the
    number of voxels is exact; among voxels of equal distance it is drawn by lot. At
    least one voxel remains, and the array bounds the growth.
    """
    before = np.count_nonzero(mask)
    count = max(round(before * (1 + fraction)), 1)
    margin_mm = _growth_mm(before * math.prod(spacing_mm), fraction)
    box = surroundings(mask, spacing_mm, margin_mm + max(spacing_mm))
    distance = signed_distance_mm(mask[box], spacing_mm)
    lots = random.random(distance.size)
    order = np.lexsort((lots, np.round(distance.ravel(), 9)))
    changed = np.zeros(mask.shape, bool)
    changed[box].flat[order[:count]] = True
    return changed


def _moved(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: Spacing,
    degrees: float,
    voxels: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Image and mask turned and shifted in one interpolation."""
    if not (degrees or voxels):
        return image, mask
    angle, spacing = math.radians(degrees), np.asarray(spacing_mm)
    turn = np.eye(3)
    turn[1:, 1:] = [
        [math.cos(angle), -math.sin(angle)],
        [math.sin(angle), math.cos(angle)],
    ]
    matrix = turn * spacing / spacing[:, None]
    centre = np.array([axis.mean() for axis in np.nonzero(mask)])
    options = {"offset": centre - matrix @ centre + voxels, "mode": "nearest"}
    share = ndimage.affine_transform(mask.astype(float), matrix, order=1, **options)
    # 1e-9: a share of exactly one half may come out a rounding error below it.
    inside = share >= 0.5 - 1e-9
    if not inside.any():
        raise UnusableRegion(
            "empty_perturbed",
            f"no voxel of {np.count_nonzero(mask)} reaches a share of one half after "
            "rotation or translation; the region is too thin to be perturbed",
        )
    values = ndimage.affine_transform(
        image.astype(np.float64), matrix, order=3, **options
    )
    return values, inside


def _box(mask: np.ndarray, spacing_mm: Spacing, perturbation: Perturbation) -> Slices:
    """Box that a recipe can read after a perturbation, and what that comes from."""
    margin = READ_MM + SPLINE_MARGIN * max(spacing_mm[1:])
    region = mask[surroundings(mask, spacing_mm, 0)]
    volume_mm3 = np.count_nonzero(region) * math.prod(spacing_mm)
    margin += _growth_mm(volume_mm3, perturbation.volume_fraction)
    margin += CONTOUR_MARGIN_MM * bool(perturbation.contour)
    half = 0.5 * math.hypot(*np.multiply(region.shape, spacing_mm)[1:]) + margin
    turn = abs(math.radians(perturbation.rotation_degrees))
    return surroundings(mask, spacing_mm, margin + 2 * half * turn)


def _require_finite(values: np.ndarray) -> None:
    unknown = np.count_nonzero(~np.isfinite(values))
    if unknown:
        raise UnusableRegion(
            "not_finite",
            f"{unknown} voxels in or near the region are not finite; repair the image",
        )


def _growth_mm(volume_mm3: float, fraction: float) -> float:
    """Growth of a region by a fraction: no shape grows further than a ball."""
    radius_mm = (3 * volume_mm3 / (4 * math.pi)) ** (1 / 3)
    return radius_mm * max((1 + fraction) ** (1 / 3) - 1, 0)


def _pasted(whole: np.ndarray, part: np.ndarray, box: Slices) -> np.ndarray:
    """The whole with a changed part; itself if the part is unchanged."""
    if np.array_equal(whole[box], part):
        return whole
    kind = bool if whole.dtype == bool else np.result_type(whole.dtype, np.float32)
    changed = whole.astype(kind)
    changed[box] = part
    return changed
