"""Faults of the models of arms: options of other kinds, outcomes that they refuse."""

from collections.abc import Iterable, Iterator, Mapping

from ...config_faults import nearest
from ...folds.settings import CovariateSection, EndpointSection
from ...methods_clauses import listed
from ...statistics.outcome_kinds import BINARY
from .arm import ArmSection
from .model import REFUSED, USED_BY, ModelSection
from .steps import ArmSteps

#: Options of steps that a published score has too, or that leave out what it has not.
_OF_SCORES = ("max_missing", "stability_filter")
#: Options of an arm that belong to its penalty.
_OF_PENALTY = ("penalty", "l1_share")


def model_faults(
    arms: Mapping[str, ArmSection],
    endpoints: Mapping[str, EndpointSection],
    covariates: Mapping[str, CovariateSection],
) -> Iterator[tuple[str, str]]:
    """Contradictions in the model of each arm, as (key, message)."""
    for name, arm in arms.items():
        yield from _option_faults(f"arms.{name}", arm)
        yield from _tuning_faults(f"arms.{name}.tuning", arm)
        yield from _outcome_faults(f"arms.{name}.model", arm.model, endpoints)
        if arm.model.is_given:
            yield from _score_faults(f"arms.{name}", arm, covariates)


def _option_faults(key: str, arm: ArmSection) -> Iterator[tuple[str, str]]:
    """Options that the kind of the model does not use."""
    kind = arm.model.kind
    for option, users in USED_BY.items():
        value = getattr(arm.model, option)
        if value not in (None, False, {}) and kind not in users:
            yield (
                f"{key}.model.{option}",
                f"is {value!r}, but model.kind is {kind!r}; only "
                f"{listed(list(users))} {'use' if len(users) > 1 else 'uses'} it",
            )
    for option in _OF_PENALTY:
        if not arm.model.has_penalty and option in arm.model_fields_set:
            yield (
                f"{key}.{option}",
                f"is given, but model.kind is {kind!r}; only penalized models have a "
                "penalty. Leave the key out",
            )


def _tuning_faults(key: str, arm: ArmSection) -> Iterator[tuple[str, str]]:
    """Options that inner folds cannot choose for the kind of the model."""
    tuning, kind = arm.tuning, arm.model.kind
    if tuning is None or arm.model.has_penalty:
        return
    if arm.model.is_given:
        yield key, "is given, but nothing of a published score is chosen; leave it out"
    elif tuning.l1_share:
        yield (
            f"{key}.l1_share",
            f"is {tuning.l1_share}, but model.kind is {kind!r}; only penalized models "
            "have a penalty. Leave the key out",
        )
    elif not tuning.options():
        yield (
            key,
            f"tries nothing, as a model of kind {kind!r} has no penalty; give "
            "max_features or harmonizer, or leave it out",
        )


def _outcome_faults(
    key: str, model: ModelSection, endpoints: Mapping[str, EndpointSection]
) -> Iterator[tuple[str, str]]:
    """Outcomes that the kind of the model cannot predict."""
    for name, endpoint in endpoints.items():
        reason = REFUSED.get((endpoint.outcome_kind, model.kind))
        if reason is not None:
            yield (
                f"{key}.kind",
                f"is {model.kind!r}, which predicts no {endpoint.outcome_kind} outcome "
                f"such as endpoints.{name}: {reason}. Choose penalized or unpenalized, "
                "or give this endpoint a study of its own",
            )
            return
    kinds = {endpoint.outcome_kind for endpoint in endpoints.values()}
    if model.intercept is not None and BINARY.name not in kinds:
        yield (
            f"{key}.intercept",
            f"is {model.intercept:g}, but no endpoint is binary; the risk at a time "
            "comes from the baseline hazard of development. Leave the key out",
        )


def _score_faults(
    key: str, arm: ArmSection, covariates: Mapping[str, CovariateSection]
) -> Iterator[tuple[str, str]]:
    """Weights without predictors of the arm, and predictors without weights."""
    model = arm.model
    wanted = [*arm.features, *_columns(arm.covariates, covariates)]
    yield from _pattern_faults(key, arm)
    for name in model.weights:
        if name not in wanted:
            yield (
                f"{key}.model.weights",
                f"{name!r} is none of the arm's covariates, levels of categories but "
                f"the reference (stage=III), or features{nearest(name, wanted)}",
            )
    lacking = [name for name in wanted if name not in model.weights]
    if lacking:
        yield f"{key}.model.weights", f"has no weight of {listed(lacking)}"
    for name in model.means:
        if name not in model.weights:
            hint = nearest(name, model.weights)
            yield f"{key}.model.means", f"{name!r} has no weight{hint}"


def _pattern_faults(key: str, arm: ArmSection) -> Iterator[tuple[str, str]]:
    """Predictors and steps that a published score cannot have."""
    for feature in arm.features:
        if set("*?[") & set(feature):
            yield (
                f"{key}.features",
                f"{feature!r} is a pattern; a published score names its features",
            )
    if arm.group_indicator:
        yield f"{key}.group_indicator", "is true, but a published score has no groups"
    for option, field in ArmSteps.model_fields.items():
        value = getattr(arm, option)
        if option not in _OF_SCORES and value != field.get_default():
            yield (
                f"{key}.{option}",
                f"is {value!r}, but a published score takes its predictors as they "
                "are; leave the key out",
            )


def _columns(
    names: Iterable[str], covariates: Mapping[str, CovariateSection]
) -> Iterator[str]:
    """Covariates, and of categories the levels but the reference."""
    for name in names:
        covariate = covariates.get(name)
        if covariate is None or covariate.kind == "number":
            yield name
        else:
            yield from (f"{name}={level}" for level in covariate.levels[1:])
