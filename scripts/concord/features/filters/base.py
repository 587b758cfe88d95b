"""Base of all filters: a name, a boundary, the axes and the engine."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np

from ...errors import StudyError

#: Largest relative difference of the spacings of a grid that counts as isotropic.
SPACING_TOLERANCE = 1e-3

Spacing = tuple[float, float, float]
Margin = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Filter(ABC):
    """One response map: what is computed, and the name that stands in a column.

    A filter of the configuration may give several of them, such as the sub-bands of a
    wavelet.
    """

    kind: ClassVar[str]

    name: str  # letters, digits, '-' and '_'
    boundary: str  # what lies beyond the image: mirror, nearest, zero or periodic

    @abstractmethod
    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        """The response of the engine, float32; all axes in the order (x, y, z)."""

    @abstractmethod
    def margin_voxels(self, spacing_mm: Spacing) -> Margin | None:
        """Voxels along (k, j, i) that a value depends on; None is the whole image."""

    @abstractmethod
    def describe(self) -> str:
        """The filter in words."""

    def complete(self) -> dict[str, Any]:
        """Every setting, as plain JSON types."""
        return {"kind": self.kind, **asdict(self)}

    def require_grid(self, spacing_mm: Spacing) -> None:
        """Raise StudyError if the filter is not defined on this grid.

        Kernels are defined in voxels, and the engine adds second derivatives per
        voxel, not per mm: on unequal spacings it would weigh the axes.
        """
        compared = self.compared_spacings(spacing_mm)
        if np.ptp(compared) > SPACING_TOLERANCE * min(compared):
            found = " x ".join(f"{value:g}" for value in spacing_mm[::-1])
            axes = "x, y and z" if len(compared) == 3 else "x and y"
            raise StudyError(
                f"filter {self.name} ({self.kind}) needs equal spacing along {axes}, "
                f"found {found} mm (x, y, z). Set resample_spacing_mm to three equal "
                "numbers."
            )

    def compared_spacings(self, spacing_mm: Spacing) -> tuple[float, ...]:
        """The spacings that must be equal."""
        return spacing_mm


def number_text(value: float) -> str:
    """A number as it stands in a name: 2.5 is 2p5."""
    return f"{value:g}".replace(".", "p")


def pooled_text(rotation_invariant: bool, pooling: str) -> str:
    """Pooling of the responses to the rotated filter, in words."""
    if not rotation_invariant:
        return ""
    words = {"average": "mean", "max": "maximum", "min": "minimum"}
    return f", {words[pooling]} over rotations"
