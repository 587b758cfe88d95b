"""A lesion whose surface is a formula, and segmentations of it by readers.

Every cross-section is a lobed curve around an axis, ``a g(angle)`` mm wide at
the equator and scaled along the axis like an ellipse of half-height ``c``; the
curve turns with height and the axis leans. Turning and leaning leave the volume
``4/3 pi a^2 c mean(g^2)``.
"""

from dataclasses import dataclass, replace

import numpy as np

#: Lobes of the cross-section: waves around it and their largest amplitude.
_LOBES = {2: 0.10, 3: 0.06, 5: 0.03}

_ELONGATION_RANGE = (0.85, 1.15)
_LARGEST_LEAN = 0.15
_LARGEST_TWIST_PER_MM = 0.03

#: Waves around the axis of the deviation of a segmentation.
_JITTER_WAVES = np.arange(1, 5)


@dataclass(frozen=True)
class Waves:
    """A function of the angle around the axis: a sum of cosines.

    `climbs` tells how far each phase moves from the equator to a pole.
    """

    numbers: np.ndarray
    amplitudes: np.ndarray
    phases: np.ndarray
    climbs: np.ndarray

    def __call__(self, angle: np.ndarray, height: np.ndarray) -> np.ndarray:
        """Values at angles (rad) and heights (-1 to 1 between the poles)."""
        total = np.zeros(np.broadcast_shapes(np.shape(angle), np.shape(height)))
        for number, amplitude, phase, climb in zip(
            self.numbers, self.amplitudes, self.phases, self.climbs, strict=True
        ):
            total += amplitude * np.cos(number * angle + phase + climb * height)
        return total


@dataclass(frozen=True)
class Lesion:
    """A closed surface, as it is or as a reader segments it.

    Lengths in mm, angles in rad; points are (x, y, z) relative to the middle of
    the field of view.
    """

    centre_mm: tuple[float, float, float]
    radius_mm: float  # of the sphere of equal volume, without the reader's part
    elongation: float  # half-height over half-width
    lean: tuple[float, float]  # mm in x and y per mm of height
    twist_per_mm: float
    lobes: Waves
    outward_mm: float = 0.0
    jitter: Waves | None = None  # mm
    halved: bool = False  # only what lies at smaller x than the axis is drawn

    @property
    def half_width_mm(self) -> float:
        lobed = 1 + (self.lobes.amplitudes**2).sum() / 2
        return self.radius_mm / np.cbrt(lobed * self.elongation)

    @property
    def half_height_mm(self) -> float:
        return self.elongation * self.half_width_mm + self.outward_mm

    def axis_mm(self, z_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """x and y of the axis at heights z."""
        height_mm = z_mm - self.centre_mm[2]
        x, y = (
            c + s * height_mm for c, s in zip(self.centre_mm, self.lean, strict=False)
        )
        return x, y

    def section_mm(self, angle: np.ndarray, z_mm: np.ndarray) -> np.ndarray:
        """Distance of the surface from the axis; NaN above and below the lesion."""
        height_mm = z_mm - self.centre_mm[2]
        height = height_mm / self.half_height_mm
        scale = np.sqrt(np.where(np.abs(height) < 1, 1 - height**2, np.nan))
        turned = angle - self.twist_per_mm * height_mm
        width_mm = self.half_width_mm * (1 + self.lobes(turned, height))
        if self.jitter is not None:
            width_mm = width_mm + self.jitter(turned, height)
        return scale * (width_mm + self.outward_mm)

    def depth_mm(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Distance of points from the surface along their slice; negative outside."""
        axis_x, axis_y = self.axis_mm(z)
        distance = np.hypot(x - axis_x, y - axis_y)
        surface = self.section_mm(np.arctan2(y - axis_y, x - axis_x), z)
        depth_mm = np.nan_to_num(surface - distance, nan=-np.inf)
        return np.minimum(depth_mm, axis_x - x) if self.halved else depth_mm

    def contour_mm(self, z_mm: float, n_points: int) -> np.ndarray:
        """The section with one plane: (n_points, 2) in x, y; none if they miss."""
        angle = np.arange(n_points) * (2 * np.pi / n_points)
        height = np.asarray(z_mm, float)
        radius = self.section_mm(angle, height)
        if np.isnan(radius).any():
            return np.empty((0, 2))
        x, y = self.axis_mm(height)
        across = radius * np.cos(angle)
        across = np.minimum(across, 0.0) if self.halved else across
        return np.column_stack([x + across, y + radius * np.sin(angle)])


def random_lesion(
    radius_mm: float, centre_mm: tuple[float, float, float], rng: np.random.Generator
) -> Lesion:
    """A lesion of a given size and place, and of random shape."""
    n = len(_LOBES)
    lobes = Waves(
        numbers=np.array(list(_LOBES)),
        amplitudes=np.array(list(_LOBES.values())) * rng.uniform(0.3, 1.0, n),
        phases=rng.uniform(0, 2 * np.pi, n),
        climbs=np.zeros(n),
    )
    lean = rng.uniform(-_LARGEST_LEAN, _LARGEST_LEAN, 2)
    return Lesion(
        centre_mm=centre_mm,
        radius_mm=radius_mm,
        elongation=rng.uniform(*_ELONGATION_RANGE),
        lean=(float(lean[0]), float(lean[1])),
        twist_per_mm=rng.uniform(-_LARGEST_TWIST_PER_MM, _LARGEST_TWIST_PER_MM),
        lobes=lobes,
    )


def segmented(
    lesion: Lesion, outward_mm: float, jitter_sd_mm: float, rng: np.random.Generator
) -> Lesion:
    """The surface as a reader segments it.

    Parameters
    ----------
    outward_mm : float
        Shift of the whole surface, in mm; negative is inward.
    jitter_sd_mm : float
        SD of the smooth deviation, in mm, around each section. Its mean around
        a section is zero, so that it adds little volume.
    """
    n = len(_JITTER_WAVES)
    weights = rng.uniform(0.5, 1.0, n)
    jitter = Waves(
        numbers=_JITTER_WAVES,
        amplitudes=jitter_sd_mm * weights * np.sqrt(2 / (weights**2).sum()),
        phases=rng.uniform(0, 2 * np.pi, n),
        climbs=rng.uniform(-np.pi, np.pi, n),
    )
    return replace(lesion, outward_mm=outward_mm, jitter=jitter)


def half_missing(lesion: Lesion) -> Lesion:
    """The same segmentation without everything on one side of the axis."""
    return replace(lesion, halved=True)
