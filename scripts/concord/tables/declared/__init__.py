"""Declarations of the kinds of tables, those of a stage in a module of their own.

- `agreement`: kinds of tables of the agreement of readers
- `competing`: kinds of tables of competing risks
- `features`: kinds of tables of features and their stability
- `fusion`: kinds of tables of late fusion
- `guards`: kinds of tables of guards: is there enough to learn from, and is it new
- `harmonization`: kinds of tables of batch effects and what else groups differ in
- `ingest`: kinds of tables of the ingest
- `models`: kinds of tables of folds, models and their evaluation
- `multiverse`: kinds of tables of a multiverse: analyses, their choices, and what they
  show
- `predictions`: kinds of tables of predictions, and of their agreement over readers
- `run`: kinds of tables about the run itself
- `simulation`: kinds of tables of the truth of a simulated study
- `treatment`: kinds of tables of predictive endpoints: treatment by marker
- `tuning`: kinds of tables of tuning
- `validation`: kinds of tables of internal validation: groups pooled, and bootstrap
  samples
"""
