"""What each script imports, and its CPU seconds as a multiple of those of numpy."""

import pytest

from ..script_imports import fastest, imported, names_of_scripts, table

#: Times the measured ratio that an import may cost before a test fails.
MARGIN = 2.0
#: Share of the cost in version 0.3.0 above which a script needs a reason.
SHARE = 0.6
ROWS = table()


@pytest.fixture(scope="module")
def numpy_cpu_s():
    """CPU seconds of importing numpy, the fastest of several."""
    return fastest("numpy", 6).cpu_s


def test_every_script_has_a_row():
    assert list(ROWS) == names_of_scripts()


@pytest.mark.parametrize("script", names_of_scripts())
def test_a_script_imports_no_more_than_its_row_says(script, numpy_cpu_s):
    limit = MARGIN * float(ROWS[script]["ratio"])
    run = imported(script)
    ratios = [run.cpu_s / numpy_cpu_s]
    while min(ratios) > limit and len(ratios) < 5:
        ratios.append(imported(script).cpu_s / numpy_cpu_s)

    assert " ".join(run.modules) == ROWS[script]["modules"]
    assert min(ratios) <= limit, f"{min(ratios):.1f} times the import of numpy"


@pytest.mark.parametrize("script", names_of_scripts())
def test_a_script_that_costs_more_than_a_share_of_0_3_0_says_why(script):
    row = ROWS[script]
    before = row["ratio_0_3_0"]
    is_dear = not before or float(row["ratio"]) > SHARE * float(before)
    assert bool(row["reason"]) == is_dear
