"""Statistics that several stages share.

- `discrimination`: concordance of a score with who has the event, or has it earlier
- `icc`: intraclass correlation of many features at once
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "discrimination": [
            "AUC",
            "Concordance",
            "concordance",
            "metric_of",
            "pair_matrix",
            "within_groups",
        ],
        "icc": ["IccTable", "intraclass_correlation"],
    },
)
