"""Gabor filters: waves of one direction within slices."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .base import Filter, Margin, Spacing, pooled_text

#: Standard deviations after which the engine cuts the envelope off.
REACH = 6.0


@dataclass(frozen=True, kw_only=True)
class Gabor(Filter):
    """Modulus of the response to a complex Gabor kernel (IBSI Q88H).

    The kernel is two-dimensional: it runs in the axial slices, or in the slices of
    all three orientations with the mean taken over these.

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "gabor"
    sigma_mm: float
    wavelength_mm: float
    aspect_ratio: float  # below 1, the envelope is long across the wave
    theta_degrees: float | None  # direction of the wave, from x towards y
    theta_step_degrees: float | None  # step of all directions, in place of one
    pooling: str
    planes: str  # axial or orthogonal

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        step = self.theta_step_degrees
        return engine.gabor_filter(
            image,
            self.sigma_mm,
            self.wavelength_mm,
            self.aspect_ratio,
            math.radians(self.theta_degrees or 0.0),
            spacing_mm=spacing_mm,
            boundary=self.boundary,
            rotation_invariant=step is not None,
            delta_theta=None if step is None else math.radians(step),
            pooling=self.pooling,
            average_over_planes=self.planes == "orthogonal",
        )

    def margin_voxels(self, spacing_mm: Spacing) -> Margin:
        reach_mm = REACH * self.sigma_mm / min(1.0, self.aspect_ratio)
        # 1e-9: the engine divides before it multiplies, and may round up.
        k, j, i = (math.ceil(reach_mm / spacing + 1e-9) for spacing in spacing_mm)
        return (k, j, i) if self.planes == "orthogonal" else (0, j, i)

    def compared_spacings(self, spacing_mm: Spacing) -> tuple[float, ...]:
        return spacing_mm if self.planes == "orthogonal" else spacing_mm[1:]

    def describe(self) -> str:
        if self.theta_step_degrees is None:
            direction = f"theta {self.theta_degrees:g} degrees"
        else:
            pooled = pooled_text(True, self.pooling)[2:]
            direction = f"{pooled} in steps of {self.theta_step_degrees:g} degrees"
        planes = "axial slices"
        if self.planes == "orthogonal":
            planes = "slices of three orientations, averaged"
        return (
            f"Gabor modulus, sigma {self.sigma_mm:g} mm, wavelength "
            f"{self.wavelength_mm:g} mm, aspect ratio {self.aspect_ratio:g}, "
            f"{direction}, in {planes}"
        )
