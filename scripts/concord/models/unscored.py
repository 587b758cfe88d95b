"""Reasons why a model has no score for a subject, as predictions begin to tell them.

Apart from the models, so that what reads predictions
need not import what makes them.
"""

#: The subject has no row of the session and reader that the model was fitted to.
NO_ROW = "no feature row"
#: The batch of the subject was estimated from it.
USED = "used for adaptation"
REFUSED = "batch not in development"
TOO_FEW = "too few subjects of an unseen batch to adapt"
