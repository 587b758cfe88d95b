"""Tests of proportional hazards against cox.zph of R's survival, version 3 on.

Its test is the exact score test, no sum of scaled residuals; ranks are those of all
times, censored ones too.
"""

import numpy as np
import pandas as pd
import pytest

from concord.statistics.survival.proportional_hazards import (
    GLOBAL,
    TRANSFORMS,
    proportional_hazards_tests,
)

from ..reference_rows import modelling, survival, survival_id

#: R stops its iterations at a relative change of 1e-9 of the likelihood, which leaves
#: the smallest of these statistics 6e-8 from the optimum.
RELATIVE = 1e-6
ROSSI = ("fin", "age", "race", "wexp", "mar", "paro", "prio")
TRIAL = ("horTh", "age", "pnodes", "progrec")
FILE = "coxzph_gbsg2"
STARTS = ("zph_",)
FILES = frozenset([FILE])


def by_term(values, event, time, names, transforms=TRANSFORMS):
    terms = {name: [place] for place, name in enumerate(names)}
    found = proportional_hazards_tests(values, event, time, terms, transforms)
    return {
        (transform, test.term): test for transform, of in found.items() for test in of
    }


@pytest.fixture(scope="module")
def arrests(shared_data):
    folder = shared_data / "reference" / "modelling" / "data"
    table = pd.read_csv(folder / "rossi.csv")
    columns = (table[list(ROSSI)].to_numpy(float), table["arrest"], table["week"])
    return by_term(*columns, ROSSI)


def test_tests_with_ties_equal_cox_zph_by_every_transform(arrests, shared_data):
    reference = modelling(shared_data)
    rows = reference[reference.index.str.startswith("zph_")]
    assert len(rows) == 25
    assert {row.split("_")[1] for row in rows.index} == set(TRANSFORMS)
    for row, expected in rows.iterrows():
        found = arrests[tuple(row.split("_")[1:])]
        assert found.chi_squared == pytest.approx(expected["value"], rel=RELATIVE), row
        assert found.p_value == pytest.approx(expected["p"], rel=RELATIVE), row


def test_tests_of_the_breast_cancer_trial_equal_cox_zph(shared_data):
    folder = shared_data / "reference" / "modelling" / "data"
    table = pd.read_csv(folder / "gbsg2.csv")
    table["horTh"] = (table["horTh"] == "yes").astype(float)
    found = by_term(
        table[list(TRIAL)].to_numpy(float), table["cens"], table["time"], TRIAL, ["km"]
    )
    for term in (*TRIAL, GLOBAL):
        expected = survival(shared_data, FILE).loc[survival_id(FILE, term)]
        own = found["km", term]
        assert own.chi_squared == pytest.approx(expected["chisq"], rel=RELATIVE), term
        assert own.df == expected["df"]
        assert own.p_value == pytest.approx(expected["p"], rel=RELATIVE), term


def test_the_sum_of_scaled_residuals_is_another_number_under_ties(arrests, shared_data):
    """What a reader of another package would see: not the reference within 1e-6."""
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    folder = shared_data / "reference" / "modelling" / "data"
    table = pd.read_csv(folder / "rossi.csv")[[*ROSSI, "arrest", "week"]]
    model = CoxPHFitter().fit(table, "week", "arrest")
    other = proportional_hazard_test(model, table, time_transform="km").summary
    ratio = other.loc["wexp", "test_statistic"] / arrests["km", "wexp"].chi_squared
    assert abs(np.log(ratio)) > 1e-4
