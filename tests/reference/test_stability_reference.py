"""Intraclass correlations against R and against published values.

R: psych. Published: ICC(2,1) of 92 features of a CT phantom scanned with eight
settings, of the mean over about 30 repeats of each material.
"""

import numpy as np
import pandas as pd
import pytest

from concord.statistics.icc import intraclass_correlation

from ..reference_rows import modelling

#: Rows that are compared, and the name of the form here.
FORMS = {"icc_ICC1": "ICC(1,1)", "icc_ICC2": "ICC(A,1)", "icc_ICC3": "ICC(C,1)"}
ROWS = frozenset(FORMS)

SHROUT_FLEISS = [
    9,
    2,
    5,
    8,
    6,
    1,
    3,
    2,
    8,
    4,
    6,
    8,
    7,
    1,
    2,
    6,
    10,
    5,
    6,
    9,
    6,
    2,
    4,
    7,
]


@pytest.mark.parametrize(("row", "form"), FORMS.items(), ids=FORMS)
def test_estimate_and_interval_are_those_of_psych(shared_data, row, form):
    known = modelling(shared_data).loc[row]
    ratings = np.array(SHROUT_FLEISS, float).reshape(6, 4, 1)

    found = intraclass_correlation(ratings, form)

    values = [found.estimate[0], found.lower[0], found.upper[0]]
    expected = list(known[["value", "lo", "hi"]])
    assert values == pytest.approx(expected, abs=1e-8)


def test_all_published_correlations_of_the_phantom_are_reproduced(shared_data):
    folder = shared_data / "tables"
    if not (folder / "phantom_ct_expected_icc2.csv").is_file():
        pytest.skip(f"no phantom tables at {folder}")
    published = pd.read_csv(folder / "phantom_ct_expected_icc2.csv", index_col=0)
    features = pd.read_csv(folder / "phantom_ct_testretest_features.csv.gz")
    means = features.groupby(["class", "group"])[list(published.index)].mean()

    found = intraclass_correlation(means.to_numpy().reshape(6, 8, 92), "ICC(A,1)")

    # Printed with four decimals.
    assert found.estimate == pytest.approx(published["ICC"].to_numpy(), abs=5.1e-5)
