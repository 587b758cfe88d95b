"""The model of an arm."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ...fields import Section
from ...methods_clauses import Clause, written

ModelKindName = Literal[
    "penalized", "forest", "boosting", "unpenalized", "linear_predictor"
]
#: Kinds of trees, which have no coefficients.
TREES: tuple[ModelKindName, ...] = ("forest", "boosting")
#: Options of a model by the kinds that use them.
USED_BY: Mapping[str, tuple[ModelKindName, ...]] = {
    "trees": TREES,
    "min_leaf": TREES,
    "max_depth": TREES,
    "learning_rate": ("boosting",),
    "firth": ("unpenalized",),
    "weights": ("linear_predictor",),
    "intercept": ("linear_predictor",),
    "means": ("linear_predictor",),
}
#: Options of trees that are null in the configuration, by kind.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "forest": {"trees": 300, "min_leaf": 5, "max_depth": 8},
    "boosting": {"trees": 100, "min_leaf": 10, "max_depth": 3, "learning_rate": 0.1},
}
#: Kinds of models that cannot predict a kind of outcome, and why.
REFUSED: Mapping[tuple[str, str], str] = {
    ("survival", "forest"): "a random survival forest has no library under a "
    "permissive licence that is kept well enough to rely on",
    ("survival", "boosting"): "its library boosts no time to an event",
}


def _forest(model: "ModelSection") -> str:
    return (
        f"a random forest of {model.option('trees')} trees with at most "
        f"{model.option('max_depth')} levels and leaves of at least "
        f"{model.option('min_leaf')} subjects"
    )


def _boosting(model: "ModelSection") -> str:
    return (
        f"{model.option('trees')} boosted trees with at most "
        f"{model.option('max_depth')} levels, leaves of at least "
        f"{model.option('min_leaf')} subjects and a learning rate of "
        f"{written(model.option('learning_rate'))}"
    )


def _unpenalized(model: "ModelSection") -> str:
    return f"no penalty{' but that of Firth' if model.firth else ''}"


def _score(model: "ModelSection") -> str:
    return (
        "a published score, not refitted, that weighs "
        f"{written(list(model.weights))} in their own units"
    )


_WORDS = {
    "forest": _forest,
    "boosting": _boosting,
    "unpenalized": _unpenalized,
    "linear_predictor": _score,
}


def _model(model: "ModelSection") -> str:
    words = _WORDS.get(model.kind)
    return words(model) if words else ""


def _intercept(model: "ModelSection") -> str:
    if model.kind != "linear_predictor" or model.intercept is None:
        return ""
    return f"with the intercept {written(model.intercept)}"


def _means(model: "ModelSection") -> str:
    if model.kind != "linear_predictor" or not model.means:
        return ""
    places = (f"{name} at {written(mean)}" for name, mean in model.means.items())
    return f"centred ({', '.join(places)})"


class ModelSection(Section):
    """Kind of the model of an arm, and the options of each kind."""

    kind: Annotated[ModelKindName, Clause(_model)] = Field(
        default="penalized",
        description="penalized: regression with `penalty` on the features; forest: "
        "random forest, binary outcomes only; boosting: gradient boosted trees, binary "
        "outcomes only; unpenalized: regression of few predictors, with firth for few "
        "events; linear_predictor: a published score, never refitted.",
    )
    trees: int | None = Field(
        default=None,
        ge=1,
        le=2000,
        description="forest, boosting: number of trees; null: 300 of a forest, 100 of "
        "boosting.",
    )
    min_leaf: int | None = Field(
        default=None,
        ge=1,
        description="forest, boosting: subjects of a leaf, at least; null: 5 of a "
        "forest, 10 of boosting.",
    )
    max_depth: int | None = Field(
        default=None,
        ge=1,
        le=20,
        description="forest, boosting: levels of a tree, at most; null: 8 of a forest, "
        "3 of boosting.",
    )
    learning_rate: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="boosting: share of each tree that is added; null: 0.1.",
    )
    firth: bool = Field(
        default=False,
        description="unpenalized: Firth's penalized likelihood, for few events or "
        "outcomes that a predictor separates.",
    )
    weights: dict[str, float] = Field(
        default={},
        description="linear_predictor: weight per unit of each covariate (of a "
        "category, of each level but the reference, such as stage=III) and feature of "
        "the arm, as published.",
    )
    intercept: Annotated[float | None, Clause(_intercept)] = Field(
        default=None,
        description="linear_predictor: log odds of a subject at the means; null: the "
        "score gives no probability.",
    )
    means: Annotated[dict[str, float], Clause(_means)] = Field(
        default={},
        description="linear_predictor: what is taken from a column before it is "
        "weighted, if the score was published centred.",
    )

    def option(self, name: str) -> Any:
        """Value of an option of trees; where it is null, that of the kind."""
        value = getattr(self, name)
        return _DEFAULTS[self.kind][name] if value is None else value

    @property
    def has_penalty(self) -> bool:
        """True if the model has a penalty, which may be tuned."""
        return self.kind == "penalized"

    @property
    def is_linear(self) -> bool:
        """True if the model has a coefficient of each predictor."""
        return self.kind not in TREES

    @property
    def is_given(self) -> bool:
        """True if the model is published and not fitted."""
        return self.kind == "linear_predictor"


def _penalty(arm: Any) -> str:
    if not arm.model.has_penalty:
        return ""
    kinds = {0.0: "a ridge", 1.0: "a lasso"}
    kind = kinds.get(arm.l1_share, "an elastic net")
    return f"{kind} penalty of {written(arm.penalty)} per subject on features"


def _l1_share(arm: Any) -> str:
    if not arm.model.has_penalty or arm.l1_share in (0.0, 1.0):
        return ""
    return f"{written(arm.l1_share)} of it on their absolute values"


class ArmModel(Section):
    """Model of an arm."""

    model: ModelSection = Field(
        default=ModelSection(),
        description="Kind of the model and its options; docs/models.md describes each.",
    )
    penalty: Annotated[
        float,
        Clause(_penalty, when="features"),
    ] = Field(
        default=0.1,
        ge=0,
        description="Penalty of the features, per subject (model.kind penalized).",
    )
    l1_share: Annotated[
        float,
        Clause(_l1_share, when="features"),
    ] = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the penalty on the absolute values of the coefficients, "
        "which makes some of them 0: 0 is a ridge, 1 the lasso, between them lies the "
        "elastic net.",
    )
