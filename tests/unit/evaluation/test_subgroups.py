"""Subgroups: levels, values, tests of interaction, noise and planted differences."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError
from concord.evaluation.calibration import Calibration, Calibrations
from concord.evaluation.subgroups.checks import subgroup_faults
from concord.evaluation.subgroups.interaction import SHARED, TOO_FEW
from concord.evaluation.subgroups.judged import judged
from concord.evaluation.subgroups.levels import levels_of
from concord.evaluation.subgroups.settings import (
    SmallestSubgroup,
    Subgroup,
    Subgroups,
    Variable,
    variable,
)
from concord.statistics.discrimination import concordance

NO_RISKS = tables.read_all([], "risks")
TWO = {"half": Variable(column="factor.half")}


def settings(kind="binary", smallest=(10, 4), variables=None, **changes):
    subjects, events = smallest
    given = {
        "confidence": 0.95,
        "headline_arm": "radiomics",
        "reference_arm": "clinical",
        "smallest": SmallestSubgroup(subjects=subjects, events=events),
        "kind": kind,
        "variables": variables or TWO,
        "probabilities": [0.5],
        "own_arms": ["radiomics", "clinical", "volume"],
    }
    return Subgroups(**given | changes)


def study(n=120, seed=1, repeats=2, kind="binary", signal=(1.0, 1.0), shift=(0, 0)):
    """Predictions of known log odds, and halves that differ as asked.

    `signal` is the effect of the score in each half, `shift` the log odds that the
    prediction misses.
    """
    generator = np.random.default_rng(seed)
    half = np.array(["x", "y"])[np.arange(n) % 2]
    score = generator.normal(size=n)
    effect = np.where(half == "x", *signal) * score + np.where(half == "x", *shift)
    event = (generator.random(n) < 1 / (1 + np.exp(-effect))).astype(float)
    time = np.ceil(generator.exponential(500 * np.exp(-effect)))
    names = np.array([f"P{number:03d}" for number in range(n)], dtype=object)
    rows = []
    for repeat in range(1, repeats + 1):
        fold = generator.permutation(n) % 4 + 1
        rows.append(
            pd.DataFrame(
                {
                    "endpoint": "recurrence" if kind == "binary" else "survival",
                    "arm": "radiomics",
                    "scheme": "cv",
                    "repeat": repeat,
                    "fold": fold.astype(str),
                    "subject_id": names,
                    "group": "A",
                    "cluster": names,
                    "event": event,
                    "time_days": np.nan if kind == "binary" else time,
                    "score": score,
                    "probability": 1 / (1 + np.exp(-score))
                    if kind == "binary"
                    else np.nan,
                    "risk_group": np.where(score > 0, "high", "low"),
                    "reason": None,
                }
            )
        )
    cohort = pd.DataFrame({"subject_id": names, "site": "A", "factor.half": half})
    return pd.concat(rows, ignore_index=True), cohort


def values(predictions, cohort, options=None, risks=NO_RISKS):
    found = judged(predictions, risks, cohort, Calibrations(), options or settings())
    return {kind: tables.check(table, "t", kind) for kind, table in found.items()}


def one(table, **wanted):
    for column, value in wanted.items():
        table = table[table[column] == value]
    (row,) = table.to_dict("records")
    return row


def test_bands_categories_and_labels_become_levels():
    cohort = pd.DataFrame(
        {
            "subject_id": list("abcd"),
            "covariate.age": [49.9, 50, 65, np.nan],
            "covariate.stage=II": [0, 1, 0, np.nan],
            "covariate.stage=III": [0, 0, 1, np.nan],
            "factor.dose": ["low", "unknown", "high", None],
        }
    )
    bands = levels_of(cohort, Variable(column="covariate.age", bands=[50, 65]))
    assert bands.names == ["under 50", "50 to under 65", "65 or more"]
    assert bands.of_subject.tolist() == [*bands.names, None]
    levels = ["I", "II", "III"]
    stage = levels_of(cohort, Variable(column="covariate.stage", levels=levels))
    assert stage.of_subject.tolist() == [*levels, None]
    dose = levels_of(cohort, Variable(column="factor.dose"))
    assert dose.names == ["high", "low"]
    assert dose.of_subject.isna().tolist() == [False, True, False, True]
    with pytest.raises(ConfigError, match=r"no column 'factor\.none'"):
        levels_of(cohort, Variable(column="factor.none"))


def test_values_are_those_of_the_subjects_of_the_subgroup_alone():
    predictions, cohort = study(repeats=1)
    found = values(predictions, cohort)["subgroups"]
    row = one(found, level="x", measure="auc")
    mine = predictions[
        predictions["subject_id"].isin(
            cohort.loc[cohort["factor.half"] == "x"].iloc[:, 0]
        )
    ]
    parts = [
        concordance(rows["event"].to_numpy(), rows["score"].to_numpy())
        for _, rows in mine.groupby("fold")
    ]
    expected = sum(p.wins for p in parts) / sum(p.pairs for p in parts)
    assert row["estimate"] == pytest.approx(expected)
    assert row["n"] == 60
    assert row["n_events"] == mine["event"].sum()
    brier = one(found, level="x", measure="brier")
    error = (mine["event"] - mine["probability"]) ** 2
    assert brier["estimate"] == pytest.approx(error.mean())
    assert brier["lower"] < brier["estimate"] < brier["upper"]
    assert set(found["level"]) == {"all", "x", "y"}


def test_only_headline_reference_and_given_predictions_are_judged():
    predictions, cohort = study()
    arms = [predictions.assign(arm=name) for name in ("volume", "clinical", "theirs")]
    found = values(pd.concat([predictions, *arms], ignore_index=True), cohort)
    for table in found.values():
        assert set(table["arm"]) == {"radiomics", "clinical", "theirs"}


def test_a_small_subgroup_is_counted_and_named_and_not_judged():
    predictions, cohort = study()
    found = values(predictions, cohort, settings(smallest=(61, 4)))
    row = one(found["subgroups"], level="x", measure="slope")
    assert row["n"] == 60
    assert np.isnan(row["estimate"])
    assert row["reason"].startswith("60 subjects, ")
    assert "fewer than the 61 subjects or 4 events" in row["reason"]
    test = one(found["subgroup_tests"], measure="slope")
    assert test["left_out"] == "x, y"
    assert test["reason"] == TOO_FEW.format(n=0)
    assert pd.isna(test["p_value"])
    assert one(found["subgroups"], level="all", measure="slope")["n"] == 120


def test_subjects_without_the_variable_are_counted_and_in_no_subgroup():
    predictions, cohort = study()
    cohort.loc[:9, "factor.half"] = "unknown"
    found = values(predictions, cohort)
    row = one(found["subgroup_tests"], measure="auc")
    assert row["n_unknown"] == 10
    counts = found["subgroups"].drop_duplicates("level").set_index("level")["n"]
    assert counts.to_dict() == {"all": 120, "x": 55, "y": 55}


def test_a_patient_in_two_subgroups_makes_no_test():
    predictions, cohort = study()
    number = predictions["subject_id"].str[1:].astype(int)
    paired = predictions.assign(cluster=(number // 2).astype(str))
    found = values(paired, cohort)["subgroup_tests"]
    assert set(found["reason"]) == {SHARED}
    assert found["p_value"].isna().all()


def test_a_planted_shift_is_found_in_the_large_and_a_planted_effect_by_the_slope():
    shifted = values(*study(n=300, shift=(1.2, -1.2)))["subgroup_tests"]
    assert one(shifted, measure="in_the_large")["p_adjusted"] < 0.001
    flat = values(*study(n=400, signal=(2.0, 0.0)))["subgroup_tests"]
    assert one(flat, measure="slope")["p_adjusted"] < 0.001
    assert one(flat, measure="auc")["p_adjusted"] < 0.01
    assert one(flat, measure="in_the_large")["p_value"] > 0.01


def test_tests_of_an_arm_are_counted_and_adjusted_together():
    predictions, cohort = study()
    cohort["factor.other"] = np.array(["p", "q", "r"])[np.arange(120) % 3]
    both = TWO | {"other": Variable(column="factor.other")}
    found = values(predictions, cohort, settings(variables=both))["subgroup_tests"]
    assert found["n_tests"].tolist() == [8] * 8
    least = found["p_value"].min()
    assert found["p_adjusted"].min() == pytest.approx(min(1, 8 * least))
    assert one(found, subgroup="other", measure="auc")["df"] == 2


def test_risks_are_compared_with_what_was_observed_by_the_horizon():
    predictions, cohort = study(kind="survival", n=200, shift=(0.8, -0.8))
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risks = predictions[keys].assign(horizon_days=300.0, risk=0.4)
    found = values(predictions, cohort, settings("survival"), risks)
    row = one(found["subgroups"], level="x", measure="observed_less_predicted")
    assert row["horizon_days"] == 300
    assert row["estimate"] > 0.05
    test = one(found["subgroup_tests"], measure="observed_less_predicted")
    assert test["p_value"] < 0.001
    assert "in_the_large" not in set(found["subgroups"]["measure"])
    without = values(predictions, cohort, settings("survival"))
    assert set(without["subgroups"]["measure"]) == {"c_index", "slope"}
    assert without["fairness"].empty


def test_intervals_are_widened_and_tests_are_not():
    predictions, cohort = study(repeats=1)
    wide = Calibrations({("radiomics", "cv"): Calibration(2.0, 98.0)})
    plain = values(predictions, cohort)
    found = judged(predictions, NO_RISKS, cohort, wide, settings())
    narrow, broad = (
        one(t["subgroups"], level="x", measure="auc") for t in (plain, found)
    )
    assert broad["standard_error"] == pytest.approx(2 * narrow["standard_error"])
    tests = [one(t["subgroup_tests"], measure="auc") for t in (plain, found)]
    assert tests[0]["p_value"] == pytest.approx(tests[1]["p_value"])


@pytest.mark.parametrize(
    ("n_studies", "slack"),
    [(30, 0.12), pytest.param(600, 0.02, marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_noise_gives_small_p_values_no_oftener_than_it_should(n_studies, slack, kind):
    """Subgroups without an effect: tests of pairs are conservative, none is liberal."""
    found = []
    for seed in range(n_studies):
        predictions, cohort = study(n=80, seed=seed, kind=kind)
        keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
        risks = predictions[keys].assign(horizon_days=300.0)
        risks["risk"] = 1 / (1 + np.exp(-predictions["score"]))
        given = risks if kind == "survival" else NO_RISKS
        table = values(predictions, cohort, settings(kind), given)["subgroup_tests"]
        found.append(table.set_index(["measure"])["p_value"])
    p_values = pd.concat(found, axis=1).T.astype(float)
    assert p_values.notna().mean().min() > 0.9
    assert ((p_values < 0.05).mean() <= 0.05 + slack).all()
    assert ((p_values < 0.5).mean() <= 0.5 + 2 * slack).all()
    assert (p_values.mean() < 0.75).all()


def config(**subgroups):
    covariates = {
        "age": SimpleNamespace(kind="number", levels=[]),
        "stage": SimpleNamespace(kind="category", levels=["I", "II"]),
    }
    return SimpleNamespace(
        covariates=covariates,
        factors={"dose": None},
        harmonization=SimpleNamespace(batch={"CT": ["site", "KVP"]}),
        evaluation=SimpleNamespace(
            subgroups={name: Subgroup(**one) for name, one in subgroups.items()}
        ),
    )


def test_faults_of_declared_subgroups_name_the_key_and_what_is_expected():
    faults = dict(
        subgroup_faults(
            config(
                age={},
                stage={"bands": [2]},
                old={"of": "age", "bands": [60, 50]},
                sage={},
                tube={"of": "CT.KVP"},
                site={},
            )
        )
    )
    assert set(faults) == {
        "evaluation.subgroups.age.bands",
        "evaluation.subgroups.stage.bands",
        "evaluation.subgroups.old.bands",
        "evaluation.subgroups.sage.of",
    }
    assert (
        "'age' is a number; write where its bands begin"
        in (faults["evaluation.subgroups.age.bands"])
    )
    assert "expected ascending" in faults["evaluation.subgroups.old.bands"]
    assert "is 'sage', expected a covariate" in faults["evaluation.subgroups.sage.of"]


def test_variables_are_columns_of_the_cohort():
    known = config()
    assert variable("age", [50], known).column == "covariate.age"
    assert variable("stage", [], known).levels == ["I", "II"]
    assert variable("dose", [], known).column == "factor.dose"
    assert variable("site", [], known).column == "site"
    assert variable("CT.KVP", [], known).column == "batch.CT.KVP"
