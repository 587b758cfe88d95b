"""Folder of the engine's compiled code: per user and machine type, for all studies.

Compiled code is executed, so a folder that others may write to is never used.
"""

import hashlib
import logging
import os
import stat
import sys
from importlib.metadata import version
from pathlib import Path

#: Used if the user's folder cannot be: belongs to the study alone.
STUDY_FOLDER = Path("results", "engine", "numba")

#: Packages that compiled code depends on.
_PACKAGES = ("pictologics", "numba", "llvmlite", "numpy")

#: What numba is told to ask first, for a place that all installations share.
LOCATORS = (
    "concord.features.engines.cache_locator.EngineCacheLocator,UserProvidedCacheLocator"
)

_LOG = logging.getLogger(__name__)


def settle() -> Path:
    """Tell numba where compiled code is kept; before the engine is imported.

    ``NUMBA_CACHE_DIR`` decides if it is set.

    Returns
    -------
    Path
        The folder.
    """
    if "NUMBA_CACHE_DIR" not in os.environ:
        os.environ["NUMBA_CACHE_DIR"] = str(_chosen())
        import numba

        numba.config.reload_config()
        numba.config.CACHE_LOCATOR_CLASSES = LOCATORS
    return Path(os.environ["NUMBA_CACHE_DIR"])


def user_folder() -> Path:
    """``numba-...`` in the user's cache, of this machine type and software.

    Raises
    ------
    OSError, RuntimeError
        If the user has no home.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        base = Path.home() / ".cache"
    return base / "concord" / f"numba-{_software()}-{_machine()}"


def require_private(folder: Path) -> None:
    """Create a folder for this user alone; PermissionError if it is not private."""
    folder.parent.parent.mkdir(parents=True, exist_ok=True)
    for one in (folder.parent, folder):
        one.mkdir(mode=0o700, exist_ok=True)
        state = one.lstat()
        if not stat.S_ISDIR(state.st_mode):
            raise PermissionError(f"{one} is a link, expected a folder")
        if state.st_uid != os.getuid():
            raise PermissionError(
                f"{one} belongs to user {state.st_uid}, expected {os.getuid()}"
            )
        if state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(
                f"{one} has the mode {stat.S_IMODE(state.st_mode):o}: others may "
                "write to it, expected 700"
            )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be written")


def _chosen() -> Path:
    """The user's folder, or that of the study with a note in the log."""
    try:
        folder = user_folder()
        require_private(folder)
    except (OSError, RuntimeError) as error:
        folder = STUDY_FOLDER.absolute()
        _LOG.warning(
            "compiled code is kept in %s, for this study alone: %s. Set "
            "XDG_CACHE_HOME to a folder of your own to keep it for all studies.",
            folder,
            error,
        )
    return folder


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
