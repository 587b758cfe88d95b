"""Compilation of the engine's kernels with a third less work, for the same values.

A third of numba's time goes to what no kernel needs: collecting garbage in a graph of
millions of live objects, comparing its own flags, announcing every call of LLVM,
printing annotated types, entry points for C, and compiling anew what differs in a
literal or a flag that does not reach it. Here this is left out. Of another release of
numba nothing is known, so there everything stays as it is.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

#: The release of numba that the replacements were written for.
NUMBA_VERSION = "0.62.1"

#: Flags that a function which numba compiles on behalf of another one takes from it.
_INHERITED = ("nrt", "fastmath", "error_model", "forceinline")


@contextmanager
def lighter_compilation(engine: str = "pictologics") -> Iterator[None]:
    """Compile with less work while the context lasts.

    Parameters
    ----------
    engine : str
        Package whose kernels are compiled.
    """
    import numba

    with ExitStack() as stack:
        stack.enter_context(_without_garbage_collection())
        if numba.__version__ == NUMBA_VERSION:
            stack.enter_context(_silent_llvm())
            for place, name, value in _replacements(engine):
                stack.enter_context(_replaced(place, name, value))
        yield


def _replacements(engine: str) -> Iterable[tuple[Any, str, Any]]:
    """Replacements in numba: object, attribute, new value."""
    from numba.core import cpu, dispatcher, ir, targetconfig, typed_passes
    from numba.core.typing import templates

    config, template = targetconfig.TargetConfig, templates._OverloadFunctionTemplate
    return (
        (config, "values", _flag_values),
        (config, "__eq__", _equal_flags(config.__eq__)),
        (config, "__hash__", lambda self: hash(type(self))),
        (typed_passes.AnnotateTypes, "run_pass", _unannotated),
        (cpu.CPUContext, "create_cfunc_wrapper", lambda *_: None),
        (ir.Inst, "_rec_list_vars", _variables_of(ir)),
        (template, "_get_impl", _shared_implementation),
        (
            dispatcher._DispatcherBase,
            "get_call_template",
            _without_literals(dispatcher._DispatcherBase.get_call_template, engine),
        ),
    )


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _silent_llvm() -> Iterator[None]:
    """Calls of LLVM without an event for each; nobody listens to them."""
    from llvmlite.binding import ffi

    pairs = list(ffi.lib._lock._cblist)
    for pair in pairs:
        ffi.unregister_lock_callback(*pair)
    try:
        yield
    finally:
        for pair in pairs:
            ffi.register_lock_callback(*pair)


@contextmanager
def _replaced(place: Any, name: str, value: Any) -> Iterator[None]:
    """An attribute of a class with another value."""
    before = vars(place)[name]
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, before)


def _flag_values(flags: Any) -> dict[str, Any]:
    """All flags by name, without a property for each."""
    given = flags._values
    return {name: given.get(name, one.default) for name, one in flags.options.items()}


def _equal_flags(compared: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def equal(flags: Any, other: Any) -> Any:
        return flags is other or compared(flags, other)

    return equal


def _unannotated(_: Any, state: Any) -> bool:
    """No text of the types of a function; it is only for people to read."""
    state.type_annotation = ""
    return False


def _variables_of(ir: Any) -> Callable[[Any, Any], list[Any]]:
    """Variables in a value of numba's representation, kinds told by their type."""
    kinds = {ir.Var: "variable", ir.Inst: "part", list: "many", tuple: "many"}
    kinds[dict] = "named"
    known: dict[type, str] = {}

    def kind_of(one: type) -> str:
        found = (kind for base, kind in kinds.items() if issubclass(one, base))
        return known.setdefault(one, next(found, "other"))

    def variables(_: Any, value: Any) -> list[Any]:
        found: list[Any] = []
        _collect((value,), found, known, kind_of)
        return found

    return variables


def _collect(
    values: Iterable[Any],
    found: list[Any],
    known: dict[type, str],
    kind_of: Callable[[type], str],
) -> None:
    """Add the variables in some values to those that are found."""
    for value in values:
        kind = known.get(type(value)) or kind_of(type(value))
        if kind == "variable":
            found.append(value)
        elif kind == "many":
            _collect(value, found, known, kind_of)
        elif kind == "named":
            _collect(value.values(), found, known, kind_of)
        elif kind == "part":
            found.extend(value.list_vars())


def _shared_implementation(template: Any, args: Any, kws: Any) -> Any:
    """Implementation compiled for these types, whatever flags do not reach it."""
    from numba.core.targetconfig import ConfigStack

    flags = ConfigStack.top_or_none()
    if flags is not None:
        flags = tuple(str(getattr(flags, name)) for name in _INHERITED)
    key = template.context, tuple(args), tuple(kws.items()), flags
    if key not in template._impl_cache:
        return template._build_impl(key, args, kws)
    return template._impl_cache[key]


def _without_literals(called: Callable[..., Any], engine: str) -> Callable[..., Any]:
    """Kernels compiled for types, not once more for each literal such as 0."""
    from numba.core import types

    def call(kernel: Any, args: Any, kws: Any) -> Any:
        if kernel.py_func.__module__.partition(".")[0] == engine:
            args = tuple(types.unliteral(one) for one in args)
        return called(kernel, args, kws)

    return call
