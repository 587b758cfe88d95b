"""Set-up of the feature engine: its version, one thread, a compile cache of the study.

The engine is imported on first use, because that takes a second.
"""

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import StudyError

#: Where numba keeps compiled code, unless NUMBA_CACHE_DIR is set.
CACHE_FOLDER = Path("results", "engine", "numba")


#: The release that the names of the shipped table and the checks were made for.
VERSION = "0.9.0"


@cache
def require_engine() -> Any:
    """The engine's modules; the first call sets up and imports them."""
    os.environ["PICTOLOGICS_DISABLE_WARMUP"] = "1"  # it would compile all for 240 s
    os.environ.setdefault("NUMBA_CACHE_DIR", str(CACHE_FOLDER.absolute()))
    if "numba" not in sys.modules:
        # Some sums depend on the number of threads in their last digits.
        os.environ["NUMBA_NUM_THREADS"] = "1"
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
