"""Steps between the predictors and the model of an arm."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ...fields import Section
from ...methods_clauses import Clause, written

Imputation = Literal["median", "indicator", "chained"]
Transform = Literal["none", "log", "rank_normal"]
Representative = Literal["central", "icc"]
Scaling = Literal["standardize", "robust", "none"]
Selection = Literal["univariate", "mrmr", "stability", "none"]


def _accepted_share(arm: Any) -> str:
    if not (arm.features or arm.covariates):
        return ""
    return (
        f"subjects with more than {100 * arm.max_missing:g} % of the features or of "
        "the covariates missing neither learnt from nor scored"
    )


def _dropped_share(arm: Any) -> str:
    return (
        f"no feature that more than {100 * arm.drop_missing_above:g} % of the "
        "development subjects lack"
    )


def _imputations(arm: Any) -> str:
    if arm.imputation == "indicator":
        return "an indicator of each predictor that development lacks somewhere"
    if not arm.imputes_often:
        return ""
    return (
        "missing covariates imputed by chained equations with the outcome of "
        f"development rows, {arm.n_imputations} times, models pooled by Rubin's rules"
    )


def _chosen(arm: Any) -> str:
    most = f"at most {written(arm.max_features)} of them"
    return {
        "univariate": f"{most}, with the strongest univariate relation to the outcome",
        "mrmr": f"{most}, by their relation to the outcome over their mean correlation "
        "with those chosen before (mRMR)",
        "stability": f"{most}, chosen by an elastic net in at least "
        f"{100 * arm.selection_threshold:g} % of {arm.half_samples} half samples",
        "none": "all of them",
    }[arm.selection]


class ArmSteps(Section):
    """Filters, imputation and selection of an arm, learnt from development rows."""

    drop_missing_above: Annotated[
        float, Clause(_dropped_share, when="features", silent=(1.0,))
    ] = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Share of development subjects without a feature above which the "
        "feature is dropped; 1 drops only those that all of them lack.",
    )
    transform: Annotated[
        Transform,
        Clause(
            {
                "none": "",
                "log": "logarithms of features",
                "rank_normal": "features transformed to normal scores of their ranks",
            },
            when="features",
        ),
    ] = Field(
        default="none",
        description="Transform of each feature before harmonization: none, log "
        "(signed where a feature is not positive), or rank_normal.",
    )
    stability_filter: Annotated[
        bool,
        Clause(
            {
                True: "only features that are stable in the development subjects",
                False: "no filter by stability",
            },
            when="features",
        ),
    ] = Field(
        default=True,
        description="Use only features that are stable in the development subjects.",
    )
    max_missing: Annotated[float, Clause(_accepted_share)] = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of the arm's features, or of its covariates, above which a "
        "subject is neither learnt from nor scored if they are missing; what is "
        "missing of others is imputed.",
    )
    imputation: Annotated[Imputation, Clause(_imputations)] = Field(
        default="median",
        description="What becomes of missing values: median (of a category, the "
        "commonest level), indicator (the same, and a 0/1 column that tells of it), or "
        "chained (multiple imputation of covariates; features take the median).",
    )
    n_imputations: int = Field(
        default=5,
        ge=2,
        le=100,
        description="Imputations of the covariates, if imputation is chained.",
    )
    scaling: Annotated[
        Scaling,
        Clause(
            {
                "standardize": "",
                "robust": "predictors centred by the median and scaled by the "
                "interquartile range",
                "none": "predictors in their own units",
            }
        ),
    ] = Field(
        default="standardize",
        description="Scale on which the penalty acts: standardize (mean 0, SD 1), "
        "robust (median and interquartile range) or none (units as measured).",
    )
    correlation_limit: Annotated[
        float,
        Clause(
            "of features with an absolute rank correlation above {correlation_limit}, "
            "one",
            when="features",
        ),
    ] = Field(
        default=0.9,
        gt=0,
        le=1,
        description="Of features correlated more than this (Spearman), one is kept.",
    )
    representative: Annotated[
        Representative,
        Clause({"central": "", "icc": "the most repeatable one"}, when="features"),
    ] = Field(
        default="central",
        description="Which of correlated features is kept: central (the one most "
        "correlated with the others) or icc (the most repeatable one).",
    )
    selection: Annotated[Selection, Clause(_chosen, when="features")] = Field(
        default="univariate",
        description="How features are chosen by the outcome: univariate, mrmr, "
        "stability (elastic nets of half samples) or none (the model takes all).",
    )
    max_features: int = Field(
        default=5,
        ge=1,
        description="Features that enter the model, at most; selection none takes all.",
    )
    half_samples: int = Field(
        default=50,
        ge=2,
        le=1000,
        description="Half samples of the development subjects, if selection is "
        "stability.",
    )
    selection_threshold: float = Field(
        default=0.6,
        gt=0.5,
        le=1,
        description="Share of half samples that must choose a feature, if selection is "
        "stability.",
    )
