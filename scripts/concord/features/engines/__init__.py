"""Feature engines, their set-up, and the IBSI phantom that they are checked on.

- `autocorrelation`: spatial autocorrelation of the intensities of a region: Moran's I
  and Geary's C
- `cache_locator`: place of compiled code that all installations of the engine share
- `compilation`: compilation of the engine's kernels with a third less work, for the
  same values
- `compile_cache`: folder of the engine's compiled code: per user and machine type, for
  all studies
- `engine_log`: log of the warnings of an engine; a value that it warns of becomes NaN
- `ibsi_phantom`: the IBSI digital phantom: does the engine give the published values
  here?
- `intensity_volume`: intensity-volume histogram: the volume that has at least a given
  intensity
- `level_differences`: normalised inverse differences of grey levels that are counted
  from the first bin
- `pictologics`: the only module that knows the feature engine (pictologics)
- `setup`: set-up of the feature engine: its version, one thread, a cache of compiled
  code
- `warmup`: compilation of what the recipes of a study need, before many jobs do it at
  once
- `zrad/`: second engine (Z-Rad): adapter, names, and known differences from the first
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "engine_log": ["warnings_logged"],
        "ibsi_phantom": ["phantom_recipe", "reference_values", "require_all_match"],
        "pictologics": ["Measurements"],
        "setup": ["require_filters"],
        "warmup": ["compile_engine"],
    },
)
