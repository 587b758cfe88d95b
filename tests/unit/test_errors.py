"""Messages quote cells on the terminal, and in jobs only what tells nobody."""

import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from concord import jobs, tables
from concord.errors import WITHHELD, StudyError, cells_withheld, quoted, traced
from concord.tables.outside import OutsideTableError, read_outside

TELLS = ["Doe^Jane", "00471123", "1947-02-13", "1947", "57 years", "Müller", "12.3456"]
HARMLESS = [
    "57",
    "12,5",
    "-3.25",
    "<5",
    "#REF!",
    "####",
    "yes",
    "NA",
    "",
    "n/a",
    "40 %",
]


@pytest.mark.parametrize("cell", TELLS)
def test_a_cell_that_may_tell_who_it_is_is_quoted_on_the_terminal_alone(cell):
    assert quoted(cell) == repr(cell)
    with cells_withheld():
        assert quoted(cell) == WITHHELD
        assert quoted(ValueError(f"odd {cell}")) == WITHHELD
    assert quoted(ValueError(f"odd {cell}")) == f"odd {cell}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_a_cell_that_tells_nobody_is_quoted_everywhere(cell):
    with cells_withheld():
        assert quoted(cell) == repr(cell)


def test_cells_of_technical_columns_are_quoted_everywhere():
    with cells_withheld():
        assert quoted("suv_lbm", "unit") == "'suv_lbm'"
        assert quoted("suv_lbm", "comment") == WITHHELD


def test_the_trace_of_an_error_holds_no_text_of_a_library():
    try:
        try:
            float(NAME)
        except ValueError as error:
            raise StudyError("column 'age' must hold numbers.") from error
    except StudyError as error:
        error.add_note("while running rule x")
        told = traced(error)
    assert "Doe" not in told
    assert "ValueError: (its text is withheld" in told
    assert told.endswith(
        "StudyError: column 'age' must hold numbers.\nwhile running " + ("rule x")
    )
    assert traced(
        OSError(28, "No space: /data/Doe")
    ) == "OSError: No space left on " + ("device")


NAME = "Doe^Jane"
UNLISTED = f"root\tfolder\tmodality\tn_files\tcode\treason\nA\tB\tCT\t{NAME}\t\t\n"
#: Lines of sheets; in constants, as a trace shows the lines of the code.
SHEETS = {
    "a damaged character": f"name\n{NAME}\ufffd\n".encode(),
    "a column without a name": f"a\t\n1\t{NAME}\n".encode(),
    "another encoding": "name\nDo\xe9\n".encode("latin-1"),
    "a cell over lines": f'a\tb\n1\t"{NAME}\tx\ny\tz"\n'.encode(),
}
FAULTY = {
    "text among numbers": lambda: tables.read(sheet(UNLISTED.encode()), "unlisted"),
    "an error of a library": lambda: float(NAME),
} | {kind: lambda kind=kind: read_outside(sheet(SHEETS[kind])) for kind in SHEETS}


def sheet(content: bytes) -> Path:
    path = Path("sheet.tsv")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("fault", sorted(FAULTY))
def test_the_log_of_a_job_holds_no_cell(fault, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    Path("logs").mkdir()
    job = SimpleNamespace(
        rule="x", wildcards={}, log=["logs/x.log"], input=[], output=[], params=None
    )
    with pytest.raises(Exception) as caught:  # noqa: PT011
        jobs.run(lambda job: FAULTY[fault](), job)
    for handler in root.handlers:
        handler.close()

    log = Path("logs/x.log").read_text()
    assert "x failed" in log
    assert not {"Doe", "Jane", "Do\xe9"} & set(re.findall(r"\w+", log))
    if isinstance(caught.value, OutsideTableError):
        assert WITHHELD in log
        assert "line" in log
