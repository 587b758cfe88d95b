"""The list of codes agrees with the sources; waivers and actions follow it."""

import ast
import errno
import os
import re
from pathlib import Path

import pytest

from concord.errors import IngestFault, MachineFault
from concord.ingest.faults import codes, collecting, rows
from concord.ingest.faults.codes import CODES
from concord.ingest.settings import FaultSettings
from concord.study.documents import ROOT

PACKAGE = Path(codes.__file__).parents[2]
SOURCES = sorted(
    p for part in ("ingest", "privacy") for p in (PACKAGE / part).rglob("*.py")
)
#: Where codes are declared, and where strings are names of something else: public
#: names of a package, names of images.
NOT_ABOUT_CODES = {"codes.py", "__init__.py", "naming.py"}
#: Words of DICOM, contrast phases and private blocks, which look like codes.
OTHER_WORDS = {
    "XDG_CACHE_HOME",
    "CLOSED_PLANAR",
    "CLOSEDPLANAR_XOR",
    "OPEN_PLANAR",
    "OPEN_NONPLANAR",
    "PRE_CONTRAST",
    "POST_CONTRAST",
    "EARLY_ARTERIAL",
    "LATE_ARTERIAL",
    "PORTAL_VENOUS",
    "STEADY_STATE",
    "GEHC_CT_ADVAPP_001",
    "GEMS_PETD_01",
}
SETTINGS = FaultSettings()


def strings(path: Path):
    """All string constants of a module, also those within f-strings."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def codes_in_sources() -> set[str]:
    """Declared codes that stand in a string, and words that look like a code."""
    found = set()
    for path in SOURCES:
        if path.name in NOT_ABOUT_CODES:
            continue
        for text in strings(path):
            word = re.match(r"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*)(?:[ :]|$)", text)
            if word and ("_" in word[1] or word[1] in CODES):
                found.add(word[1])
    return found - OTHER_WORDS


def test_every_code_of_the_sources_is_declared():
    assert codes_in_sources() - set(CODES) == set()


def test_every_declared_code_stands_in_the_sources():
    assert set(CODES) - codes_in_sources() == set()


def test_every_code_is_documented_with_its_meaning():
    page = (ROOT / "docs" / "faults.md").read_text()
    for name, code in CODES.items():
        assert re.search(
            rf"^\| `{name}` \|.* {re.escape(code.meaning)} \|$", page, re.M
        )


def test_a_note_cannot_be_waived():
    assert not [name for name, code in CODES.items() if code.kind == "note" and code[1]]


def test_a_waived_fault_becomes_a_note_and_the_others_are_raised():
    found = [
        collecting.Finding("HU_RANGE", "no air"),
        collecting.Finding("MISSING_SLICE", "one is absent"),
    ]
    waive = {"HU_RANGE": ["P1"], "MISSING_SLICE": ["P1"]}
    settings = FaultSettings(waive=waive)

    assert collecting.raise_unwaived(found[:1], settings, "P1") == (
        "HU_RANGE_WAIVED no air",
    )
    with pytest.raises(IngestFault, match="one is absent") as caught:
        collecting.raise_unwaived(found, settings, "P1")
    assert caught.value.findings == (found[1],)
    with pytest.raises(IngestFault) as caught:
        collecting.raise_unwaived(found, settings, "P2")
    assert caught.value.findings == tuple(found)


def test_all_faults_of_a_row_are_rows_of_the_exclusions():
    def convert(row):
        collecting.raise_ingest_faults(
            [collecting.Finding("A", "one"), collecting.Finding("B", "two")]
        )

    done, excluded = rows.convert_rows([{"subject_id": "P1"}], convert, "x", SETTINGS)
    assert not done
    assert [(row["code"], row["reason"]) for row in excluded] == [
        ("A", "one"),
        ("B", "two"),
    ]


def test_an_unforeseen_error_loses_one_row_and_none_of_its_text_is_told():
    def convert(row):
        if row["subject_id"] == "P1":
            raise KeyError("Doe^Jane")
        return row

    subjects = [{"subject_id": "P1"}, {"subject_id": "P2"}]
    done, excluded = rows.convert_rows(subjects, convert, "x", SETTINGS)
    assert [row["subject_id"] for row in done] == ["P2"]
    (row,) = excluded
    assert row["code"] == "INTERNAL_ERROR"
    assert re.match(r"KeyError in ingest/faults/rows\.py:\d+\. ", row["reason"])
    assert "Doe" not in row["reason"]


MACHINE = [
    OSError(getattr(errno, name), os.strerror(getattr(errno, name)))
    for name in ("EIO", "ESTALE", "EACCES", "ETIMEDOUT", "ENOMEM", "ENOSPC", "EMFILE")
] + [MemoryError()]


@pytest.mark.parametrize("error", MACHINE, ids=repr)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_fault_of_the_machine_fails_the_job_and_excludes_nobody(error, wrapped):
    def convert(row):
        try:
            raise error
        except (OSError, MemoryError):
            if not wrapped:
                raise
            raise IngestFault("UNREADABLE_FILE", "cannot be read") from None

    told = os.strerror(error.errno) if isinstance(error, OSError) else "MemoryError"
    with pytest.raises(MachineFault) as caught:
        rows.convert_rows(
            [{"subject_id": "P1", "source": "A/1"}], convert, "x", SETTINGS
        )
    assert str(caught.value).startswith("P1: ")
    assert "A/1" not in str(caught.value)
    assert told in str(caught.value)


def test_a_fault_of_the_machine_names_the_file_by_its_number(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).touch()

    def convert(row):
        raise OSError(errno.EIO, "Input/output error", str(tmp_path / "b"))

    with pytest.raises(
        MachineFault, match=r"P1, file 2 of 3 of its source: Input/output error \(EIO"
    ):
        rows.convert_rows(
            [{"subject_id": "P1", "source": str(tmp_path)}], convert, "x", SETTINGS
        )


@pytest.mark.parametrize("error", [OSError("cut"), FileNotFoundError(2, "none")])
def test_an_error_about_the_content_of_a_file_excludes_its_row(error):
    def convert(row):
        raise error

    _, excluded = rows.convert_rows([{"subject_id": "P1"}], convert, "x", SETTINGS)
    assert [row["code"] for row in excluded] == ["INTERNAL_ERROR"]


@pytest.mark.parametrize(
    ("settings", "stops"),
    [
        ({"on_fault": "stop"}, "ingest.on_fault"),
        ({"on_fault_codes": {"B": "stop"}}, "ingest.on_fault_codes.B"),
        ({"on_fault": "stop", "on_fault_codes": {"A": "exclude", "B": "exclude"}}, ""),
    ],
)
def test_the_action_of_a_code_goes_before_the_action_of_all(settings, stops):
    def convert(row):
        collecting.raise_ingest_faults(
            [collecting.Finding("A", "one"), collecting.Finding("B", "two")]
        )

    arguments = [{"subject_id": "P1"}], convert, "x", FaultSettings(**settings)
    if not stops:
        assert len(rows.convert_rows(*arguments)[1]) == 2
        return
    with pytest.raises(IngestFault) as caught:
        rows.convert_rows(*arguments)
    assert caught.value.__notes__ == [f"at P1; {stops} is 'stop'"]
