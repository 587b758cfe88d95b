"""Null distribution: what arms reach when outcomes mean nothing.

- `permutation`: permutations of outcomes within groups, by whole clusters of subjects
- `permutation_null`: null distribution: the whole loop again under permuted outcomes
- `permuted_folds`: folds that are made anew for permuted outcomes, where they depend on
  the outcome
- `permuted_values`: values of an arm under many permuted outcomes, with their errors,
  all at once
- `refit`: many fits of the steps that see the outcome, to the same rows
"""
