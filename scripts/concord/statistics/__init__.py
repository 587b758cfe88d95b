"""Statistics that several stages share.

- `discrimination`: discrimination of scores: AUC and concordance, with their standard
  errors
- `group_tests`: tests of differences between groups, with their size and what chance
  gives
- `icc`: intraclass correlation of many features at once
- `log_rank`: log-rank statistic of several groups
- `outcome_kinds`: kinds of outcomes: target of a model, discrimination, its error and
  its curve
- `ranks`: ranks of values, tied ones with their mean rank
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "discrimination": ["Concordance", "concordance"],
        "icc": ["IccTable", "intraclass_correlation"],
        "outcome_kinds": ["OUTCOME_KINDS", "OutcomeKind"],
    },
)
