"""Imports put off until they are used: public names of a package, foreign libraries."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from typing import Any

#: Foreign modules that are imported as a whole and used by few jobs; each is executed
#: when one of its names is first asked for, so `from scipy import stats` costs nothing
#: and `from scipy.stats import norm` costs all of `scipy.stats`.
PUT_OFF = frozenset(
    {
        "SimpleITK",
        "asyncio",
        "highdicom",
        "joblib",
        "narwhals.stable.v2",
        "nibabel",
        "numpy.f2py",
        "numpy.testing",
        "psutil",
        "pydicom",
        "pydicom.sr",
        "pywt",
        "requests",
        "scipy.cluster",
        "scipy.cluster.hierarchy",
        "scipy.cluster.vq",
        "scipy.constants",
        "scipy.fft",
        "scipy.integrate",
        "scipy.interpolate",
        "scipy.linalg",
        "scipy.ndimage",
        "scipy.optimize",
        "scipy.signal",
        "scipy.sparse",
        "scipy.sparse.csgraph",
        "scipy.sparse.linalg",
        "scipy.spatial",
        "scipy.spatial.distance",
        "scipy.spatial.transform",
        "scipy.special",
        "scipy.stats",
        "threadpoolctl",
    }
)


def attach(
    package: str, modules: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Functions `__getattr__` and `__dir__`, and `__all__`, of a package.

    So importing a small module of a package, such as its settings, imports none of its
    large ones.

    Parameters
    ----------
    package : str
        ``__name__`` of the package.
    modules : mapping
        Public names by the module of the package that defines them; written out, as
        `concord.provenance` reads it from the source.
    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{module_of[name]}"), name)

    def listed() -> list[str]:
        return sorted(module_of)

    return get, listed, listed()


class PuttingOff:
    """Finder of foreign modules that delays their execution to their first use."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        """Specification of a module of `PUT_OFF`; None leaves it to other finders."""
        if name == "pyarrow" and _is_being_imported("pandas"):
            raise ModuleNotFoundError(f"{name} is put off", name=name)
        spec = PathFinder.find_spec(name, path, target) if name in PUT_OFF else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def put_off() -> None:
    """Put off the imports of `PUT_OFF`, and that of Arrow by pandas.

    Pandas imports Arrow for columns backed by it, which no table here has; without
    it, pandas reads and writes Parquet as before, as that imports Arrow by itself.
    For processes of one thread: before Python 3.12.4, two threads that use a module
    first at the same time would both execute it.
    """
    if PuttingOff not in sys.meta_path:
        sys.meta_path.insert(0, PuttingOff)


def _is_being_imported(name: str) -> bool:
    module = sys.modules.get(name)
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))
