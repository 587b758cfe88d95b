"""Declarations of the kinds of tables, those of a stage in a module of their own.

- `agreement`: kinds of tables of the agreement of readers
- `competing`: kinds of tables of competing risks
- `course`: kinds of tables of the course of survival
- `discrimination`: kinds of tables of discrimination in detail
- `features`: kinds of tables of features and their stability
- `fusion`: kinds of tables of late fusion
- `guards`: kinds of tables of guards: is there enough to learn from, and is it new
- `harmonization`: kinds of tables of batch effects and what else groups differ in
- `ingest`: kinds of tables of the ingest
- `instability`: kinds of tables of instability: models of other samples of the same
  subjects
- `models`: kinds of tables of folds, models and their evaluation
- `multiverse`: kinds of tables of a multiverse: analyses, their choices, and what they
  show
- `plan`: kinds of tables of the registered plan, and of the sealed test set and its
  looks
- `predictions`: kinds of tables of predictions, and of their agreement over readers
- `probabilities`: kinds of tables of probabilities: calibration, its curve, and squared
  errors
- `run`: kinds of tables about the run itself
- `simulation`: kinds of tables of the truth of a simulated study
- `subgroups`: kinds of tables of subgroups: metrics, tests of interaction, and classes
- `treatment`: kinds of tables of predictive endpoints: treatment by marker
- `tuning`: kinds of tables of tuning
- `utility`: kinds of tables of utility: decision curves, clinical impact, added value
- `validation`: kinds of tables of internal validation: groups pooled, and bootstrap
  samples
- `transfer/`: kinds of tables of frozen models at other hospitals
"""
