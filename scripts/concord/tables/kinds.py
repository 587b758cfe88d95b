"""Every kind of table of a study: column, type, unit, range and meaning."""

from .columns import Column
from .declared import (
    agreement,
    competing,
    course,
    discrimination,
    features,
    fusion,
    guards,
    harmonization,
    ingest,
    instability,
    models,
    multiverse,
    plan,
    predictions,
    probabilities,
    run,
    simulation,
    subgroups,
    treatment,
    tuning,
    utility,
    validation,
)
from .declared.transfer import external, predicted, updating
from .keys import FEATURE_KEYS

__all__ = ["FEATURE_KEYS", "KINDS", "Column"]

KINDS: dict[str, dict[str, Column]] = (
    ingest.KINDS
    | simulation.KINDS
    | agreement.KINDS
    | features.KINDS
    | harmonization.KINDS
    | models.KINDS
    | plan.KINDS
    | predictions.KINDS
    | probabilities.KINDS
    | guards.KINDS
    | fusion.KINDS
    | competing.KINDS
    | discrimination.KINDS
    | course.KINDS
    | run.KINDS
    | treatment.KINDS
    | tuning.KINDS
    | utility.KINDS
    | validation.KINDS
    | instability.KINDS
    | subgroups.KINDS
    | multiverse.KINDS
    | predicted.KINDS
    | external.KINDS
    | updating.KINDS
)
