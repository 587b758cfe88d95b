"""Foreign modules that a job executes only when it uses them."""

import subprocess
import sys

import pytest

from concord.provenance import SCRIPTS

BEFORE = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import concord.jobs; "


def shown(code):
    """What a new interpreter prints, after the first import of a script."""
    found = subprocess.run(
        [sys.executable, "-c", BEFORE + code],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.split()


def is_unused(name):
    return f"type(sys.modules[{name!r}]).__name__ == 'Unused'"


def test_a_module_is_executed_when_it_is_first_asked_for_a_name():
    code = (
        "from scipy import stats; "
        f"print({is_unused('scipy.stats')}); "
        "print(stats.norm.cdf(0.0)); "
        f"print({is_unused('scipy.stats')}, 'scipy.stats._stats_py' in sys.modules)"
    )

    assert shown(code) == ["True", "0.5", "False", "True"]


def test_a_second_import_does_not_execute_a_module():
    unused = is_unused("scipy.stats")
    code = f"from scipy import stats; import scipy.stats; print({unused})"

    assert shown(code) == ["True"]


def test_setting_a_name_of_a_module_executes_it_first():
    code = (
        "from scipy import special; special.expit = None; "
        "print(special.expit, special.ndtri(0.5))"
    )

    assert shown(code) == ["None", "0.0"]


def test_a_module_that_cannot_be_executed_says_so_at_each_use(tmp_path):
    (tmp_path / "psutil.py").write_text("raise OSError('broken')\n")
    attempt = "\ntry: psutil.x\nexcept OSError as error: print(error)"
    code = f"sys.path.insert(0, {str(tmp_path)!r}); import psutil" + attempt * 2

    assert shown(code) == ["broken", "broken"]


def test_a_module_that_is_not_there_is_missing_at_its_import():
    code = (
        "sys.path[:] = [] \ntry: import pywt"
        "\nexcept ModuleNotFoundError as error: print(error.name)"
    )

    assert shown(code) == ["pywt"]


@pytest.mark.parametrize("library", ["sklearn.base", "pydicom", "nibabel"])
def test_a_foreign_library_is_itself_after_its_use(library):
    code = f"import {library}; import inspect; print(inspect.getsource({library})[:1])"

    assert shown(code)


def test_nifti_files_are_read_without_pydicom():
    code = (
        "import nibabel; nibabel.Nifti1Header(); before = 'pydicom' in sys.modules; "
        "import pydicom; print(before, pydicom.Dataset.__name__)"
    )

    assert shown(code) == ["False", "Dataset"]
