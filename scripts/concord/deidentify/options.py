"""Options of the profile that the copies follow, as the files state them."""

from pydicom import Dataset

#: Codes of PS3.16 context group 7050; docs/deidentification.md says what is done.
OPTIONS = {
    "113100": "Basic Application Confidentiality Profile",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113108": "Retain Patient Characteristics Option",
    "113111": "Retain Safe Private Option",
}


def option_items() -> list[Dataset]:
    """Items of DeidentificationMethodCodeSequence."""
    return [_option(code, meaning) for code, meaning in OPTIONS.items()]


def _option(code: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = code, "DCM"
    item.CodeMeaning = meaning
    return item
