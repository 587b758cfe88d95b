"""Every analysis at once: alternatives of keys, judged in the same folds.

- `choice_effects`: choices of analyses, and how far each of them moves the value
- `fits`: values of many analyses in the same folds, observed and under permuted
  outcomes
- `fold_data`: data of one fold for many analyses: what they have in common is made once
- `gathering`: all analyses of an endpoint together: tests, place of the headline,
  choices
- `joint_tests`: permutation tests of each analysis, and of all analyses together
- `permuted_outcomes`: outcomes of all subjects, permuted alike for every analysis
- `settings`: settings of the multiverse: alternatives of keys, and the analyses they
  give
- `values`: tables of the analyses of one job: values, intervals and permuted values
"""
