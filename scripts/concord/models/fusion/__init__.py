"""Late fusion: arms that combine the scores of other arms.

- `combination`: standardized scores combined to one linear predictor, by learnt weights
- `fit`: fit of a fused arm to the development rows of a fold
- `member_scores`: standardized scores of members of a fused arm, in and out of inner
  folds
- `null`: refits of a fused arm to permuted outcomes, its blind steps prepared once
- `prediction`: predictions of a fused arm from the members that a subject has
"""
