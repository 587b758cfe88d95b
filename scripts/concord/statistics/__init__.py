"""Statistics that several stages share.

- `censoring`: inverse probability of censoring weights of outcomes at a horizon
- `chained_equations`: imputation by chained equations: draws for known outcomes, frozen
  means for others
- `conditional_draws`: draws of a number or a category given other columns, and what
  they are learnt by
- `constants`: constancy of a column: spread that is more than the rounding of its
  values
- `cumulative_hazard`: nelson and Aalen's estimate of the cumulative hazard
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
- `mahalanobis`: mahalanobis distances of rows from the others, and the one that few
  exceed
- `meta_analysis`: random-effects meta-analysis: values of several groups pooled, with
  what they differ
- `multiple_tests`: p-values of several tests at once
- `optimism`: optimism of a model judged by its own subjects, by bootstrap samples of
  them
- `outcome_kinds`: kinds of outcomes: target of a model, discrimination and its curve
- `ranks`: ranks of values, tied ones with their mean rank
- `risk_groups`: risk groups: cuts of scores chosen in development, and names of the
  groups
- `row_space`: row space of ridge-penalized columns: as many coordinates as rows, not
  columns
- `rubin`: rubin's rules: estimates from several imputations as one, with its variance
- `sample_size`: smallest development sets of prediction models, by the criteria of
  Riley et al
- `targets`: targets of models: outcomes, and what else the likelihood needs of a
  subject
- `calibration/`: calibration: do predicted probabilities agree with what is observed?
- `classification/`: classification: thresholds of scores, who is called high, and what
  that gains
- `competing/`: competing risks: incidence of one of several causes, tests of groups,
  regression
- `external/`: statistics of models that are applied to other subjects
- `instability/`: instability of models: stability of selected features, spread of
  predictions
- `subgroups/`: subgroups: recalibration of predictions, and tests of how far values
  differ
- `survival/`: outcomes with times: censoring, courses, and what scores and risks tell
  of them
- `updating/`: formulas of updates of a model: recalibration, and which of it is
  warranted
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
