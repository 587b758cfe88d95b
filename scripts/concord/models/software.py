"""Versions of the software that decides about the numbers of a fit."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

#: Packages whose versions decide about the numbers of a fit.
PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn")


@cache
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found


def software() -> dict[str, str]:
    """Versions of Python and of the packages that decide about numbers."""
    return dict(_versions())
