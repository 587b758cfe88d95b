"""Types of the fields of the configuration, and the base of its sections."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from .file_names import LONGEST_KEY, is_device

#: Names that become wildcards and file names.
NAME = r"[A-Za-z][A-Za-z0-9_]*"


def key_fault(value: str) -> str:
    """Why a text cannot be a name of the configuration, or an empty text."""
    if not re.fullmatch(NAME, value):
        return "must be a letter followed by letters, digits or '_'"
    if is_device(value):
        return "is the name of a device to Windows, expected another name"
    if len(value) > LONGEST_KEY:
        return f"must have at most {LONGEST_KEY} characters"
    return ""


def _safe_name(value: str) -> str:
    if told := key_fault(value):
        raise ValueError(told)
    return value


def _is_range(value: tuple[float, float]) -> tuple[float, float]:
    low, high = value
    if not 0 <= low < high:
        raise ValueError(f"is {low:g} to {high:g}, expected 0 or more, ascending")
    return value


def _is_ascending(values: list[float]) -> list[float]:
    if not all(low < high for low, high in zip([0.0, *values], values, strict=False)):
        raise ValueError(f"are {values}, expected more than 0, ascending")
    return values


Name = Annotated[str, AfterValidator(_safe_name)]
VolumeRange = Annotated[tuple[float, float], AfterValidator(_is_range)]
Tolerances = Annotated[list[float], Field(min_length=1), AfterValidator(_is_ascending)]
Modality = Literal["CT", "MR", "PT"]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


#: One name or several; always a list once read.
Names = Annotated[
    list[str],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
SchemaMode = Literal["serialization", "validation"]
Unseen = Literal["refuse", "passthrough", "adapt"]
StabilityAxis = Literal[
    "reader", "retest", "perturbation", "resampling", "discretization"
]


class Section(BaseModel):
    """Base of all sections; frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


def called_before(values: Any, names: Mapping[str, str]) -> Any:
    """Settings with keys of earlier versions under their names of today.

    Parameters
    ----------
    values : Any
        A section as read; anything but a mapping is left to its own check.
    names : mapping of str to str
        The name of today by the earlier one; a section with both keeps both, so that
        the earlier one is refused.
    """
    if not isinstance(values, Mapping):
        return values
    return {
        names[key] if key in names and names[key] not in values else key: value
        for key, value in values.items()
    }


class Inline(Section):
    """A section that a configuration writes on one line."""

    def written(self) -> Any:
        """As it stands in a configuration."""
        return self.model_dump(exclude_none=True)


class SubjectColumns(Section):
    """Columns of the subjects sheet that name subject and site."""

    subject_id_column: str = Field(
        default="subject_id", description="Column of the subjects sheet with the id."
    )
    site_column: str | None = Field(
        default="site",
        description="Column of the subjects sheet with the site; null if all "
        "subjects come from the one site given in `site`.",
    )
    site: str | None = Field(
        default=None, description="The one site of all subjects, if so."
    )
    leave_out: dict[Annotated[str, BeforeValidator(str)], str] = Field(
        default={},
        description="Subjects that are left out, each with the reason, such as "
        "{P17: copy of P16}: nothing of them is read, and they are rows of the "
        "exclusions.",
    )


class CohortColumns(SubjectColumns):
    """Columns of the subjects sheet that name subject, site and cluster."""

    cluster_column: str | None = Field(
        default=None,
        description="Column of the subjects sheet that names what several of its rows "
        "belong to, such as the patient of several lesions, eyes or ids: rows of one "
        "cluster never stand in development and evaluation at once. A row without a "
        "name, and every row where this is null, is a cluster of its own.",
    )


def schema_text(model: type[BaseModel], mode: SchemaMode = "serialization") -> str:
    """JSON schema of a document, as the text of its file."""
    schema = model.model_json_schema(mode=mode)
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def first_faults(error: ValidationError, most: int = 3) -> str:
    """The first faults of a document in one line, each with its place."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in error.errors()[:most]
    )
