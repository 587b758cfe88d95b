"""Outside tables are read as they were meant, or refused with place and remedy."""

import re
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from concord import tables
from concord.config_faults import raise_config_faults
from concord.errors import StudyError, TableError
from concord.feature_import import importing
from concord.feature_import.settings import FeatureColumns, ImportFeatures
from concord.fields import CohortColumns, SubjectColumns
from concord.folds import cohort as cohorts
from concord.folds import phantom_table
from concord.folds.settings import AssembleCohort
from concord.study import sheets
from concord.tables.outside import OutsideTableError, read_outside
from tests.outside_tables import CHANGES, NAMES, ORIGINAL, write_table
from tests.workbooks import write_workbook

SETTINGS = AssembleCohort(
    sheet=CohortColumns(subject_id_column="patient", site_column="site"),
    covariates={
        "age": {"column": "age"},
        "stage": {"column": "stage", "kind": "category", "levels": ["I", "II"]},
    },
    factors={},
    endpoints={"death": {"kind": "survival", "event": "dead", "time_days": "days"}},
    batch={},
    group="site",
    baseline_session="baseline",
    unnamed_subjects="refuse",
    sheet_digest="",
)
NO_IMAGES = pd.DataFrame({"subject_id": [], "session": [], "image": []})


def cohort_of(path: Path) -> pd.DataFrame:
    """The cohort of a subjects sheet, checked before as a study checks it."""
    sheet, faults = sheets.read_sheet(path)
    faults = faults or sheets.column_faults(sheet, set(NAMES))
    if not faults:
        faults = [
            *sheets.cell_faults(sheet, {"patient", "site"}, ["patient"]),
            *sheets.id_faults(sheet, "patient"),
        ]
    raise_config_faults(faults)
    return cohorts.assemble(tables.read_sheet(path), NO_IMAGES, SETTINGS)[0]


@pytest.fixture(scope="module")
def right(tmp_path_factory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("right") / "subjects.tsv"
    path.write_text("\n".join("\t".join(row) for row in [NAMES, *ORIGINAL]))
    return cohort_of(path)


def refusal_of(path: Path, right: pd.DataFrame, done: list[str]) -> str:
    """The refusal of a table; nothing if it was read as it was meant."""
    try:
        found = cohort_of(path)
    except StudyError as error:
        return str(error)
    # The commonest spelling names a site.
    sites = found["site"].str.casefold().map({"north": "North", "süd": "Süd"})
    same = found.assign(site=sites, group=right["group"])
    assert same.equals(right), (path, done)
    return ""


REMEDY = re.compile(
    r"save|write|remove|correct|fill|give|rename|copy|quote|keep|show|double|did you "
    r"mean|known:|listed \d+ times|other characters|expected|would name",
    re.IGNORECASE,
)


def require_useful(message: str, path: Path, done: list[str]) -> None:
    place = r"line|column|cell|'|, the|:.*\b(is listed|missing|cut|format)"
    assert path.name in message, (done, message)
    assert re.search(place, message), (done, message)
    assert REMEDY.search(message), (done, message)
    assert "np." not in message


FEATURES = ImportFeatures(
    table=FeatureColumns(
        subject_id_column="patient",
        image="CT",
        region="tumour",
        features=["age", "days"],
        name_style="as_given",
        software="x 1",
        provenance="declared",
        missing=["unknown"],
    ),
    sheet=SubjectColumns(subject_id_column="patient", site_column="site"),
    sheet_digest="",
    baseline_session="baseline",
    reference_reader="A",
    images=["CT"],
)


def features_of(path: Path) -> pd.DataFrame:
    """Columns of numbers, imported as features of the ten subjects."""
    site_of = {row[0]: row[1] for row in ORIGINAL}
    table = tables.read_feature_table(path, ["unknown"])
    found = importing.import_features(table, site_of, FEATURES, path.name)
    return found.matrix


@pytest.mark.parametrize("first", range(1000, 1120, 40))
def test_tables_of_features_are_right_or_refused(tmp_path, first):
    write = [NAMES, *ORIGINAL]
    (tmp_path / "right.tsv").write_text("\n".join(map("\t".join, write)))
    right = features_of(tmp_path / "right.tsv")
    for seed in range(first, first + 40):
        path, done = write_table(tmp_path, seed)
        try:
            found = features_of(path)
        except StudyError as error:
            require_useful(str(error), path, done)
        else:
            require_told(found, right, done)


def require_told(found: pd.DataFrame, right: pd.DataFrame, done: list[str]) -> None:
    """A value is right or undefined, and only a subject that lost its id is absent."""
    both = found.merge(right, on="subject_id", suffixes=("", "_right"))
    assert len(both) == len(found), done
    assert len(both) >= 10 - (done[0] in ("id_as_number", "id_lost")), done
    for name in tables.feature_columns(right):
        values, expected = both[name], both[f"{name}_right"]
        lost = values.isna() & expected.notna()
        assert (values.eq(expected) | values.isna()).all(), done
        assert lost.sum() <= (done[0] == "odd_number"), done


@pytest.mark.parametrize("first", range(0, 300, 30))
def test_300_tables_are_right_or_refused_and_never_silently_wrong(
    tmp_path, right, first
):
    refused = Counter()
    for seed in range(first, first + 30):
        path, done = write_table(tmp_path, seed)
        message = refusal_of(path, right, done)
        refused[bool(message)] += 1
        if message:
            require_useful(message, path, done)
        else:
            assert done[0] not in MUST_REFUSE, done
    assert min(refused[True], refused[False]) > 0


#: What leaves no table that could be read as it was meant.
MUST_REFUSE = {
    *("cell_doubled", "column_repeated", "name_lost", "name_misspelt", "title_above"),
    *("header_of_two_lines", "units_below", "header_repeated", "row_names"),
    *("sum_below", "note_below", "row_doubled", "character_lost", "id_lost"),
    *("id_as_number", "odd_number", "cell_lost", "cells_lost_at_the_end"),
}


def test_the_300_tables_hold_every_change_in_several_kinds_of_files():
    assert 300 / len(CHANGES) > 8
    assert {change.__name__ for change in CHANGES} >= MUST_REFUSE


def read(folder: Path, content: str | bytes, name: str = "t.csv") -> list[list[str]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_outside(path)
    return [found.columns, *found.rows]


WHOLE = [["id", "age"], ["A", "1"], ["Bü", "2"]]
AS_BYTES = "id,age\nA,1\nBü,2\n".encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", AS_BYTES),
        ("t.csv", b"\xef\xbb\xbf" + AS_BYTES),
        ("t.csv", AS_BYTES.decode().encode("utf-16")),
        ("t.tsv", AS_BYTES),
        ("t.csv", AS_BYTES.replace(b",", b";")),
        ("t.tsv", AS_BYTES.replace(b",", b"|")),
        ("t.csv", b"sep=;\r\n" + AS_BYTES.replace(b",", b";")),
        ("t.csv", AS_BYTES.replace(b"\n", b"\r")),
        ("t.csv", AS_BYTES.replace(b"\n", b",,\n") + b",,,\n,,,\n\n"),
        ("t.csv", b"\n,\n" + AS_BYTES),
        ("t.csv", b",id,age\n0,A,1\n1,B\xc3\xbc,2\n"),
        ("t.csv", '\u200bid ,"age"\n A,1\u00a0\nBu\u0308\u200b,2\n'.encode()),
    ],
)
def test_a_table_is_read_in_whatever_file_it_comes(tmp_path, name, content):
    assert read(tmp_path, content, name) == WHOLE


def test_a_workbook_is_read_whatever_its_name(tmp_path):
    rows = [["id", "age"], ["A", 1], ["Bü", 2], [None, " "]]
    for name in ("t.xlsx", "t.tsv"):
        found = read_outside(write_workbook(tmp_path / name, {"S": rows, "T": []}))
        assert [found.columns, *found.rows] == WHOLE
        assert found.lines == [2, 3]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,age,bmi\nA,1,2\nB,3\n", r"line 3 has 2 cells, the first line 3.*write"),
        ("id,age,,\nA,1,,\nB,,\n", r"line 3 has 3 cells, the first line 4"),
        ("id,age\nA,1,\nB,2,5\n", r"line 1: has 2 cells, the lines below have 3; give"),
        ("id,age,age \nA,1,2\n", r"age: 2 columns have this name; rename or remove"),
        ("id,,age\nA,B,C\n", r"line 1, column 2: has no name, but line 2 holds 'B'"),
        ("id,age\nA,1\nid,age\n", r"line 3: repeats the names of the columns; remove"),
        ("id,age\nA,#REF!\n", r"line 2, column 'age': '#REF!' is a formula that fail"),
        ("id,age\nA,###\n", r"line 2, column 'age': '###' is a formula that failed"),
        ("id,age\nS\ufffdd,1\n", r"line 2, column 'id': 'S\ufffdd' holds a character"),
        ("id,age\nSÃ¼d,1\n", r"line 2, column 'id': 'SÃ¼d' holds a character that"),
        ('id,age\nA,1\n"B,2\nC,3\n', r"line 3: a quotation mark opens a cell"),
        ('id,age\nA,"1\nB,2\nC",3\n', r"line 2: the cell .* runs over several lines"),
        ("a;b|c\n1;2|3\n", r"a semicolon and a bar could both part its cells; quote"),
        ("id,age\nS\xfcd,1\n".encode("cp1252"), r"line 2, column 'id': 'Süd' .*UTF-8"),
        ("id,age\nA,1\n".encode("utf-16-le"), r"line 1 holds a zero byte, .*save"),
        (b"\xd0\xcf\x11\xe0", r"is an Excel file of the old format. Save it as .xlsx"),
        (b"PK\x03\x04\x14\x00", r"is no Excel workbook.*Save the table"),
        (b"\x1f\x8b\x08\x00", r"cannot be unpacked, it was cut or damaged; copy it"),
        ("", r"the file is empty, expected a line of column names"),
    ],
)
def test_what_has_two_readings_is_refused(tmp_path, content, message):
    with pytest.raises(OutsideTableError, match=message) as refused:
        read(tmp_path, content)
    assert str(tmp_path / "t.csv") in str(refused.value)


def test_lines_with_one_fault_share_one_message(tmp_path):
    rows = "".join(f"P{n}\n" for n in range(25))
    with pytest.raises(OutsideTableError) as refused:
        read(tmp_path, f"id,age\nA,1\n{rows}")
    (fault,) = refused.value.faults
    assert "lines 3, 4, 5, 6, 7 and 20 more have 1 cells" in fault.message


def test_paths_keep_their_characters(tmp_path):
    text = "source,site\nBu\u0308/a\u00a0b,Bu\u0308\n"
    assert read(tmp_path, text)[1] == ["Bu\u0308/a\u00a0b", "B\u00fc"]


def test_several_sheets_with_cells_are_refused_by_name(tmp_path):
    sheet = [["id"], ["A"]]
    path = write_workbook(tmp_path / "t.xlsx", {"Old": sheet, "New": sheet})
    with pytest.raises(OutsideTableError, match=r"several sheets .*Old, New; keep"):
        read_outside(path)
    assert read_outside(path, sheet="New").rows == [["A"]]


def test_a_wide_table_is_read_fast(tmp_path):
    names = [f"original_glcm_F{n}" for n in range(1000)]
    line = ",".join(["0.123456789"] * 1000)
    path = tmp_path / "wide.csv"
    rows = "\n".join(f"P{n},{line}" for n in range(2000))
    path.write_text(f"id,{','.join(names)}\n{rows}\n")
    started = time.process_time()
    found = tables.read_feature_table(path)
    assert found.shape == (2000, 1001)
    assert time.process_time() - started < 6


@pytest.mark.parametrize("cell", ["1,5", "inf", "1_000", "<5"])
def test_a_phantom_table_holds_numbers_or_nothing(tmp_path, cell):
    path = tmp_path / "phantom.csv"
    name = "CT.tumour.original.glcm.contrast"
    path.write_text(f'subject_id,{name}\nA,"{cell}"\nB,\n')
    with pytest.raises(TableError, match=f"phantom.csv: .*{name}.* found '{cell}'"):
        phantom_table.read(path)


def test_a_packed_table_is_unpacked_no_further_than_tables_go(tmp_path):
    import gzip

    path = tmp_path / "t.tsv.gz"
    path.write_bytes(gzip.compress(b"id\tx\n" + b"1\t0\n" * 1000))
    assert len(read_outside(path).rows) == 1000
    path.write_bytes(gzip.compress(b"id\tx\n") + gzip.compress(bytes(1 << 24)) * 20)
    with pytest.raises(OutsideTableError, match="unpacks to more than 33554432 bytes"):
        read_outside(path)


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x07", "\u202e", "\x85"])
def test_a_cell_that_controls_a_terminal_is_told_by_line_and_column(tmp_path, sign):
    path = tmp_path / "sheet.csv"
    path.write_text(f"id,note\n1,fine\n2,a{sign}b\n", newline="")
    with pytest.raises(StudyError) as caught:
        tables.read_sheet(path)
    assert "sheet.csv: line 3, column 'note': holds U+" in str(caught.value)
    assert sign not in str(caught.value)

    path.write_text(f"id,no{sign}te\n1,fine\n", newline="")
    with pytest.raises(StudyError, match=r"line 1, column 2: holds U\+"):
        tables.read_sheet(path)


def test_lines_within_a_cell_and_tabs_are_no_controls(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text('id,note\n1,"two\nlines"\n2,"a\tb"\n', newline="")
    assert tables.read_sheet(path)["note"].tolist() == ["two\nlines", "a\tb"]
