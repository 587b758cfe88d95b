"""Filters defined on frequencies: Simoncelli wavelets and Riesz transforms.

Their kernels have no end: they fall with a power of the distance, and the IBSI grid of
Simoncelli frequencies depends on the size of the image. Cut 48 mm around a region, a
CT loses 0.2 % of the range of a Simoncelli response, and a sharp edge far away may cost
a Riesz-transformed Laplacian of Gaussian 0.1 % after 24 sigma (measured). Only the
whole image gives the value of the whole image, so none of them has a margin.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .base import Filter, Spacing

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

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
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

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        return engine.riesz_log(
            image,
            self.sigma_mm,
            spacing_mm,
            self.order,
            self.truncate,
            boundary=self.boundary,
        )

    def margin_voxels(self, spacing_mm: Spacing) -> None:
        return None

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

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
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
