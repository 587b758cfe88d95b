"""Strata, dates and horizons of endpoints: columns of the cohort and their faults."""

import numpy as np
import pandas as pd
import pytest

from concord.errors import ConfigError
from concord.fields import CohortColumns
from concord.folds import cohort as cohorts
from concord.folds.endpoints import dates
from concord.folds.settings import AssembleCohort

IMAGES = pd.DataFrame(columns=["subject_id", "session", "image"])


def settings(**endpoint) -> AssembleCohort:
    given = {"kind": "prognostic", "event": "dead"} | endpoint
    return AssembleCohort(
        sheet=CohortColumns(subject_id_column="id", site_column="hospital"),
        covariates={
            "sex": {"column": "sex", "kind": "category", "levels": ["f", "m"]},
            "age": {"column": "years"},
        },
        factors={"dose": {"column": "dose"}},
        endpoints={"death": given},
        batch={},
        group="site",
        baseline_session="baseline",
        unnamed_subjects="refuse",
        sheet_digest="abc",
    )


@pytest.fixture
def sheet():
    return pd.DataFrame(
        {
            "id": ["P1", "P2", "P3", "P4", "P5"],
            "hospital": ["North", "South", "South", "North", "North"],
            "sex": ["m", "f", None, "m", "f"],
            "years": ["61", "50", "45.5", "70", "33"],
            "dose": ["high", "low", "low", "low", None],
            "dead": ["1", "0", "1", "0", None],
            "days": ["210", "900", "400", "100", None],
            "start": [
                "2019-12-31",
                "2020-02-28",
                "2020-02-28 08:30",
                "2021-01-01",
                None,
            ],
            "end": ["2020-01-01", "2020-03-01", "2021-02-28", "2021-01-01", None],
        },
        dtype="string",
    )


def assembled(sheet, **endpoint):
    table = cohorts.assemble(sheet, IMAGES, settings(**endpoint))[0]
    return table.set_index("subject_id")


def faults_of(sheet, **endpoint):
    with pytest.raises(ConfigError) as caught:
        assembled(sheet, **endpoint)
    return str(caught.value)


def test_days_are_counted_between_dates_and_no_date_is_in_the_cohort(sheet, tmp_path):
    table = assembled(sheet, start_date="start", end_date="end")
    found = table["time_days.death"]
    assert found[:4].tolist() == [1, 2, 366, 0]
    assert np.isnan(found["P5"])
    cohorts.write(table.reset_index(), tmp_path / "cohort.tsv")
    assert not {"2019", "2020", "2021"} & set(
        (tmp_path / "cohort.tsv").read_text().replace("-", "\t").split()
    )


def test_days_are_those_of_the_calendar():
    generator = np.random.default_rng(1)
    first = np.datetime64("1950-01-01") + generator.integers(0, 30_000, 500)
    later = generator.integers(0, 36_000, 500)
    days = dates.days_between(
        pd.Series(first.astype(str)), pd.Series((first + later).astype(str))
    )
    assert days.tolist() == later.tolist()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("31.12.2020", "'00.00.0000'"),
        ("2020-12", "a date without its day"),
        ("2020", "a date without its day"),
        ("2021-02-29", "'0000-00-00'"),
        ("Jan 5, 2020", "'aaa 0, 0000'"),
        ("43831", "'00000'"),
    ],
)
def test_what_is_no_date_is_refused_without_being_told(sheet, cell, shown):
    sheet.loc[1, "end"] = cell
    text = faults_of(sheet, start_date="start", end_date="end")
    expected = "expected a date as 2024-01-31 (year, month, day)"
    assert f"column 'end': {expected}, found P2: {shown}" in text
    assert cell not in text


def test_dates_that_make_no_time_are_refused_without_being_told(sheet):
    sheet.loc[0, "end"] = "2019-12-30"
    sheet.loc[1, "start"] = None
    sheet.loc[2, ["start", "end"]] = None
    sheet.loc[3, "end"] = "2195-01-01"
    text = faults_of(sheet, start_date="start", end_date="end")
    assert "expected a date not before 'start', found P1: an earlier one" in text
    assert "expected a date exactly where 'start' has, found P2: a date" in text
    assert "expected dates exactly where dead has a value, found P3: no date" in text
    assert "less than 36526 days after 'start', found P4: a later one" in text
    assert "2019" not in text
    assert "2195" not in text


def test_strata_join_the_labels_of_all_variables(sheet):
    table = assembled(sheet, time_days="days", strata=["site", "sex", "dose"])
    assert table["stratum.death"].tolist() == [
        "North | m | high",
        "South | f | low",
        "South | unknown | low",
        "North | m | low",
        "North | f | unknown",
    ]


def test_at_a_horizon_who_is_censored_before_is_unknown_and_counted(sheet):
    table = assembled(sheet, time_days="days", horizon_days=400)
    # An event on the day counts, whoever was followed beyond or to it had none.
    assert table["event.death"].tolist()[:3] == [1, 0, 1]
    assert table["event.death"].isna().tolist() == [False, False, False, True, True]
    assert table["censored_before.death"].tolist()[:4] == [0, 0, 0, 1]
    assert np.isnan(table.loc["P5", "censored_before.death"])
    assert "time_days.death" not in table
    assert "follow_up_days.death" not in table


def test_an_event_after_the_horizon_is_none_within_it(sheet):
    table = assembled(sheet, time_days="days", horizon_days=399)
    assert table["event.death"].tolist()[:3] == [1, 0, 0]


def test_weights_are_learnt_from_the_follow_up_of_the_rows_given(sheet):
    options = {"horizon_days": 400, "censored_before": "weight"}
    table = assembled(sheet, time_days="days", **options).reset_index()
    found = cohorts.target_of(table, "death")
    # P4 is lost at day 100, when four are followed: each of the others weighs 4/3,
    # which is scaled to a mean of 1.
    assert found["weight"].tolist()[:3] == [1, 1, 1]
    assert found["weight"].isna().tolist() == [False, False, False, True, True]
    early = table.assign(**{"follow_up_days.death": [50.0, 900, 400, 100, np.nan]})
    weights = cohorts.target_of(early, "death")["weight"]
    # P1 has the event before anybody is lost, of the other three one is.
    np.testing.assert_allclose(weights[:3] / weights.iloc[0], [1, 1.5, 1.5])
    assert weights[:3].mean() == pytest.approx(1)


def test_without_weights_the_outcome_of_a_horizon_is_a_plain_binary_one(sheet):
    table = assembled(sheet, time_days="days", horizon_days=400).reset_index()
    assert list(cohorts.target_of(table, "death")) == ["event", "time_days"]
    assert cohorts.target_of(table, "death")["time_days"].isna().all()


def test_a_cohort_with_all_options_is_read_as_it_was_written(sheet, tmp_path):
    for options in (
        {"strata": ["site"]},
        {"horizon_days": 400, "censored_before": "weight"},
    ):
        table = assembled(sheet, time_days="days", **options).reset_index()
        cohorts.write(table, tmp_path / "cohort.tsv")
        found = cohorts.read(tmp_path / "cohort.tsv")
        pd.testing.assert_frame_equal(found, table, check_dtype=False)
