"""Subject ids of sheets that tell who somebody is are found by the header."""

import pytest
from pydicom import Dataset

from concord.errors import IngestFault
from concord.privacy import subject_id
from concord.privacy.settings import of_data
from concord.privacy.subject_id import (
    BIRTH_DATE,
    NAME,
    PATIENT_ID,
    REPEATED,
    forbidden,
    held,
)

JANE = ("00471123", "19470213", "Müller^Jane")
TELLING = {
    "471123": [PATIENT_ID],
    "00471123": [PATIENT_ID],
    "S-471123-b": [PATIENT_ID],
    "P0000471123": [PATIENT_ID],
    "19470213_AB": [BIRTH_DATE],
    "s13021947": [BIRTH_DATE],
    "02-13-1947": [BIRTH_DATE],
    "470213": [BIRTH_DATE],
    "13_2_47": [BIRTH_DATE],
    "JANE_M": [NAME],
    "müller": [NAME],
    "Jane_00471123": [PATIENT_ID, NAME],
}
SILENT = ["S001", "A_47", "P1947", "sub-12", "P0471123abcd1", "3", "STS_001", "213"]


@pytest.mark.parametrize("name", sorted(TELLING))
def test_what_the_header_says_is_found_in_an_id(name):
    assert held(name, *JANE) == TELLING[name]


@pytest.mark.parametrize("name", SILENT)
def test_an_id_of_its_own_is_no_fault(name):
    assert held(name, *JANE) == []


@pytest.mark.parametrize(
    ("name", "patient_id"),
    [("sts_001", "STS_001"), ("STS 1", "STS_001"), ("É5", "e\u03015"), ("7", "007")],
)
def test_case_zeros_accents_and_punctuation_do_not_hide_a_patient_id(name, patient_id):
    assert held(name, patient_id, "", "") == [PATIENT_ID]


def test_a_name_that_is_the_pseudonym_is_told_from_others():
    assert held("STS_001", "STS_001", "", "STS_001") == [PATIENT_ID]
    assert held("doe", "DOE_JOHN_1947", "", "DOE^JOHN") == [REPEATED]


def test_a_keyed_hash_is_only_compared_as_a_whole():
    drafted = "P4d31efd7e0ce"
    assert held("P471123d7e0ce", *JANE) == []
    assert held(drafted, drafted, "", "") == [PATIENT_ID]


def test_without_values_nothing_is_found():
    assert held("S1", "", "", "") == []


@pytest.mark.parametrize(
    ("data", "keywords", "expected"),
    [
        ("patients", [PATIENT_ID, REPEATED], [PATIENT_ID, REPEATED]),
        ("pseudonymized", [PATIENT_ID, REPEATED], []),
        ("pseudonymized", [PATIENT_ID, NAME], [NAME]),
        ("public", [PATIENT_ID], []),
        ("public", [BIRTH_DATE], [BIRTH_DATE]),
        ("pseudonymized", [NAME], [NAME]),
        ("simulated", [PATIENT_ID, BIRTH_DATE], []),
    ],
)
def test_what_an_id_may_hold_depends_on_whom_headers_name(data, keywords, expected):
    assert forbidden(keywords, data) == expected


def header() -> Dataset:
    found = Dataset()
    found.PatientID, found.PatientBirthDate, found.PatientName = JANE
    return found


def test_a_telling_id_is_a_fault_that_names_the_remedy_and_no_value():
    with (
        of_data("patients"),
        pytest.raises(IngestFault, match="holds the PatientID of the header") as caught,
    ):
        subject_id.require_tells_nobody("471123", header())
    assert caught.value.code == "SUBJECT_ID_TELLS"
    assert "`privacy.data: pseudonymized`" in str(caught.value)
    assert "keyed hashes that `snakemake index` drafts" in str(caught.value)
    assert "471123" not in str(caught.value)

    with (
        of_data("public"),
        pytest.raises(IngestFault, match="holds the PatientBirthDate") as caught,
    ):
        subject_id.require_tells_nobody("19470213", header())
    assert "pseudonym already" not in str(caught.value)


@pytest.mark.parametrize("data", ["pseudonymized", "public", "simulated"])
def test_an_id_that_is_the_pseudonym_of_the_header_is_none(data):
    with of_data(data):
        subject_id.require_tells_nobody("471123", header())
