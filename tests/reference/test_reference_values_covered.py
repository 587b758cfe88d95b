"""Every row of the reference values is compared by a test here, or listed with why not.

Each module of comparisons declares its rows as constants that its own tests go through:
`ROWS` (ids), `FILES` (files all of whose rows are compared) and `STARTS` (beginnings of
ids, where the test takes all rows that begin so). A row that is neither compared nor
listed fails here, and so does one that is both.
"""

import re
from pathlib import Path

import pytest

from ..reference_rows import all_ids, survival_id
from . import (
    test_competing_reference,
    test_cox_reference,
    test_discrimination_reference,
    test_elastic_net_reference,
    test_nomogram_reference,
    test_probabilities_reference,
    test_proportional_hazards_reference,
    test_published_models_reference,
    test_sample_size_reference,
    test_stability_reference,
    test_survival_curves_reference,
    test_treatment_reference,
    test_unpenalized_reference,
    test_utility_reference,
    test_validation_reference,
)

MODULES = [
    test_competing_reference,
    test_cox_reference,
    test_discrimination_reference,
    test_elastic_net_reference,
    test_nomogram_reference,
    test_probabilities_reference,
    test_proportional_hazards_reference,
    test_published_models_reference,
    test_sample_size_reference,
    test_stability_reference,
    test_survival_curves_reference,
    test_treatment_reference,
    test_unpenalized_reference,
    test_utility_reference,
    test_validation_reference,
]

#: Rows that no test compares, as patterns of whole ids, and why.
NOT_COVERED = {
    # Rows that are no reference.
    r"glmnet_coxstrata_.*": "its note forbids it: R did not converge",
    # Data that are not at hand.
    r"whas_.*": "the data set whas500 is not among the shared data",
    r"flchain_.*": "the data set flchain is not among the shared data",
    # What no study computes: of models.
    r"cox_exact_.*": "the exact treatment of ties is not offered",
    r"cox_cluster_robustse_.*": "robust errors of clusters are computed of folds, not "
    "of coefficients",
    r"lmer_.*": "no mixed model of variance components is computed",
    # Of survival.
    # Of classification and calibration.
    r"valprob_C \(ROC\)|valprob_miscal_(C \(ROC\)|Dxy)": "rank statistics of rounded "
    "probabilities, in which ties arise that the scores do not have",
    r"valprob_(miscal_)?D:p": "the table gives no value",
    r"(ici|e90)_loess_miscal": "the curve is that of lowess, which R's val.prob has; "
    "loess of degree 2 is another smoother",
    # Of reliability and pooling.
    r"icc_ICC[123]k": "repeatability is that of single ratings, not of their mean",
    r"meta_\w+_(DL|PM|FE)_(z|knha)_tau2": "tau2 is estimated by REML; that of other "
    "estimators is given to the rows compared",
    r"meta_\w+_z_PI": "prediction intervals take quantiles of t, not of the normal",
}


def compared(row: str) -> list[str]:
    """Modules that compare a row."""
    return [
        module.__name__.rpartition(".")[2]
        for module in MODULES
        if row in getattr(module, "ROWS", ())
        or row.startswith(getattr(module, "STARTS", ()))
        or row.partition(" | ")[0] in getattr(module, "FILES", ())
    ]


def listed(row: str) -> list[str]:
    """Patterns of rows without a comparison that a row has."""
    return [pattern for pattern in NOT_COVERED if re.fullmatch(pattern, row)]


@pytest.fixture(scope="module")
def rows(shared_data):
    return all_ids(shared_data)


def test_ids_are_unique_and_all_files_are_read(rows):
    assert len(rows) > 500
    assert len(set(rows)) == len(rows)
    assert survival_id("logrank_gbsg2", "logrank gbsg2 horTh") in rows


def test_every_row_is_compared_or_listed_and_none_is_both(rows):
    neither = [row for row in rows if not compared(row) and not listed(row)]
    both = [row for row in rows if compared(row) and listed(row)]
    assert not neither
    assert not both


def test_every_module_compares_rows_that_there_are(rows):
    found = {name for row in rows for name in compared(row)}
    assert len(found) == len(MODULES)


def test_what_is_listed_is_there_once_and_has_a_reason(rows):
    for row in rows:
        assert len(listed(row)) <= 1, row
    used = {pattern for row in rows for pattern in listed(row)}
    assert used == set(NOT_COVERED)
    short = [why for why in NOT_COVERED.values() if len(why.split()) < 4]
    assert not short


def test_a_module_that_compares_reference_values_is_among_the_modules():
    """It reads them by the functions that give ids, or its rows would be unknown."""
    known = {module.__file__ for module in MODULES} | {__file__}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        reads = re.search(
            r"reference_rows|reference_values\.csv|survival_r", path.read_text()
        )
        assert str(path) in known or not reads, path
