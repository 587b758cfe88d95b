"""Net benefit, reclassification and discrimination improvement against R's values."""

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics import targets
from concord.statistics.classification.flagged import flagged, flagged_by
from concord.statistics.classification.net_benefit import net_benefit
from concord.statistics.classification.reclassification import gains, gains_by, moves
from concord.statistics.outcome_kinds import SURVIVAL

from .. import reference_rows

#: Terms of the smaller model; the larger one has all.
ROSSI, N_ROSSI = ["fin", "age", "race", "prio", "wexp"], 3
GBSG2, N_GBSG2 = ["age", "tsize", "grade", "pnodes", "progrec"], 3
HORIZON = 1825.0
THRESHOLDS = (0.1, 0.2, 0.3, 0.4)
STARTS = ("improveProb_", "nri_", "snri_", "netbenefit_", "surv_netbenefit_")


@pytest.fixture(scope="module")
def modelling(shared_data):
    return shared_data / "reference" / "modelling"


@pytest.fixture(scope="module")
def reference(modelling):
    values = reference_rows.modelling(modelling.parents[1])
    return values[values.index.str.startswith(STARTS)]["value"]


@pytest.fixture(scope="module")
def arrests(modelling):
    """Event, and the risks by the smaller and by the larger model."""
    table = pd.read_csv(modelling / "data" / "rossi.csv").astype(float)
    event = table["arrest"].to_numpy()
    risks = []
    for terms in (ROSSI[:N_ROSSI], ROSSI):
        model = RidgeLogistic(unpenalized=terms).fit(table[terms], event)
        risks.append(model.predict_proba(table[terms])[:, 1])
    return event, *risks


@pytest.fixture(scope="module")
def recurrences(modelling):
    """Days, event, and the risks at the horizon by both models."""
    table = pd.read_csv(modelling / "data" / "gbsg2.csv")
    table["grade"] = table["tgrade"].map({"I": 1.0, "II": 2.0, "III": 3.0})
    table["progrec"] = np.log1p(table["progrec"])
    names = {"cens": "event", "time": "time_days"}
    y = SURVIVAL.target(table.rename(columns=names))
    risks = []
    for terms in (GBSG2[:N_GBSG2], GBSG2):
        X = table[terms].astype(float)
        score = RidgeCox(unpenalized=terms).fit(X, y).decision_function(X)
        hazard = efron_hazard(y, score, HORIZON)
        risks.append(1 - np.exp(-hazard * np.exp(score)))
    return targets.time(y), targets.event(y).astype(int), *risks


def efron_hazard(y, score, horizon):
    """Cumulative baseline hazard with Efron's treatment of ties, as R's survfit."""
    time, event, risk = targets.time(y), targets.event(y), np.exp(score)
    total = 0.0
    for moment in np.unique(time[event & (time <= horizon)]):
        tied = event & (time == moment)
        n, own = tied.sum(), risk[tied].sum()
        at_risk = risk[time >= moment].sum()
        total += sum(1 / (at_risk - place / n * own) for place in range(n))
    return total


def close(value):
    return pytest.approx(value, rel=1e-6)


def test_continuous_nri_and_idi_equal_improve_prob(arrests, reference):
    event, old, new = arrests
    nri = gains(event, moves(new, old))
    idi = gains(event, new - old, corrected=True)
    names = ("events", "non_events", "both")
    value = dict(zip(names, nri.values, strict=True))
    error = dict(zip(names, nri.standard_errors, strict=True))
    found = {
        "nri": value["both"],
        "nri.ev": value["events"],
        "nri.ne": value["non_events"],
        "se.nri": error["both"],
        "se.nri.ne": error["non_events"],
        "z.nri": value["both"] / error["both"],
        "improveSens": idi.values[0],
        "improveSpec": idi.values[1],
        "se.idi": idi.standard_errors[2],
        "z.idi": idi.values[2] / idi.standard_errors[2],
    }
    rows = reference[reference.index.str.startswith("improveProb_")]
    assert len(rows) == len(found)
    for row, expected in rows.items():
        assert found[row.removeprefix("improveProb_")] == close(expected), row


def test_nri_of_categories_equals_its_definition(arrests, reference):
    event, old, new = arrests
    found = gains(event, moves(new, old, np.array([0.2, 0.35]))).values
    rows = ["nri_cat_event", "nri_cat_nonevent", "nri_cat"]
    assert sorted(rows) == sorted(r for r in reference.index if r.startswith("nri_"))
    assert found == close(reference[rows].to_numpy())


def test_net_benefit_equals_its_definition(arrests, reference):
    event, _, risk = arrests
    threshold = np.array(THRESHOLDS)
    found = net_benefit(
        threshold,
        flagged(event, risk >= threshold[:, None]),
        flagged(event, np.ones((1, len(event)))),
    )
    for place, value in enumerate(THRESHOLDS):
        assert found.value[place] == close(reference[f"netbenefit_{value}"])
        assert found.everybody[place] == close(reference[f"netbenefit_all_{value}"])


def test_net_benefit_at_a_horizon_equals_its_definition(recurrences, reference):
    days, code, _, risk = recurrences
    found = net_benefit(
        np.array([0.5]),
        flagged_by(HORIZON, days, code, risk[None] >= 0.5),
        flagged_by(HORIZON, days, code, np.ones((1, len(days)))),
    )
    assert found.value[0] == close(reference["surv_netbenefit_0.5"])


def test_nri_at_a_horizon_equals_pencinas_form(recurrences, reference):
    days, code, old, new = recurrences
    step = moves(new, old)
    found = gains_by(HORIZON, days, code, step > 0, step < 0).values
    rows = [f"snri_cont_{part}1825" for part in ("event_", "nonevent_", "")]
    assert found == close(reference[rows].to_numpy())

    step = moves(new, old, np.array([0.3, 0.6]))
    found = gains_by(HORIZON, days, code, step > 0, step < 0).values
    assert found[0] == close(reference["snri_cat_event_1825"])
