"""Survival times: censoring, courses, and how well risks are predicted.

- `censoring_survival`: Kaplan-Meier estimate of the time to censoring: probability of
  being followed on
"""
