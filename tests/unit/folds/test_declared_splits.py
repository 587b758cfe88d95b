"""Splits that a study declares: by time, and by the values of a column."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from concord.errors import ConfigError
from concord.folds import declared_splits
from concord.folds.declared_splits import DeclaredSplits, FixedSplit, TemporalSplit
from concord.folds.splitting import SubjectRows, splits
from concord.folds.validation import ValidationSection, validation_faults

from ...modelling_study import make_folds, make_tables


def temporal(*cuts):
    return TemporalSplit(column="when", first_evaluated=list(cuts))


FIXED = FixedSplit(column="set", development=["train"], evaluation=["test", "test2"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2018", (2018,)),
        ("2018-06-30", (2018, 6, 30)),
        ("20180630", (2018, 6, 30)),
        ("2018-06-30T10:15:00", (2018, 6, 30)),
    ],
)
def test_dates_and_years_are_read(text, found):
    assert declared_splits.moment(text) == found


@pytest.mark.parametrize("text", ["", "18", "30.06.2018", "2018-13-01", "2018-6-3"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"neither a date|month must|day is"):
        declared_splits.moment(text)


def test_the_period_counts_the_cuts_that_do_not_lie_after_a_date():
    years, dates = temporal(2016, 2018), temporal("2016-07-01")
    found = [years.period(t) for t in ("2015", "2016", "2017-12-31", "2018-01-01")]
    assert found == [0, 1, 1, 2]
    found = [dates.period(t) for t in ("2016-06-30", "2016-07-01", "2015", "2017")]
    assert found == [0, 1, 0, 1]
    with pytest.raises(ValueError, match="a year that a cut lies in"):
        dates.period("2016")


@pytest.mark.parametrize(
    ("cuts", "told"),
    [
        ([2018, 2016], "expected all years or all dates, ascending"),
        ([2018, "2019-01-01"], "expected all years or all dates, ascending"),
        (["spring"], "holds 'spring', expected years such as 2018 or dates"),
        ([], "at least 1"),
    ],
)
def test_cuts_that_are_none_are_refused(cuts, told):
    with pytest.raises(ValidationError, match=told):
        TemporalSplit(column="when", first_evaluated=cuts)


def test_a_bare_date_or_year_of_yaml_is_a_cut():
    assert temporal(2018).first_evaluated == ["2018"]
    bare = TemporalSplit(
        column="when", first_evaluated=pd.Timestamp("2018-06-30").date()
    )
    assert bare.first_evaluated == ["2018-06-30"]


def rows(**columns):
    names = [f"P{number}" for number in range(len(next(iter(columns.values()))))]
    return pd.DataFrame(columns, index=names, dtype="string")


def test_the_cohort_holds_the_period_and_the_side_and_no_date():
    sheet = rows(
        when=["2015-03-01", "2018-01-01", pd.NA, "2017"],
        set=["train", "test2", "", "other"],
    )
    faults = []
    both = DeclaredSplits(temporal=temporal(2016, 2018), fixed=FIXED)
    found = both.of_rows(sheet, faults)

    assert not faults
    assert found["split.temporal"].tolist() == ["0", "2", "unknown", "1"]
    sides = ["development", "evaluation", "neither", "neither"]
    assert found["split.fixed"].tolist() == sides
    assert both.columns() == {
        "when": "validation.temporal.column",
        "set": "validation.fixed.column",
    }
    assert DeclaredSplits().of_rows(sheet, faults).shape == (4, 0)


def test_a_fault_tells_the_form_of_a_date_and_not_the_date():
    faults = []
    DeclaredSplits(temporal=temporal("2016-07-01")).of_rows(
        rows(when=["03.04.2017", "2016", "2018-01-01", "last May", "5", "6"]), faults
    )
    (told,) = faults
    assert "P0: '99.99.9999', neither a date nor a year" in told
    assert "P1: '9999', a year that a cut lies in" in told
    assert "and 2 more" in told
    assert not [date for date in ("2017", "2018-01", "03.04") if date in told]


def cohort(n=60, **columns):
    found = make_tables(n=n, n_features=3).cohort
    return found.assign(**columns)


def periods(n=60):
    """Three periods, each of all sites."""
    return np.array(["0", "1", "2"], dtype=object)[np.arange(n) // (n // 3)]


def with_splits(table, **more):
    return make_folds(
        table,
        temporal={"column": "when", "first_evaluated": [2016, 2018]},
        fixed=FIXED.model_dump(),
        **more,
    )


def test_each_cut_is_judged_by_all_earlier_subjects():
    table = cohort(**{"split.temporal": periods(), "split.fixed": "neither"})
    table.loc[:29, "split.fixed"] = "development"
    table.loc[30:49, "split.fixed"] = "evaluation"
    folds = with_splits(table)
    wide = folds[folds["scheme"] == "temporal"].pivot(
        index="subject_id", columns="fold", values="role"
    )
    assert list(wide.columns) == ["1", "2"]
    assert wide["1"].tolist() == (
        ["development"] * 20 + ["evaluation"] * 20 + ["neither"] * 20
    )
    assert wide["2"].tolist() == ["development"] * 40 + ["evaluation"] * 20
    fixed = folds[folds["scheme"] == "fixed"].set_index("subject_id")["role"]
    assert fixed.value_counts().to_dict() == {
        "development": 30,
        "evaluation": 20,
        "neither": 10,
    }


def test_declared_splits_do_not_depend_on_the_order_of_rows_nor_change_other_folds():
    table = cohort(**{"split.temporal": periods(), "split.fixed": "development"})
    table.loc[30:, "split.fixed"] = "evaluation"
    folds = with_splits(table)
    mixed = with_splits(table.sample(frac=1, random_state=0))
    declared = folds["scheme"].isin(["temporal", "fixed"])
    of_mixed = mixed[mixed["scheme"].isin(["temporal", "fixed"])]
    assert of_mixed.to_numpy().tolist() == folds[declared].to_numpy().tolist()
    others = make_folds(table.drop(columns=["split.temporal", "split.fixed"]))
    pd.testing.assert_frame_equal(
        folds[~declared].reset_index(drop=True), others.reset_index(drop=True)
    )


def test_a_cluster_on_both_sides_of_a_cut_is_not_learnt_from():
    table = cohort(**{"split.temporal": periods()})
    table.loc[[0, 25, 59], "cluster"] = "Q"
    folds = make_folds(
        table, temporal={"column": "when", "first_evaluated": [2016, 2018]}
    )
    wide = folds[folds["scheme"] == "temporal"].pivot(
        index="subject_id", columns="fold", values="role"
    )
    assert wide.loc[["P0000", "P0025", "P0059"], "1"].tolist() == [
        "neither",
        "evaluation",
        "neither",
    ]
    assert wide.loc[["P0000", "P0025", "P0059"], "2"].tolist() == [
        "neither",
        "neither",
        "evaluation",
    ]
    rows_ = SubjectRows(table, make_tables(n=60, n_features=3).features)
    for split in splits(rows_, folds, "temporal"):
        sides = (split.development, split.evaluation)
        learnt, judged = (set(side.cohort["cluster"]) for side in sides)
        assert not learnt & judged


def test_a_subject_of_unknown_time_or_side_is_in_neither_set():
    table = cohort(**{"split.temporal": periods(), "split.fixed": "development"})
    table.loc[30:, "split.fixed"] = "evaluation"
    table.loc[5, ["split.temporal", "split.fixed"]] = ["unknown", "neither"]
    folds = with_splits(table)
    own = folds[(folds["subject_id"] == "P0005") & (folds["scheme"] != "cv")]
    assert set(own.loc[own["scheme"] != "loso", "role"]) == {"neither"}


def test_an_empty_side_or_one_class_alone_is_told_for_every_split_at_once():
    table = cohort(**{"split.temporal": "0", "split.fixed": "development"})
    table.loc[30:, "split.temporal"] = "1"
    table.loc[30:, "split.fixed"] = "evaluation"
    table.loc[30:, "event.recurrence"] = 1.0
    table.loc[:29, "event.survival"] = 0.0
    with pytest.raises(ConfigError) as told:
        with_splits(table)
    text = str(told.value)
    for words in (
        "validation.temporal: the evaluation set of split 1 has no subject without the "
        "event of endpoint 'recurrence'.",
        "validation.fixed: the development set of split 1 has no event of endpoint "
        "'survival'.",
    ):
        assert words in text
    everyone = cohort(**{"split.temporal": "1"})
    with pytest.raises(ConfigError, match=r"the development set of split 1 is empty"):
        make_folds(everyone, temporal={"column": "w", "first_evaluated": [2016]})


def test_nobody_after_the_last_cut_is_told():
    table = cohort(**{"split.temporal": "0"})
    with pytest.raises(ConfigError, match=r"the evaluation set of split 1 is empty"):
        make_folds(table, temporal={"column": "w", "first_evaluated": [2016]})


def test_what_decides_about_sides_is_in_no_rows_of_a_fold():
    table = cohort(**{"split.temporal": periods()})
    folds = make_folds(table, temporal={"column": "w", "first_evaluated": [2016, 2018]})
    study = SubjectRows(table, make_tables(n=60, n_features=3).features)
    for scheme in ("cv-1", "temporal", "final"):
        for split in splits(study, folds, scheme):
            for side in (split.development, split.evaluation):
                assert not [c for c in side.cohort if c.startswith("split.")]


def test_contradictions_of_the_section_are_faults_before_any_job():
    assert not list(validation_faults(ValidationSection(fixed=FIXED)))
    wrong = ValidationSection(
        fixed={"column": "set", "development": ["a", "b"], "evaluation": ["b"]},
        internal_external=True,
        leave_one_group_out=False,
    )
    faults = dict(validation_faults(wrong))
    assert list(faults) == [
        "validation.internal_external",
        "validation.fixed.evaluation",
    ]
    assert "no group is left out" in faults["validation.internal_external"]
    assert "has ['b'], which" in faults["validation.fixed.evaluation"]
