"""Settings of privacy: the secret, and how subjects are called."""

from typing import Literal

from pydantic import Field

from ..fields import Section


class PrivacySection(Section):
    """Protection of patients from being recognized; see docs/privacy.md."""

    secret_file: str | None = Field(
        default=None,
        description="File with the secret that keys all hashes of identifiers, 32 "
        "bytes or more, outside results and logs; null takes a key from study.seed, "
        "which protects nobody.",
    )
    subject_ids: Literal["folder", "keyed_hash"] = Field(
        default="folder",
        description="Subject ids of the drafted sheets: the top folder of each "
        "series, or a keyed hash of PatientID and root.",
    )
