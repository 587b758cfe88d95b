"""What the report says of the steps of the headline arm."""

import pandas as pd

from concord import tables
from concord.evaluation.selection import selection_frequency
from concord.report.methods.models import models_paragraph
from concord.report.results import Results
from concord.report.sections.prediction import _selection_table

from ... import synthetic_results as synthetic

NAME = "CT.tumour.original.glcm.contrast"


def results_of(rows: pd.DataFrame | None = None, **changes) -> Results:
    """Results of a study whose headline arm has other steps."""
    settings = synthetic.SETTINGS
    arm = settings.arms["texture"].model_copy(update=changes)
    settings = settings.model_copy(update={"arms": settings.arms | {"texture": arm}})
    given = {} if rows is None else {"selection": rows}
    return Results(given, pd.DataFrame(), {}, {}, {}, (), settings)


def frequencies(**columns) -> pd.DataFrame:
    """Selection of one feature in two of three folds."""
    folds = {"endpoint": "metastasis", "arm": "texture", "scheme": "cv", "repeat": 1}
    fits = pd.DataFrame({"fold": ["1", "2", "3"], "status": "ok"}).assign(**folds)
    chosen = {"fold": ["1", "2"], "term": NAME, "penalized": True}
    coefficients = pd.DataFrame({**chosen, "coefficient": [0.2, 0.4], **columns})
    found = selection_frequency(coefficients.assign(**folds), fits)
    return tables.check(found, "selection.tsv", "selection")


def test_half_samples_that_chose_a_feature_stand_beside_its_folds():
    found = frequencies(half_sample_share=[0.7, 0.8])
    table = _selection_table(results_of(found, selection="stability"), "metastasis")

    assert list(table.columns) == [
        "Feature",
        "Selected",
        "Mean coefficient per SD",
        "Chosen by half samples",
    ]
    assert list(table.rows[0][1:]) == ["2 of 3 (67 %)", "0.300", "75 %"]


def test_without_half_samples_there_is_no_word_of_them():
    found = frequencies()
    table = _selection_table(results_of(found, scaling="robust"), "metastasis")

    assert list(table.columns) == [
        "Feature",
        "Selected",
        "Mean coefficient per robust SD",
    ]
    assert "half_sample_share" not in found


def test_methods_tell_of_imputations_and_what_became_of_other_gaps():
    changes = {"imputation": "chained", "covariates": ["age"], "n_imputations": 7}
    text = models_paragraph(results_of(**changes))

    assert "by chained equations with the outcome of development rows, 7 times" in text
    assert "Other missing numbers took the development median" in text
    assert "Missing numbers took" in models_paragraph(results_of())
