"""What the report says of imputed values, of subjects left out and of rescued fits."""

import pandas as pd
import pytest

from concord import tables
from concord.report import page
from concord.report.blocks import Table
from concord.report.numbers import NONE
from concord.report.results import Results
from concord.report.sections.missing_values import (
    missing_findings,
    missing_table,
    noted_fits,
    rescue_findings,
)

from ... import synthetic_results as synthetic

REASON = "unpenalized terms got a ridge of 0.001: grade=High separates the outcomes."


def counted(**changes) -> pd.DataFrame:
    """Counts of the headline arm."""
    row = {
        "endpoint": "metastasis",
        "arm": "texture",
        "scheme": "cv",
        "n": 51,
        "n_events": 19,
        "n_complete": 48,
        "n_events_complete": 17,
        "n_imputed": 2,
        "n_events_imputed": 1,
        "median_share": 0.1,
        "largest_share": 0.125,
        "n_unscored": 1,
        "n_events_unscored": 1,
        "reasons": "too many missing features (1)",
    }
    return tables.check(pd.DataFrame([row | changes]), "x", "missing_values")


def results(**given: pd.DataFrame) -> Results:
    return Results(given, pd.DataFrame(), {}, {}, {}, (), synthetic.SETTINGS)


def fits(arm: str, **columns) -> pd.DataFrame:
    return synthetic.fits("metastasis", arm).assign(**columns)


def test_imputed_and_unscored_subjects_of_the_headline_are_told_with_their_events():
    (sentence,) = missing_findings(results(missing_values=counted()), "metastasis")
    assert sentence == (
        "Of 51 evaluation subjects, 48 (17 events) had all predictors of “Clinical + "
        "CT texture”, 2 (1 event) were scored with imputed values (median 10 %, at "
        "most 12 % of the predictors) and 1 (1 event) were not scored (too many "
        "missing features (1))."
    )


def test_a_complete_study_says_nothing_but_shows_the_table():
    nothing = {"n_complete": 51, "n_imputed": 0, "n_unscored": 0}
    shares = {"median_share": None, "largest_share": None, "reasons": None}
    found = results(missing_values=counted(**nothing, **shares))
    assert list(missing_findings(found, "metastasis")) == []
    shown = missing_table(found)
    assert isinstance(shown, Table)
    assert shown.rows[0][3:] == ("51 (17)", "0 (1)", NONE, "0 (1)", NONE)
    assert missing_table(results()) is None


@pytest.mark.parametrize(
    ("arm", "role", "label"),
    [
        ("clinical", "reference", "Clinical"),
        ("texture", "headline", "Clinical + CT texture"),
    ],
)
def test_a_rescued_arm_is_told_in_the_findings(arm, role, label):
    table = fits(arm, rescue=REASON)
    (sentence,) = rescue_findings(results(fits=table), "metastasis")
    share = f"{len(table)} of {len(table)} (100 %)"
    assert sentence == (
        f"{share} fits of the {role} arm “{label}” had no optimum: {REASON}"
    )


def test_fits_without_a_rescue_are_not_told():
    for table in (fits("clinical"), fits("clinical", rescue=None), fits("site_only")):
        assert list(rescue_findings(results(fits=table), "metastasis")) == []


def test_notes_of_an_arm_are_one_row_with_numbers_as_a_range():
    table = fits("clinical").reset_index(drop=True)
    left_out = "development subjects without outcome or predictors left out"
    table["message"] = [f"{3 + k % 2} {left_out}" for k in range(len(table))]
    ((_, arm, status, message, n_fits),) = noted_fits(table)
    assert (arm, status, n_fits) == ("clinical", "ok", len(table))
    assert message == f"3 to 4 {left_out}"
    table.loc[0, "message"] = REASON
    ((*_, message, n_fits),) = noted_fits(table)
    assert n_fits == len(table)
    assert f"{REASON} (1 fit)" in message
    assert f"3 to 4 {left_out} ({len(table) - 1} fits)" in message


def test_the_page_holds_the_table_and_the_sentence(tmp_path):
    html = page.build(synthetic.write_results(tmp_path), synthetic.SETTINGS)
    assert "Subjects with missing predictors" in html
    assert "were scored with imputed values (median 14 %, at most 14 %" in html
    assert "were not scored (too many missing features (1))" in html
