"""Estimators: models that are fitted to rows after all steps.

- `base`: interface of the estimators that end the chain of steps of an arm
- `imputed`: a model fitted in each of several imputations of its covariates, and pooled
- `likelihood_shares`: likelihoods as sums: statistics of some rows, their combination,
  and the penalty
- `model_kind`: kinds of models: the estimator that predicts a kind of outcome
- `optimizer`: Newton's method for a smooth convex function, with a verified optimum
- `partial_likelihood`: the partial likelihood of Cox's model, with strata and tied
  events
- `path_fits`: fits of a penalized model along penalties that fall
- `penalized`: penalized logistic and Cox models with unpenalized covariates
- `penalized_base`: fit of a penalized model: elastic net or ridge, and its rescues
- `risk_sets`: risk sets of survival times: who may still have the event, by stratum and
  time
- `variances`: variances of the coefficients of a fit without a penalty
- `elastic_net/`: elastic net: penalized likelihoods whose optimum is confirmed by its
  conditions
"""
