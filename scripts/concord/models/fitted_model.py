"""Fitted models as a versioned document, written and read here alone.

One file holds the models of an arm for the folds of one part, or the one model of the
final fit. Its JSON schema is `resources/fitted_models.schema.json`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from .. import __version__, files, provenance
from ..errors import StudyError
from ..fields import Section, Unseen, first_faults, schema_text
from ..folds.settings import OutcomeName
from ..folds.splitting import FoldName
from ..folds.subject_table import feature_names
from .recalibration import Recalibration
from .settings.fusion import FusionRule
from .settings.specification import ModelSpecification
from .software import software

SCHEMA_VERSION: Literal[1] = 1


class Range(Section):
    """Smallest and largest known value of a predictor in the development rows."""

    lowest: float
    highest: float


class StratumHazard(Section):
    """Hazard of a subject whose score is zero, in one stratum or without strata."""

    times_days: list[float] = Field(
        default=[], description="Times of events in days, ascending (Cox)."
    )
    cumulative_hazard: list[float] = Field(
        default=[],
        description="Cumulative baseline hazard from each of these times on, with the "
        "model's treatment of ties; survival is exp(-hazard * exp(score)).",
    )
    competing_times_days: list[float] = Field(
        default=[], description="Times of events of other causes, ascending."
    )
    competing_hazard: list[float] = Field(
        default=[],
        description="Cumulative hazard of all other causes together from each of these "
        "times on, by Nelson and Aalen; it depends on no predictor.",
    )


class Baseline(StratumHazard):
    """Risk of a subject whose score is zero."""

    intercept: float | None = Field(
        default=None, description="Log odds that the score holds already (logistic)."
    )
    strata: dict[str, StratumHazard] = Field(
        default={},
        description="Hazard of each stratum by its name, in place of one of all.",
    )


class Estimates(Section):
    """All that a prediction needs."""

    endpoint: str
    kind: OutcomeName
    session: str = Field(description="Session whose images are used.")
    reader: str = Field(description="Reader whose segmentations are used.")
    columns: list[str] = Field(
        description="Predictors in the order of development: features, covariates, "
        "batches and group."
    )
    unseen: Unseen | None = Field(
        description="Rule for unseen batches; null if nothing is harmonized."
    )
    adapt_subjects: int | None = Field(
        description="Subjects that adapt an unseen batch; null if none does."
    )
    max_missing: float = Field(
        default=1.0,
        description="Share of the features, or of the covariates, above which a "
        "subject is not scored if they are missing.",
    )
    unmeasured: list[str] = Field(
        default=[],
        description="Features and covariates without a value in development; they "
        "do not count as missing.",
    )
    cuts: list[float] = Field(
        min_length=1,
        description="Cuts of the risk groups, ascending: scores above the last are of "
        "high risk. Quantiles of the scores in development, by default the median; "
        "older documents have one, `cut`.",
    )
    thresholds: dict[str, float] = Field(
        default={},
        description="Scores from which on a subject is called high, by the rule that "
        "chose them in development: youden, sensitivity, specificity.",
    )
    spread: float = Field(description="SD of the scores in development.")
    mean: float | None = Field(
        default=None, description="Mean of the scores in development."
    )
    pipeline: dict[str, Any] = Field(
        default={},
        description="Estimates of every step by its name, and their `order`; empty of "
        "a fused arm.",
    )
    tuned: dict[str, Any] | None = Field(
        default=None,
        description="Settings that inner folds chose, and their deviance there; null "
        "if the arm is not tuned.",
    )
    fusion: "FusedEstimates | None" = Field(
        default=None,
        description="Members of a fused arm and how their scores are combined.",
    )
    recalibration: Recalibration | None = Field(
        default=None,
        exclude_if=lambda line: line is None,
        description="Line that updates put on every score; absent of a model as it "
        "was fitted. Cuts, thresholds, spread and mean are on it already.",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_one_cut(cls, given: Any) -> Any:
        """Estimates of an older document, which has one cut."""
        if isinstance(given, dict) and "cut" in given and "cuts" not in given:
            others = {name: value for name, value in given.items() if name != "cut"}
            return {**others, "cuts": [given["cut"]]}
        return given


class FusedMember(Section):
    """One of the arms whose scores a fused arm combines."""

    weight: float = Field(description="Weight of its standardized score.")
    mean: float = Field(description="Mean of its scores in development.")
    sd: float = Field(
        description="SD of its scores in development; 0 if all are equal, and then its "
        "standardized score is 0."
    )
    estimates: Estimates


class FusedEstimates(Section):
    """Members of a fused arm, and how their scores are combined."""

    rule: FusionRule = Field(
        description="Rule that was used: mean raises the weights of the members that a "
        "subject has to the sum of all; stacking counts a missing one as 0."
    )
    intercept: float = Field(description="Added to the weighted sum.")
    members: dict[str, FusedMember] = Field(description="Members by the arm's name.")


class FittedModel(Section):
    """Model of one fold, or the reason why there is none."""

    scheme: str
    repeat: int
    fold: str
    n_development: int = Field(description="Subjects that the model was fitted to.")
    n_events: int | None = Field(description="Events among them.")
    estimates: Estimates | None = None
    baseline: Baseline | None = None
    ranges: dict[str, Range] = Field(
        default={},
        description="Range of each predictor of the model in development, as measured: "
        "before harmonization, imputation and scaling.",
    )
    kkt_residual: float | None = Field(
        default=None, description="Largest gradient at the solution."
    )
    failed: str | None = Field(
        default=None, description="Reason why there are no estimates."
    )

    @property
    def name(self) -> FoldName:
        """Fold that the model was fitted in."""
        return FoldName(self.scheme, self.repeat, self.fold)

    def digest(self) -> str:
        """Hash of everything learnt: the estimates and the baseline risk."""
        baseline = self.baseline.model_dump(mode="json") if self.baseline else None
        found = self.required_estimates().model_dump(mode="json")
        return provenance.digest({"estimates": found, "baseline": baseline})

    def required_estimates(self) -> Estimates:
        """Estimates of the model; StudyError with the reason if the fit failed."""
        if self.estimates is None:
            raise StudyError(self.failed or "the model was not fitted.")
        return self.estimates


class FittedModels(Section):
    """Document of the models of one arm and endpoint."""

    schema_version: Literal[1] = Field(description="Version of this format.")
    concord_version: str = Field(description="Version of Concord that fitted.")
    software: dict[str, str] = Field(description="Versions of the software used.")
    specification: ModelSpecification = Field(
        description="Arm, endpoint and all settings that decided what was learnt."
    )
    recipe_hashes: dict[str, str | None] = Field(
        description="Hash of the complete recipe of each feature, by its full name; "
        "null where no dictionary names it."
    )
    models: list[FittedModel]

    @classmethod
    def of(
        cls,
        specification: ModelSpecification,
        models: Iterable[FittedModel],
        recipe_hashes: Mapping[str, str] | None = None,
    ) -> Self:
        """Document of models that were fitted just now.

        Parameters
        ----------
        specification : ModelSpecification
            The arm.
        models : iterable of FittedModel
            Models by fold, in order.
        recipe_hashes : mapping, optional
            Hash of the recipe of each known feature, by its full name.
        """
        fitted = list(models)
        known = recipe_hashes or {}
        columns = [one.estimates.columns for one in fitted if one.estimates]
        names = sorted({name for some in columns for name in feature_names(some)})
        return cls(
            schema_version=SCHEMA_VERSION,
            concord_version=__version__,
            software=software(),
            specification=specification,
            recipe_hashes={name: known.get(name) for name in names},
            models=fitted,
        )

    def of_fold(self, name: FoldName) -> FittedModel:
        """Model of a fold; StudyError if the document has none."""
        for model in self.models:
            if model.name == name:
                return model
        known = [model.name.stem for model in self.models]
        raise StudyError(
            f"no model of fold {name.stem!r}; the document has {known}. Fit it again."
        )


def write(document: FittedModels, path: str | Path) -> None:
    """Write a document as JSON; numbers keep their full precision."""
    files.write_json(document.model_dump(mode="json"), path)


def read(path: str | Path) -> FittedModels:
    """Read a document.

    Raises
    ------
    StudyError
        If it is of another version, has unknown keys, or lacks some.
    """
    found = files.read_json(path)
    seen = found.get("schema_version") if isinstance(found, dict) else None
    if seen != SCHEMA_VERSION:
        named = "no version" if seen is None else f"version {seen!r}"
        raise StudyError(
            f"{path}: a document of fitted models of {named}, expected "
            f"{SCHEMA_VERSION}. Fit the arm again with Concord {__version__}."
        )
    try:
        return FittedModels.model_validate(found)
    except ValidationError as error:
        raise StudyError(
            f"{path}: not a document of fitted models: {first_faults(error)}. Fit the "
            "arm again."
        ) from error


def json_schema() -> str:
    """JSON schema of the document, as text."""
    return schema_text(FittedModels)
