"""Cells of clinical tables: what a column holds, and what was written otherwise."""

import gzip

import pytest

from concord.draft.cells import column, event_cells
from concord.draft.clinical import read_columns
from concord.errors import StudyError
from tests.workbooks import write_workbook


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", "NA", " "], "empty"),
        (["1", "1", ""], "constant"),
        (["0", "1", "1"], "binary"),
        (["0.0", "1.0", "1.0"], "binary"),
        (["yes", "No", "no"], "binary"),
        (["dead", "alive", "alive"], "binary"),
        (["1", "2", "2"], "two"),
        (["62", "71.5", "58"], "number"),
        (["2020-01-31", "2021-02-03"], "date"),
        (["31.01.2020", "3.2.2021"], "date"),
        (["I", "II", "I", "II"], "category"),
        (["a", "b", "c"], "text"),
        (["+", "-", "-"], "binary"),
    ],
)
def test_a_column_is_known_by_its_cells(cells, kind):
    assert column("x", cells).kind == kind


def test_decimal_commas_become_points_and_are_told():
    found = column("x", ["1,5", "2", "-0,25"])
    assert found.numbers == [1.5, 2.0, -0.25]
    assert found.notes == ("decimal commas written as points",)


def test_a_comma_that_may_separate_thousands_is_no_number():
    assert column("x", ["1,500", "2,250"]).kind == "text"


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (["61", "-9", "70"], "-9"),
        (["61", "999", "70"], "999"),
        (["3", "99", "1"], "99"),
        (["0.5", "-999", "0.7"], "-999"),
    ],
)
def test_codes_of_missing_values_become_empty_and_are_told(cells, codes):
    found = column("x", cells)
    assert found.cells[1] == ""
    assert found.notes == (f"{codes} taken as missing, as codes for it",)


@pytest.mark.parametrize(
    "cells", [["61", "99", "70"], ["-9", "-3", "4"], ["700", "999", "650"]]
)
def test_numbers_that_may_be_values_stay(cells):
    assert column("x", cells).cells == tuple(cells)


def test_words_of_absence_become_empty_and_are_told():
    found = column("x", ["High", "n/a", "unknown", "Low"])
    assert found.cells == ("High", "", "", "Low")
    assert found.notes == ("'n/a', 'unknown' taken as missing",)


def test_blanks_around_and_within_are_one():
    assert column("x", ["  stage\xa0 II "]).cells == ("stage II",)


def test_words_of_an_event_become_one_and_zero():
    cells, said = event_cells(column("x", ["Yes", "no", "", "yes"]))
    assert cells == ["1", "0", "", "1"]
    assert said == "'yes' is 1 and 'no' is 0"
    assert event_cells(column("x", ["1", "0"])) == (["1", "0"], "")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_recognized(tmp_path, separator):
    rows = [["id", "age", "note"], ["007", "61,5" if separator != "," else "61", "a"]]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(separator.join(row) for row in rows))
    found = read_columns(path)
    assert list(found) == ["id", "age", "note"]
    assert found["id"].cells == ("007",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_recognized(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_bytes("id;größe\nA;1\n".encode(encoding))
    assert list(read_columns(path)) == ["id", "größe"]


def test_a_packed_table_is_read(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"id,x\nA,1\n"))
    assert read_columns(path)["x"].cells == ("1",)


def test_a_workbook_is_read_as_it_shows(tmp_path):
    path = write_workbook(
        tmp_path / "t.xlsx",
        {
            "Notes": [["nothing"]],
            "Data": [
                ["id", "age", "scan", "event", "share", "empty"],
                ["007", 61, ("date", 45322), True, 0.1, None],
                ["P<2>", 70.5, ("date", 45323), False, None, None],
            ],
        },
    )
    found = read_columns(path, "Data")
    assert {name: one.cells for name, one in found.items()} == {
        "id": ("007", "P<2>"),
        "age": ("61", "70.5"),
        "scan": ("2024-01-31", "2024-02-01"),
        "event": ("1", "0"),
        "share": ("0.1", ""),
        "empty": ("", ""),
    }


def test_a_workbook_without_the_sheet_tells_its_sheets(tmp_path):
    path = write_workbook(tmp_path / "t.xlsx", {"Data": [["id"], ["A"]]})
    with pytest.raises(StudyError, match=r"'Dat'; its sheets are Data"):
        read_columns(path, "Dat")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.xls", b"\xd0\xcf", "old format. Save it as .xlsx or CSV"),
        ("t.xlsx", b"id,age", "is no Excel workbook"),
        ("t.csv", b"id,age\n", "has 1 lines, expected a line of column names"),
        ("t.csv", b"id,id\nA,B\n", "id: 2 columns have this name"),
        (
            "t.csv",
            b"id,,age\nA,B,C\n",
            r"line 1, column 2: has no name, but line 2 holds 'B'",
        ),
        (
            "t.csv",
            b"id,age\nA,1\nB,2\nC,3,4\nD,1\n",
            "line 4 has 3 cells, the first line 2",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(StudyError, match=message):
        read_columns(path)
