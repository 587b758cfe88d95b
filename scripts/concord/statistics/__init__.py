"""Statistics that several stages share.

- `constants`: constancy of a column: spread that is more than the rounding of its
  values
- `discrimination`: discrimination of scores: AUC and concordance, with their standard
  errors
- `existence`: existence of an optimum: collinear columns, and columns that separate the
  outcomes
- `icc`: intraclass correlation of many features at once
- `outcome_kinds`: kinds of outcomes: target of a model, discrimination, its error and
  its curve
- `ranks`: ranks of values, tied ones with their mean rank
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "constants": ["exceeds_rounding", "varies", "without_rounding"],
        "discrimination": ["Concordance", "concordance"],
        "icc": ["IccTable", "intraclass_correlation"],
        "outcome_kinds": ["OUTCOME_KINDS", "OutcomeKind"],
    },
)
