"""External validation: what a frozen model reached, beside what was to be expected.

- `calibration`: calibration of one arm and population beside what calibrated
  predictions have
- `case_mix`: model-based concordance of development and external subjects, as pairs of
  rows
- `comparing`: tables of external validation: all models of an endpoint, in both
  populations
- `discrimination`: observed and expected discrimination, and how much of the change is
  case mix
- `expected`: numbers of performance that a frozen model was found to have in
  development
- `populations`: external subjects whose scores are judged: the applicable ones, and all
  with a score
- `predictors`: unlikeness of external and development subjects: scores and predictors
- `rows`: one line of the table of what was expected and what was found
- `score_shift`: scores of external subjects over the percentiles of development
- `settings`: settings of rule compare_expected
"""
