"""Calibration and squared error of penalized models of an outcome that is noise."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.probabilities.calibration_table import calibration
from concord.evaluation.probabilities.judged import parts
from concord.evaluation.probabilities.overall import overall
from concord.models.estimators.penalized import RidgeLogistic

N, SITES, FOLDS, COLUMNS = 90, 3, 5, 6
CASES = [25, pytest.param(300, marks=pytest.mark.slow)]


def study(generator):
    """Predictions of ridge models of noise: by five folds, and each site left out."""
    names = [f"x{place}" for place in range(COLUMNS)]
    X = pd.DataFrame(generator.normal(size=(N, COLUMNS)), columns=names)
    event = generator.permutation(np.arange(N) % 5 < 2).astype(float)
    site = np.array(["A", "B", "C"])[np.arange(N) % SITES]
    order = generator.permutation(N) % FOLDS
    folds = [("cv", str(k + 1), order == k) for k in range(FOLDS)]
    folds += [("loso", name, site == name) for name in ("A", "B", "C")]
    subject = np.array([f"S{place:03d}" for place in range(N)])
    rows = []
    for scheme, fold, left in folds:
        model = RidgeLogistic(penalty=0.05).fit(X[~left], event[~left])
        p = model.predict_proba(X[left])[:, 1]
        known = {"subject_id": subject, "group": site, "event": event}
        part = pd.DataFrame({key: value[left] for key, value in known.items()})
        rows.append(part.assign(scheme=scheme, fold=fold, probability=p))
    table = pd.concat(rows, ignore_index=True)
    return table.assign(
        endpoint="noise",
        arm="ridge",
        repeat=1,
        cluster=table["subject_id"],
        time_days=np.nan,
    )


@pytest.mark.parametrize("n_studies", CASES)
def test_noise_is_not_called_calibrated_nor_a_site_odd_nor_anything_saved(n_studies):
    generator, found = np.random.default_rng(8), []
    for _ in range(n_studies):
        known = list(parts(study(generator), None, False))
        table, scores = calibration(known, 0.95), overall(known, "ridge", 0.95)
        found.append(_told(table, scores))
    share = pd.DataFrame(found).mean()
    slack = 3 * np.sqrt(0.05 * 0.95 / n_studies)
    # Scores of noise say nothing of the outcome: a slope of 0 or a little below, as
    # chance in some subjects is contradicted by those who were kept apart; not of 1.
    assert -0.5 < share["slope"] < 0.2
    assert share["covers_no_slope"] > 0.85 - slack
    # So few subjects cannot refute it either: such an interval holds 0 and 1.
    assert share["holds_one"] < 0.7
    # Models of the other subjects know the share of events.
    assert abs(share["intercept"]) < 0.1
    assert share["covers_no_intercept"] > 0.95 - slack
    assert share["odd_site"] < 0.05 + slack
    # Nothing is saved: a little is lost.
    assert share["scaled"] < 0
    assert share["saved"] < 0.025 + slack


def _told(table, scores):
    """What a study of noise says, as numbers that are averaged."""
    whole = table[table["stratum"] == "all"].set_index("scheme").loc["cv"]
    groups = table[(table["scheme"] == "loso") & (table["stratum"] != "all")]
    own = scores[(scores["scheme"] == "cv") & (scores["stratum"] == "all")]
    scaled = own.set_index("metric").loc["scaled_brier"]
    return {
        "slope": whole["slope"],
        "covers_no_slope": whole["slope_lower"] < 0 < whole["slope_upper"],
        "holds_one": whole["slope_lower"] < 1 < whole["slope_upper"],
        "intercept": whole["intercept"],
        "covers_no_intercept": whole["intercept_lower"] < 0 < whole["intercept_upper"],
        "odd_site": (groups["intercept_p_holm"] <= 0.05).any(),
        "scaled": scaled["estimate"],
        "saved": scaled["lower"] > 0,
    }
