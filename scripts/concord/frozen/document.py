"""Frozen model as one versioned document, written and read here alone.

It holds all that a prediction at another hospital needs and all that a reader needs to
judge it: inputs with their recipes and units, everything learnt, the population, and
the performance to expect. Its JSON schema is `resources/frozen_model.schema.json`.
"""

import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from .. import __version__, files
from ..errors import StudyError, quoted
from ..fields import Section, first_faults, schema_text
from ..folds.settings import CovariateSection
from ..models.fitted_model import Baseline, Estimates, FittedModel
from ..models.settings.specification import ModelSpecification
from ..models.software import software
from ..provenance import digest
from .development import (
    Applicability,
    ExpectedPerformance,
    Population,
    ScoreDistribution,
    SubgroupPerformance,
)
from .equation.terms import Equation
from .inputs import FeatureInput, Origin, OutcomeInput

FORMAT: Literal["concord-frozen-model"] = "concord-frozen-model"
SCHEMA_VERSION: Literal[1] = 1
#: Hex digits of the hash of a document.
LENGTH = 64


class Sample(Section):
    """Model of one bootstrap sample of the development subjects."""

    estimates: Estimates
    baseline: Baseline | None = Field(default=None, description="As of the model.")


class FrozenModel(Section):
    """One model that predicts wherever its inputs are measured."""

    format: Literal["concord-frozen-model"] = FORMAT
    schema_version: Literal[1] = Field(
        default=SCHEMA_VERSION, description="Version of this format."
    )
    concord_version: str = Field(description="Version of Concord that wrote it.")
    software: dict[str, str] = Field(description="Versions of the software used.")
    hash: str = Field(
        default="", description="SHA-256 of the canonical JSON of all other keys."
    )
    name: str = Field(description="Name of the arm.")
    label: str = Field(description="Name of the model in figures and report.")
    intended_use: str = Field(default="", description="For whom and what it is meant.")
    origin: Origin
    outcome: OutcomeInput
    specification: ModelSpecification = Field(
        description="Arm, endpoint and all settings that decided what was learnt."
    )
    model: FittedModel = Field(description="Everything learnt.")
    equation: Equation | None = Field(
        default=None,
        description="The score written out in measured values, which follows from "
        "`model`; null if it is none, as of trees.",
    )
    equation_reason: str = Field(
        default="", description="Why the score is no equation; empty if it is one."
    )
    features: dict[str, FeatureInput] = Field(
        description="Features that the model needs, by their full name."
    )
    covariates: dict[str, CovariateSection] = Field(
        description="Covariates that the model needs, by name."
    )
    configuration: dict[str, Any] = Field(
        default={},
        description="Sections of the configuration that make the features from images: "
        "images, ingest, recipes, regions, protocol, harmonization.batch, and more.",
    )
    applicability: Applicability = Field(default_factory=Applicability)
    scores: ScoreDistribution = Field(default_factory=ScoreDistribution)
    expected: list[ExpectedPerformance] = Field(default=[])
    subgroups: list[SubgroupPerformance] = Field(
        default=[], description="Performance by subgroup that was found in validation."
    )
    population: Population = Field(default_factory=Population)
    samples: list[Sample] = Field(
        default=[], description="Models of bootstrap samples, for the interval."
    )
    n_samples_failed: int = Field(
        default=0, description="Samples that could not be fitted, and are not here."
    )

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Document made just now, with its versions and its hash."""
        made = cls(concord_version=__version__, software=software(), **values)
        return made.hashed()

    def hashed(self) -> Self:
        """The same document with the hash of its content."""
        return self.model_copy(update={"hash": self.content_hash()})

    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of everything but the hash."""
        return digest(self.model_dump(mode="json", exclude={"hash"}), LENGTH)

    @property
    def endpoint(self) -> str:
        """Name of the endpoint."""
        return self.specification.endpoint

    @property
    def estimates(self) -> Estimates:
        """Estimates of the model."""
        return self.model.required_estimates()


def write(document: FrozenModel, path: str | Path) -> None:
    """Write a document as JSON; numbers keep their full precision."""
    # In the order of the declaration, which is that of a reader.
    text = json.dumps(document.model_dump(mode="json"), indent=1, ensure_ascii=False)
    files.write_text(text + "\n", path)


def read(path: str | Path) -> FrozenModel:
    """Read a document and check that it is as it was written.

    Raises
    ------
    StudyError
        If it is no frozen model, of a newer version, or was edited.
    """
    try:
        found = files.read_json(path)
    except (OSError, ValueError) as error:
        raise StudyError(
            f"{path}: cannot be read as JSON ({quoted(error)}); expected a model.json "
            "that rule freeze_model wrote."
        ) from error
    _require_version(found, path)
    try:
        document = FrozenModel.model_validate(found)
    except ValidationError as error:
        raise StudyError(
            f"{path}: not a frozen model: {first_faults(error)}. Use the file as its "
            "study wrote it."
        ) from error
    _require_hash(found, path)
    return document


def _require_version(found: Any, path: str | Path) -> None:
    known = found if isinstance(found, dict) else {}
    if known.get("format") != FORMAT:
        raise StudyError(
            f"{path}: is no frozen model (format {known.get('format')!r}), expected "
            f"format {FORMAT!r}, as rule freeze_model writes it."
        )
    version = known.get("schema_version")
    if version != SCHEMA_VERSION:
        newer = isinstance(version, int) and version > SCHEMA_VERSION
        mend = "Update Concord" if newer else "Freeze the model again"
        raise StudyError(
            f"{path}: a frozen model of schema version {version!r}, expected "
            f"{SCHEMA_VERSION}, which Concord {__version__} reads. {mend}."
        )


def _require_hash(content: dict[str, Any], path: str | Path) -> None:
    """Raise StudyError if a document is not as it was written.

    It is judged by what the file holds, so that one of an earlier Concord, which knew
    fewer keys, keeps its hash.
    """
    stored = str(content.get("hash", ""))
    found = digest({k: v for k, v in content.items() if k != "hash"}, LENGTH)
    if stored != found:
        raise StudyError(
            f"{path}: has the hash {stored[:12]!r}, its content {found[:12]!r}: "
            "it was edited or damaged after it was written. Use the file as its study "
            "wrote it; a change of a model is made by an update, which names its "
            "parent (docs/frozen_models.md)."
        )


def json_schema() -> str:
    """JSON schema of the document, as text."""
    return schema_text(FrozenModel)
