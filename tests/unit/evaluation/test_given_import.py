"""Given predictions: what a table means, and every fault of one named at once."""

import numpy as np
import pandas as pd
import pytest

from concord.errors import ConfigError
from concord.evaluation.given.importing import document, import_predictions
from concord.evaluation.given.settings import ImportPredictions
from concord.feature_import.sources import SourceFile

SUBJECTS = [f"{site}{number}" for site in "AB" for number in range(1, 5)]


def settings(**changes) -> ImportPredictions:
    known = {
        "table": {},
        "declared": {"software": "sklearn", "provenance": ""},
        "leave_out": {},
        "headline_arm": "one",
        "endpoints": {"death": {"has_times": False, "horizons": []}},
        "models": ["one", "two"],
        "required": [],
    }
    return ImportPredictions.model_validate(known | changes)


TIMED = {"relapse": {"has_times": True, "horizons": [365.0, 730.0]}}


def cohort() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "subject_id": SUBJECTS,
            "site": [name[0] for name in SUBJECTS],
            "group": [name[0] for name in SUBJECTS],
            "cluster": SUBJECTS,
            "event.death": ["0", "1"] * 4,
            "event.relapse": ["0", "1"] * 4,
            "time_days.relapse": [str(100 * n) for n in range(1, 9)],
        }
    )


def given(models=("one", "two"), **columns) -> pd.DataFrame:
    """Cross-validated predictions of two folds, cells as text as in a file."""
    rows = [
        {
            "subject_id": name,
            "model": model,
            "fold": str(1 + place % 2),
            "score": str(place - 3.5),
            "probability": str((place + 1) / 10),
        }
        for model in models
        for place, name in enumerate(SUBJECTS)
    ]
    return pd.DataFrame(rows, dtype=object).assign(**columns)


def changed(column: str, row: int, cell: str) -> pd.DataFrame:
    table = given()
    table.loc[row, column] = cell
    return table


def faults(table: pd.DataFrame, known: pd.DataFrame | None = None, **changes) -> str:
    subjects = cohort() if known is None else known
    with pytest.raises(ConfigError) as error:
        import_predictions(table, subjects, settings(**changes), "given.tsv")
    return str(error.value)


def imported(table: pd.DataFrame, /, **changes):
    return import_predictions(table, cohort(), settings(**changes), "given.tsv")


def test_rows_get_the_outcome_and_the_group_of_the_study():
    found = imported(given()).predictions["death"]

    row = found.set_index(["arm", "subject_id"]).loc[("two", "B2")]
    assert row[["scheme", "repeat", "fold"]].tolist() == ["cv", 1, "2"]
    assert row[["group", "cluster", "event"]].tolist() == ["B", "B2", 1]
    assert row["score"] == 1.5
    assert row["probability"] == 0.6
    assert len(found) == 16


def test_folds_that_are_the_groups_are_groups_left_out():
    table = given()
    table["fold"] = table["subject_id"].str[0]

    assert set(imported(table).predictions["death"]["scheme"]) == {"loso"}


def test_a_table_without_folds_is_one_external_set():
    found = imported(given().drop(columns="fold")).predictions["death"]

    assert set(found["scheme"]) == {"fixed"}
    assert set(found["fold"]) == {"external"}


def test_a_table_without_models_is_of_the_headline_arm():
    table = given(["one"]).drop(columns=["model", "fold"])

    found = imported(table, models=["one"]).predictions["death"]

    assert set(found["arm"]) == {"one"}


def test_the_scheme_of_a_column_is_taken_and_external_is_another_word_for_fixed():
    found = imported(given(scheme="external")).predictions["death"]

    assert set(found["scheme"]) == {"fixed"}


def test_a_table_of_probabilities_alone_is_ordered_by_them():
    found = imported(given().drop(columns="score")).predictions["death"]

    assert (found["score"] == found["probability"]).all()


def test_columns_may_have_other_names():
    names = {"subject_id": "patient", "score": "y_hat", "fold": "split"}
    table = given().rename(columns=names)

    found = imported(table, table={"columns": names}).predictions["death"]

    pd.testing.assert_frame_equal(found, imported(given()).predictions["death"])


def test_a_row_without_a_score_keeps_its_reason_or_gets_one():
    table = given(reason="")
    table.loc[[0, 1], ["score", "probability"]] = ""
    table.loc[0, "reason"] = "image too noisy"

    found = imported(table).predictions["death"]

    told = found.loc[found["score"].isna(), "reason"].tolist()
    assert told == ["image too noisy", "no score was given"]
    assert found.loc[found["score"].notna(), "reason"].isna().all()


def test_rows_of_subjects_who_are_left_out_are_counted_and_not_read():
    table = pd.concat([given(), given().assign(subject_id="Z9", score="?")])

    found = imported(table.reset_index(drop=True), leave_out={"Z9": "a copy"})

    assert found.n_rows == 32
    assert found.n_left_out == 16
    assert len(found.predictions["death"]) == 16


def test_risks_stand_at_the_days_at_which_they_are_judged():
    table = given(risk_365="0.2", two_years="0.5").drop(columns="probability")
    names = {"risk_columns": {"risk_730": "two_years"}}

    found = imported(table, table=names, endpoints=TIMED)

    risks = found.risks["relapse"]
    assert risks.groupby("horizon_days")["risk"].unique().to_dict() == {
        365.0: [0.2],
        730.0: [0.5],
    }
    assert len(risks) == 32
    assert found.predictions["relapse"]["time_days"].max() == 800


def test_the_document_tells_what_the_table_holds():
    found = document(imported(given()), settings(), [SourceFile("given.tsv", "ab")])

    (part,) = found["parts"]
    assert found["files"] == [{"name": "given.tsv", "sha256": "ab"}]
    assert part["models"] == ["one", "two"]
    assert (part["folds"], part["repeats"], part["subjects"]) == (2, 1, 8)


@pytest.mark.parametrize(
    ("column", "row", "cell", "told"),
    [
        ("score", 1, "high", "column 'score': no number in 1 row ('high' in line 3)"),
        ("score", 1, "inf", "column 'score': infinite in 1 row ('inf' in line 3)"),
        ("probability", 2, "1.2", "1 row (1.2 in line 4); expected 0 to 1"),
        ("probability", 2, "-0.1", "1 row (-0.1 in line 4); expected 0 to 1"),
        ("probability", 2, "", "a score without a probability in 1 row (line 4), but"),
        ("score", 2, "", "a probability without a score in 1 row (line 4)"),
        ("subject_id", 0, "", "column 'subject_id': empty in 1 row (line 2)"),
        ("model", 0, "three", "1 row ('three' in line 2); expected one of one, two"),
        ("fold", 0, "", "column 'fold': empty in 1 row (line 2); fill it"),
        ("subject_id", 0, "X7", "1 rows are of 1 subjects whom the subjects sheet"),
        ("subject_id", 0, "a1", "such as 'a1' (there 'A1'); expected ids like"),
        ("subject_id", 0, "A2", "subject 'A2' stands 2 times in repeat 1 of model"),
        ("fold", 0, "2", "models have different folds: 1 subjects, such as 'A1'"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_what_was_expected(
    column, row, cell, told
):
    text = faults(changed(column, row, cell))

    assert "given.tsv: " in text
    assert told in text


def test_all_faults_of_cells_are_told_at_once():
    table = changed("score", 1, "high")
    table.loc[2, "probability"] = "2"
    table.loc[3, "model"] = "three"

    assert faults(table).count("given.tsv: ") == 3


@pytest.mark.parametrize(
    ("columns", "changes", "told"),
    [
        ({"repeat": "0"}, {}, "column 'repeat': 16 rows (0.0 in line 2"),
        ({"repeat": "1.5"}, {}, "expected whole numbers from 1"),
        ({"scheme": "apparent"}, {}, "expected one of cv, loso, temporal, fixed, ext"),
        ({"scheme": "loso"}, {}, "folds must be the groups of their subjects"),
        ({"scheme": "fixed", "repeat": "2"}, {}, "repeats of a scheme that is not"),
        ({"risk_group": "medium"}, {}, "expected one of low, middle, high"),
        ({"endpoint": "life"}, {}, "16 rows ('life' in line 2"),
        ({"risk_365": "0.1"}, {}, "is a risk at 365 days, which no endpoint is judged"),
        ({"threshold_wild": "1"}, {}, "threshold_wild: is no threshold that is judged"),
        ({}, {"endpoints": TIMED}, "has 365, but the table has no column risk_365"),
        (
            {"risk_365": "0.4", "risk_730": "0.3"},
            {"endpoints": TIMED},
            "have a smaller risk_730 than risk_365; a risk never falls",
        ),
        (
            {"risk_365": "0.4", "risk_730": ""},
            {"endpoints": TIMED},
            "a score without risk_730, or the reverse, in 16 rows",
        ),
        (
            {"risk_365": "0.4", "risk_730": "0.5"},
            {"endpoints": TIMED},
            "a probability of an outcome with times in 16 rows",
        ),
        ({}, {"models": ["one", "two", "three"]}, "has no row of 'three'"),
        ({}, {"required": ["reason"]}, "the column 'reason' is missing"),
    ],
)
def test_a_column_that_contradicts_the_study_is_named(columns, changes, told):
    assert told in faults(given(**columns), **changes)


def test_a_table_of_several_endpoints_says_which_one_a_row_predicts():
    both = {"death": {"has_times": False, "horizons": []}}
    both |= {"relapse": {"has_times": True, "horizons": []}}

    text = faults(given(), endpoints=both)

    assert "the column 'endpoint' is missing, and the study has the endpoints" in text


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("subject_id", "the column 'subject_id' is missing"),
        ("fold", "the column 'fold' is missing, but there are repeats in 'repeat'"),
    ],
)
def test_a_column_that_must_be_there_is_missed(column, told):
    assert told in faults(given(repeat="1").drop(columns=column))


def test_neither_score_nor_probability_is_nothing_to_judge():
    text = faults(given().drop(columns=["score", "probability"]))

    assert "neither 'score' nor 'probability' is a column" in text


def test_a_model_that_lacks_a_fold_is_named_with_the_fold():
    table = given()
    table = table[(table["model"] == "one") | (table["fold"] == "1")]

    text = faults(table.reset_index(drop=True))

    assert "model 'two' lacks 4 of 8 rows that other models or repeats have" in text
    assert "whole folds are missing: fold 2 of repeat 1" in text


def test_a_repeat_that_lacks_a_subject_is_named():
    table = pd.concat([given(repeat="1"), given(repeat="2").iloc[1:]])

    text = faults(table.reset_index(drop=True))

    assert "model 'one' lacks 1 of 16 rows" in text
    assert "such as 'A1' in repeat 2" in text


def test_a_model_without_any_score_is_named():
    table = given()
    table.loc[table["model"] == "two", ["score", "probability"]] = ""

    assert "none of the 8 rows of model 'two' has a score" in faults(table)


def test_lesions_of_one_patient_in_two_folds_are_a_leak():
    known = cohort()
    known.loc[known["subject_id"].isin(["A1", "A2"]), "cluster"] = "patient"

    text = faults(given(), known)

    assert "1 patients have rows of one repeat in several folds" in text


def test_thresholds_differ_between_folds_and_not_within_one(monkeypatch):
    from concord.evaluation.given import columns, importing

    for module in (columns, importing):
        monkeypatch.setattr(module, "THRESHOLDS", ("threshold_youden",))
    table = given()
    table["threshold_youden"] = np.where(table["fold"] == "1", "0.1", "0.2")
    known = imported(table).predictions["death"]
    assert sorted(set(known["threshold_youden"])) == [0.1, 0.2]
    table.loc[0, "threshold_youden"] = "0.3"

    text = faults(table)

    assert "column 'threshold_youden' has several values in 1 folds" in text
