"""Evaluation of predictions on evaluation rows, with uncertainty.

- `intervals`: intervals of discrimination measures that do not pretend more than they
  know
- `performance`: performance of every arm, fold by fold, and its difference to other
  arms
- `reader_agreement`: how much predictions move when another reader draws the outlines
- `selection`: how often each feature entered a model
- `settings`: settings of the evaluation and its rules
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "performance": ["comparison_pairs", "comparisons"],
        "reader_agreement": ["prediction_agreement", "scored_pairs"],
        "selection": ["selection_frequency"],
        "settings": [
            "Evaluate",
            "EvaluationSection",
            "Judgement",
            "PredictionAgreement",
        ],
    },
)
