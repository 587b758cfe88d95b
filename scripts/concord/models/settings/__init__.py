"""Settings of the arms, and of the rules that fit them and predict by them.

- `arm`: an arm: predictors, steps and model that are compared with those of others
- `faults`: faults of the models of arms: options of other kinds, outcomes that they
  refuse
- `fusion`: late fusion: an arm that combines the scores of other arms, one per modality
- `model`: the model of an arm
- `predictors`: predictors of an arm, and how batch effects are removed from them
- `rules`: settings of the rules that fit arms and predict by them
- `specification`: one arm for one endpoint, with all that decides what it learns
- `steps`: steps between the predictors and the model of an arm
- `thresholds`: settings of the thresholds above which a score is called high
- `tuning`: options of an arm that inner folds choose
"""
