"""Kaplan-Meier curves, medians, restricted means, log-rank tests and baseline hazards
against R's survival.
"""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.risk_groups import survival_curves
from concord.models.estimators.model_kind import MODEL_KINDS
from concord.models.estimators.penalized import RidgeCox
from concord.statistics.log_rank import log_rank, log_rank_trend
from concord.statistics.outcome_kinds import SURVIVAL
from concord.statistics.survival.kaplan_meier import KaplanMeier
from concord.statistics.survival.restricted_mean import (
    clustered_error,
    restricted_mean,
)

from ..reference_rows import modelling, survival, survival_id

RELATIVE = 1e-6
#: Time of each row of a curve of all patients.
CURVE = {
    f"km_{scale}_{day}": day
    for scale in ("plain", "log", "log-log")
    for day in (365, 1095, 1825)
}
#: Scale of the band that each median is read off.
MEDIAN = {f"km_median_{scale}": scale for scale in ("plain", "log", "log-log")}
#: Patients with and without hormones.
RESTRICTED = {f"rmst1825_horTh={arm}": arm for arm in ("no", "yes")}
STRATIFIED = "logrank_strat_gbsg2"
#: Patients at risk with and without hormones.
AT_RISK = {
    f"atrisk_horTh={arm}_{day}": (arm, day)
    for arm in ("no", "yes")
    for day in (0, 500, 1000, 1500, 2000)
}
#: Groups of each test; the last one stands in a file of its own.
LOG_RANK = {
    "logrank_gbsg2_horTh": "horTh",
    "logrank_gbsg2_tgrade": "tgrade",
    survival_id("logrank_gbsg2", "logrank gbsg2 horTh"): "horTh",
}
BASELINE = {f"basehaz_{day}": day for day in (1000, 1825)}
PREDICTED = {f"predsurv1825_row{number}": number - 1 for number in (1, 2, 3)}
#: Distinct times of the sarcoma study.
SARCOMA = "km_sts_os"
ROWS = frozenset(
    [
        *CURVE,
        *MEDIAN,
        *RESTRICTED,
        *AT_RISK,
        *LOG_RANK,
        STRATIFIED,
        *BASELINE,
        *PREDICTED,
    ]
)
FILES = frozenset([SARCOMA])


@pytest.fixture(scope="module")
def reference(shared_data):
    other = survival(shared_data, "logrank_gbsg2").rename(columns={"chisq": "value"})
    return pd.concat([modelling(shared_data), other])


@pytest.fixture(scope="module")
def trial(shared_data):
    folder = shared_data / "reference" / "modelling" / "data"
    return pd.read_csv(folder / "gbsg2.csv")


def curve(days, event):
    """Curve of subjects who are all at high risk, as a study has it."""
    rows = pd.DataFrame({"time_days": days.astype(float), "event": event.astype(int)})
    head = {"endpoint": "e", "arm": "a", "scheme": "cv", "repeat": 1, "fold": "1"}
    return survival_curves(rows.assign(risk_group="high", **head), 0.95)


def known(rows, reference):
    """Rows that the table has: it holds a choice of what was computed."""
    found = [row for row in rows if row in reference.index]
    assert found
    return found


def test_curves_equal_survfit(reference, trial):
    found = curve(trial["time"], trial["cens"])
    for row in known(CURVE, reference):
        expected = reference.loc[row]
        place = found[found["time_days"] <= CURVE[row]].iloc[-1]
        assert place["survival"] == pytest.approx(expected["value"], rel=RELATIVE), row
        if row.startswith("km_log-log"):
            interval = (place["lower"], place["upper"])
            assert interval == pytest.approx(
                tuple(expected[["lo", "hi"]]), rel=RELATIVE
            )


def test_bands_of_every_scale_and_their_errors_equal_survfit(reference, trial):
    found = KaplanMeier.of(trial["cens"], trial["time"])
    for row in known(CURVE, reference):
        expected, place = reference.loc[row], found.at(CURVE[row])
        lower, upper = found.band(0.95, row.split("_")[1])
        error = found.survival[place] * found.log_error[place]
        values = (lower[place], upper[place], error)
        compared = tuple(expected[["lo", "hi", "se"]])
        assert values == pytest.approx(compared, rel=RELATIVE), row


def test_medians_and_their_intervals_equal_quantiles_of_survfit(reference, trial):
    found = KaplanMeier.of(trial["cens"], trial["time"])
    for row in known(MEDIAN, reference):
        expected = tuple(reference.loc[row, ["value", "lo", "hi"]])
        assert found.median(0.95, MEDIAN[row]) == expected, row


def test_restricted_means_equal_those_of_survfit(reference, trial):
    for row in known(RESTRICTED, reference):
        part = trial[trial["horTh"] == RESTRICTED[row]]
        found = restricted_mean(part["cens"], part["time"].to_numpy(float), 1825.0)
        expected = tuple(reference.loc[row, ["value", "se"]])
        assert found[:2] == pytest.approx(expected, rel=RELATIVE), row
        # What single patients add up to is Greenwood's variance.
        alone = np.arange(len(part))
        error = clustered_error(found.influence, alone)
        assert error == pytest.approx(found.standard_error, rel=1e-9)


def test_numbers_at_risk_equal_survfit(reference, trial):
    for row in known(AT_RISK, reference):
        arm, day = AT_RISK[row]
        part = trial[trial["horTh"] == arm]
        found = curve(part["time"], part["cens"])
        n_at_risk = found.loc[found["time_days"] >= day, "n_at_risk"].iloc[0]
        assert n_at_risk == reference.loc[row, "value"], row


def test_the_curve_of_the_sarcoma_study_equals_survfit(shared_data):
    expected = survival(shared_data, SARCOMA)
    table = pd.read_csv(shared_data / "sts" / "clinical.csv")
    found = curve(table["os_time"], table["os_event"]).query("time_days > 0")

    pairs = {"time": "time_days", "n.risk": "n_at_risk", "n.event": "n_events"}
    for theirs, ours in (pairs | {"surv": "survival"}).items():
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=RELATIVE)


@pytest.mark.parametrize("row", LOG_RANK)
def test_log_rank_tests_equal_survdiff(reference, trial, row):
    expected = reference.loc[row]
    group = pd.factorize(trial[LOG_RANK[row]])[0]
    days = trial["time"].to_numpy(dtype=float)
    found = log_rank(trial["cens"].to_numpy(), days, group)

    assert found.chi_squared == pytest.approx(expected["value"], rel=RELATIVE)
    assert found.df == group.max()


def test_a_stratified_log_rank_test_equals_survdiff(reference, trial):
    expected = reference.loc[STRATIFIED]
    group = pd.factorize(trial["horTh"])[0]
    days, stratum = trial["time"].to_numpy(dtype=float), trial["menostat"].to_numpy(str)
    event = trial["cens"].to_numpy()
    found = log_rank(event, days, group, stratum)

    assert found.chi_squared == pytest.approx(expected["value"], rel=RELATIVE)
    trend = log_rank_trend(event, days, group, stratum)
    assert trend**2 == pytest.approx(found.chi_squared, rel=1e-9)


@pytest.fixture(scope="module")
def hazard(trial):
    """Scores of a model of five predictors, and its baseline hazard by time."""
    X = trial[["age", "tsize", "pnodes"]].astype(float)
    X["grade"] = trial["tgrade"].map({"I": 1.0, "II": 2.0, "III": 3.0})
    X["progrec"] = np.log1p(trial["progrec"])
    days = trial["time"].astype(float)
    y = SURVIVAL.target(pd.DataFrame({"event": trial["cens"], "time_days": days}))
    model = RidgeCox(unpenalized=list(X.columns)).fit(X, y)
    scores = model.decision_function(X)

    class Fitted:
        named_steps = {"model": model}  # noqa: RUF012

    found = MODEL_KINDS["survival"].baseline(Fitted(), scores, y)
    return scores, pd.Series(found.cumulative_hazard, found.times_days)


def test_baseline_hazards_equal_basehaz(reference, hazard):
    _, cumulative = hazard
    for row in known(BASELINE, reference):
        found = cumulative[cumulative.index <= BASELINE[row]].iloc[-1]
        assert found == pytest.approx(reference.loc[row, "value"], rel=RELATIVE), row


def test_the_baseline_and_a_score_give_the_survival_of_survfit(reference, hazard):
    scores, cumulative = hazard
    at = cumulative[cumulative.index <= 1825].iloc[-1]
    for row in known(PREDICTED, reference):
        found = np.exp(-at * np.exp(scores[PREDICTED[row]]))
        assert found == pytest.approx(reference.loc[row, "value"], rel=RELATIVE), row
