"""Predictors and penalized models, fitted inside development sets.

- `arm`: predictors and outcomes of an arm, one row per subject
- `fitted_arm`: an arm rebuilt from its estimates, which scores subjects it has never
  seen
- `fitting`: fit an arm to the development rows of each fold; nothing else is read here
- `optimizer`: Newton's method for a smooth convex function, with proof of the optimum
- `partial_likelihood`: the partial likelihood of Cox's model with Efron's treatment of
  ties
- `penalized`: ridge-penalized logistic and Cox models with unpenalized covariates
- `permutation_null`: the null band: the whole loop again with outcomes that mean
  nothing
- `phantom_table`: the table of a phantom or of travelling subjects, which teaches batch
  effects
- `pipeline`: the chain from raw predictors to a model, as one estimator, and back from
  JSON
- `reader_predictions`: what a frozen arm says when another reader has drawn the
  outlines
- `selection`: selection of features inside a development set
- `settings`: settings of the arms, and of the rules that fit them and predict by them
- `steps`: steps before the model; each learns from development rows and says what
- `unseen_batches`: evaluation rows of batches that the development rows do not hold
- `leakage/`: leakage test: evaluation rows are perturbed, and nothing learnt may change
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "arm": ["ArmData", "arm_data", "target"],
        "fitted_arm": ["predict_folds"],
        "fitting": ["fit_fold", "fit_folds", "repeated_measurements"],
        "permutation_null": ["null_band"],
        "phantom_table": ["read_if_given"],
        "pipeline": ["build", "estimates", "halves", "harmonizing_steps"],
        "reader_predictions": ["predict_readers"],
        "selection": ["univariate_strength"],
        "settings": [
            "Arm",
            "ArmSection",
            "FitArm",
            "FitNull",
            "ModelSpecification",
            "PredictArms",
            "PredictReaders",
            "ProveNoLeak",
        ],
        "steps": ["MedianImputer"],
    },
)
