"""A hostile name in a table of features is refused with its place or carried safely."""

import csv
import glob
import re
from pathlib import Path

import pandas as pd
import pytest

from concord import file_names, tables
from concord.errors import StudyError
from concord.feature_import import importing
from concord.feature_import.settings import FeatureColumns, ImportFeatures
from concord.fields import SubjectColumns
from concord.study.feature_table_checks import first_line

from ...hostile_names import NAMES

SITE_OF = {"S1": "N", "S2": "N", "S3": "S", "S4": "S"}
FULL = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}"


def settings(**table) -> ImportFeatures:
    own = {"region": "tumour", "features": ["f*"]} | table
    return ImportFeatures(
        table=FeatureColumns(image="CT", name_style="as_given", **own),
        sheet=SubjectColumns(),
        sheet_digest="",
        baseline_session="baseline",
        reference_reader="A",
        images=["CT"],
    )


def rows_of(**more: str) -> list[dict[str, str]]:
    return [{"subject_id": s, "f": str(n)} | more for n, s in enumerate(SITE_OF)]


def write(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".parquet":
        pd.DataFrame(rows).to_parquet(path)
        return
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def imported(path: Path, rows: list[dict[str, str]], own: ImportFeatures):
    """The imported table."""
    write(path, rows)
    first_line(path)
    table = tables.read_feature_table(path)
    return importing.import_features(table, SITE_OF, own, path.name)


@pytest.mark.parametrize("column", ["subject_id", "session", "region", "reader"])
def test_a_hostile_cell_is_refused_or_plain(column, tmp_path):
    extra = {} if column == "subject_id" else {f"{column}_column": column}
    own = settings(**extra, **({"region": None} if column == "region" else {}))
    usual = {"session": "baseline", "region": "tumour", "reader": "A"}.get(column)
    refused = 0
    for name in NAMES:
        rows = rows_of(**({column: usual} if usual else {}))
        rows.append(rows[0] | {column: name})
        try:
            found = imported(tmp_path / "table.csv", rows, own)
        except StudyError as error:
            refused += 1
            require_told(str(error), name)
        else:
            values = {*found.matrix[column]} if column in found.matrix else set()
            assert not any(map(file_names.name_fault, values))
            assert all(
                re.fullmatch(FULL, c) for c in tables.feature_columns(found.matrix)
            )
    assert 30 < refused < len(NAMES)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_hostile_name_of_a_feature_is_refused_or_plain(ending, tmp_path):
    refused = 0
    for name in NAMES:
        if "\ud800" in name and ending == "parquet":
            continue  # a file of Parquet cannot hold it
        rows = [row | {name: "1"} for row in rows_of()]
        own = settings(features=["f*", glob.escape(" ".join(name.split()))])
        try:
            found = imported(tmp_path / f"table.{ending}", rows, own)
        except StudyError as error:
            refused += 1
            require_told(str(error), name)
        else:
            columns = tables.feature_columns(found.matrix)
            assert all(re.fullmatch(FULL, c) for c in columns), (name, columns)
            assert len({c.lower() for c in columns}) == len(columns)
    assert 3 < refused < len(NAMES)


def require_told(told: str, name: str) -> None:
    """The table is named, and a terminal shows the text as it is."""
    assert "table." in told, (name, told)
    assert not file_names.misleading(told), (name, told)
    assert "\r" not in told


def test_names_of_features_without_latin_letters_stay_apart(tmp_path):
    rows = [row | {"f体積": "1", "f面積": "2"} for row in rows_of()]
    found = imported(tmp_path / "table.csv", rows, settings())
    assert len(tables.feature_columns(found.matrix)) == 3
