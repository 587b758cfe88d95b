"""Feature maps: the value of a feature in a ball around every voxel of a region."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from scipy import ndimage, signal

from ...errors import StudyError
from ...images import Volume
from ..engines.pictologics import measure
from ..families import MAPPED_FAMILIES, TEXTURE_FAMILIES
from ..ibsi import by_column
from ..preparation.grid import Grid, tight_box
from ..preparation.resegmentation import Region
from ..recipe.recipe import Recipe

#: Time of the engine for one ball in seconds, for statistics, for histogram and for
#: all texture together; measured on balls of 33 to 515 voxels as 0.3 to 1.3 ms.
SECONDS_PER_BALL = 0.0013

#: A map that takes longer than this is refused.
LIMIT_S = 900.0


def feature_maps(
    region: Region,
    columns: Iterable[str],
    radius_mm: float,
    recipe: Recipe,
    *,
    step: int = 1,
    limit_s: float = LIMIT_S,
) -> dict[str, np.ndarray]:
    """Maps of features on the grid of a prepared region.

    The value at a voxel is that of the voxels of the intensity mask whose centres lie
    within `radius_mm` of its own. Bins are those of the whole region. At the edge of
    the region there are fewer voxels in the ball; nothing is padded.

    Parameters
    ----------
    region : Region
        A prepared region.
    columns : iterable of str
        Columns of the families statistics, histogram and texture, such as
        ``original.glcm.joint_entropy``.
    radius_mm : float
        Radius of the ball in mm; it must reach another voxel.
    recipe : Recipe
        The recipe that the region was prepared with.
    step : int, default=1
        Compute at every step-th voxel along each axis of the grid alone.
    limit_s : float
        Longest time in seconds that the engine may be expected to need.

    Returns
    -------
    dict of str to ndarray of float64, shape (k, j, i)
        NaN outside the intensity mask, between steps, and where a feature is not
        defined, such as texture in a ball of one grey level.

    Raises
    ------
    StudyError
        If a column has no map, the radius reaches no other voxel, or the maps would
        take too long.
    """
    columns = list(columns)
    _require_families(columns)
    ball = _ball(radius_mm, region.spacing_mm)
    places = region.intensity_mask & _every(step, region.mask.shape)
    maps = {column: np.full(places.shape, np.nan) for column in columns}
    by_engine = [column for column in columns if column not in _CLOSED_FORMS]
    _require_time(by_engine, int(places.sum()), step, limit_s)
    for column in columns:
        if column in _CLOSED_FORMS:
            values, form = _CLOSED_FORMS[column]
            maps[column][places] = form(_Balls(region, values, ball))[places]
    if by_engine:
        families = {by_column()[column].family for column in by_engine}
        narrow = replace(recipe, families=tuple(sorted(families)))
        for place in np.argwhere(places):
            found = _measured(_neighbourhood(region, tuple(place), ball), narrow)
            for column in by_engine:
                maps[column][tuple(place)] = found.get(column, np.nan)
    return maps


def map_volume(
    values: np.ndarray, volume: Volume, mask: np.ndarray, recipe: Recipe
) -> Volume:
    """A map with its place in the patient, ready for `images.write`, as float32.

    Parameters
    ----------
    values : ndarray of shape (k, j, i)
        A map on the grid of the prepared region.
    volume : Volume
        The image that the region was prepared from.
    mask : ndarray of bool
        The mask that the region was prepared from.
    recipe : Recipe
        The recipe that the region was prepared with.
    """
    grid = Grid(volume.array.shape, volume.spacing_mm, recipe, tight_box(mask))
    first = np.array([part.start for part in grid.target])
    expected = tuple(part.stop - part.start for part in grid.target)
    if values.shape != expected:
        raise StudyError(
            f"{volume.path or 'image'}: the map has the shape {values.shape}, the "
            f"region on the grid of its recipe {expected}. Give the image, mask and "
            "recipe that the map was made from."
        )
    voxel = (grid.origin + grid.scale * first)[::-1]
    place = volume.affine() @ np.array([*voxel, 1.0])
    return Volume(
        array=values.astype(np.float32),
        spacing_mm=grid.spacing_mm,
        origin_mm=tuple(place[:3].tolist()),
        direction=volume.direction,
    )


class _Balls:
    """Sums over the ball around every voxel."""

    def __init__(self, region: Region, values: str, ball: np.ndarray) -> None:
        self.inside, self.ball = region.intensity_mask, ball
        self.values = getattr(region, values).astype(np.float64)
        self.middle = self.values[self.inside].mean()
        self.count = np.rint(self._sum(self.inside))
        self.count[self.count == 0] = np.nan

    def mean(self) -> np.ndarray:
        return self.middle + self._sum(self._centred()) / self.count

    def variance(self) -> np.ndarray:
        square = self._sum(self._centred() ** 2) / self.count
        # The sums of a ball of one value may differ by a rounding error.
        return np.maximum(square - (self.mean() - self.middle) ** 2, 0)

    def energy(self) -> np.ndarray:
        return self.count * (self.variance() + self.mean() ** 2)

    def root_mean_square(self) -> np.ndarray:
        return np.sqrt(self.energy() / self.count)

    def minimum(self) -> np.ndarray:
        values = np.where(self.inside, self.values, np.inf)
        return ndimage.minimum_filter(
            values, footprint=self.ball, mode="constant", cval=np.inf
        )

    def maximum(self) -> np.ndarray:
        values = np.where(self.inside, self.values, -np.inf)
        return ndimage.maximum_filter(
            values, footprint=self.ball, mode="constant", cval=-np.inf
        )

    def range(self) -> np.ndarray:
        return self.maximum() - self.minimum()

    def entropy(self) -> np.ndarray:
        total = np.zeros(self.inside.shape)
        for share in self._shares():
            total -= share * np.log2(share, where=share > 0, out=np.zeros_like(share))
        return total

    def uniformity(self) -> np.ndarray:
        total = np.zeros(self.inside.shape)
        for share in self._shares():
            total += share**2
        return total

    def _shares(self) -> Iterable[np.ndarray]:
        """The share of each occupied bin."""
        for level in np.unique(self.values[self.inside]):
            held = self._sum(self.inside & (self.values == level))
            yield np.rint(held) / self.count

    def _centred(self) -> np.ndarray:
        return np.where(self.inside, self.values - self.middle, 0.0)

    def _sum(self, values: np.ndarray) -> np.ndarray:
        return signal.fftconvolve(
            values.astype(np.float64), self.ball.astype(np.float64), mode="same"
        )


_Form = Callable[[_Balls], np.ndarray]

#: Columns that need no engine: the array of the region they read, and how.
_CLOSED_FORMS: dict[str, tuple[str, _Form]] = {
    "original.statistics.mean": ("image", _Balls.mean),
    "original.statistics.variance": ("image", _Balls.variance),
    "original.statistics.minimum": ("image", _Balls.minimum),
    "original.statistics.maximum": ("image", _Balls.maximum),
    "original.statistics.range": ("image", _Balls.range),
    "original.statistics.energy": ("image", _Balls.energy),
    "original.statistics.root_mean_square": ("image", _Balls.root_mean_square),
    "original.histogram.mean": ("levels", _Balls.mean),
    "original.histogram.variance": ("levels", _Balls.variance),
    "original.histogram.minimum": ("levels", _Balls.minimum),
    "original.histogram.maximum": ("levels", _Balls.maximum),
    "original.histogram.range": ("levels", _Balls.range),
    "original.histogram.entropy": ("levels", _Balls.entropy),
    "original.histogram.uniformity": ("levels", _Balls.uniformity),
}


def _measured(neighbourhood: Region, recipe: Recipe) -> dict[str, float]:
    """The engine's values; none for texture of one grey level."""
    levels = neighbourhood.levels[neighbourhood.intensity_mask]
    families = recipe.families
    if levels.min() == levels.max():
        families = tuple(name for name in families if name not in TEXTURE_FAMILIES)
    if not families:
        return {}
    return measure(neighbourhood, replace(recipe, families=families)).values


def _neighbourhood(region: Region, place: tuple[int, ...], ball: np.ndarray) -> Region:
    """The part of a region in the ball around a voxel, on a small grid."""
    whole, part = [], []
    for centre, size, length in zip(place, ball.shape, region.mask.shape, strict=True):
        first, last = centre - size // 2, centre + size // 2 + 1
        whole.append(slice(max(first, 0), min(last, length)))
        part.append(slice(max(-first, 0), size - max(last - length, 0)))
    inside = region.intensity_mask[tuple(whole)] & ball[tuple(part)]
    return Region(
        image=region.image[tuple(whole)],
        mask=inside,
        intensity_mask=inside,
        levels=np.where(inside, region.levels[tuple(whole)], 0),
        n_levels=region.n_levels,
        spacing_mm=region.spacing_mm,
    )


def _ball(radius_mm: float, spacing_mm: tuple[float, float, float]) -> np.ndarray:
    """Voxels around one that belong to its ball; odd shape, symmetric."""
    reach = [math.floor(radius_mm / step + 1e-9) for step in spacing_mm]
    offsets = np.meshgrid(*[np.arange(-n, n + 1) for n in reach], indexing="ij")
    squares = (np.stack(offsets) * np.reshape(spacing_mm, (3, 1, 1, 1))) ** 2
    ball = squares.sum(axis=0) <= radius_mm**2 * (1 + 1e-9)
    if ball.sum() < 2:
        raise StudyError(
            f"radius_mm is {radius_mm:g}, but the next voxel is {min(spacing_mm):g} mm "
            "away. Use a larger radius."
        )
    return ball


def _every(step: int, shape: tuple[int, ...]) -> np.ndarray:
    """Every step-th voxel along each axis."""
    if step < 1:
        raise StudyError(f"step is {step}, expected 1 or more.")
    chosen = np.zeros(shape, bool)
    chosen[::step, ::step, ::step] = True
    return chosen


def _require_families(columns: list[str]) -> None:
    for column in columns:
        feature = by_column().get(column)
        if feature is None or feature.family not in MAPPED_FAMILIES:
            raise StudyError(
                f"{column} has no map: expected a feature of the families "
                f"{', '.join(MAPPED_FAMILIES)}."
            )


def _require_time(columns: list[str], count: int, step: int, limit_s: float) -> None:
    families = {by_column()[column].family for column in columns}
    calls = {"texture" if name in TEXTURE_FAMILIES else name for name in families}
    expected_s = count * len(calls) * SECONDS_PER_BALL
    if expected_s > limit_s:
        enough = math.ceil(step * (expected_s / limit_s) ** (1 / 3))
        raise StudyError(
            f"maps of {', '.join(columns)} at {count} voxels would take about "
            f"{expected_s:.0f} s, at most {limit_s:g} s are allowed. Use step: "
            f"{enough}, or features of the families statistics and histogram that "
            "need no engine."
        )
