"""The section `feature_table`: a study that starts from computed features."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ..fields import Name, Section, SubjectColumns, called_before
from ..settings import RuleSettings, StudyView, from_study
from .naming import COLUMN, safe


def _column_name(value: str) -> str:
    if not COLUMN.fullmatch(value):
        raise ValueError(
            "must be <filter>.<family>.<feature> of letters, digits, '-' and '_'"
        )
    return value


def _part_of_a_name(value: str) -> str:
    if value != safe(value):
        raise ValueError("holds other characters than letters, digits, '-' and '_'")
    return value


def _variable(value: str) -> str:
    if "." in value:
        raise ValueError("a batch variable has no '.' in its name")
    return value


class TableFile(Section):
    """Place of the table of imported features."""

    path: str = Field(
        description="The table: CSV or TSV, also as .gz, Excel (.xlsx), or Parquet; "
        "one row per subject, session, image, region and reader; beside the "
        "configuration, or below {data_root}.",
    )


class FeatureColumns(Section):
    """Meaning of the columns of a table of imported features."""

    subject_id_column: str = Field(
        default="subject_id", description="Column of the table with the subject."
    )
    unnamed_subjects: Literal["refuse", "number"] = Field(
        default="refuse",
        description="Rows without a subject: refuse; or number: the subject is called "
        "row-<number> by its row, if subjects sheet and feature table are one file, "
        "which may then lack the column.",
    )
    session_column: str | None = Field(
        default=None,
        description="Column with the session; null: all rows are of "
        "study.baseline_session.",
    )
    reader_column: str | None = Field(
        default=None,
        description="Column with the reader; null: all rows are by "
        "study.reference_reader.",
    )
    image: Name | None = Field(
        default=None,
        description="Name of the image of all rows; null if a column has it.",
    )
    image_column: str | None = Field(
        default=None, description="Column with the name of the image."
    )
    region: Annotated[str, AfterValidator(_part_of_a_name)] | None = Field(
        default=None, description="Region of all rows; null if a column has it."
    )
    region_column: str | None = Field(
        default=None, description="Column with the region."
    )
    features: list[str] = Field(
        min_length=1,
        description="Patterns of the columns that are features, such as original_*.",
    )
    exclude: list[str] = Field(
        default=["diagnostics_*"],
        description="Patterns of columns that are no features although they fit.",
    )
    name_style: Literal["canonical", "pyradiomics", "as_given"] = Field(
        default="pyradiomics",
        description="How columns are called: canonical (<filter>.<family>.<feature>), "
        "pyradiomics (original_glcm_JointEntropy), or as_given. What does not follow "
        "the style becomes unknown.external.<column>.",
    )
    names: dict[str, Annotated[str, AfterValidator(_column_name)]] = Field(
        default={},
        description="New names <filter>.<family>.<feature> of single columns, before "
        "any style.",
    )
    missing: list[str] = Field(
        default=[],
        description="Cells that count as missing, besides empty ones, NA, NaN and n/a.",
    )
    batch_columns: list[Annotated[str, AfterValidator(_variable)]] = Field(
        default=[],
        description="Columns of the table or of the subjects sheet that "
        "harmonization.batch and validation.group may name, such as manufacturer.",
    )
    software: str = Field(
        default="", description="What computed the features, with its version."
    )
    provenance: str = Field(
        default="",
        description="How they were computed, in the words of the methods paragraph; "
        "the hash of software and provenance stands in place of a recipe's.",
    )

    @property
    def repeats(self) -> bool:
        """True if the table may hold more than one measurement of a subject."""
        return self.session_column is not None or self.reader_column is not None

    @model_validator(mode="before")
    @classmethod
    def _modality_is_the_image(cls, values: Any) -> Any:
        names = {"modality": "image", "modality_column": "image_column"}
        return called_before(values, names)

    @model_validator(mode="after")
    def _constant_or_column(self) -> Self:
        for key in ("image", "region"):
            constant, column = getattr(self, key), getattr(self, f"{key}_column")
            if (constant is None) == (column is None):
                raise ValueError(
                    f"{key} is {constant!r} and {key}_column is {column!r}; give "
                    "exactly one of them"
                )
        return self


class FeatureTableSection(FeatureColumns, TableFile):
    """Features that another tool computed, imported as they are."""


class ImportFeatures(RuleSettings):
    """Settings of rule import_features."""

    table: FeatureColumns = from_study("feature_table")
    sheet: SubjectColumns = from_study("sheets")
    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")
    images: list[str]  # those that have a batch
    sheet_digest: str  # of the cells that are read

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with a hash of the cells of the subjects sheet that are read."""
        sheets = study.value("sheets")
        used = [
            sheets.subject_id_column,
            sheets.site_column,
            *study.value("feature_table").batch_columns,
        ]
        return cls.composed(
            study,
            names,
            images=sorted(study.value("harmonization.batch")),
            sheet_digest=study.sheet_digest(used),
        )

    def key_columns(self) -> dict[str, tuple[str | None, str | None]]:
        """Column of each key of a row but the subject, and its value without one."""
        table = self.table
        return {
            "session": (table.session_column, self.baseline_session),
            "image": (table.image_column, table.image),
            "region": (table.region_column, table.region),
            "reader": (table.reader_column, self.reference_reader),
        }
