"""Cohort of the study, and its development and evaluation sets.

- `batch_column`: batch column of a cohort: the batch variable of an image
- `bootstrap`: bootstrap samples of clusters of subjects, and the rows that they hold
  repeatedly
- `category_columns`: the 0/1 columns of a categorical covariate: which belong together,
  and their mode
- `causes`: competing causes: an event code per cause, one of them the cause of interest
- `cohort`: the cohort: one row per subject with site, batches, covariates and outcomes
- `cohort_columns`: typed columns of a cohort: labels of groups and batches, covariates
  and outcomes
- `completeness`: missing predictors of a subject, and who has too few of them to be
  used
- `copies`: copies of subjects under other ids: found before anything is learnt, and
  named
- `dealing`: clusters dealt round the folds, so that every stratum is spread evenly
- `declared_splits`: splits that a study declares: by a cut in time, or by the values of
  a column
- `fold_sets`: sets of folds: one for all endpoints, or one per endpoint, by what they
  spread
- `interpolated`: rows that lie on the line between two others, as oversampling (SMOTE)
  makes them
- `near_copies`: rows of a table that agree in nearly all features: copies under another
  id
- `phantom_table`: the table of a phantom or of travelling subjects, for estimating
  batch effects
- `scheme`: schemes of validation: repeated cross-validation, groups left out, declared
  splits, bootstrap samples, and the final fit
- `sealing`: subjects that are sealed for one test at the end: who they are, from the
  sheet alone
- `settings`: settings of the cohort and of the rules that make and split it
- `splits`: development and evaluation sets: one table that every model of a study reads
- `splitting`: rows of each fold, apart: what may be learnt from, and what is judged
- `subject_table`: subject table: one row per subject, one column per feature of an
  image and region
- `treatment`: settings of an endpoint with a treatment: its markers and the adjustment
- `validation`: settings of validation: how subjects are split into development and
  evaluation
- `endpoints/`: outcomes of a study: options of an endpoint, and the columns that they
  give
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "batch_column": ["BatchColumn"],
        "cohort": ["assemble", "covariate_columns", "outcome"],
        "scheme": [
            "CV",
            "EVALUATED",
            "FINAL",
            "LOSO",
            "Part",
            "Scheme",
            "kind_of",
            "pattern",
            "require_evaluated",
        ],
        "settings": [
            "AssembleCohort",
            "Covariate",
            "CovariateSection",
            "Endpoint",
            "EndpointKind",
            "OutcomeName",
            "EndpointSection",
            "Factor",
            "FactorSection",
            "MakeFolds",
        ],
        "splits": ["stratified"],
        "splitting": ["FoldName", "SubjectRows", "Split", "labels", "splits_of"],
        "validation": ["SplittingSection", "ValidationSection"],
        "subject_table": ["feature_matrix", "feature_names", "images", "matching"],
    },
)
