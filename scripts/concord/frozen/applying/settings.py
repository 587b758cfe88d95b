"""The section `model`: a study that applies frozen models and fits none."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from ...fields import Name, Section
from ...folds.settings import CovariateSection
from ...settings import RuleSettings, StudyView, from_study

#: What may be said of a subject whom a model is applied to; red ones void the score.
Flag = Literal[
    "missing_image",
    "tiny_region",
    "out_of_range",
    "distance",
    "unknown_batch",
    "unknown_scanner",
    "unknown_kernel",
    "protocol_departure",
    "reader_kind",
    "adapted",
]
RED: tuple[Flag, ...] = ("missing_image", "tiny_region", "out_of_range", "distance")


def of_path(given: Any) -> Any:
    """The section of which the path alone may stand, written out."""
    return {"path": given} if isinstance(given, str) else given


class SmallestUpdate(Section):
    """Subjects with a known outcome below which a model is not updated."""

    subjects: int = Field(
        default=50, ge=20, description="Subjects with a score and a known outcome."
    )
    events: int = Field(
        default=10,
        ge=5,
        description="Events, of a binary outcome the rarer of the two, for each number "
        "that an update learns: one of in_the_large, two of intercept_slope and of "
        "baseline, three of baseline_slope.",
    )


class ModelsSection(Section):
    """Frozen models that are applied."""

    path: str = Field(
        description="The frozen model: a model.json, or an equation in YAML; beside "
        "the configuration.",
    )
    compare_with: dict[Name, str] = Field(
        default={},
        description="Other frozen models of the same endpoint, such as the clinical "
        "one, by the name that they have here; the first is the reference.",
    )
    accept_flags: list[Flag] = Field(
        default=[],
        description="Red flags with which a score is told nevertheless.",
    )
    refuse_flags: list[Flag] = Field(
        default=[],
        description="Other flags with which a score is not applicable here.",
    )
    range_margin: float = Field(
        default=0.1,
        ge=0,
        description="Share of the width of a predictor's range in development by which "
        "a value may lie beyond it before the flag out_of_range is raised.",
    )
    engine_versions: Literal["same", "minor", "any"] = Field(
        default="same",
        description="Versions of the feature engine that are taken: the same, those "
        "that differ in the last number, or any.",
    )
    updates: bool = Field(
        default=True,
        description="Write updated models, where outcomes are known: recalibrated "
        "copies under hashes of their own, beside the models that are applied.",
    )
    smallest_update: SmallestUpdate = Field(
        default_factory=SmallestUpdate,
        description="Subjects and events below which an update is not made.",
    )


#: The section, of which the path alone may stand.
AppliedModels = Annotated[
    ModelsSection,
    BeforeValidator(of_path, json_schema_input_type=str | ModelsSection),
]


class ApplyModel(RuleSettings):
    """Settings of rule apply_model: the models by the names of their arms.

    `arms` stand in the order of the files, the headline first.
    """

    arms: list[str]
    algorithms: list[str] = from_study("study.algorithms")
    provenance: str = Field(default="", description="Of a table of features.")
    recipe_settings: dict[str, str] = Field(
        default={},
        description="Hash of each recipe without versions, by its complete hash.",
    )
    seed: int = from_study("study.seed")
    accept_flags: list[Flag] = from_study("model.accept_flags")
    refuse_flags: list[Flag] = from_study("model.refuse_flags")
    range_margin: float = from_study("model.range_margin")
    engine_versions: Literal["same", "minor", "any"] = from_study(
        "model.engine_versions"
    )
    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")
    covariates: dict[str, CovariateSection] = from_study("covariates")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of the models and of readers that are algorithms."""
        table = study.config.feature_table
        return cls.composed(
            study,
            names,
            arms=list(study.value("arms")),
            provenance="" if table is None else table.provenance,
            recipe_settings=study.recipe_settings,
        )
