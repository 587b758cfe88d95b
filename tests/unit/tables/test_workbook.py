"""Cells of an Excel workbook are read as it shows them, or refused."""

import re
import zipfile

import pytest

from concord.tables.outside import OutsideTableError, read_outside
from tests.workbooks import write_workbook

FORMATS = ["General", "yyyy\\-mm\\-dd", "000", "0.0%", "hh:mm"]


def with_cells(folder, cells: str, row: str = ""):
    """A workbook whose second row holds cells as XML, with styles of `FORMATS`."""
    path = write_workbook(folder / "t.xlsx", {"S": [["id", "x"], ["old"]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    whole = f'<row r="2" {row}>{cells}</row>'
    parts[sheet] = re.sub(r'<row r="2">.*?</row>', whole, parts[sheet])
    own = "".join(
        f'<numFmt numFmtId="{170 + n}" formatCode="{code}"/>'
        for n, code in enumerate(FORMATS)
    )
    xfs = "".join(f'<xf numFmtId="{170 * (n > 0) + n}"/>' for n in range(len(FORMATS)))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{main}"><numFmts>{own}</numFmts><cellXfs>{xfs}</cellXfs>'
        "</styleSheet>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        (0, "0.1000000000000001", "0.1"),
        (1, "45322", "2024-01-31"),
        (2, "7", "007"),
        (3, "0.5", "50%"),
        (4, "45322.5", "2024-01-31T12:00:00"),
    ],
)
def test_a_number_is_read_as_its_style_shows_it(tmp_path, style, value, shown):
    cells = f'<c r="A2"><v>1</v></c><c r="B2" s="{style}"><v>{value}</v></c>'
    assert read_outside(with_cells(tmp_path, cells)).rows == [["1", shown]]


def test_a_formula_without_a_value_is_refused(tmp_path):
    path = with_cells(tmp_path, '<c r="A2"><v>1</v></c><c r="B2"><f>1+1</f></c>')
    with pytest.raises(OutsideTableError, match=r"cell B2 .*formula without a value"):
        read_outside(path)


def test_hidden_rows_are_refused(tmp_path):
    path = with_cells(tmp_path, '<c r="A2"><v>1</v></c>', row='hidden="1"')
    with pytest.raises(OutsideTableError, match="rows 2 of the workbook are hidden"):
        read_outside(path)


def bomb(folder, cells: str = "", before: str = "", size: int = 0):
    """A workbook with other cells, rows before them, or blanks of any size."""
    path = with_cells(folder, cells)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    head, tail = parts[sheet].split('<row r="2"')
    parts[sheet] = f'{head}{before}{" " * size}<row r="2"{tail}'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"size": 200_000_000}, "unpacks to more than 33554432 bytes"),
        (
            {"cells": '<c r="ZZZZZZZZ1"><v>1</v></c>'},
            "column 217180147158, expected at most 16384",
        ),
        (
            {
                "cells": '<c r="XFD2"><v>1</v></c>',
                "before": "<row><c><v>1</v></c></row>" * 2000,
            },
            "which makes 32800768, expected at most 30000000",
        ),
        ({"cells": "<c><v>inf</v></c>"}, "is no Excel workbook"),
        ({"cells": '<c s="1"><v>1e300</v></c>'}, "is no Excel workbook"),
    ],
)
def test_a_workbook_of_any_size_ends_at_a_limit(tmp_path, made, text):
    path = bomb(tmp_path, **made)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(OutsideTableError, match=text):
        read_outside(path)


def test_entities_of_a_workbook_are_not_expanded_without_end(tmp_path):
    path = with_cells(tmp_path, "<c><v>1</v></c>")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    entities = '<!ENTITY a0 "lol">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    sheet = "xl/worksheets/sheet1.xml"
    cells = parts[sheet][parts[sheet].index("<worksheet") :]
    cells = cells.replace("<v>1</v>", "<v>&a11;</v>")
    parts[sheet] = f"<!DOCTYPE worksheet [{entities}]>{cells}"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    with pytest.raises(OutsideTableError, match="is no Excel workbook"):
        read_outside(path)
