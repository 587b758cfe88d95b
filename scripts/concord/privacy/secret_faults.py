"""Faults of the configuration about the secret of a study."""

from collections.abc import Iterator

from ..config_faults import Fault
from ..errors import StudyError
from .secret_file import MAKE, read_secret
from .settings import WITHOUT_SECRET, Data, PrivacySection

KEY = "privacy.secret_file"


def secret_faults(
    where: str, section: PrivacySection, data: Data, reads_headers: bool
) -> Iterator[Fault]:
    """A secret that is named but cannot be used, or is needed and not named.

    Parameters
    ----------
    where : str
        File of the configuration.
    section : PrivacySection
        The section `privacy`.
    data : str
        Whom the headers of the images name.
    reads_headers : bool
        Whether DICOM may be read, whose headers hold identifiers.
    """
    if section.secret_file is not None:
        try:
            read_secret(section.secret_file)
        except StudyError as error:
            yield Fault(KEY, section.secret_file, str(error))
    elif reads_headers and data not in WITHOUT_SECRET:
        yield Fault(
            where,
            KEY,
            f"names no secret, but DICOM of {data} is read, and whoever knows the seed "
            f"could try all hospital numbers; make a secret with `{MAKE}`, which tells "
            "the line for the configuration (public or simulated data need none: "
            "`privacy: {data: public}`)",
        )
