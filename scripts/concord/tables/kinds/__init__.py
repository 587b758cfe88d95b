"""Every kind of table of a study: column, type, unit, range and meaning.

The kinds of a stage are declared in a module of their own.

- `agreement`: kinds of tables of the agreement of readers
- `competing`: kinds of tables of competing risks
- `features`: kinds of tables of features and their stability
- `fusion`: kinds of tables of late fusion
- `guards`: kinds of tables of guards: is there enough to learn from, and is it new
- `harmonization`: kinds of tables of batch effects and what else groups differ in
- `ingest`: kinds of tables of the ingest, and of the truth of a simulated study
- `models`: kinds of tables of folds, models and their evaluation
- `run`: kinds of tables about the run itself
- `treatment`: kinds of tables of predictive endpoints: treatment by marker
- `tuning`: kinds of tables of tuning
- `validation`: kinds of tables of internal validation: groups pooled, and bootstrap
  samples
"""

from ..columns import Column
from ..keys import FEATURE_KEYS
from . import (
    agreement,
    competing,
    features,
    fusion,
    guards,
    harmonization,
    ingest,
    models,
    run,
    treatment,
    tuning,
    validation,
)

__all__ = ["FEATURE_KEYS", "KINDS", "Column"]

KINDS: dict[str, dict[str, Column]] = (
    ingest.KINDS
    | agreement.KINDS
    | features.KINDS
    | harmonization.KINDS
    | models.KINDS
    | guards.KINDS
    | fusion.KINDS
    | competing.KINDS
    | run.KINDS
    | treatment.KINDS
    | tuning.KINDS
    | validation.KINDS
)
