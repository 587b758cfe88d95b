"""Place of compiled code that all installations of the engine share.

numba keeps the code of each installation by its path and the age of its files, so that
a second study with an environment of its own would compile everything again. Here the
place is that of the file within the engine, and its stamp the content of all of the
engine's files: code of an engine that was changed in any file is never executed.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from numba.core import caching, config

ENGINE = "pictologics"


class EngineCacheLocator(
    caching._SourceFileBackedLocatorMixin,  # numba names no public base
    caching._CacheLocator,
):
    """Locator (numba's protocol) of the compiled code of a function of the engine."""

    def __init__(self, py_func: Any, py_file: str) -> None:
        self._py_file = py_file
        self._lineno = py_func.__code__.co_firstlineno
        within = Path(py_file).resolve().relative_to(engine_folder()).parent
        self._cache_path = os.path.join(config.CACHE_DIR, ENGINE, within)

    def get_cache_path(self) -> str:
        """The folder of the function's compiled code."""
        return self._cache_path

    def ensure_cache_path(self) -> None:
        """Make the folder, for this user alone."""
        path = Path(self._cache_path)
        for one in (*reversed(path.parents), path):
            if not one.exists():
                one.mkdir(mode=0o700, exist_ok=True)
        super().ensure_cache_path()

    def get_source_stamp(self) -> str:
        """Hash of the engine."""
        return engine_digest()

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Self | None:
        """A locator; None for a function that is not the engine's."""
        if not Path(py_file).resolve().is_relative_to(engine_folder()):
            return None
        return super().from_function(py_func, py_file)


@cache
def engine_folder() -> Path:
    """The folder that the engine is installed in."""
    spec = find_spec(ENGINE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the feature engine {ENGINE} is not installed")
    return Path(spec.origin).resolve().parent


@cache
def engine_digest() -> str:
    """Hash of the content of all modules of the engine."""
    digest = hashlib.sha256()
    for path in sorted(engine_folder().rglob("*.py")):
        digest.update(str(path.relative_to(engine_folder())).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _own_data_name(file: Any, number: int) -> str:
    """Name of a file of compiled code that no other process gives.

    numba counts; two jobs that compile one function for other types at once would
    write two codes under one name, and the index could name the wrong one.
    """
    return str(file._data_name_pattern.format(number=uuid.uuid4().int >> 64))


@contextmanager
def _opened_for_owner(file: Any, path: str) -> Iterator[Any]:
    """A file of compiled code to write, which nobody else may change."""
    with _opened(file, path) as opened:
        os.fchmod(opened.fileno(), 0o600)
        yield opened


_opened = caching.IndexDataCacheFile._open_for_write
caching.IndexDataCacheFile._open_for_write = _opened_for_owner
caching.IndexDataCacheFile._data_name = _own_data_name
