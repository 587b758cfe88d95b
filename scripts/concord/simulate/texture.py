"""Gaussian random fields that can be evaluated anywhere."""

from dataclasses import dataclass

import numpy as np

#: Enough for the small parts of a body; slow fields do with a few.
MANY_WAVES, FEW_WAVES = 160, 8


@dataclass(frozen=True)
class Texture:
    """A random field: plane waves of random direction and phase.

    Many waves with normally distributed wave vectors approach a Gaussian field
    with correlation ``exp(-distance^2 / (2 length^2))`` [1]_. Because it is a
    formula, a shifted scan sees the same field.

    References
    ----------
    .. [1] Mantoglou, A. & Wilson, J. L. (1982). "The turning bands method for
           simulation of random fields using line generation by a spectral
           method". Water Resour Res, 18, 1379-1394.
           https://doi.org/10.1029/WR018i005p01379
    """

    vectors_per_mm: np.ndarray  # shape (n, 3)
    phases: np.ndarray  # shape (n,)
    mean: float = 0.0
    sd: float = 1.0

    def __call__(self, points_mm: np.ndarray) -> np.ndarray:
        """Values at points (m, 3), in mm."""
        waves = np.cos(points_mm @ self.vectors_per_mm.T + self.phases)
        field = waves.sum(axis=1) * np.sqrt(2 / len(self.phases))
        return (field - self.mean) / self.sd


def random_texture(
    length_mm: float,
    points_mm: np.ndarray,
    rng: np.random.Generator,
    n_waves: int = MANY_WAVES,
) -> Texture:
    """A field with mean 0 and SD 1 over some points.

    Parameters
    ----------
    length_mm : float
        Distance at which values correlate by exp(-1/2), in mm.
    points_mm : ndarray, shape (m, 3)
        Points that the field is standardized over, such as those of a lesion.
    n_waves : int
        Number of waves; the time to evaluate the field grows with it.
    """
    vectors = rng.normal(0, 1 / length_mm, (n_waves, 3))
    raw = Texture(vectors, rng.uniform(0, 2 * np.pi, n_waves))
    values = raw(points_mm)
    return Texture(vectors, raw.phases, float(values.mean()), float(values.std()))
