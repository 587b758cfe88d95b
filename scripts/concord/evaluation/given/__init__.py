"""Predictions that another tool made: read, checked and judged like own ones.

- `cells`: cells of a table of given predictions as typed rows, with what is wrong in
  them
- `columns`: columns of a table of given predictions: those it has, and those it must
  have
- `importing`: given predictions as the tables that predictions of own arms have
- `joining`: scores of frozen models with what became of the subjects, as given
  predictions
- `permuted`: null distribution of given scores: outcomes permuted within groups, scores
  fixed
- `planned`: folds of given predictions, in the place of the fits that nobody here made
- `rows`: faults between the rows of given predictions: who was held out of which fold
- `settings`: the section `predictions`: a study of predictions that another tool made
"""
