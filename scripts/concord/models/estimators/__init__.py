"""Estimators: models that are fitted to rows after all steps.

- `base`: interface of the estimators that end the chain of steps of an arm
- `boosting`: gradient boosting of trees for a binary outcome, frozen to its nodes
- `bounded`: projected Newton method for a smooth convex function of few bounded
  variables
- `firth`: likelihoods of few columns without a penalty, or with that of Firth
- `forest`: random forest of a binary outcome, frozen to its nodes
- `imputed`: a model fitted in each of several imputations of its covariates, and pooled
- `likelihood_shares`: likelihoods as sums: statistics of some rows, their combination,
  and the penalty
- `linear_predictor`: a published score, given by its weights: it is validated and never
  refitted
- `model_kind`: kinds of models: the estimators of a kind of outcome, and the risk of a
  score
- `named_columns`: base of models that take a table by the names of its columns, or its
  values
- `optimizer`: Newton's method for a smooth convex function, with a verified optimum
- `outcome_likelihood`: the likelihood of outcomes: logistic, or partial where there are
  times
- `partial_likelihood`: the partial likelihood of Cox's model, with strata and tied
  events
- `path_fits`: fits of a penalized model along penalties that fall
- `penalized`: penalized logistic and Cox models with unpenalized covariates
- `penalized_base`: fit of a penalized model: elastic net or ridge, and its rescues
- `risk_sets`: risk sets of survival times: who may still have the event, by stratum and
  time
- `tree_model`: base of models of trees: what pipelines, documents and nulls ask of a
  model
- `trees`: trees as arrays of nodes: what a fitted forest or boosting is frozen to
- `unpenalized`: logistic and Cox models without a penalty, or with Firth's for few
  events
- `variances`: variances of the coefficients of a fit without a penalty
- `elastic_net/`: elastic net: penalized likelihoods whose optimum is confirmed by its
  conditions
"""
