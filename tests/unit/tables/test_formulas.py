"""Cells that look like formulas: harmless in the file, unchanged for who reads it."""

import csv

import pandas as pd
import pytest

from concord import tables
from concord.folds import cohort
from concord.tables import formulas
from concord.tables.outside import read_outside

HOSTILE = [
    '=HYPERLINK("http://127.0.0.1/"&A1)',
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\uff1d1+1",
    "'=1",
    "''=1",
    "'-2+3",
]
HARMLESS = [
    "-1.5",
    "+3",
    "-1e-05",
    "-",
    "-inf",
    "-0.80 mm",
    "a=b",
    "'quoted'",
    "O'Neill",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_gets_an_apostrophe_that_the_reader_takes_away(text):
    assert formulas.defused(text) == f"'{text}"
    assert formulas.restored(formulas.defused(text)) == text


@pytest.mark.parametrize("text", [*HARMLESS, "'-1.5", "'+"])
def test_what_is_no_formula_comes_back_as_it_was(text):
    assert formulas.restored(formulas.defused(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_plain_words_are_written_as_they_are(text):
    assert formulas.defused(text) == text


def cells_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def test_a_table_of_results_holds_no_formula_and_is_read_back(tmp_path):
    path = tmp_path / "labels.tsv"
    rows = [
        {"column": "site", "spelling": text, "label": text, "n": 1, "note": None}
        for text in HOSTILE
    ]
    rows[0]["note"] = "-1.5"
    tables.write(rows, path, "labels")

    written = [cell for row in cells_of(path) for cell in row]
    assert not [c for c in written if c.startswith(tuple("=+@\t\r\n\uff1d"))]
    assert "-1.5" in written
    assert tables.read(path, "labels")["label"].tolist() == HOSTILE


def test_a_cohort_is_read_back_with_its_names_of_sites(tmp_path):
    table = pd.DataFrame(
        {
            "subject_id": ["s1", "s2"],
            "site": ["=A", "@B"],
            "group": ["=A", "@B"],
            "cluster": ["s1", "s2"],
            "covariate.age": [-1.5, 2.0],
        }
    )
    cohort.write(table, tmp_path / "cohort.tsv")

    assert cells_of(tmp_path / "cohort.tsv")[1][:2] == ["s1", "'=A"]
    assert cohort.read(tmp_path / "cohort.tsv")["site"].tolist() == ["=A", "@B"]
    assert tables.read_sheet(tmp_path / "cohort.tsv")["site"].tolist() == ["=A", "@B"]


def test_a_sheet_of_the_study_means_the_same(tmp_path):
    path = tmp_path / "subjects.tsv"
    path.write_text("subject_id\t'=age\tsite\ns1\t-1.5\t'=A\ns2\t'x\t''=A\n")

    found = read_outside(path)

    assert found.columns == ["subject_id", "=age", "site"]
    assert found.rows == [["s1", "-1.5", "=A"], ["s2", "'x", "'=A"]]
