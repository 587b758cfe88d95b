"""How the report prints numbers."""

import numpy as np
import pandas as pd
import pytest

from concord.report import numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.125, "0.12"),
        (-0.5, "\N{MINUS SIGN}0.50"),
        (-0.001, "0.00"),
        (np.nan, "not defined"),
    ],
)
def test_decimals_have_a_true_minus_sign_and_no_negative_zero(value, expected):
    assert numbers.decimal(value) == expected


def test_an_interval_without_estimate_is_not_defined():
    row = {"estimate": np.nan, "lower": np.nan, "upper": np.nan}

    assert numbers.interval(row) == "not defined"
    assert numbers.interval({"estimate": 0.7, "lower": 0.6, "upper": 0.8}) == (
        "0.70 (0.60 to 0.80)"
    )


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (458, 460, "458 of 460 (> 99 %)"),
        (1, 900, "1 of 900 (< 1 %)"),
        (0, 9, "0 of 9 (0 %)"),
        (9, 9, "9 of 9 (100 %)"),
        (0, 0, "0 of 0"),
    ],
)
def test_shares_never_round_to_none_or_all(part, whole, expected):
    assert numbers.share(part, whole) == expected


def test_medians_leave_missing_values_out():
    assert numbers.median_quartiles([1, 2, 3, 4, None], 1) == "2.5 (1.8 to 3.2)"
    assert numbers.median_quartiles([None]) == "not defined"


def test_mixed_texts_are_counted_and_their_rest_is_not_hidden():
    kernels = pd.Series(["B", "A", "B", None, "C", "D", "E"])

    assert numbers.distinct(kernels, most=2) == "B (2), A (1), 3 others"
    assert numbers.distinct(["A", "A"]) == "A"
    assert numbers.distinct([None]) == "\N{EN DASH}"


def test_words_are_listed_and_counted():
    assert numbers.listed(["a", "b", "c"]) == "a, b and c"
    assert numbers.plural(1, "site") == "1 site"
    assert numbers.spread([3, 3, None]) == "3.0"


def test_methods_are_listed_once_without_their_remarks_on_folds():
    rows = pd.DataFrame(
        {
            "estimate": [0.6, 0.7, 0.5, np.nan],
            "method": [
                "mean; DeLong",
                "mean; DeLong; 1 of 5 folds undefined",
                "t interval",
                "never used",
            ],
        }
    )

    assert numbers.listed_methods(rows) == "mean, DeLong; t interval"
