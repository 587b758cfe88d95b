"""Settings of privacy: the secret, and how subjects are called."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, Self

from pydantic import Field

from ..fields import Section
from ..settings import RuleSettings, StudyView, from_study
from . import secret
from .secret_file import read_secret

#: Whom the headers of the images name.
Data = Literal["patients", "pseudonymized", "public", "simulated"]
#: Data of which everybody has the identifiers, or that have none.
WITHOUT_SECRET = ("public", "simulated")

_DATA: ContextVar[str] = ContextVar("data", default="simulated")


@contextmanager
def of_data(data: str) -> Iterator[None]:
    """Within this context, headers name whom `privacy.data` says."""
    token = _DATA.set(data)
    try:
        yield
    finally:
        _DATA.reset(token)


def named_by_headers() -> str:
    """Whom headers name in this context."""
    return _DATA.get()


class PrivacySection(Section):
    """Protection of patients from being recognized; see docs/privacy.md."""

    data: Data = Field(
        default="patients",
        description="Whom the headers of the images name. patients: a secret is "
        "needed, and no subject id may tell who it is; pseudonymized: PatientID is a "
        "pseudonym already and may be a subject id; public: as everybody has the "
        "files, no secret is needed either; simulated: nobody. A study with the "
        "section simulation is simulated.",
    )
    secret_file: str | None = Field(
        default=None,
        description="File with the secret that keys all hashes of identifiers, made "
        "by `snakemake secret`: 32 random bytes that nobody else can read, outside "
        "results and logs. null: of public and simulated data alone, the key comes "
        "from study.seed.",
    )
    subject_ids: Literal["keyed_hash", "folder"] = Field(
        default="keyed_hash",
        description="Subject ids of the drafted sheets: a keyed hash of PatientID and "
        "root, or the top folder of each series, if it tells nobody who it is.",
    )
    reviewed_images: list[str] = Field(
        default=[],
        description="Names of images at whose pictures somebody looked and saw neither "
        "names nor faces: `deidentify` copies them although they are of a kind that "
        "often has text burned in.",
    )


def data_of(config: Any) -> Data:
    """Whom the headers of the images name, by the sections of a configuration."""
    if getattr(config, "simulation", None) is not None:
        return "simulated"
    found: Data = config.privacy.data
    return found


class Privacy(Section):
    """Source of the key of all hashes; never the key itself.

    The fingerprint of a secret, or the seed of data that identify nobody, makes a job
    run again when the key is another one. Without either there is no key.
    """

    data: Data = "patients"
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
        file, data = study.value("privacy.secret_file"), data_of(study.config)
        if file is not None:
            found = secret.fingerprint(read_secret(file))
            return cls(data=data, secret_file=file, fingerprint=found)
        if data in WITHOUT_SECRET:
            return cls(data=data, seed=study.value("study.seed"))
        return cls(data=data)

    def key(self) -> bytes | None:
        """Key of all hashes: the secret, or what everybody can make of the seed."""
        if self.secret_file is not None:
            return read_secret(self.secret_file)
        if self.seed is None or self.data not in WITHOUT_SECRET:
            return None
        return f"seed {self.seed} of the study".encode()


class MakeSecret(RuleSettings):
    """Settings of rule secret: where the configuration wants it, and when it was asked.

    The time lets a secret be asked for again, which is refused.
    """

    secret_file: str | None = from_study("privacy.secret_file")
    asked: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings; `names` holds `asked`."""
        return cls.composed(study, names, **names)


class PrivateSettings(RuleSettings):
    """Base of the settings of rules that read patients' files."""

    privacy: Privacy

    @classmethod
    def composed(cls, study: StudyView, names: Mapping[str, str], **own: Any) -> Self:
        """Settings with the source of the key, and the fields of `from_study`."""
        return super().composed(study, names, privacy=Privacy.of(study), **own)
