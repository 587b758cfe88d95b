"""Compilation by less work gives the same values."""

import gc
import subprocess
import sys

import numpy as np
import pytest

from concord.features.engines.compilation import NUMBA_VERSION, lighter_compilation
from concord.provenance import SCRIPTS

#: A kernel with what the replacements concern: literals, flags, implementations of
#: numpy functions, branches, an exception; compiled with or without less work.
KERNEL = """
import sys
from contextlib import nullcontext
import numpy as np
from numba import njit
from concord.features.engines.compilation import lighter_compilation

@njit(nogil=True)
def part(values, start, n):
    total = 0.0
    for i in range(start, start + n):
        total += values[i]
    return total

@njit(nogil=True)
def inner(values, start):
    return part(values, start, len(values) - start)

@njit(nogil=True, fastmath=True, error_model="numpy")
def kernel(values, n):
    if n < 1:
        raise ValueError("n is less than 1")
    table = np.zeros((n, 3))
    order = np.argsort(values)
    for i in range(n):
        table[i, 0] = values[order[i % len(values)]]
        table[i, 1] = inner(values, i % 2) + part(values, 0, 1)
        table[i, 2] = np.median(values)
    return table.sum() / np.sqrt(np.abs(values).max())

lighter = lighter_compilation("__main__") if sys.argv[1] == "lighter" else nullcontext()
with lighter:
    for n in (2, 7, 128, 301):
        values = np.random.default_rng(n).normal(0, 3, n)
        print(kernel(values, 40).hex(), inner(values, 0).hex())
print(len(part.overloads), file=sys.stderr)
try:
    kernel(values, 0)
except ValueError as error:
    print(error)
"""


def compiled(way):
    import os

    environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA")}
    done = subprocess.run(
        [sys.executable, "-c", KERNEL, way],
        env={**environment, "PYTHONPATH": str(SCRIPTS), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines(), int(done.stderr)


def test_a_kernel_has_the_same_bits_and_errors():
    (stock, more), (lighter, less) = compiled("stock"), compiled("lighter")

    assert lighter == stock
    assert stock[-1] == "n is less than 1"
    assert less < more


def test_numba_is_as_before_afterwards():
    from llvmlite.binding import ffi
    from numba.core import cpu, dispatcher, targetconfig

    def state():
        return (
            targetconfig.TargetConfig.__eq__,
            targetconfig.TargetConfig.__hash__,
            dispatcher._DispatcherBase.get_call_template,
            cpu.CPUContext.create_cfunc_wrapper,
            list(ffi.lib._lock._cblist),
            gc.isenabled(),
        )

    before = state()
    with lighter_compilation():
        assert state() != before
    assert state() == before
    with pytest.raises(ZeroDivisionError), lighter_compilation():
        raise ZeroDivisionError
    assert state() == before


def test_another_release_of_numba_is_left_alone(monkeypatch):
    import numba
    from numba.core import targetconfig

    monkeypatch.setattr(numba, "__version__", "0.99.0")
    before = targetconfig.TargetConfig.__eq__
    with lighter_compilation():
        assert targetconfig.TargetConfig.__eq__ is before


def test_the_release_of_the_replacements_is_that_of_the_environments():
    root = SCRIPTS.parent
    assert f"numba=={NUMBA_VERSION}" in (root / "requirements.lock").read_text()
    for name in ("features", "second_engine"):
        text = (root / "envs" / f"{name}.yaml").read_text()
        assert f"numba ={NUMBA_VERSION}" in text


def test_equal_flags_stay_equal_and_others_differ():
    from numba.core.compiler import Flags

    one, same, other = Flags(), Flags(), Flags()
    one.fastmath = same.fastmath = True
    same.error_model = "python"  # the default
    other.error_model = "numpy"
    with lighter_compilation():
        assert one == same
        assert hash(one) == hash(same)
        assert one != other
        assert one.values() == same.values()
    assert one.values() == same.values()
    assert np.all(one != other)
