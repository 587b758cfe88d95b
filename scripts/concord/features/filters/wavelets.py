"""Separable wavelets, undecimated: eight sub-bands per level."""

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np

from .base import Filter, Margin, Spacing, pooled_text

#: All sub-bands of a level, and one for each set that rotations turn into each other.
SUBBANDS = ("LLL", "LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH")
DISTINCT_SUBBANDS = ("LLL", "LLH", "LHH", "HHH")


@dataclass(frozen=True, kw_only=True)
class Wavelet(Filter):
    """One sub-band of a separable undecimated wavelet (IBSI 25BO).

    The letters of the sub-band belong to the axes x, y, z: L is the low-pass and H the
    high-pass filter. Levels below the last are low-pass along all axes.

    References
    ----------
    IBSI 2 manual, arXiv:2006.05470.
    """

    kind: ClassVar[str] = "wavelet"
    wavelet: str
    subband: str
    level: int
    rotation_invariant: bool
    pooling: str

    def engine_response(
        self, engine: Any, image: np.ndarray, spacing_mm: Spacing
    ) -> Any:
        return engine.wavelet_transform(
            image,
            self.wavelet,
            self.level,
            self.subband,
            boundary=self.boundary,
            rotation_invariant=self.rotation_invariant,
            pooling=self.pooling,
        )

    def margin_voxels(self, spacing_mm: Spacing) -> Margin:
        # At level j, 2^(j-1) - 1 zeros follow each tap; the middle tap is at half.
        taps = _n_taps(self.wavelet)
        reach = sum(taps * 2**step // 2 for step in range(self.level))
        return reach, reach, reach

    def describe(self) -> str:
        pooled = pooled_text(self.rotation_invariant, self.pooling)
        return f"{self.wavelet} wavelet, level {self.level}, {self.subband}{pooled}"


@cache
def _n_taps(wavelet: str) -> int:
    import pywt

    return int(pywt.Wavelet(wavelet).dec_len)
