"""Record of the settings and the code that made a result."""

import ast
import ctypes
import gc
import hashlib
import json
import platform
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1]
PACKAGE = Path(__file__).resolve().parent.name
RESOURCES = SCRIPTS.parent / "resources"
#: Names by which builds of OpenBLAS tell their kernel.
_KERNEL_NAMES = (
    "scipy_openblas_get_corename64_",
    "scipy_openblas_get_corename",
    "openblas_get_corename64_",
    "openblas_get_corename",
)
#: Signs that open a tag or end a line of a script; JSON has them in texts alone.
_ENDING = ("<", "\u2028", "\u2029")
#: Names of files in `resources/`, or in a folder of it.
_RESOURCE = re.compile(r"(?:[\w-]+/)?[\w.-]+\.\w+")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def canonical_json(value: Any) -> str:
    """JSON that is equal for equal values, whatever the order of their keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def embeddable(text: str) -> str:
    """The same JSON without what could end the element of a page that it stands in.

    Params of jobs are copied into the page of `snakemake --report`.
    """
    for sign in _ENDING:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def digest(value: Any, length: int = 12) -> str:
    """First `length` hex digits of the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:length]


def code_fingerprint(script: str) -> str:
    """Hash of a script and of all own modules that it imports, directly or not.

    Comments, docstrings and layout do not count, so only a change of
    behaviour changes the fingerprint. A name that a package imports lazily
    counts with the module that defines it. Files of `resources/` that a module
    names count with their content.

    Parameters
    ----------
    script : str
        File name in `scripts/`, such as ``"make_folds.py"``.

    Returns
    -------
    str
        The first 12 hex digits of a SHA-256 digest.
    """
    return _fingerprint(SCRIPTS / script)


@cache
def _fingerprint(script: Path) -> str:
    digest_of_all = hashlib.sha256()
    for path in sorted(module_closure(script)):
        digest_of_all.update(str(path.relative_to(SCRIPTS)).encode())
        digest_of_all.update(_parsed(path)[0].encode())
    return digest_of_all.hexdigest()[:12]


def module_closure(path: Path) -> set[Path]:
    """A Python file and all files of this package that it imports, transitively."""
    pending, found = [path], set()
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending += _parsed(current)[1]
    return found


def place_in_package(error: BaseException) -> str:
    """Where in this package an error arose, such as ``ingest/grid.py:88``.

    The last line of the own code on the way to the error; nothing of its text.
    """
    place = "unknown place"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(SCRIPTS):
            place = f"{path.relative_to(SCRIPTS).as_posix()}:{frame.lineno}"
    return place.removeprefix(f"{PACKAGE}/")


def foreign_imports(path: Path) -> set[str]:
    """Top-level names of all modules outside this package that a file needs."""
    return {name for file in module_closure(path) for name in _parsed(file)[2]}


@cache
def _parsed(path: Path) -> tuple[str, tuple[Path, ...], frozenset[str]]:
    """Behaviour, own imports and foreign imports of one file."""
    with _no_collection():
        text, nodes = _behaviour(ast.parse(path.read_text(encoding="utf-8")))
    own, foreign = [], set()
    for name, is_bound in _imported_modules(nodes, path):
        if name.split(".")[0] == PACKAGE:
            own += _files(name) + (_deferred_files(name) if is_bound else [])
        else:
            foreign.add(name.split(".")[0])
    return text + "".join(_resource_digests(nodes)), tuple(own), frozenset(foreign)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Put off garbage collection, which would look at every node again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _imported_modules(
    nodes: Iterable[ast.AST], path: Path
) -> Iterator[tuple[str, bool]]:
    """Absolute dotted names that imports may refer to; True for those they bind."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, True) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = path.relative_to(SCRIPTS).with_suffix("").parts
                base = ".".join([*parents[: -node.level], *filter(None, [base])])
            yield base, False
            if base.split(".")[0] == PACKAGE:
                yield from ((f"{base}.{alias.name}", True) for alias in node.names)


def _files(name: str) -> list[Path]:
    """Files that importing a dotted name of this package executes."""
    parts = name.split(".")
    files = []
    for length in range(1, len(parts) + 1):
        stem = SCRIPTS.joinpath(*parts[:length])
        files += [stem / "__init__.py", stem.with_suffix(".py")]
    return [file for file in files if file.is_file()]


def _deferred_files(name: str) -> list[Path]:
    """Files that a name bound by an import may execute later, by `concord.lazy`.

    A public name of a package stands for the module that defines it, and a package for
    all modules that it has public names of.
    """
    package, _, last = name.rpartition(".")
    modules = [f"{name}.{module}" for module in _attached(name)]
    modules += [
        f"{package}.{module}"
        for module, names in _attached(package).items()
        if last in names
    ]
    return [file for module in modules for file in _files(module)]


@cache
def _attached(package: str) -> dict[str, list[str]]:
    """Public names by module, as a package attaches them; empty of anything else."""
    init = SCRIPTS.joinpath(*package.split("."), "__init__.py")
    if not init.is_file():
        return {}
    body = ast.parse(init.read_text(encoding="utf-8")).body
    calls = [call for part in body if (call := _attach_call(part)) is not None]
    return {
        module: names
        for call in calls
        for module, names in ast.literal_eval(call.args[1]).items()
    }


def _attach_call(node: ast.AST) -> ast.Call | None:
    """The call by which a statement attaches the public names of a package."""
    call = node.value if isinstance(node, ast.Assign) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
        return call if call.func.id == "attach" else None
    return None


def _resource_digests(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Hashes of the files in `resources/` that a module names in a string."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_name = _RESOURCE.fullmatch(node.value) is not None
            if is_name and (file := RESOURCES / node.value).is_file():
                yield hashlib.sha256(file.read_bytes()).hexdigest()


def _behaviour(tree: ast.AST) -> tuple[str, list[ast.AST]]:
    """The syntax tree as text, without docstrings and lists of public names.

    Of the nodes in it, imports and constants are returned as well: a tree of all
    modules is large, so it is walked once.
    """
    words: list[str] = []
    kept: list[ast.AST] = []
    _tell(tree, words, kept)
    return " ".join(words), kept


def _tell(value: Any, words: list[str], kept: list[ast.AST]) -> None:
    """Append what a node, a list of nodes or a plain value says to some words."""
    if isinstance(value, ast.AST):
        words.append(f"{type(value).__name__}(")
        if isinstance(value, (ast.Constant, ast.Import, ast.ImportFrom)):
            kept.append(value)
        elif isinstance(value, _DOCUMENTED):
            value.body = _without_words(value)
        for field in value._fields:
            if field != "ctx":  # follows from the place
                _tell(getattr(value, field, None), words, kept)
        words.append(")")
    elif isinstance(value, list):
        words.append("[")
        for item in value:
            _tell(item, words, kept)
        words.append("]")
    else:
        words.append(repr(value))


def _without_words(node: Any) -> list[ast.stmt]:
    """Statements of a module, class or function, without docstring and public names."""
    body: list[ast.stmt] = node.body
    if ast.get_docstring(node, clean=False) is not None:
        body = body[1:]
    if isinstance(node, ast.Module):
        return [part for part in body if _attach_call(part) is None]
    return body


def numeric_kernel() -> str:
    """Kernels that numerical libraries of this process chose by its processor.

    The last digits of results depend on them. Empty where numpy was not imported.
    """
    if "numpy" not in sys.modules:
        return ""
    import numpy._core._multiarray_umath as umath  # type: ignore[import-not-found]

    features = umath.__cpu_features__
    used = [name for name in umath.__cpu_dispatch__ if features.get(name)]
    simd = used[-1] if used else "baseline"
    return f"{_blas_kernel()}, numpy {simd}, {platform.machine()}"


def _blas_kernel() -> str:
    """Kernel of the OpenBLAS that was loaded, as far as the system tells it."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "BLAS unknown"
    loaded = {line.rpartition(" ")[2] for line in maps.splitlines()}
    for path in sorted(one for one in loaded if "openblas" in Path(one).name):
        library = ctypes.CDLL(path)
        for name in _KERNEL_NAMES:
            if hasattr(library, name):
                function = getattr(library, name)
                function.restype = ctypes.c_char_p
                return f"OpenBLAS {function().decode()}"
    return "BLAS unknown"
