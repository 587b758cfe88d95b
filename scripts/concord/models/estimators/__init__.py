"""Estimators: models that are fitted to rows after all steps.

- `base`: interface of the estimators that end the chain of steps of an arm
- `likelihood_shares`: likelihoods as sums: statistics of some rows, their combination,
  and the penalty
- `model_kind`: kinds of models: the estimator that predicts a kind of outcome
- `optimizer`: Newton's method for a smooth convex function, with a verified optimum
- `partial_likelihood`: the partial likelihood of Cox's model with Efron's treatment of
  ties
- `path_fits`: fits of a penalized model along penalties that fall
- `penalized`: penalized logistic and Cox models with unpenalized covariates
- `elastic_net/`: elastic net: penalized likelihoods whose optimum is confirmed by its
  conditions
"""
