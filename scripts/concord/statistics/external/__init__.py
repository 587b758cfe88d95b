"""Statistics of models that are applied to other subjects.

- `bounds`: intervals of sums and differences of independent estimates from their own
  intervals
- `development_scores`: scores of development as far as percentiles of them tell
- `membership`: membership model: how well predictors tell external from development
  subjects
- `model_based_concordance`: concordance that scores would have if the model were right:
  their spread alone
- `spread`: mean and standard deviation of scores, and how far each subject moves them
"""
