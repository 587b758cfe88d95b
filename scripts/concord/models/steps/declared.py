"""Steps of an arm in their declared order; harmonizers stand behind the first ones."""

from collections.abc import Mapping

from ..settings.arm import Arm
from .base import Stable, Step
from .correlation import CorrelationFilter
from .imputation import MedianImputer
from .indicators import Indicators
from .minimum_redundancy import MinimumRedundancy
from .missing_share import MissingShareFilter
from .published_transform import PublishedTransform
from .scaling import SCALERS, RobustScaler, Standardizer
from .score_columns import ScoreColumns
from .stability_filter import StabilityFilter
from .stability_selection import StabilitySelection
from .transforms import TRANSFORMS, LogTransform, RankNormal
from .univariate import UnivariateSelection

#: Every step by the name that documents of fitted models hold.
STEPS: dict[str, type[Step]] = {
    step.__name__: step
    for step in (
        MissingShareFilter,
        LogTransform,
        RankNormal,
        StabilityFilter,
        Indicators,
        MedianImputer,
        Standardizer,
        RobustScaler,
        CorrelationFilter,
        UnivariateSelection,
        MinimumRedundancy,
        StabilitySelection,
        ScoreColumns,
        PublishedTransform,
    )
}


def before_harmonization(arm: Arm) -> list[tuple[str, Step]]:
    """Steps that precede harmonization."""
    steps: list[tuple[str, Step]] = []
    if arm.drop_missing_above < 1:
        steps.append(("missing_share", MissingShareFilter(arm.drop_missing_above)))
    if arm.transform != "none":
        steps.append(("transform", TRANSFORMS[arm.transform]()))
    return steps


def blind_to_outcomes(
    arm: Arm, covariates: list[str], measurements: Stable | None
) -> list[tuple[str, Step]]:
    """Steps between harmonization and the first that sees the outcome."""
    steps: list[tuple[str, Step]] = []
    if arm.filters:
        steps.append(("stability", StabilityFilter(measurements)))
    left = covariates if arm.imputes_often else []
    steps += [
        ("indicators", Indicators(covariates, arm.group_indicator)),
        ("impute", MedianImputer(arm.imputation == "indicator", left)),
    ]
    if arm.scaling != "none":
        steps.append(("standardize", SCALERS[arm.scaling]()))
    correlation = CorrelationFilter(
        arm.correlation_limit, arm.representative, measurements
    )
    return [*steps, ("correlation", correlation)]


def of_published_score(arm: Arm, covariates: list[str]) -> list[tuple[str, Step]]:
    """Steps before a published score: nothing is filtered, scaled or selected."""
    model = arm.model
    return [
        ("indicators", Indicators(covariates, False)),
        ("score", ScoreColumns(list(model.weights), model.means)),
    ]


def selection(
    arm: Arm, seed: int, clusters: Mapping[str, str] | None = None
) -> list[tuple[str, Step]]:
    """The step that chooses features by the outcome, if the arm has one."""
    if arm.selection == "none":
        return []
    if arm.selection == "stability":
        step: Step = StabilitySelection(
            arm.max_features,
            arm.half_samples,
            arm.selection_threshold,
            arm.l1_share or 1.0,
            seed,
            clusters,
        )
    elif arm.selection == "mrmr":
        step = MinimumRedundancy(arm.max_features)
    else:
        step = UnivariateSelection(arm.max_features)
    return [("select", step)]
