"""Warnings of the design: silent where groups do not differ, awake where they do."""

import numpy as np
import pandas as pd
import pytest

from concord.folds import splits
from concord.harmonization.confounding_settings import ConfoundingSection
from concord.harmonization.diagnostics import confounding
from concord.harmonization.diagnostics.confounding import confounding_tests
from concord.harmonization.diagnostics.giveaways import giveaways
from concord.harmonization.diagnostics.nesting import nesting

SETTINGS = ConfoundingSection()
#: Subjects, sites and prevalence of studies whose outcome is independent of the site;
#: a limit of 0.2 on Cramér's V warned in 32, 13, 54 and 90 % of them.
NOISE = [(60, 3, 0.5), (100, 3, 0.3), (200, 10, 0.3), (300, 20, 0.5)]
FEW = {"binary": 60, "survival": 25, "nesting": 25, "alone": 25}
MANY = {"binary": 2000, "survival": 1000, "nesting": 1000, "alone": 500}
NO_FOLDS = pd.DataFrame(columns=["scheme", "repeat", "fold", "subject_id", "role"])


@pytest.fixture(autouse=True)
def few_permutations(monkeypatch):
    monkeypatch.setattr(confounding, "N_TABLES", 199)
    monkeypatch.setattr(confounding, "N_LABELS", 99)


def study(rng, n, n_sites, **columns):
    site = np.array([f"S{i:02d}" for i in np.arange(n) % n_sites])
    return pd.DataFrame(
        {"subject_id": [f"P{i:04d}" for i in range(n)], "group": site, **columns}
    )


def survival(rng, n, n_sites, hazards=(1.0,)):
    """Times with the hazards of the sites; the first half is followed up for less."""
    number = np.arange(n) % n_sites
    hazard = np.resize(hazards, n_sites)[number]
    end = np.where(number < n_sites / 2, 0.4, 1.6) * rng.uniform(0.6, 1.4, n)
    time = rng.exponential(1 / hazard)
    known = {
        "event.death": (time <= end) * 1.0,
        "time_days.death": np.minimum(time, end),
    }
    return study(rng, n, n_sites, **known)


def binary(rng, n, n_sites, prevalence):
    shares = np.resize(prevalence, n_sites)[np.arange(n) % n_sites]
    return study(rng, n, n_sites, **{"event.death": (rng.random(n) < shares) * 1.0})


def warned(cohorts) -> float:
    """Share of some cohorts in which the banner appears."""
    verdicts = [
        confounding_tests(cohort, NO_FOLDS, ["death"], SETTINGS, seed)["verdict"][0]
        for seed, cohort in enumerate(cohorts)
    ]
    return float(
        np.mean([verdict in ("associated", "separated") for verdict in verdicts])
    )


def at_most(rate: float, n: int) -> float:
    """The rate, and what its error over n studies adds to it in one of a hundred."""
    return rate + 2.33 * np.sqrt(rate * (1 - rate) / n)


def check_binary(n_studies):
    for n, n_sites, prevalence in NOISE:
        rng = np.random.default_rng(n)
        cohorts = (binary(rng, n, n_sites, prevalence) for _ in range(n_studies))
        assert warned(cohorts) <= at_most(0.05, n_studies), (n, n_sites)
    rng = np.random.default_rng(2)
    cohorts = (binary(rng, 2000, 2, (0.5, 0.65)) for _ in range(n_studies // 10))
    assert warned(cohorts) >= 0.95


def test_a_binary_outcome_warns_rarely_in_noise_and_always_if_sites_differ():
    check_binary(FEW["binary"])


def test_a_real_but_small_association_is_a_sentence():
    cohort = binary(np.random.default_rng(4), 10_000, 2, (0.5, 0.54))
    rows = confounding_tests(cohort, NO_FOLDS, ["death"], SETTINGS, 1)
    assert rows["verdict"].tolist() == ["weakly associated"]


@pytest.mark.slow
def test_a_binary_outcome_warns_in_5_percent_of_many_noise_studies():
    check_binary(MANY["binary"])


def check_survival(n_studies, designs):
    for n, n_sites in designs:
        rng = np.random.default_rng(n)
        cohorts = (survival(rng, n, n_sites) for _ in range(n_studies))
        assert warned(cohorts) <= at_most(0.05, n_studies), (n, n_sites)
    rng = np.random.default_rng(3)
    cohorts = (survival(rng, 200, 2, (1.0, 2.5)) for _ in range(n_studies // 2))
    assert warned(cohorts) >= 0.9


def test_a_survival_outcome_is_not_taken_in_by_follow_up():
    # Shares of events differ by a factor of two or more between these sites.
    check_survival(FEW["survival"], [(60, 3), (120, 8)])


@pytest.mark.slow
def test_a_survival_outcome_warns_in_5_percent_of_many_noise_studies():
    check_survival(MANY["survival"], [(60, 3), (100, 3), (200, 10), (300, 20)])


def check_alone(n_studies):
    for n, n_sites in [(120, 3), (200, 10)]:
        rng, values = np.random.default_rng(n), []
        for seed in range(n_studies):
            cohort = binary(rng, n, n_sites, 0.4)
            folds = pd.concat(
                pd.DataFrame(
                    {
                        "scheme": "cv",
                        "repeat": 1,
                        "fold": str(fold),
                        "subject_id": cohort["subject_id"],
                        "role": np.where(own == fold, "evaluation", "development"),
                    }
                )
                for own in [splits.stratified(list(cohort["group"]), 5, seed)]
                for fold in range(1, 6)
            )
            rows = confounding_tests(cohort, folds, ["death"], SETTINGS, seed)
            values.append(rows["group_alone"][0])
        error = np.std(values) / np.sqrt(n_studies)
        assert abs(np.mean(values) - 0.5) <= 2.33 * error, (n, n_sites)


def test_the_site_alone_is_worth_one_half_in_noise():
    check_alone(FEW["alone"])


@pytest.mark.slow
def test_the_site_alone_is_worth_one_half_in_many_noise_studies():
    check_alone(MANY["alone"])


def independent_of_site(rng, n, n_sites, share):
    """Three factors with gaps, a skew number with gaps, and a number of two values."""
    gap = rng.random((4, n)) < 0.3
    columns = {
        f"factor.{i}": np.where(
            gap[i], "unknown", np.where(rng.random(n) < share, "x", "y")
        )
        for i in range(3)
    }
    columns["covariate.skew"] = np.where(gap[3], np.nan, rng.exponential(1, n))
    columns["covariate.two"] = (rng.random(n) < share) * 1.0
    return study(rng, n, n_sites, **columns)


def check_nesting(n_studies, designs):
    for n, n_sites, share in designs:
        rng, alarms = np.random.default_rng(n + n_sites), 0
        for seed in range(n_studies):
            found = nesting(independent_of_site(rng, n, n_sites, share), SETTINGS, seed)
            flags = found["one_level"] | found["little_known"]
            alarms += bool((flags | (found["verdict"] != "apart")).any())
        assert alarms / n_studies <= at_most(0.05, n_studies), (n, n_sites, share)


def test_factors_that_do_not_depend_on_the_site_are_silent():
    check_nesting(FEW["nesting"], [(24, 2, 0.3), (60, 20, 0.3)])


@pytest.mark.slow
def test_factors_of_many_noise_studies_are_silent():
    designs = [
        (24, 2, 0.3),
        (60, 3, 0.1),
        (200, 10, 0.3),
        (300, 20, 0.5),
        (60, 20, 0.3),
    ]
    check_nesting(MANY["nesting"], designs)


def test_a_study_of_20_sites_and_1000_subjects_without_any_effect_is_quiet():
    rng, n, n_features = np.random.default_rng(13), 1000, 68
    cohort = binary(rng, n, 20, 0.5)
    cohort["covariate.age"] = rng.gamma(4, 5, n)
    cohort["covariate.sex=F"] = (rng.random(n) < 0.3) * 1.0
    cohort["factor.era"] = np.where(rng.random(n) < 0.05, "unknown", "new")
    names = [f"MR.cortex.original.stats.f{i}" for i in range(n_features)]
    features = pd.DataFrame(
        rng.normal(size=(n, n_features)), index=cohort["subject_id"], columns=names
    )
    tests = confounding_tests(cohort, NO_FOLDS, ["death"], SETTINGS, 1)
    levels = nesting(cohort, SETTINGS, 1)

    assert tests["verdict"].tolist() == ["not shown"]
    assert tests["strength"][0] < 2 * tests["chance"][0]
    assert set(levels["verdict"]) == {"apart"}
    assert not (levels["one_level"] | levels["little_known"]).any()
    assert giveaways(cohort, features, ["death"], SETTINGS.too_good, 1).empty


@pytest.mark.parametrize("n_events", [3, 5])
def test_giveaways_of_noise_are_as_many_as_are_announced(n_events):
    rng, n, n_features = np.random.default_rng(n_events), 9, 4000
    cohort = study(rng, n, 1, **{"event.death": np.arange(n) < n_events})
    values = rng.normal(size=(n, n_features))
    names = [f"CT.tumour.original.glcm.f{i}" for i in range(n_features)]
    features = pd.DataFrame(values, index=cohort["subject_id"], columns=names)
    found = giveaways(cohort, features, ["death"], SETTINGS.too_good, 1)

    (announced,) = set(found["chance"].round(6))
    assert abs(len(found) - announced) <= 3 * np.sqrt(announced)
    assert announced > SETTINGS.level  # no banner
