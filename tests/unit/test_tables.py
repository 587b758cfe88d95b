"""Tables are checked when written and when read."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import TableError

ROW = {
    "endpoint": "survival",
    "arm": "radiomics",
    "scheme": "cv",
    "permutation": 1,
    "metric": "c_index",
    "estimate": 0.5123456789012345,
    "standard_error": 0.07,
    "log_rank_z": -1.2,
    "free_estimate": 0.49,
    "free_standard_error": 0.08,
}


def test_a_table_is_read_as_it_was_written(tmp_path):
    tables.write([ROW], tmp_path / "null.tsv", kind="null")
    (found,) = tables.read(tmp_path / "null.tsv", kind="null").to_dict("records")

    assert found == ROW


def test_numbers_are_read_to_the_last_bit(tmp_path):
    numbers = np.random.default_rng(1).uniform(size=500)
    rows = [ROW | {"permutation": i + 1, "estimate": x} for i, x in enumerate(numbers)]
    tables.write(rows, tmp_path / "null.tsv", kind="null")

    found = tables.read(tmp_path / "null.tsv", kind="null")["estimate"]
    assert found.tolist() == numbers.tolist()


def test_missing_values_stay_missing(tmp_path):
    tables.write([ROW | {"estimate": np.nan}], tmp_path / "null.tsv", kind="null")

    assert "\tNA\t" in (tmp_path / "null.tsv").read_text()
    assert tables.read(tmp_path / "null.tsv", kind="null")["estimate"].isna().all()


def test_an_empty_table_keeps_its_columns(tmp_path):
    tables.write([], tmp_path / "null.tsv", kind="null")
    tables.write([ROW], tmp_path / "one.tsv", kind="null")
    found = tables.read_all([tmp_path / "null.tsv", tmp_path / "one.tsv"], kind="null")

    assert len(found) == 1
    assert found["permutation"].dtype == "Int64"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, r"unknown columns \['extra'\]"),
        ({"estimate": 1.5}, r"'estimate' \(1\) must lie in \[0, 1\], found 1.5 to 1.5"),
        ({"estimate": "high"}, "'estimate' must hold float64"),
        ({"arm": None}, "'arm' has empty cells"),
    ],
)
def test_a_wrong_table_is_refused_with_column_and_value(tmp_path, change, message):
    with pytest.raises(TableError, match=message):
        tables.write([ROW | change], tmp_path / "null.tsv", kind="null")
    assert not (tmp_path / "null.tsv").exists()


def test_a_word_that_is_no_truth_value_is_refused(tmp_path):
    path = tmp_path / "recovered.tsv"
    path.write_text(
        "claim\tplanted\tfound\tcriterion\trecovered\na\tb\tc\td\tperhaps\n"
    )

    with pytest.raises(TableError, match="found 'perhaps', expected True or False"):
        tables.read(path, kind="recovered")


def features(**change) -> pd.DataFrame:
    keys = {key: ["a", "b"] for key in tables.FEATURE_KEYS}
    return pd.DataFrame(keys | {"original.glcm.contrast": [1.0, np.nan]} | change)


def test_a_feature_matrix_is_read_as_it_was_written(tmp_path):
    tables.write_features(features(), tmp_path / "features.parquet")
    found = tables.read_features(tmp_path / "features.parquet")

    assert tables.feature_columns(found) == ["original.glcm.contrast"]
    assert found["original.glcm.contrast"].tolist()[0] == 1.0


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (features().drop(columns="reader"), r"missing \['reader'\]"),
        (features(**{"original.glcm.contrast": ["1", "2"]}), "hold float64"),
        (features().iloc[[0, 0]], "two rows have the key"),
    ],
)
def test_a_wrong_feature_matrix_is_refused(tmp_path, table, message):
    with pytest.raises(TableError, match=message):
        tables.write_features(table, tmp_path / "features.parquet")


def test_a_sheet_is_read_as_text_with_its_missing_words(tmp_path):
    path = tmp_path / "subjects.csv"
    path.write_text("\ufeffid,grade\n001,High\n002,\n003,NA\n")
    found = tables.read_sheet(path)

    assert found["id"].tolist() == ["001", "002", "003"]
    assert found["grade"].isna().tolist() == [False, True, True]
