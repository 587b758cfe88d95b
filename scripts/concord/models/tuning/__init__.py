"""Tuning: options of an arm chosen by inner folds of each development set.

- `blind_rows`: rows of a fold after all steps that are blind to the outcome
- `candidates`: candidates: settings of an arm that inner folds compare
- `deviance`: deviance of held-out subjects, by which settings are compared
- `inner_folds`: inner folds: a development set split again, like the outer folds
- `paths`: fits of the steps that see the outcome, along penalties that fall
- `prepared`: rows of a development set and of its inner folds, after all blind steps
- `search`: search: the settings with the smallest deviance in inner folds, or simpler
  ones
- `tuned_fit`: fit of a tuned arm: inner folds choose its options, all rows fit it
"""
