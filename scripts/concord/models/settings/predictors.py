"""Predictors of an arm, and how batch effects are removed from them."""

from typing import Annotated

from pydantic import Field

from ...fields import Section, Unseen
from ...harmonization.settings import HARMONIZERS, UNSEEN_CLAUSES, HarmonizerKind
from ...methods_clauses import Clause


class ArmPredictors(Section):
    """Predictors of an arm and its harmonizer."""

    covariates: Annotated[
        list[str],
        Clause({True: "covariates {covariates}, not penalized", False: "no covariate"}),
    ] = Field(default=[], description="Clinical predictors, not penalized.")
    group_indicator: Annotated[
        bool, Clause({True: "an indicator of each group", False: ""})
    ] = Field(
        default=False, description="Predict from the group alone (site or batch)."
    )
    features: Annotated[
        list[str], Clause({True: "features {features}", False: "no feature"})
    ] = Field(
        default=[],
        description="Patterns of feature names, such as CT.*.original.glcm.*",
    )
    harmonizer: Annotated[HarmonizerKind, Clause(HARMONIZERS, when="features")] = Field(
        default="none",
        description="First step: how batch effects are removed; docs/harmonization.md "
        "describes each harmonizer.",
    )
    unseen: Annotated[
        Unseen | None,
        Clause({None: "", **UNSEEN_CLAUSES}, when="harmonizer"),
    ] = Field(
        default=None,
        description="Rule for rows of unseen batches; null takes harmonization.unseen.",
    )
