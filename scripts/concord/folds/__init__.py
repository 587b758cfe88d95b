"""Cohort of the study, and its development and evaluation sets.

- `cohort`: the cohort: one row per subject with site, batches, covariates and outcomes
- `settings`: settings of the cohort and its splits: covariates, factors, endpoints,
  validation
- `splits`: development and evaluation sets: one table that every model of a study reads
- `splitting`: rows of each fold, apart: what may be learnt from, and what is judged
- `subject_table`: subject table: one row per subject, one column per feature of an
  image and region
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "cohort": ["assemble", "covariate_columns", "outcome", "safe_label"],
        "settings": [
            "AssembleCohort",
            "Covariate",
            "CovariateSection",
            "Endpoint",
            "EndpointKind",
            "EndpointSection",
            "Factor",
            "FactorSection",
            "MakeFolds",
            "SplittingSection",
            "ValidationSection",
        ],
        "splits": ["schemes", "stratified"],
        "splitting": ["FoldName", "Rows", "Split", "labels", "splits_of"],
        "subject_table": ["feature_matrix", "feature_names", "matching", "modalities"],
    },
)
