"""Parameters that an arm estimates or chooses from, as the guards count them."""

import pandas as pd

from concord.evaluation.guards.sample_size import n_parameters
from concord.models.settings.arm import Arm

from ...modelling_study import make_tables

VOLUME = "CT.tumour.original.morphology.volume"
SCORE = {"kind": "linear_predictor", "weights": {"age": 0.1, VOLUME: 0.5}}


def test_a_published_score_estimates_no_parameter():
    cohort, fits = make_tables(n=12).cohort, pd.DataFrame({"n_candidates": [1, 1]})
    own = {"covariates": ["age"], "features": [VOLUME]}
    score, fitted = Arm(**own, model=SCORE), Arm(**own)

    assert n_parameters(score, fits, cohort) == 0.0
    assert n_parameters(fitted, fits, cohort) == 2.0
