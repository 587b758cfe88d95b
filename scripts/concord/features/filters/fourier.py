"""Filters defined on frequencies: Simoncelli wavelets and Riesz transforms.

Their kernels have no end. A Riesz-transformed Laplacian of Gaussian dies out with a
power of the distance, so a margin can be given. The Simoncelli band does not, and the
IBSI grid of its frequencies depends on the size of the image: only the whole image
gives the value of the whole image.
"""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .base import Filter, Margin, Spacing

#: Standard deviations of the Gaussian after which less than 1e-4 of the range of a
#: Riesz-transformed Laplacian of Gaussian comes from farther away (measured).
RIESZ_REACH = 24.0

Order = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Simoncelli(Filter):
    """Band-pass part of a Simoncelli wavelet (IBSI PRT7); level 1 is the finest.

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "simoncelli"
    level: int

    def engine_response(self, engine: Any, image: np.ndarray, spacing: Spacing) -> Any:
        return engine.simoncelli_wavelet(image, self.level, boundary=self.boundary)

    def margin_voxels(self, spacing_mm: Spacing) -> None:
        return None

    def describe(self) -> str:
        return f"Simoncelli wavelet, level {self.level}"


@dataclass(frozen=True, kw_only=True)
class RieszLog(Filter):
    """Riesz transform (IBSI AYRS) of a Laplacian of Gaussian.

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "riesz_log"
    sigma_mm: float
    truncate: float
    order: Order  # of the derivatives along x, y, z

    def engine_response(self, engine: Any, image: np.ndarray, spacing: Spacing) -> Any:
        return engine.riesz_log(
            image,
            self.sigma_mm,
            spacing,
            self.order,
            self.truncate,
            boundary=self.boundary,
        )

    def margin_voxels(self, spacing_mm: Spacing) -> Margin | None:
        if self.boundary == "periodic":  # the far side of the image is the near one
            return None
        reach = max(RIESZ_REACH, self.truncate) * self.sigma_mm
        k, j, i = (math.ceil(reach / spacing) for spacing in spacing_mm)
        return k, j, i

    def describe(self) -> str:
        return (
            f"Riesz transform of order {self.order} (x, y, z) of a Laplacian of "
            f"Gaussian, sigma {self.sigma_mm:g} mm"
        )


@dataclass(frozen=True, kw_only=True)
class RieszSimoncelli(Filter):
    """Riesz transform (IBSI AYRS) of a Simoncelli wavelet.

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "riesz_simoncelli"
    level: int
    order: Order  # of the derivatives along x, y, z

    def engine_response(self, engine: Any, image: np.ndarray, spacing: Spacing) -> Any:
        return engine.riesz_simoncelli(
            image, self.level, self.order, boundary=self.boundary
        )

    def margin_voxels(self, spacing_mm: Spacing) -> None:
        return None

    def describe(self) -> str:
        return (
            f"Riesz transform of order {self.order} (x, y, z) of a Simoncelli wavelet, "
            f"level {self.level}"
        )
