"""Instability of models: stability of selected features, spread of predictions.

- `local_line`: local straight lines: a smooth curve of outcomes over predictions
  (loess)
- `prediction_spread`: spread of predictions over models that were fitted to other
  samples of subjects
- `selection_stability`: stability of selected features over several fits: Nogueira's
  index
"""
