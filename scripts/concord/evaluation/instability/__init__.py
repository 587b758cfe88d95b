"""Instability: models of other samples of the same subjects, and what they change.

- `calibration`: calibration of sample models in the original subjects: slope, in the
  large, curve
- `checks`: faults of the instability that a study asks for
- `instability`: instability of predictions, classes and calibration over models of
  other samples
- `samples`: predictions of sample models as matrices: models by subjects
- `selection_stability`: stability of the selected features of arms, over folds or over
  bootstrap samples
- `settings`: settings of the instability of predictions, and of its rule
"""
