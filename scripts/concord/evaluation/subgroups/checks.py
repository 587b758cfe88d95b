"""Faults of declared subgroups: unknown variables, and bands that are none."""

from collections.abc import Iterator, Mapping
from typing import Any

from ...config_faults import nearest
from .settings import GROUP, SITE, Subgroup


def subgroup_faults(config: Any) -> Iterator[tuple[str, str]]:
    """Faults of the subgroups of a study, as (key, message).

    Parameters
    ----------
    config : StudyConfig
        The whole configuration; its covariates, factors and batches are looked at.
    """
    known = [*config.covariates, *config.factors, SITE, GROUP, *_batches(config)]
    for name, one in config.evaluation.subgroups.items():
        key, wanted = f"evaluation.subgroups.{name}", one.of or name
        if wanted not in known:
            yield (
                f"{key}.of",
                f"is {wanted!r}, expected a covariate, a factor, site, group or a "
                f"batch of harmonization.batch{nearest(wanted, known)}",
            )
        else:
            yield from _band_faults(key, wanted, one, config.covariates)


def _band_faults(
    key: str, wanted: str, one: Subgroup, covariates: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    is_number = wanted in covariates and covariates[wanted].kind == "number"
    if is_number and not one.bands:
        yield (
            f"{key}.bands",
            f"is empty, but {wanted!r} is a number; write where its bands begin, such "
            "as [50, 65]",
        )
    if not is_number and one.bands:
        yield (
            f"{key}.bands",
            f"is {one.bands}, but {wanted!r} is no number; take the key out",
        )
    pairs = zip(one.bands, one.bands[1:], strict=False)
    if not all(first < second for first, second in pairs):
        yield f"{key}.bands", f"is {one.bands}, expected ascending numbers"


def _batches(config: Any) -> list[str]:
    """Batches of the harmonization as <image>.<variable>."""
    return [
        f"{image}.{variable}"
        for image, variables in config.harmonization.batch.items()
        for variable in variables
    ]
