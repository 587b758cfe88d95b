"""Several files that are read as one table."""

import pandas as pd
import pytest

from concord import tables
from concord.tables.outside import OutsideTableError
from concord.tables.stacked import read_stacked


@pytest.fixture
def two(tmp_path):
    """Two files, the second of which has other columns in another order."""
    (tmp_path / "a.csv").write_text("id,age,note\nP1,60,x\nP2,61,\n")
    (tmp_path / "b.tsv").write_text("stage\tid\tage\nII\tP3\t62\n")
    return [tmp_path / "a.csv", tmp_path / "b.tsv"]


def faults(files, **options) -> list[str]:
    with pytest.raises(OutsideTableError) as caught:
        read_stacked(files, **options)
    return [str(fault) for fault in caught.value.faults]


def test_rows_stand_below_each_other_and_are_empty_where_a_file_lacks_a_column(two):
    found = read_stacked(two)

    assert found.columns == ["id", "age", "note", "stage"]
    assert found.rows == [
        ["P1", "60", "x", ""],
        ["P2", "61", "", ""],
        ["P3", "62", "", "II"],
    ]
    assert found.lines == ["2 of a.csv", "3 of a.csv", "2 of b.tsv"]
    assert found.files == ["a.csv", "a.csv", "b.tsv"]


def test_lines_of_one_file_are_numbers_alone(two):
    for files in (two[0], [two[0]], str(two[0])):
        found = read_stacked(files)

        assert found.lines == [2, 3]
        assert found.rows == [["P1", "60", "x"], ["P2", "61", ""]]


def test_files_of_one_name_are_told_by_their_folders(two, tmp_path):
    other = tmp_path / "later" / "a.csv"
    other.parent.mkdir()
    other.write_text("id\nP9\n")

    assert read_stacked([two[0], other]).lines[-1] == f"2 of {other}"


def test_faults_of_all_files_are_told_at_once(two):
    two[0].write_text("id,age\nP1\n")
    two[1].unlink()
    found = faults(two)

    assert len(found) == 2
    assert found[0].startswith(f"{two[0]}: line 1: has 2 cells")
    assert found[1].startswith(str(two[1]))


def test_a_column_that_one_file_must_not_lack_is_named_with_the_file(two):
    two[1].write_text("ids\tage\nP3\t62\n")
    (found,) = faults(two, everywhere={"id", "unknown"})

    assert found == (
        f"{two[1]}: id: this column is missing here, but not in every file of the "
        "table; did you mean 'ids'?"
    )
    (found,) = faults(two[::-1], everywhere={"id"})
    assert found.startswith(f"{two[1]}: id: this column is missing here")


def test_a_column_that_is_spelt_in_two_ways_is_refused(two):
    two[1].write_text("id\tAge \nP3\t62\n")
    (found,) = faults(two)

    assert found == (
        f"{two[1]}: Age: would be another column than 'age' of {two[0]}; write one name"
    )


def test_columns_that_differ_in_case_in_every_file_are_two(two):
    two[0].write_text("id,M,m\nP1,1,2\n")
    two[1].write_text("id\tm\nP3\t3\n")

    assert read_stacked(two).rows == [["P1", "1", "2"], ["P3", "", "3"]]


def test_a_sheet_of_several_files_names_them(two):
    sheet = tables.read_sheet(two)

    assert sheet["stage"].isna().tolist() == [True, True, False]
    assert sheet.attrs["source"] == f"{two[0]}, {two[1]}"


def test_parquet_files_keep_every_bit_and_their_types(tmp_path):
    parts = [
        pd.DataFrame({"id": ["P1", "P2"], "a": [0.1 + 0.2, 1.0]}),
        pd.DataFrame({"id": ["P3"], "a": [1 / 3], "b": [7]}),
    ]
    paths = [tmp_path / f"{number}.parquet" for number in range(2)]
    for part, path in zip(parts, paths, strict=True):
        part.to_parquet(path)
    found = tables.read_feature_table(paths)

    assert found["a"].tolist() == [0.1 + 0.2, 1.0, 1 / 3]
    assert found["b"].isna().tolist() == [True, True, False]
    assert found.attrs["lines"][-1] == "2 of 1.parquet"
    assert found.attrs["files"] == ["0.parquet", "0.parquet", "1.parquet"]
