"""Freezing of fitted models: one document for use elsewhere.

- `acquisition`: scanners, protocols, readers and sizes of regions of the development
  subjects
- `applicability`: development subjects as far as another one is compared with them
- `configuration`: sections of a study's configuration that make the features of a model
- `expected`: performance to expect of a frozen model: what its study found, or its own
  samples
- `facts`: sentences on how a frozen model was made and treats what it does not know
- `freezing`: frozen models of one development set: everything filled in, from its rows
  alone
- `harmonizer_restrictions`: fitted harmonizers that only some features pass
- `inputs`: inputs of a frozen model: features as their dictionary describes them,
  covariates
- `leakage`: leakage test of frozen models: nothing of whom they were made without is in
  them
- `learnt`: everything that a frozen model learns from the rows of its development
  subjects
- `model_restrictions`: fitted models of fewer columns: those that move the score
- `population`: development subjects in counts that name nobody
- `pruning`: pruned estimates: the columns that move the score, and nothing else
- `reading`: files that a model is frozen from
- `restrictions`: fitted steps that only some columns pass, by the estimates that
  rebuild them
- `samples`: models of bootstrap samples of the development subjects, for intervals
- `scores`: scores of the development subjects: their distribution, and what it promises
- `subgroups`: performance in subgroups that the evaluation found, as a frozen model
  tells it
"""
