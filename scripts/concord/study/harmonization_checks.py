"""Faults in how a study is harmonized."""

from collections.abc import Iterator

from ..config_faults import Fault, nearest
from .config import StudyConfig


def harmonization_faults(config: StudyConfig, where: str) -> Iterator[Fault]:
    """Contradictions between harmonization and the arms that use it."""
    yield from _variable_faults(config, where)
    yield from _curve_faults(config, where)
    if config.harmonization.fit_on == "phantom":
        yield from _phantom_faults(config, where)
        yield from _transform_faults(config, where)


def _variable_faults(config: StudyConfig, where: str) -> Iterator[Fault]:
    settings = config.harmonization
    for image, names in settings.batch.items():
        if len(set(names)) < len(names):
            key = f"harmonization.batch.{image}"
            yield Fault(where, key, f"{names} names a variable twice")
    known = sorted({name for names in settings.batch.values() for name in names})
    for name in settings.reference:
        if name not in known:
            yield Fault(
                where,
                "harmonization.reference",
                f"{name!r} is no batch variable{nearest(name, known)}; they are "
                f"{known}",
            )


def _curve_faults(config: StudyConfig, where: str) -> Iterator[Fault]:
    keep, key = config.harmonization.keep, "harmonization.smooth"
    for name in config.harmonization.smooth:
        covariate = config.covariates.get(name)
        if name not in keep:
            what = f"is not in harmonization.keep{nearest(name, keep)}"
            yield Fault(where, key, f"{name!r} {what}")
        elif covariate is not None and covariate.kind != "number":
            yield Fault(where, key, f"{name!r} is a category; only numbers have curves")


def _phantom_faults(config: StudyConfig, where: str) -> Iterator[Fault]:
    settings = config.harmonization
    if settings.phantom_table is None:
        yield Fault(
            where,
            "harmonization.phantom_table",
            "is null, but harmonization.fit_on is phantom; name the feature table",
        )
    for name, arm in config.arms.items():
        if arm.harmonizes and arm.harmonizer != "combat":
            yield Fault(
                where,
                f"arms.{name}.harmonizer",
                f"is {arm.harmonizer!r}; a phantom serves only 'combat'",
            )
        if arm.harmonizes and (arm.unseen or settings.unseen) == "adapt":
            yield Fault(
                where,
                f"arms.{name}.unseen",
                "is 'adapt', but harmonization.fit_on is phantom: patients cannot "
                "stand in for the phantom; choose refuse or passthrough",
            )


def _transform_faults(config: StudyConfig, where: str) -> Iterator[Fault]:
    """Arms whose features are not those that a phantom tells the batch effects of."""
    for name, arm in config.arms.items():
        if arm.harmonizes and any(one != "none" for one in arm.transforms):
            yield Fault(
                where,
                f"arms.{name}.transform",
                f"is one of {arm.transforms}, but harmonization.fit_on is phantom: its "
                "scans tell batch effects of features as measured; choose none",
            )
