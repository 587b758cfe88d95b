"""Equation of a frozen linear model.

- `batches`: known batches as lines: what harmonization makes of one value of one
  feature
- `coefficients`: intercept and coefficients of a fitted model, if its score is linear
- `collapse`: collapse of a fitted linear model to one equation in measured values
- `digits`: digits with which a printed equation gives the score
- `evaluation`: values of an equation: terms, scores and risks of one subject
- `example`: worked example of a printed equation: a fictitious subject
- `files`: stand-alone file that scores by any frozen linear model
- `markdown`: markdown of names that come from outside: escaped, and in tables and code
- `points`: points of a nomogram: the terms of an equation on one common scale
- `printed`: the printed equation: Markdown from which a reader computes a score by hand
- `risks`: risks by a day from the baseline hazard of a frozen model
- `symbols`: symbols and numbers of a printed equation
- `terms`: linear models written out: terms of raw values, batches, members of fused
  arms
- `unbatched`: lines of a printed equation that remove the effects of known batches
- `whole`: frozen model that holds its score written out, as its maker writes it
- `words`: words for predictors, as a reader knows them
"""
