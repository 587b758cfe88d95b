"""The section `predictions`: a study of predictions that another tool made."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from ...fields import Name, Names, Section
from ...settings import RuleSettings, StudyView, from_study

#: Names of columns of absolute risks, by the horizon in days.
RISK = r"^risk_(\d+(?:\.\d+)?)$"


class GivenColumns(Section):
    """Names of the columns of a table of given predictions."""

    subject_id: str = Field(default="subject_id", description="Column of the subject.")
    model: str = Field(
        default="model",
        description="Column of the model; a table without it holds the headline arm "
        "alone.",
    )
    endpoint: str = Field(
        default="endpoint",
        description="Column of the endpoint; a study of one endpoint may do without.",
    )
    scheme: str = Field(
        default="scheme",
        description="Column of the scheme: cv, loso, temporal, or fixed (or external); "
        "without it, folds tell it.",
    )
    repeat: str = Field(
        default="repeat",
        description="Column of the repeat of a cross-validation, from 1.",
    )
    fold: str = Field(
        default="fold",
        description="Column of the fold that the subject was held out of; a table "
        "without it is one external set.",
    )
    score: str = Field(
        default="score",
        description="Column of the score, larger is worse; without it, the probability "
        "is the score.",
    )
    probability: str = Field(
        default="probability",
        description="Column of the predicted probability of a binary endpoint.",
    )
    risk_group: str = Field(
        default="risk_group",
        description="Column of the risk group (low, middle or high) by cuts that were "
        "chosen in development.",
    )
    reason: str = Field(
        default="reason", description="Column that says why there is no score."
    )


class GivenColumnNames(Section):
    """Meaning of the columns of a table of given predictions."""

    columns: GivenColumns = Field(
        default_factory=GivenColumns,
        description="Names of the columns; one that is named here must be there.",
    )
    risk_columns: dict[Annotated[str, Field(pattern=RISK)], str] = Field(
        default={},
        description="Columns of predicted risks that are not called risk_<days>, by "
        "that name, such as {risk_730: two_year_risk}.",
    )
    missing: list[str] = Field(
        default=[],
        description="Cells that count as missing, besides empty ones, NA, NaN and n/a.",
    )


class PredictionsSection(GivenColumnNames):
    """Predictions that another tool made, judged as they are."""

    path: Names = Field(
        description="The table: CSV or TSV, also as .gz, Excel (.xlsx), or Parquet; "
        "one row per subject, model and fold, or per subject and model of one external "
        "set; beside the configuration, or below {data_root}. Of a list of files, the "
        "rows stand below each other.",
    )
    models: dict[Name, str] = Field(
        default={},
        description="Names of the models as the table has them, with their labels in "
        "figures and report; by default all of the table under their names.",
    )
    software: str = Field(
        default="", description="What made the predictions, with its version."
    )
    provenance: str = Field(
        default="",
        description="How they were made, in the words of the methods paragraph; "
        "printed, not checked.",
    )


class Provenance(Section):
    """Declared origin of predictions that were made elsewhere."""

    software: str
    provenance: str


class GivenEndpoint(Section):
    """Kind of an endpoint, and the days at which its risk is judged."""

    has_times: bool
    horizons: list[float]


class ImportPredictions(RuleSettings):
    """Settings of rule import_predictions."""

    table: GivenColumnNames = from_study("predictions")
    declared: Provenance = from_study("predictions")
    leave_out: dict[str, str] = from_study("sheets.leave_out")
    headline_arm: str = from_study("evaluation.headline_arm")
    endpoints: dict[str, GivenEndpoint]
    models: list[str]
    required: list[str]  # keys of the columns that the study names

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the kinds of the endpoints and the models of the study."""
        return cls.composed(
            study,
            names,
            endpoints=foreign_endpoints(study.value("endpoints")),
            models=list(study.value("arms")),
            required=sorted(study.value("predictions").columns.model_fields_set),
        )


class JoinOutcomes(RuleSettings):
    """Settings of rule join_outcomes."""

    endpoints: dict[str, GivenEndpoint]
    arms: list[str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the kinds of the endpoints and the models of the study."""
        endpoints = foreign_endpoints(study.value("endpoints"))
        return cls.composed(
            study, names, endpoints=endpoints, arms=list(study.value("arms"))
        )


class PermuteOutcomes(RuleSettings):
    """Settings of rule permute_outcomes."""

    n_permutations: int = from_study("evaluation.null_permutations")
    seed: int = from_study("study.seed")
    has_times: bool

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the endpoint of the wildcard."""
        kind = study.value("endpoints.{endpoint}", **names).outcome
        return cls.composed(study, names, has_times=kind.has_times)


def foreign_endpoints(sections: Mapping[str, Any]) -> dict[str, GivenEndpoint]:
    """Kind and horizons of each endpoint of a configuration."""
    return {
        name: GivenEndpoint(
            has_times=section.outcome.has_times,
            horizons=sorted(set(section.evaluate_at_days)),
        )
        for name, section in sections.items()
    }
