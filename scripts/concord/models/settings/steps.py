"""Steps between the predictors and the model of an arm."""

from typing import Annotated, Any

from pydantic import Field

from ...fields import Section
from ...methods_clauses import Clause


def _accepted_share(arm: Any) -> str:
    if not (arm.features or arm.covariates):
        return ""
    return (
        f"subjects with more than {100 * arm.max_missing:g} % of the features or of "
        "the covariates missing neither learnt from nor scored"
    )


class ArmSteps(Section):
    """Filters, imputation and selection of an arm, learnt from development rows."""

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
    max_features: Annotated[
        int,
        Clause(
            "at most {max_features} of them, with the strongest univariate relation to "
            "the outcome",
            when="features",
        ),
    ] = Field(default=5, ge=1, description="Features that enter the model, at most.")
