"""Response maps of the IBSI 2 image filters; `resolve`, then `responses`.

- `base`: base of all filters: a name, a boundary, the axes and the engine
- `fourier`: filters defined on frequencies: Simoncelli wavelets and Riesz transforms
- `gabor`: Gabor filters: waves of one direction within slices
- `local`: filters with one short kernel: mean, Laplacian of Gaussian, Laws
- `resolve`: from a filter of the configuration to its response maps
- `wavelets`: separable wavelets, undecimated: eight sub-bands per level
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "base": ["Filter", "Margin", "Spacing"],
    },
)
