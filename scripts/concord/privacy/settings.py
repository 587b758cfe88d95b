"""Settings of privacy: the secret, and how subjects are called."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field

from ..fields import Section
from ..settings import RuleSettings, StudyView
from . import secret


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
    reviewed_images: list[str] = Field(
        default=[],
        description="Names of images at whose pictures somebody looked and saw neither "
        "names nor faces: `deidentify` copies them although they are of a kind that "
        "often has text burned in.",
    )


class Privacy(Section):
    """Source of the key of all hashes; never the key itself.

    The fingerprint of a secret, or the seed where there is none, makes a job run again
    when the key is another one.
    """

    secret_file: str | None = None
    fingerprint: str | None = None
    seed: int | None = None

    @classmethod
    def of(cls, study: StudyView) -> Self:
        """Source of the key of a study.

        Raises
        ------
        StudyError
            If the secret cannot be used.
        """
        file = study.value("privacy.secret_file")
        if file is None:
            return cls(seed=study.value("study.seed"))
        return cls(
            secret_file=file, fingerprint=secret.fingerprint(secret.read_secret(file))
        )

    def key(self) -> bytes:
        """Key of all hashes: the secret, or what everybody can make of the seed."""
        if self.secret_file is not None:
            return secret.read_secret(self.secret_file)
        return f"seed {self.seed} of the study".encode()


class PrivateSettings(RuleSettings):
    """Base of the settings of rules that read patients' files."""

    privacy: Privacy

    @classmethod
    def composed(cls, study: StudyView, names: Mapping[str, str], **own: Any) -> Self:
        """Settings with the source of the key, and the fields of `from_study`."""
        return super().composed(study, names, privacy=Privacy.of(study), **own)
