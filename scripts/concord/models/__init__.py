"""Predictors and penalized models, fitted inside development sets.

- `absolute_risk`: absolute risk of an event by some days, from a score and the baseline
  hazard
- `arm`: predictors, outcomes and repeated measurements of an arm
- `arm_fit`: fit of any arm to the development rows of a fold, plain or fused
- `chain`: the chain of steps before a model, and the model, as one estimator
- `fitted_model`: fitted models as a versioned document, written and read here alone
- `fitted_steps`: fitted steps of one fold, and the rows they make, shared by pipelines
  that agree
- `fitting`: fits of arms in many folds; what arms have in common is made once
- `fold_fit`: fit of an arm to the development rows of a fold; nothing else is read here
- `known_results`: results of arms that are known from an earlier job, by all that
  decides on them
- `pipeline`: the chain from raw predictors to a model, as one estimator, and back from
  JSON
- `prediction`: predictions of fitted models for subjects that they have never seen
- `reader_predictions`: predictions of fitted models from other readers' segmentations
- `recalibration`: straight line that updates at other hospitals put on the score of a
  model
- `resampling`: arms fitted to bootstrap samples, and what their models reach: never
  predictions
- `sample_models`: predictions and features of models of bootstrap samples, for
  instability alone
- `software`: versions of the software that decides about the numbers of a fit
- `thresholds`: thresholds of scores that development subjects choose, of binary
  outcomes
- `unscored`: reasons why a model has no score for a subject, as predictions begin to
  tell them
- `unseen_batches`: unseen batches: evaluation rows of batches without development rows
- `estimators/`: estimators: models that are fitted to rows after all steps
- `fusion/`: late fusion: arms that combine the scores of other arms
- `leakage/`: leakage test: evaluation rows are perturbed, and nothing learnt may change
- `null/`: null distribution: what arms reach when outcomes mean nothing
- `settings/`: settings of the arms, and of the rules that fit them and predict by them
- `steps/`: steps before the model; fitted to development rows, each with its estimates
- `tuning/`: tuning: options of an arm chosen by inner folds of each development set
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "arm": ["ArmData", "arm_data", "repeated_measurements"],
        "fitted_model": ["json_schema", "write"],
        "fitting": ["fit_arms", "require_fitted"],
        "fold_fit": ["fit_fold"],
        "pipeline": [
            "build",
            "estimates",
            "harmonizing_steps",
            "outcome_blind_and_supervised",
        ],
        "prediction": ["predict_folds"],
        "reader_predictions": ["predict_readers"],
        "settings.arm": ["Arm", "ArmSection"],
        "settings.rules": [
            "FitArms",
            "FitNulls",
            "LeakageTest",
            "PredictArms",
            "PredictReaders",
        ],
        "settings.specification": ["ModelSpecification"],
        "steps.imputation": ["MedianImputer"],
        "steps.univariate": ["univariate_strength"],
    },
)
