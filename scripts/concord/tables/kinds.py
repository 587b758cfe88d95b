"""Every kind of table of a study: column, type, unit, range and meaning.

The kinds of a stage are declared in a module of their own.
"""

from . import (
    kinds_agreement,
    kinds_competing,
    kinds_features,
    kinds_fusion,
    kinds_guards,
    kinds_harmonization,
    kinds_ingest,
    kinds_models,
    kinds_run,
    kinds_treatment,
    kinds_tuning,
    kinds_validation,
)
from .columns import Column
from .keys import FEATURE_KEYS

__all__ = ["FEATURE_KEYS", "KINDS", "Column"]

KINDS: dict[str, dict[str, Column]] = (
    kinds_ingest.KINDS
    | kinds_agreement.KINDS
    | kinds_features.KINDS
    | kinds_harmonization.KINDS
    | kinds_models.KINDS
    | kinds_guards.KINDS
    | kinds_fusion.KINDS
    | kinds_competing.KINDS
    | kinds_run.KINDS
    | kinds_treatment.KINDS
    | kinds_tuning.KINDS
    | kinds_validation.KINDS
)
