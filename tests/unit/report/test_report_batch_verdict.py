"""Words on batch effects follow from what permuted batches give."""

import numpy as np
import pandas as pd
import pytest

from concord.report.results import Results
from concord.report.sections import batch_verdict as verdict
from concord.report.sections.company import company
from concord.report.sections.harmonization import harmonization_section

from ... import synthetic_results as synthetic


def prediction(raw, fold_fitted, harmonized):
    """Bands as in a study of 50 subjects: raw to 0.65, fitted 0.6, harmonized 0.8."""
    return synthetic.batch_prediction().assign(auc=[raw, fold_fitted, harmonized])


def words(table):
    ((_, _, found),) = verdict.verdicts(table, "auc")
    return found.words()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.97, 0.52, 0.56), "removed, as far as these subjects can tell"),
        ((0.97, 0.52, 0.85), "information on the batch remains"),
        ((0.97, 0.70, 0.56), "information on the batch remains"),
        ((0.55, 0.30, 0.60), "no batch effect beyond chance"),
        ((0.55, 0.30, 0.75), "made the batches of held-out rows differ more"),
        ((0.55, 0.30, 0.88), "harmonization brought one in"),
    ],
)
def test_words_follow_from_raw_and_from_the_own_null_of_each_stage(values, expected):
    assert expected in words(prediction(*values))


@pytest.mark.parametrize("harmonized", [0.6, 0.75, 0.88])
def test_what_raw_features_do_not_show_never_remains(harmonized):
    assert "remains" not in words(prediction(0.55, 0.9, harmonized))


def test_few_permutations_have_no_band_and_no_verdict():
    table = prediction(0.97, 0.5, 0.9).assign(null_lower=np.nan, null_upper=np.nan)
    assert "without a band" in words(table)


def test_an_undefined_value_is_said_to_be_so_and_every_image_has_a_sentence():
    table = prediction(np.nan, np.nan, np.nan)
    found = verdict.sentences(study(batch_prediction=table))
    assert found == [
        "CT, AUC of telling the batch: not defined, too few batches have enough "
        "subjects in each half."
    ]
    both = study(
        batch_prediction=prediction(0.97, 0.52, 0.56),
        batch_variance=synthetic.batch_variance(),
    )
    assert len(verdict.sentences(both)) == 2


def study(**tables):
    given = {"site_effect": synthetic.site_effect(), **tables}
    return Results(given, pd.DataFrame(), {}, {}, {}, (), synthetic.SETTINGS)


def difference(estimate, lower, upper):
    (twin,) = company(study())["unharmonized"]
    row = {
        "endpoint": "metastasis",
        "arm": synthetic.SETTINGS.evaluation.headline_arm,
        "reference_arm": twin,
        "scheme": "cv",
        "metric": "auc",
        "n": 60,
        "n_events": 24,
        "estimate": estimate,
        "lower": lower,
        "upper": upper,
    }
    return pd.DataFrame([row])


def said(**tables):
    return list(verdict.harmonization_findings(study(**tables), "metastasis"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((-0.07, -0.12, -0.02), "lowered the AUC in cross-validation by 0.07 (0.02 to"),
        ((-0.07, -0.15, 0.01), "neither gain nor loss is shown"),
        ((0.07, 0.02, 0.12), "raised the AUC in cross-validation by 0.07 (0.02 to 0.1"),
        ((0.07, np.nan, np.nan), "without an interval"),
    ],
)
def test_gain_and_loss_by_harmonization_are_what_the_interval_allows(values, expected):
    (found,) = said(comparisons=difference(*values))
    assert expected in found
    assert "on the subjects of both (n = 60, 24 events)" in found
    assert said() == []


def test_batch_effects_that_harmonization_brought_in_are_a_key_finding():
    table = prediction(0.55, 0.3, 0.88)
    gain, harm = said(comparisons=difference(-0.1, -0.2, 0.1), batch_prediction=table)
    assert "neither gain nor loss" in gain
    assert "harmonization brought one in" in harm
    assert "0.55 raw, 0.88 on held-out harmonized rows" in harm


def test_left_out_batches_are_named_beside_the_number_of_subjects():
    table = prediction(0.97, 0.5, 0.9).assign(n=38, n_left_out=13, left_out="GE 13")
    results = study(batch_prediction=table, batch_tests=synthetic.batch_tests())
    text = str(harmonization_section(results))
    assert "13 (GE 13)" in text
    assert "0.35 to 0.65" in text
    assert "up to 6" in text
