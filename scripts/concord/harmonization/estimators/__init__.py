"""Harmonizers as estimators: fitted to development rows, applied to others.

- `base`: base of all harmonizers: rows, unseen batches, estimates as JSON
- `collinearity`: collinearity of kept covariates and batches
- `combat`: ComBat: learn batch effects from development rows, remove them from any row
- `covariates`: kept covariates as columns of a design, coded as the development rows
  say
- `covbat`: CovBat: ComBat, then ComBat again on the principal components of what is
  left
- `effects`: effects of batches on all features, shrunk or not, as the options say
- `empirical_bayes`: batch effects of all features of one batch, shrunk towards their
  common prior
- `factory`: harmonizers by name, and from the estimates of an earlier fit
- `gains`: gains of batches, from subjects measured in several of them
- `identity`: no harmonization, with the same manners as a harmonizer
- `layout`: rows in the order of their batches, features in blocks
- `location_scale`: the linear model of ComBat: batch means, kept covariates and
  residual spread
- `phantom_combat`: batch effects learnt from a phantom or from travelling subjects
- `sequence`: several batch variables, removed one after the other in a declared order
- `zscore`: scores within batches: each batch has the same mean and spread afterwards
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "base": ["ADAPT", "Harmonizer", "MISSING", "PASSTHROUGH", "labels"],
        "combat": ["ComBat"],
        "empirical_bayes": ["MIN_FEATURES"],
        "factory": ["from_estimates", "make_from_phantom"],
        "sequence": ["HarmonizerSequence"],
    },
)
