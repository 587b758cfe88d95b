"""Public names of a package, imported when they are first used (PEP 562)."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


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
