"""Survival times: censoring, courses, and how well risks are predicted.

- `brier`: brier score of risks at a horizon, with weights for censoring and its
  influences
- `censoring_survival`: Kaplan-Meier estimate of the time to censoring: probability of
  being followed on
- `pseudo_values`: pseudo-observations of the risk at a horizon, with and without
  competing causes
"""
