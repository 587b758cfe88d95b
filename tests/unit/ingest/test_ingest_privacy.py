"""Words that identify somebody are found in technical texts, and nothing else is."""

import pytest
from pydicom import Dataset

from concord.privacy.identifiers import (
    COMMON_WORDS,
    holds,
    identifying_words,
    without_identifiers,
    words,
    words_of_people,
)


def header(**values) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def test_words_of_all_identifying_elements_of_all_headers_are_gathered():
    first = header(PatientName="Doe^Jane Ann", PatientID="MRN-48151623", StudyID="1")
    second = header(PatientName="Doe^Jane Ann", OperatorsName=["Roe^R", "Low^Kim"])
    found = identifying_words([first, second])
    numbers = {"mrn", "48151623", "mrn48151623"}
    assert found == {"doe", "jane", "ann", "roe", "low", "kim"} | numbers


def test_short_words_short_numbers_and_words_of_vendors_identify_nobody():
    assert words("St. Mary Medical Center 2019, SIEMENS") == {"mary"}
    assert {word.casefold() for word in COMMON_WORDS} == COMMON_WORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GE MEDICAL SYSTEMS", False),
        ("B30f", False),
        ("reconstructed for Jane", True),
        ("DOEJANE_v2", True),
        ("doe", True),
        ("doemain", False),  # three letters count as a whole word only
    ],
)
def test_a_name_is_found_also_where_it_is_run_together(text, expected):
    assert holds(text, {"doe", "jane"}) is expected


def test_facts_that_hold_a_name_are_removed_and_named_without_their_value():
    facts = {"Manufacturer": "Maker", "FilterType": "Jane's", "KVP": 120.0}
    facts |= {"Lists": ["a", "jane"], "series": "janejane", "notes": ["x"]}
    kept, notes = without_identifiers(facts, frozenset({"jane"}))
    assert kept == facts | {"FilterType": None, "Lists": None}
    assert notes == ["IDENTIFIER_REMOVED FilterType, Lists"]
    assert without_identifiers(facts, frozenset()) == (facts, [])


def path_names_patient(path: str, name: str, number: str) -> bool:
    return holds(path, words_of_people({"PatientName": [name], "PatientID": [number]}))


def test_a_pseudonym_in_a_path_is_no_name():
    assert path_names_patient("site/Jane_D/CT", "Doe^Jane", "4711")
    assert not path_names_patient("site/STS_001/CT", "STS_001", "STS_001")
    assert not path_names_patient("site/P1/CT", "Doe^Jane", "4711")
    assert path_names_patient("site/DOE_JOHN_1947/CT", "DOE^JOHN", "DOE_JOHN_1947")


def test_a_name_that_cannot_be_decoded_does_not_stop_the_ingest():
    made = header(PatientID="4711000")
    made.add_new("PatientName", "PN", "x")
    made["PatientName"]._value = object()
    assert "4711000" in identifying_words([made])
