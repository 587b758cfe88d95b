"""Statistics of models that are applied to other subjects.

- `model_based_concordance`: concordance that predictions would have if they were right
"""
