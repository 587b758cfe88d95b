"""Every kind of table of a study: column, type, unit, range and meaning."""

from .columns import Column
from .declared import (
    agreement,
    competing,
    features,
    fusion,
    guards,
    harmonization,
    ingest,
    models,
    multiverse,
    predictions,
    run,
    simulation,
    treatment,
    tuning,
    validation,
)
from .keys import FEATURE_KEYS

__all__ = ["FEATURE_KEYS", "KINDS", "Column"]

KINDS: dict[str, dict[str, Column]] = (
    ingest.KINDS
    | simulation.KINDS
    | agreement.KINDS
    | features.KINDS
    | harmonization.KINDS
    | models.KINDS
    | predictions.KINDS
    | guards.KINDS
    | fusion.KINDS
    | competing.KINDS
    | run.KINDS
    | treatment.KINDS
    | tuning.KINDS
    | validation.KINDS
    | multiverse.KINDS
)
