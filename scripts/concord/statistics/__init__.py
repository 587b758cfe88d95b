"""Statistics that several stages share.

- `discrimination`: discrimination of scores: pairs that are ordered as the outcomes are
- `fold_mean`: mean of a measure over folds, and its standard error by clusters of
  subjects
- `icc`: intraclass correlation of many features at once
- `log_rank`: signed log-rank statistic of two groups, of many sets of outcomes at once
- `outcome_kinds`: kinds of outcomes: target of a model, discrimination and its curve
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
