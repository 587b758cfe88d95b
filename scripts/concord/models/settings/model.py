"""The model of an arm."""

from typing import Annotated, Any

from pydantic import Field

from ...fields import Section
from ...methods_clauses import Clause, written


def _penalty(arm: Any) -> str:
    kinds = {0.0: "a ridge", 1.0: "a lasso"}
    kind = kinds.get(arm.l1_share, "an elastic net")
    return f"{kind} penalty of {written(arm.penalty)} per subject on features"


class ArmModel(Section):
    """Model of an arm."""

    penalty: Annotated[
        float,
        Clause(_penalty, when="features"),
    ] = Field(
        default=0.1,
        ge=0,
        description="Penalty of the features, per subject.",
    )
    l1_share: Annotated[
        float,
        Clause(
            "{l1_share} of it on their absolute values",
            when="features",
            silent=(0.0, 1.0),
        ),
    ] = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the penalty on the absolute values of the coefficients, "
        "which makes some of them 0: 0 is a ridge, 1 the lasso, between them lies the "
        "elastic net.",
    )
