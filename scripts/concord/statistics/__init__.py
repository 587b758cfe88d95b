"""Statistics that several stages share.

- `constants`: constancy of a column: spread that is more than the rounding of its
  values
- `discrimination`: discrimination of scores: pairs that are ordered as the outcomes are
- `existence`: existence of an optimum: collinear columns, and columns that separate the
  outcomes
- `fold_mean`: mean of a measure over folds, and its standard error by clusters of
  subjects
- `group_tests`: tests of differences between groups, with their size and what chance
  gives
- `icc`: intraclass correlation of many features at once
- `log_rank`: log-rank statistics: chi-squared over several groups, and the signed one
  of two
- `multiple_tests`: p-values of several tests at once
- `outcome_kinds`: kinds of outcomes: target of a model, discrimination and its curve
- `ranks`: ranks of values, tied ones with their mean rank
- `row_space`: row space of ridge-penalized columns: as many coordinates as rows, not
  columns
- `targets`: targets of models: outcomes, and what else the likelihood needs of a
  subject
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
