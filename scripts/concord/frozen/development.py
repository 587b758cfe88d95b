"""Development subjects of a frozen model, in numbers that name nobody."""

from pydantic import Field

from ..fields import Section


class ColumnSummary(Section):
    """Distribution of one predictor in development, as measured."""

    n: int = Field(description="Subjects with a value.")
    lowest: float
    highest: float
    mean: float | None = Field(default=None, description="Null if not published.")
    sd: float | None = Field(default=None, description="Null if not published.")


class Applicability(Section):
    """Development subjects as far as another one is compared with them."""

    ranges: dict[str, ColumnSummary] = Field(
        default={},
        description="Predictors that move the score, by name, as measured.",
    )
    columns: list[str] = Field(
        default=[],
        description="Numeric predictors whose distance is judged, in the order of "
        "`mean` and `covariance`.",
    )
    mean: list[float] = Field(default=[])
    covariance: list[list[float]] = Field(default=[])
    distance_limit: float | None = Field(
        default=None,
        description="99th percentile of the distances of development subjects, each "
        "from the others (Mahalanobis, the root of the quadratic form, leave-one-out); "
        "null if too few.",
    )
    distance_reason: str = Field(
        default="", description="Why there is no limit of the distance."
    )
    n: int = Field(
        default=0,
        description="Subjects behind mean and covariance: those without a gap in "
        "`columns`.",
    )
    batches: dict[str, list[str]] = Field(
        default={},
        description="Known values of each batch variable that is harmonized, by its "
        "column in the cohort.",
    )
    acquisition: dict[str, dict[str, list[str]]] = Field(
        default={},
        description="Values of scanner and protocol facts in development, by image and "
        "by their name in the acquisition table.",
    )
    readers: list[str] = Field(
        default=[], description="Kinds of the readers: human, algorithm, consensus."
    )
    smallest_region: dict[str, float] = Field(
        default={},
        description="Smallest number of voxels of a region in development, by "
        "image.region.",
    )


class ScoreDistribution(Section):
    """Scores of the development subjects."""

    n: int = 0
    mean: float | None = None
    sd: float | None = None
    percentiles: list[float] = Field(
        default=[],
        description="Scores at equally spaced percentiles from 0 to 100.",
    )
    concordance_expected: float | None = Field(
        default=None,
        description="Concordance that these scores would have if the model were "
        "right: what the spread of the scores alone decides.",
    )


class ExpectedPerformance(Section):
    """One number of performance that was found in validation."""

    metric: str = Field(
        description="auc or c_index, calibration_slope, calibration_in_the_large, "
        "observed_expected."
    )
    scheme: str = Field(description="How it was validated: loso, cv, ...")
    stratum: str = Field(
        default="all",
        description="Whom it is of: all, pairs within groups, or group=<group>.",
    )
    horizon_days: float | None = Field(
        default=None, description="Days at which risks were judged, with times."
    )
    estimate: float | None
    lower: float | None = None
    upper: float | None = None
    method: str = Field(default="", description="Method of the interval.")
    n: int | None = None
    n_events: int | None = None
    against: str | None = Field(
        default=None, description="Arm that a difference is to, with `label`."
    )
    note: str = ""


class SubgroupPerformance(Section):
    """One number of performance in one subgroup, found in validation."""

    subgroup: str = Field(description="Variable of the subgroups.")
    level: str
    measure: str = Field(description="As in the table of subgroups.")
    scheme: str
    horizon_days: float | None = None
    n: int | None = None
    n_events: int | None = None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None


class Population(Section):
    """Development subjects in words and counts."""

    n: int = 0
    n_events: int | None = None
    groups: dict[str, int] = Field(default={}, description="Subjects by group.")
    covariates: dict[str, dict[str, float]] = Field(
        default={}, description="Summary of each covariate: mean and sd, or shares."
    )
    follow_up_days: float | None = Field(
        default=None, description="Median follow-up, reverse Kaplan-Meier."
    )
    excluded: int = Field(default=0, description="Subjects left out, see the study.")
    facts: dict[str, str] = Field(
        default={}, description="Sentences for the model card, by topic."
    )
