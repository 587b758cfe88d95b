"""Settings of a rule: one frozen object, composed from the study and handed to a job.

Each rule declares what its script needs as a subclass of `RuleSettings` in the package
of its stage. A field says where in the study its value comes from; the workflow
composes the object and hands it to the job as canonical JSON, so that a job runs again
exactly when something that it uses has changed, and the script reads the same object
back.
"""

from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Any, Protocol, Self, Union, get_args, get_origin

from pydantic import BaseModel, Field

from .fields import Section


class StudyView(Protocol):
    """Study as the settings of a rule see it."""

    config: Any

    def subjects_digest(self) -> str:
        """Hash of the columns of the subjects sheet that the study uses."""
        ...

    @property
    def recipes(self) -> Any:
        """Complete recipes by name."""
        ...

    @property
    def recipe_settings(self) -> dict[str, str]:
        """Hash of each recipe without versions of software, by its complete hash."""
        ...

    def varied_subjects(self, chunk: str) -> list[str]:
        """Subjects of a chunk whose scans are measured again, sorted."""
        ...

    def mapped_subjects(self, chunk: str) -> list[str]:
        """Subjects of a chunk whose features are mapped, sorted."""
        ...

    @property
    def unnamed_subjects(self) -> str:
        """Rule for subjects without an id: "refuse" or "number"."""
        ...

    @property
    def unnamed_words(self) -> list[str]:
        """Words that stand for no id, where subjects without one are numbered."""
        ...

    def value(self, key: str, **names: str) -> Any:
        """Value at a dotted key of the configuration; ``{arm}`` is named by `names`."""
        ...

    def image_rows(self, chunk: str, image: str) -> list[dict[str, str]]:
        """Rows of the image sheet of one chunk, with site and usable source."""
        ...

    def mask_rows(self, chunk: str, image: str) -> list[dict[str, str]]:
        """Rows of the mask sheet of one chunk, with site and usable source."""
        ...

    def listed_sources(self) -> list[str]:
        """Sources of all images and masks, relative to the data root, sorted."""
        ...

    def sheet_digest(self, columns: Iterable[str]) -> str:
        """Hash of some columns of the subjects sheet."""
        ...

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of each sheet, by what they are."""
        ...

    def plan_digests(self) -> dict[str, str]:
        """Hash of each sheet, of the subjects sheet without any outcome."""
        ...

    @property
    def analyses(self) -> Any:
        """Combinations of the alternatives of the multiverse, the headline first."""
        ...

    @property
    def n_combinations(self) -> int:
        """Number of all combinations of alternatives, of which some may be drawn."""
        ...

    @property
    def noise_arms(self) -> list[str]:
        """Arms that see nothing but noise in place of the image."""
        ...

    @property
    def sealed(self) -> dict[str, dict[str, str]]:
        """Site, cluster and why of each sealed subject, by its name, sorted."""
        ...


def from_study(key: str) -> Any:
    """Field whose value stands at a dotted key of the configuration.

    Parameters
    ----------
    key : str
        Such as ``"study.seed"``, or with names of wildcards, ``"arms.{arm}"``. Of a
        section, only the fields of the declared type are taken.
    """
    return Field(json_schema_extra={"from_study": key})


class RuleSettings(Section):
    """Base of the settings of one rule.

    `sources` and `tables` are states of what the job reads from outside the results
    (`concord.planned`), by path; the workflow adds them to the settings.
    """

    sources: dict[str, str] = Field(default={})
    tables: dict[str, str] = Field(default={})

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one job; a subclass adds the values that are no plain key.

        Parameters
        ----------
        study : StudyView
            The checked study.
        **names
            Wildcards of the job, such as ``arm="radiomics"``.
        """
        return cls.composed(study, names)

    @classmethod
    def composed(cls, study: StudyView, names: Mapping[str, str], **own: Any) -> Self:
        """Settings with the fields of `from_study` filled in beside the `own` ones."""
        values = {
            name: projected(study.value(key, **names), field.annotation)
            for name, field in cls.model_fields.items()
            if name not in own and (key := source_of(field)) is not None
        }
        return cls(**values, **own)


class NoSettings(RuleSettings):
    """Settings of a rule whose result depends on its input files alone."""


class WithoutSealed(RuleSettings):
    """Settings of a rule that learns without the cohort: whom it must not look at."""

    sealed: list[str] = Field(default=[])

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the sealed subjects, sorted."""
        return cls.composed(study, names, sealed=list(study.sealed))


def source_of(field: Any) -> str | None:
    """Key of the configuration that a field declares by `from_study`, if it does."""
    extra = field.json_schema_extra
    return extra.get("from_study") if isinstance(extra, dict) else None


def projected(value: Any, kind: Any) -> Any:
    """Value as its declared type: of a section, the fields of that type alone.

    A rule that declares a base section, such as one without labels, is so not run
    again by a change of the other fields.
    """
    if isinstance(value, BaseModel):
        section = next((k for k in _options(kind) if _is_section(k)), None)
        if section is None or type(value) is section:
            return value
        return section.model_construct(
            value.model_fields_set & set(section.model_fields),
            **{
                name: projected(getattr(value, name), field.annotation)
                for name, field in section.model_fields.items()
            },
        )
    if isinstance(value, dict) and get_origin(kind) in (dict, Mapping):
        item = get_args(kind)[1]
        return {key: projected(entry, item) for key, entry in value.items()}
    return value


def _options(kind: Any) -> tuple[Any, ...]:
    """Types that a value of an annotation may have."""
    if get_origin(kind) in (Union, UnionType):
        return tuple(option for option in get_args(kind) if option is not NoneType)
    return (kind,)


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
