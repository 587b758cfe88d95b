"""Folder of the engine's compiled code: per user and machine type, for all studies.

Compiled code is executed, so it never lies in a study, which may come from elsewhere,
nor in a folder that others may write to.
"""

import atexit
import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from ...planned import WRITTEN
from ...privacy.own_folder import require_own, require_own_content, user_cache

#: Packages that compiled code depends on.
_PACKAGES = ("pictologics", "numba", "llvmlite", "numpy")

#: What numba is told to ask first, for a place that all installations share.
LOCATORS = (
    "concord.features.engines.cache_locator.EngineCacheLocator,UserProvidedCacheLocator"
)

_GIVEN = "NUMBA_CACHE_DIR"
_LOG = logging.getLogger(__name__)


def settle() -> Path:
    """Tell numba where compiled code is kept; before the engine is imported.

    ``NUMBA_CACHE_DIR`` decides if it is set and nobody else can write there.

    Returns
    -------
    Path
        The folder.
    """
    given = os.environ.get(_GIVEN)
    folder = _chosen()
    if given is None or folder != Path(os.path.abspath(given)):
        os.environ[_GIVEN] = str(folder)
        import numba

        numba.config.reload_config()
        numba.config.CACHE_LOCATOR_CLASSES = LOCATORS
    return folder


def user_folder() -> Path:
    """``numba-...`` in the user's cache, of this machine type and software.

    Raises
    ------
    OSError, RuntimeError
        If the user has no home.
    """
    return user_cache() / _name()


def _chosen() -> Path:
    """The folder that was given, or the user's, or one for temporary files.

    A note in the log says why one of them is not used. If none is left, there is a new
    one for this process alone.
    """
    given = os.environ.get(_GIVEN)
    places: list[Callable[[], Path]] = [_given if given else user_folder, _temporary]
    for place in places:
        try:
            folder = place()
            require_own(folder, strict=1 if place is _given else 2)
            require_own_content(folder)
        except (OSError, RuntimeError) as error:
            _LOG.warning(
                "compiled code is not kept where it should be: %s. It is executed, so "
                "it is kept elsewhere for now, and compiled again. Set XDG_CACHE_HOME "
                "to a folder of your own if this cannot be mended.",
                error,
            )
        else:
            return folder
    fresh = Path(tempfile.mkdtemp(prefix="concord-"))
    atexit.register(shutil.rmtree, fresh, ignore_errors=True)
    return fresh


def _given() -> Path:
    """The folder that the environment names; PermissionError if it is of the study."""
    folder = Path(os.path.abspath(os.environ[_GIVEN]))
    written = [Path(name).absolute() for name in WRITTEN]
    if any(folder.is_relative_to(one) for one in written):
        raise PermissionError(
            f"{folder}, which NUMBA_CACHE_DIR names, lies in a folder of the study, "
            "which may come from elsewhere"
        )
    return folder


def _temporary() -> Path:
    """A folder for temporary files that the jobs of this user share."""
    return Path(tempfile.gettempdir()) / f"concord-{os.getuid()}" / _name()


def _name() -> str:
    return f"numba-{_software()}-{_machine()}"


def _software() -> str:
    engine, numba, *_ = (version(name) for name in _PACKAGES)
    return f"{engine}-{numba}-{sys.implementation.cache_tag}"


def _machine() -> str:
    """Processor by name, and a hash of what else compiled code depends on."""
    from llvmlite import binding

    cpu = os.environ.get("NUMBA_CPU_NAME") or binding.get_host_cpu_name()
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if features is None:
        features = binding.get_host_cpu_features().flatten()
    more = [*map(version, _PACKAGES), sys.version, cpu, features]
    return f"{cpu}-{hashlib.sha256(repr(more).encode()).hexdigest()[:12]}"
