"""Discrimination of predictions on evaluation rows, with confidence intervals.

- `bootstrap`: optimism of every arm and its .632+ estimate, from bootstrap samples
- `calibration`: widening of standard errors by what permuted outcomes show of refitted
  models
- `company`: company of a headline arm: the baselines that its value is read against
- `comparisons`: paired differences of arms over the same folds and subjects
- `curves`: curves of an endpoint: ROC, or survival of the predicted risk groups
- `exclusions`: members of the cohort without a judged score of an arm, each with the
  reason
- `fold_errors`: standard error of a mean over folds, its degrees of freedom and its
  interval
- `fold_values`: one number per evaluation fold, and how far each cluster of subjects
  moves it
- `fusion`: weights of the members of fused arms, and subjects who were scored without
  one
- `intervals`: confidence intervals of discrimination measures
- `missing_values`: subjects who were scored completely, with imputed predictors, or not
  at all
- `null_band`: place of a value among those of permuted outcomes: p-value and band
- `null_tests`: permutation test of every arm: its value among those of permuted
  outcomes
- `outcome_codes`: codes of what ended the follow-up of a prediction's subject
- `performance`: discrimination of every arm, fold by fold, with intervals
- `pooled_groups`: values of the groups that were left out, pooled with random effects
- `reader_agreement`: agreement of predictions between readers' segmentations
- `risk_groups`: survival of the predicted risk groups, and how far their curves are
  apart
- `roc`: mean ROC curve over the folds of the cross-validation, or of the leading scheme
- `selection`: selection frequency of features
- `settings`: settings of the evaluation and its rules
- `added_value/`: added value of an arm over another one
- `competing/`: causes that compete: incidence, effects of both kinds and tests of
  groups
- `course/`: course of survival: risk groups, and effects that change with time
- `discrimination/`: discrimination in detail: operating points, C-indices and the AUC
  over time
- `external/`: external validation: what a frozen model reached, beside what was to be
  expected
- `given/`: predictions that another tool made: read, checked and judged like own ones
- `guards/`: guards of the evaluation: is there enough to learn from
- `instability/`: instability: models of other samples of the same subjects, and what
  they change
- `multiverse/`: every analysis at once: alternatives of keys, judged in the same folds
- `probabilities/`: predicted probabilities and risks against outcomes: calibration and
  squared error
- `sealed/`: test of the final models on sealed subjects, and the ledger of every look
  at them
- `subgroups/`: subgroups and fairness: the same metrics by subgroup, with tests of
  interaction
- `treatment/`: treatment and marker: for whom a treatment works
- `updating/`: updates of frozen models, judged by the subjects that they were learnt
  from
- `utility/`: utility of predictions: decision curves and clinical impact
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "comparisons": ["comparison_pairs"],
        "reader_agreement": ["prediction_agreement", "scored_pairs"],
        "risk_groups": ["known_rows"],
        "roc": ["mean_curve"],
        "selection": ["selection_frequency"],
        "settings": [
            "Evaluate",
            "EvaluationSection",
            "Judgement",
            "PredictionAgreement",
        ],
    },
)
