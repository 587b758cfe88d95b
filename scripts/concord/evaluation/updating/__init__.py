"""Updates of frozen models, judged by the subjects that they were learnt from.

- `folds`: folds within the subjects of an update, by which its own calibration is
  judged
- `judged_updates`: predictions of a model before and after its updates, as tables of
  predictions
- `metrics`: names of metrics and stages by which updates are judged
- `performance`: calibration of a model before its updates, and after them, as found in
  two ways
- `update_rows`: rows of the table of updates, and the performance that travels with a
  model
- `updating`: all updates of a model by the subjects at another hospital, none of them
  silent
"""
