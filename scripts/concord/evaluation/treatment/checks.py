"""Faults of treatments: what an endpoint lacks, and arms that know the treatment."""

from collections.abc import Iterator, Mapping
from typing import Any

from ...config_faults import nearest
from ...folds.treatment import PREDICTIVE

_KEYS = ("markers", "marker_arms", "adjust")


def predictive_faults(config: Any) -> Iterator[tuple[str, str]]:
    """Faults of endpoints with a treatment, or that lack one, as (key, message).

    Any endpoint may have a treatment; one of kind predictive must.

    Parameters
    ----------
    config : StudyConfig
        The whole configuration; its endpoints, arms and covariates are looked at.
    """
    for name, endpoint in config.endpoints.items():
        key = f"endpoints.{name}"
        if endpoint.treatment is None:
            yield from _without_treatment(key, endpoint)
        else:
            yield from _marker_faults(key, endpoint, config)
            yield from _column_faults(key, endpoint, config.covariates)
            yield from _arm_faults(name, endpoint, config)


_NO_TREATMENT = (
    "is missing; a predictive endpoint needs column, control, treated, and whether the "
    "treatment was randomized"
)


def _without_treatment(key: str, endpoint: Any) -> Iterator[tuple[str, str]]:
    """Kind or keys that take a treatment, where none is declared."""
    if endpoint.kind == PREDICTIVE:
        yield f"{key}.treatment", _NO_TREATMENT
        return
    for option in _KEYS:
        if getattr(endpoint, option):
            yield (
                f"{key}.{option}",
                "is of no use without a treatment; declare the treatment of this "
                "endpoint, or take the key out",
            )


def _marker_faults(key: str, endpoint: Any, config: Any) -> Iterator[tuple[str, str]]:
    """Markers that are not declared, or not declared elsewhere."""
    if not endpoint.names_markers:
        yield (
            f"{key}.markers",
            "is empty, and so is marker_arms; name at least one marker whose effect "
            "may depend on the treatment",
        )
    uses = [
        ("markers", endpoint.marker_covariates, "covariates"),
        ("marker_arms", endpoint.marker_arms, "arms"),
        ("adjust", endpoint.adjust, "covariates"),
    ]
    for option, used, section in uses:
        known = getattr(config, section)
        for name in used:
            if name not in known:
                hint = nearest(name, known)
                yield f"{key}.{option}", f"{name!r} is none of the {section}{hint}"


def _column_faults(
    key: str, endpoint: Any, covariates: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """A treatment that is the outcome, or its own marker or adjustment."""
    column = endpoint.treatment.column
    if column in endpoint.columns.values():
        yield f"{key}.treatment.column", f"{column!r} is the outcome of this endpoint"
    for option in ("markers", "adjust"):
        for name in getattr(endpoint, option):
            if name in covariates and covariates[name].column == column:
                yield (
                    f"{key}.{option}",
                    f"{name!r} reads {column!r}, the treatment itself",
                )


def _arm_faults(name: str, endpoint: Any, config: Any) -> Iterator[tuple[str, str]]:
    """Arms that predict from a treatment that somebody chose, or that is tested."""
    treatment = endpoint.treatment
    for arm, options in config.arms.items():
        for covariate in options.covariates:
            section = config.covariates.get(covariate)
            if section is None or section.column != treatment.column:
                continue
            if arm in endpoint.marker_arms:
                yield (
                    f"endpoints.{name}.marker_arms",
                    f"{arm!r} predicts from {covariate!r}, the treatment itself; name "
                    "an arm that does not know it",
                )
            if not treatment.randomized:
                yield (
                    f"arms.{arm}.covariates",
                    f"{covariate!r} reads {treatment.column!r}, the treatment of "
                    f"endpoints.{name}, which was not randomized; whoever chose it "
                    "knew the patient, so it is no baseline predictor: take it out",
                )
