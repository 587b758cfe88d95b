"""Set-up of the feature engine: its version, one thread, a cache of compiled code.

The engine is imported on first use, because that takes a second.
"""

import os
import sys
from functools import cache
from typing import Any

from ...errors import StudyError
from . import compile_cache

#: The release that the names of the shipped table and the checks were made for.
VERSION = "0.9.0"


@cache
def require_engine() -> Any:
    """The engine's modules; the first call sets up and imports them."""
    os.environ["PICTOLOGICS_DISABLE_WARMUP"] = "1"  # it would compile all for 240 s
    if "numba" not in sys.modules:
        # Some sums depend on the number of threads in their last digits.
        os.environ["NUMBA_NUM_THREADS"] = "1"
    compile_cache.settle()
    import pictologics
    from pictologics import features, loader

    if pictologics.__version__ != VERSION:
        raise StudyError(
            f"the feature engine is pictologics {pictologics.__version__}, expected "
            f"{VERSION}: other releases name and compute features differently. "
            "Install the version of envs/features.yaml."
        )
    pictologics.set_num_threads(1)
    return features, loader


def require_filters() -> Any:
    """Module of filters of the engine, set up as for the features."""
    require_engine()
    from pictologics import filters

    return filters
