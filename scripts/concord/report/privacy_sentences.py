"""Sentences on the key of the hashes, and on whom headers name."""

from ..privacy.settings import WITHOUT_SECRET
from .settings import Report

_OF_DATA = {
    "patients": "No subject id holds PatientID, birth date or name of its headers.",
    "pseudonymized": "PatientID of the headers is declared to be a pseudonym already.",
    "public": "The headers are declared to be public.",
    "simulated": "The images are simulated.",
}


def privacy_text(settings: Report) -> str:
    """Key of the hashes of identifiers, and whom the headers name."""
    return f"{_key(settings)} {_OF_DATA[settings.data]}"


def _key(settings: Report) -> str:
    if settings.keyed:
        return "Identifiers are hashed with a secret that the site holds."
    if settings.data not in WITHOUT_SECRET:
        return "No identifier is hashed, as no DICOM is read."
    return (
        "Identifiers are hashed with a key made from the study's seed, because no "
        "secret is named (privacy.secret_file): whoever knows the seed can test a "
        "guess at an identifier."
    )
