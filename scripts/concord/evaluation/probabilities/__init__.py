"""Predicted probabilities and risks against outcomes: calibration and squared error.

- `averages`: means over the repeats of a cross-validation, with errors by clusters of
  subjects
- `calibration_table`: calibration of probabilities: in the large, slope and distances
  of the curve
- `curves`: flexible calibration curves with pointwise bands, and histograms of
  predictions
- `judged`: subjects of one repeat with their probabilities, outcomes and weights
- `overall`: overall performance of probabilities: Brier score, scaled and over time
- `pooled`: calibration of the groups that were left out, pooled with random effects
- `reasons`: reasons why a value of calibration or squared error is not defined
- `settings`: settings of rule calibrate
"""
