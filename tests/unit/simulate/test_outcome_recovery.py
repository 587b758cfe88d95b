"""Recovery of effects planted in the outcomes, and of scans that were left out."""

import numpy as np
import pandas as pd
import pytest

from concord.simulate.recovery import modalities, outcomes
from concord.simulate.roles import OutcomeRoles

ROLES = OutcomeRoles(
    texture_log_hazard=1.0,
    interacting=["relapse"],
    not_interacting=["death"],
    receptor="receptor",
    interaction_log_odds=4.0,
    competing={"death": 1},
    comorbidity="comorbidity",
    other_deaths_log_hazard=3.0,
)


def cohort(effect, n=240, noise=0.4, seed=1):
    """Times of three sites whose feature follows the texture, each on its own scale."""
    random = np.random.default_rng(seed)
    site = pd.Series(np.repeat(["A", "B", "C"], n // 3))
    place = site.map({"A": 0.0, "B": 1.0, "C": 2.0})
    texture, age = (pd.Series(random.normal(size=n)) for _ in range(2))
    measured = (1 + place) * (texture + noise * random.normal(size=n)) + 9 * place
    hazard = np.exp(effect * texture + 0.5 * age + place)
    days = random.exponential(1000 / hazard)
    outcome = pd.DataFrame(
        {"event": (days < 1500).astype(float), "time_days": np.minimum(days, 1500)}
    )
    return measured, texture, site, outcome, pd.DataFrame({"age": age})


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_the_interval_of_a_calibrated_feature_holds_the_planted_effect(effect):
    found = outcomes.texture_effect(*cohort(effect))

    assert found.holds(effect)
    assert not found.holds(effect + 1.0)
    assert not found.holds(effect - 1.0)


def test_the_interval_is_that_of_the_planted_texture_if_the_feature_is_exact():
    measured, texture, *others = cohort(1.0, noise=0.0)
    exact = outcomes.texture_effect(texture, texture, *others)

    found = outcomes.texture_effect(measured, texture, *others)
    assert found == pytest.approx(exact, rel=1e-6)


@pytest.mark.slow
def test_intervals_hold_the_planted_effect_as_often_as_they_say():
    held = [
        outcomes.texture_effect(*cohort(1.6, 60, seed=seed)).holds(1.6)
        for seed in range(100)
    ]
    assert 0.85 <= np.mean(held) <= 1.0


def test_an_effect_that_cannot_be_estimated_is_not_recovered():
    measured, texture, site, outcome, covariates = cohort(1.0)
    tables = (
        (measured * np.nan, outcome),
        (measured, outcome.assign(event=0.0)),
        (measured * 0, outcome),
    )
    for feature, known in tables:
        found = outcomes.texture_effect(feature, texture, site, known, covariates)
        claim = outcomes.texture_claim("death", "none", found, ROLES)
        assert not claim.recovered


def interaction(relapse=0.001, death=0.5, ratio=20.0):
    tests = pd.DataFrame(
        {
            "endpoint": ["relapse", "death"],
            "marker": "receptor",
            "p_adjusted": [relapse, death],
        }
    )
    effects = pd.DataFrame(
        {
            "endpoint": ["relapse", "death"],
            "marker": "receptor",
            "among": "treated / control",
            "ratio": [ratio, 1.2],
            "lower": [ratio / 3, 0.5],
            "upper": [ratio * 3, 3.0],
        }
    )
    return tests, effects


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [True, True]),
        ({"relapse": 0.2}, [False, True]),
        ({"ratio": 0.05}, [False, True]),  # the other way round
        ({"death": 0.01}, [True, False]),
        ({"relapse": np.nan, "death": np.nan}, [False, False]),
    ],
)
def test_an_interaction_is_found_where_it_was_planted_alone(changes, expected):
    claims = list(outcomes.interaction_claims(*interaction(**changes), ROLES))

    assert [claim.recovered for claim in claims] == expected


def test_an_interaction_that_was_not_tested_is_not_recovered():
    tests, effects = interaction()
    claims = outcomes.interaction_claims(tests.head(0), effects.head(0), ROLES)

    assert [claim.recovered for claim in claims] == [False, False]


def effects(specific=-0.2, subdistribution=-1.1, error=0.4):
    row = {"endpoint": "death", "variable": "comorbidity", "cause": 1}
    both = (("specific", specific), ("subdistribution", subdistribution))
    for kind, value in both:
        row[f"{kind}_log_hr"] = value
        row[f"{kind}_lower"] = value - 1.96 * error
        row[f"{kind}_upper"] = value + 1.96 * error
    return pd.DataFrame([row, row | {"cause": 2}])


@pytest.mark.parametrize(
    ("changes", "recovered"),
    [
        ({}, True),
        ({"subdistribution": -0.4}, False),  # not moved
        ({"subdistribution": 0.9}, False),  # the other way
        ({"specific": -1.0, "subdistribution": -2.0}, False),  # acts on the cause
        ({"error": np.nan}, False),
    ],
)
def test_a_competing_death_must_move_one_effect_and_not_the_other(changes, recovered):
    (claim,) = outcomes.competing_claims(effects(**changes), ROLES)

    assert claim.recovered is recovered


def test_no_row_of_the_comorbidity_is_no_recovery():
    (claim,) = outcomes.competing_claims(effects().head(0), ROLES)

    assert not claim.recovered


def fused(**changes):
    """Predictions of a fused arm in two repeats; C is scored without PET."""
    rows = [
        {
            "endpoint": "death",
            "arm": "late",
            "scheme": "cv",
            "repeat": repeat,
            "subject_id": name,
            "score": 0.1,
            "members_missing": "pet" if name == "C" else None,
        }
        for repeat in (1, 2)
        for name in "ABC"
    ]
    rows[-1] |= changes
    return pd.DataFrame(rows)


def table_of_fusion(n_without=1):
    key = {"endpoint": "death", "arm": "late", "scheme": "cv"}
    return pd.DataFrame([key | {"n_without": 0}, key | {"n_without": n_without}])


def lacking(*names):
    return pd.DataFrame(
        {"subject_id": list("ABC"), "without_pet": [n in names for n in "ABC"]}
    )


@pytest.mark.parametrize(
    ("truth", "changes", "n_without", "recovered"),
    [
        (lacking("C"), {}, 1, True),
        (lacking("B", "C"), {}, 1, False),
        (lacking("B"), {}, 1, False),
        (lacking("C"), {"score": np.nan}, 1, False),
        (lacking("C"), {"members_missing": None}, 1, False),
        (lacking("C"), {}, 0, False),
    ],
)
def test_who_lacks_a_modality_must_be_scored_and_flagged(
    truth, changes, n_without, recovered
):
    fusion = table_of_fusion(n_without)
    (claim,) = modalities.claims(truth, fused(**changes), fusion, ["late"])

    assert claim.recovered is recovered


def test_nothing_is_claimed_of_a_study_with_all_scans():
    tables = fused(), table_of_fusion()

    assert not list(modalities.claims(lacking(), *tables, ["late"]))
