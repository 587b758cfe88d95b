"""Filters with one short kernel: mean, Laplacian of Gaussian, Laws."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .base import Filter, Margin, Spacing, pooled_text


@dataclass(frozen=True, kw_only=True)
class Mean(Filter):
    """Mean of a cube (IBSI S60F).

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "mean"
    support_voxels: int  # side of the cube, odd

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        return engine.mean_filter(image, self.support_voxels, boundary=self.boundary)

    def margin_voxels(self, spacing_mm: Spacing) -> Margin:
        reach = self.support_voxels // 2
        return reach, reach, reach

    def describe(self) -> str:
        side = self.support_voxels
        return f"mean of {side} x {side} x {side} voxels"


@dataclass(frozen=True, kw_only=True)
class LaplacianOfGaussian(Filter):
    """Laplacian of Gaussian (IBSI L6PA).

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "log"
    sigma_mm: float
    truncate: float  # reach of the kernel in standard deviations

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        return engine.laplacian_of_gaussian(
            image, self.sigma_mm, spacing_mm, self.truncate, boundary=self.boundary
        )

    def margin_voxels(self, spacing_mm: Spacing) -> Margin:
        k, j, i = (
            int(self.truncate * self.sigma_mm / spacing + 0.5) for spacing in spacing_mm
        )
        return k, j, i

    def describe(self) -> str:
        return (
            f"Laplacian of Gaussian, sigma {self.sigma_mm:g} mm, cut off at "
            f"{self.truncate:g} sigma"
        )


@dataclass(frozen=True, kw_only=True)
class Laws(Filter):
    """Laws kernels (IBSI JTXT), or the texture energy of their response (PQSD).

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "laws"
    kernels: str  # of the axes x, y, z, such as L5E5E5
    rotation_invariant: bool
    pooling: str
    energy_distance_voxels: int | None  # None: the response itself

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        return engine.laws_filter(
            image,
            self.kernels,
            boundary=self.boundary,
            rotation_invariant=self.rotation_invariant,
            pooling=self.pooling,
            compute_energy=self.energy_distance_voxels is not None,
            energy_distance=self.energy_distance_voxels or 0,
        )

    def margin_voxels(self, spacing_mm: Spacing) -> Margin:
        reaches = [int(size) // 2 for size in self.kernels[1::2]]
        if self.rotation_invariant:
            reaches = [max(reaches)] * 3
        x, y, z = (reach + (self.energy_distance_voxels or 0) for reach in reaches)
        return z, y, x

    def describe(self) -> str:
        energy = ""
        if self.energy_distance_voxels is not None:
            energy = f", texture energy within {self.energy_distance_voxels} voxels"
        pooled = pooled_text(self.rotation_invariant, self.pooling)
        return f"Laws kernels {self.kernels}{pooled}{energy}"
