"""Added value: found where it was planted, not found on noise, NRI never alone."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from concord import tables
from concord.evaluation.added_value import likelihood, reclassified
from concord.evaluation.added_value.added_value import NO_MOVE, added_value
from concord.evaluation.added_value.settings import AddedValue
from concord.evaluation.calibration import Calibration, Calibrations
from concord.evaluation.settings import Judgement
from concord.evaluation.utility.risk_rows import paired, repeats_of, risk_rows
from concord.models.settings.arm import Arm
from concord.tables import KINDS

from ... import oof_scores

PAIR = [("texture", "clinical")]
NO_RISKS = tables.read_all([], "risks")
NO_COMPARISON = tables.read_all([], "comparisons")


def study(effect, seed=1, n=150, p=8, repeats=2):
    """A reference arm that knows something, and an arm of other columns with it."""
    generator = np.random.default_rng(seed)
    known, others = generator.normal(size=(n, 2)), generator.normal(size=(n, p))
    chance = expit(0.8 * known[:, 0] + effect * others[:, 0] - 0.4)
    event = (generator.random(n) < chance).astype(float)
    arms = {"clinical": known, "texture": np.hstack([known, others])}
    return oof_scores.predictions(arms, event, seed, repeats)


def measured(table, cuts=(), calibrations=None, comparisons=NO_COMPARISON):
    rows = risk_rows(table, NO_RISKS)
    widened = calibrations or Calibrations()
    found = added_value(table, rows, comparisons, PAIR, cuts, 0.95, widened)
    return found.set_index("measure")


def both_of(table):
    """Repeats of the pair with the score of the reference beside."""
    rows = risk_rows(table, NO_RISKS)
    return repeats_of(paired(rows, *PAIR[0]))


def roots_of_noise(n_studies):
    """Signed root of one repeat, of an arm whose further columns are noise."""
    found = []
    for seed in range(n_studies):
        rows = both_of(study(0.0, seed, n=100, p=15, repeats=1))
        found.append(likelihood.gain(rows[0]).root)
    return np.array(found)


def test_the_test_of_held_out_scores_keeps_its_level_on_noise():
    """Undivided it would not: models of other folds share what they learnt."""
    roots = roots_of_noise(200)
    assert roots.std() == pytest.approx(np.sqrt(2), abs=0.2)
    assert (roots / np.sqrt(2) > 1.645).mean() <= 0.07
    assert (np.abs(roots) > 1.96).mean() > 0.09


@pytest.mark.slow
def test_the_level_holds_over_more_studies_and_repeats():
    values = [
        likelihood.gains(both_of(study(0.0, seed, n=100, repeats=3)), "cv").p_value
        for seed in range(1500)
    ]
    assert 0.01 <= np.mean(np.array(values) < 0.05) <= 0.06


def test_a_declared_evaluation_set_shares_nothing_and_is_not_divided():
    rows = both_of(study(0.6))
    shared, alone = (likelihood.gains(rows, scheme) for scheme in ("cv", "fixed"))
    assert alone.p_value < shared.p_value
    assert alone.chi_squared == shared.chi_squared
    assert "divided by" in shared.method
    assert "divided by" not in alone.method


def test_a_planted_effect_is_found_by_all_measures():
    found = measured(study(1.5, n=250), [0.3, 0.6])
    assert found.loc["likelihood_ratio", "p_value"] < 0.001
    assert 0.3 < found.loc["new_information", "estimate"] < 1
    assert 0.3 < found.loc["new_variance", "estimate"] < 1
    for measure in ("idi", "nri", "nri_categories"):
        assert found.loc[measure, "lower"] > 0, measure
        assert found.loc[measure, "estimate"] > (
            2 * abs(found.loc[measure, "without_information"])
        )


def test_no_added_value_is_found_where_none_was_planted():
    """IDI and NRI of noise, with the widening that permuted outcomes would give."""
    widened = Calibrations(
        {(arm, "cv"): Calibration(np.sqrt(2), 98.0) for arm in PAIR[0]}
    )
    lower = {"idi": [], "nri": []}
    for seed in range(50):
        found = measured(study(0.0, seed, n=80), calibrations=widened)
        for measure, values in lower.items():
            values.append(found.loc[measure, "lower"])
    for measure, values in lower.items():
        assert np.mean(np.array(values) > 0) <= 0.08, measure


def test_the_nri_without_information_is_what_noise_gives_on_average():
    """Learnt noise makes risks more extreme: both parts of the NRI are not 0."""
    parts = ["nri_events", "nri_non_events", "nri", "idi"]
    observed, expected = [], []
    for seed in range(50):
        found = measured(study(0.0, seed, n=100, p=4)).loc[parts]
        observed.append(found["estimate"].to_numpy(dtype=float))
        expected.append(found["without_information"].to_numpy(dtype=float))
    difference = np.array(observed) - np.array(expected)
    error = difference.std(axis=0) / np.sqrt(len(difference))
    assert (np.abs(difference.mean(axis=0)) < 3.5 * error).all()


def test_a_miscalibrated_copy_has_its_nri_without_information():
    table = study(0.0, n=600)
    clinical = table[table["arm"] == "clinical"].copy()
    copy = clinical.assign(arm="texture", score=2.5 * clinical["score"])
    copy["probability"] = expit(copy["score"])
    found = measured(pd.concat([clinical, copy]))
    assert found.loc["nri", "lower"] > 0
    expected = found.loc["nri", "without_information"]
    assert found.loc["nri", "estimate"] == pytest.approx(expected)
    assert np.isnan(found.loc["likelihood_ratio", "estimate"])
    assert "determine each other" in found.loc["likelihood_ratio", "reason"]


def test_a_score_that_predicts_upside_down_adds_nothing():
    table = study(1.5, n=250)
    upside = table["arm"] == "texture"
    table.loc[upside, "score"] *= -1
    found = measured(table)
    assert found.loc["likelihood_ratio", "estimate"] == 0
    assert found.loc["likelihood_ratio", "p_value"] > 0.99
    assert found.loc["new_information", "estimate"] == 0


def test_a_fraction_of_nothing_is_not_told():
    generator = np.random.default_rng(5)
    event = (generator.random(100) < 0.4).astype(float)
    noise = {arm: generator.normal(size=(100, 3)) for arm in PAIR[0]}
    found = measured(oof_scores.predictions(noise, event, 5))
    assert np.isnan(found.loc["new_information", "estimate"])
    assert "there is no fraction" in found.loc["new_information", "reason"]


def test_the_difference_of_discrimination_is_that_of_the_comparisons():
    row = dict.fromkeys(KINDS["comparisons"], np.nan)
    row |= {"endpoint": "relapse", "arm": "texture", "reference_arm": "clinical"}
    row |= {"scheme": "cv", "metric": "auc", "estimate": 0.123, "lower": 0.01}
    row |= {"upper": 0.2, "standard_error": 0.05, "n": 150, "n_events": 60}
    row |= {"method": "as there", "reason": None}
    other = row | {"reference_arm": "volume", "estimate": 0.5}
    found = measured(study(0.5), comparisons=pd.DataFrame([row, other]))
    assert found.loc["difference_auc", "estimate"] == 0.123
    assert found.loc["difference_auc", "method"] == "as there"


def test_likelihood_and_idi_stand_before_any_nri():
    order = list(measured(study(0.5), [0.3]).index)
    assert order == [
        *("likelihood_ratio", "new_information", "new_variance"),
        *("idi_events", "idi_non_events", "idi"),
        *("nri_events", "nri_non_events", "nri"),
        *("nri_categories_events", "nri_categories_non_events", "nri_categories"),
    ]


def test_permutations_widen_the_intervals_but_not_the_values():
    table = study(0.5, repeats=1)
    factors = {(arm, "cv"): Calibration(1.5, 98.0) for arm in PAIR[0]}
    plain, wide = measured(table), measured(table, calibrations=Calibrations(factors))
    ratio = wide["standard_error"] / plain["standard_error"]
    assert ratio.dropna().to_numpy() == pytest.approx(1.5)
    assert (wide["estimate"] == plain["estimate"]).all()
    assert "widened by the permutations" in wide.loc["nri", "method"]


def test_equal_risks_have_no_interval_but_a_reason():
    table = study(0.5)
    clinical = table[table["arm"] == "clinical"]
    found = measured(pd.concat([clinical, clinical.assign(arm="texture")]))
    assert found.loc["nri", "estimate"] == 0
    assert found.loc["nri", "reason"] == NO_MOVE


def test_weighted_subjects_have_no_likelihood_but_an_nri():
    table = study(0.5)
    found = measured(table.assign(weight=np.where(table["event"] == 1, 2.0, 0.5)))
    assert found.loc["likelihood_ratio", "reason"] == likelihood.WEIGHTED
    assert np.isfinite(found.loc["nri", "lower"])


def test_a_patient_counts_once_in_the_likelihood():
    table = study(0.5)
    twice = pd.concat([table, table.assign(subject_id=table["subject_id"] + "b")])
    once, both = measured(table), measured(twice)
    name = "likelihood_ratio"
    assert both.loc[name, "estimate"] == pytest.approx(once.loc[name, "estimate"])
    assert both.loc[name, "n"] == 150


def test_subjects_of_both_arms_alone_are_compared():
    table = study(0.5)
    lost = (table["arm"] == "clinical") & (table["subject_id"] == "S003")
    table.loc[lost, ["score", "probability"]] = np.nan
    assert (measured(table)["n"] == 149).all()


def test_times_are_judged_by_coxs_model_and_risks_at_each_horizon():
    generator = np.random.default_rng(6)
    score, n = generator.normal(size=300), 300
    days = np.ceil(generator.exponential(600 / np.exp(score)))
    limit = np.ceil(generator.uniform(400, 1500, n))
    event, seen = (days <= limit).astype(float), np.minimum(days, limit)
    arms = {"texture": score, "clinical": generator.normal(size=n)}
    table = oof_scores.predictions(arms, event, 6, 1, seen)
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risks = pd.concat(
        table[keys].assign(
            horizon_days=day, risk=1 - np.exp(-day / 600 * np.exp(table["score"]))
        )
        for day in (200.0, 500.0)
    )
    rows = risk_rows(table, risks)
    found = added_value(table, rows, NO_COMPARISON, PAIR, [0.3], 0.95, Calibrations())
    tested = found[found["measure"] == "likelihood_ratio"].iloc[0]
    assert tested["p_value"] < 0.001
    for day in (200.0, 500.0):
        own = found[found["horizon_days"] == day].set_index("measure")
        assert own.loc[["idi", "nri"], "lower"].min() > 0
    without = added_value(
        table, rows.iloc[:0], NO_COMPARISON, PAIR, [], 0.95, Calibrations()
    )
    assert set(without["measure"]) == set(list(found["measure"])[:3])


def test_exchanged_risks_keep_their_calibration():
    """Of a score that the reference tells all of, nothing is left to exchange."""
    rows = both_of(study(0.5))[0]
    copy = rows.assign(
        risk=expit(
            0.3 + 2 * np.log(rows["risk_reference"] / (1 - rows["risk_reference"]))
        )
    )
    measures = {one.name: one for one in reclassified.measures([copy], [0.4])}
    for one in measures.values():
        assert one.without_information == pytest.approx(one.values.values[0])


def arm(**changes):
    return Arm(**({"features": ["*"], "covariates": []} | changes))


def test_pairs_are_those_with_the_reference_and_of_the_headline_with_clinical():
    arms = {
        "texture": arm(),
        "volume": arm(features=["*.morphology.volume_mesh"]),
        "clinical": arm(features=[], covariates=["age"]),
        "stage": arm(features=[], covariates=["stage"]),
    }
    judged = Judgement(headline_arm="texture", reference_arm="stage")
    settings = AddedValue(
        evaluation=judged, kind="binary", ties="efron", arms=arms, probabilities=[]
    )
    assert settings.pairs(list(arms)) == [
        ("clinical", "stage"),
        ("texture", "stage"),
        ("volume", "stage"),
        ("texture", "clinical"),
    ]


def test_the_table_is_written_as_declared(tmp_path):
    found = measured(study(0.5), [0.3]).reset_index()
    tables.write(found, tmp_path / "table.tsv", "added_value")
    assert len(tables.read(tmp_path / "table.tsv", "added_value")) == len(found)
