"""docs/deidentification.md: the table of conformance is what the files state."""

import re

import pytest
from pydicom import dcmread

from concord.deidentify.header import deidentified
from concord.deidentify.markings import _OF_CAPTURE, _OUTRIGHT
from concord.deidentify.options import OPTIONS
from concord.deidentify.pseudonyms import Pseudonyms
from concord.privacy import secret
from concord.provenance import SCRIPTS

from ...dicom_factory import write_series

PAGE = (SCRIPTS.parent / "docs" / "deidentification.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d{6}) \| ([^|]+) \| (yes|no) \|([^|]*)\|([^|]*)\|$", re.M)
#: Context group 7050 of PS3.16.
CODES = [str(code) for code in range(113100, 113113)]


@pytest.fixture
def stated(tmp_path):
    """Codes and meanings that a copy states."""
    header = dcmread(write_series(tmp_path, keep=[0])[0])
    with secret.keyed(b"k" * 32):
        clean = deidentified(header, Pseudonyms("P1"))
    items = clean.DeidentificationMethodCodeSequence
    assert {item.CodingSchemeDesignator for item in items} == {"DCM"}
    return {item.CodeValue: item.CodeMeaning for item in items}


def test_every_option_of_the_standard_has_its_row():
    assert [row[0] for row in ROW.findall(PAGE)] == CODES


def test_the_options_that_files_state_are_those_of_the_page(stated):
    told = {code: name for code, name, yes, *_ in ROW.findall(PAGE) if yes == "yes"}
    assert told == stated == OPTIONS


def test_an_option_that_is_not_stated_says_what_is_not_done_or_done_instead():
    for code, _, yes, done, missing in ROW.findall(PAGE):
        assert (done.strip() and yes == "yes") or (done + missing).strip(), code


def test_marks_that_the_page_names_are_looked_for():
    marks = set(re.findall(r"`([A-Z][a-z]\w+)`", PAGE.split("## Text and faces")[1]))
    looked_for = {*_OUTRIGHT, *_OF_CAPTURE, "Modality", "ImageType", "FrameType"}
    written = {"DeidentificationMethodCodeSequence", "PatientIdentityRemoved"}
    assert marks - looked_for - written == set()
    assert set(_OUTRIGHT) <= marks
