"""Imports put off until they are used: public names of a package, foreign libraries."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
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
        if name == "pydicom" and _is_being_imported("nibabel.nifti1"):
            raise ModuleNotFoundError("not for DICOM within NIfTI", name=name)
        spec = PathFinder.find_spec(name, path, target) if name in PUT_OFF else None
        if spec is not None and spec.loader is not None:
            spec.loader = _Postponed(spec.loader)
        return spec


def put_off() -> None:
    """Put off the imports of `PUT_OFF`.

    Nibabel would use pydicom at once, for headers of DICOM within NIfTI files, which
    nobody reads here; it does without.

    For processes of one thread, such as the jobs of a study: a second thread would
    see a module half executed.
    """
    if PuttingOff not in sys.meta_path:
        sys.meta_path.insert(0, PuttingOff)


class Unused(ModuleType):
    """A module that is executed when it is first asked for anything.

    Unlike that of `importlib.util.LazyLoader`, it is not executed by a second import,
    which asks for nothing but `__spec__`.
    """

    def __getattribute__(self, name: str) -> Any:
        if name != "__spec__":
            _execute(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _execute(self)
        ModuleType.__setattr__(self, name, value)


class _Postponed(Loader):
    """Loader that leaves the execution of a module to its first use."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self.loader
        object.__setattr__(module, "__class__", Unused)


def _execute(module: ModuleType) -> None:
    spec = object.__getattribute__(module, "__spec__")
    object.__setattr__(module, "__class__", ModuleType)
    spec.loader = spec.loader.loader
    try:
        spec.loader.exec_module(module)
    except BaseException:
        spec.loader = _Postponed(spec.loader)
        object.__setattr__(module, "__class__", Unused)
        raise


def _is_being_imported(name: str) -> bool:
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))
