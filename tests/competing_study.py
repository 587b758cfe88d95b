"""Simulated outcomes with two causes, and a small table study that has some."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd

from concord.evaluation.competing.outcomes import CompetingOutcomes
from concord.evaluation.competing.settings import CompetingRisks
from concord.evaluation.competing.tables import (
    effect_table,
    group_test_table,
    incidence_table,
)
from concord.figures.settings import FigureStyle, PlotCompeting

from .table_study import CONFIG, FEATURES, write_config, write_rows

SITES = ("North", "South", "West")
PER_SITE = 36
#: Time at which the risk of the small study is judged.
HORIZON_DAYS = 730
CAUSES = {1: "Recurrence", 2: "Death without recurrence"}
#: Log hazard ratios of age per year: on the competing cause alone.
AGE_ON_DEATH = 0.16


def simulated_outcomes(
    generator: np.random.Generator,
    on_cause: np.ndarray,
    on_other: np.ndarray,
    per_year: tuple[float, float] = (0.35, 0.35),
    follow_up_years: tuple[float, float] = (1.0, 5.0),
) -> tuple[np.ndarray, np.ndarray]:
    """Whole days to the first event or censoring, and its code (0, 1, 2).

    Hazards of both causes are constant: `per_year`, times the exponential of the log
    hazard ratios `on_cause` and `on_other`, shape (n,).
    """
    first, second = (
        rate * np.exp(on)
        for rate, on in zip(per_year, (on_cause, on_other), strict=True)
    )
    n, every = len(on_cause), first + second
    years = generator.exponential(1 / every)
    code = np.where(generator.random(n) < first / every, 1, 2)
    censored = generator.uniform(*follow_up_years, n)
    days = np.maximum(np.ceil(365.25 * np.minimum(years, censored)), 1)
    return days, np.where(years <= censored, code, 0)


def cohort(seed: int = 1, n: int = 120) -> pd.DataFrame:
    """A cohort whose age acts on death alone, with a category and a factor of noise."""
    generator = np.random.default_rng(seed)
    age = generator.normal(60, 8, n).round(1)
    days, code = simulated_outcomes(
        generator, np.zeros(n), AGE_ON_DEATH * (age - 60), per_year=(0.4, 0.4)
    )
    stage = generator.integers(0, 3, n)
    names = [f"P{number:03d}" for number in range(n)]
    sites = [SITES[number % len(SITES)] for number in range(n)]
    return pd.DataFrame(
        {
            "subject_id": names,
            "site": sites,
            "group": sites,
            "cluster": names,
            "factor.treatment": np.where(generator.random(n) < 0.5, "surgery", "none"),
            "factor.ward": [f"ward {number % 5}" for number in range(n)],
            "covariate.age": age,
            "covariate.stage=II": (stage == 1).astype(float),
            "covariate.stage=III": (stage == 2).astype(float),
            "event.recurrence": (code == 1).astype(float),
            "cause.recurrence": code.astype(float),
            "time_days.recurrence": days,
        }
    )


def predictions(members: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """Scores of two arms in two folds, of whom the second arm lacks a subject."""
    generator, tables = np.random.default_rng(seed), []
    early = -np.log(members["time_days.recurrence"].to_numpy())
    for arm in ("texture", "clinical"):
        score = early + generator.normal(0, 2, len(members))
        table = members[["subject_id", "group", "cluster"]].assign(
            endpoint="recurrence",
            arm=arm,
            scheme="cv",
            repeat=1,
            fold=np.where(np.arange(len(members)) % 2, "1", "2"),
            event=members["event.recurrence"],
            time_days=members["time_days.recurrence"],
            score=score,
            probability=np.nan,
            risk_group=np.where(score > np.median(score), "high", "low"),
            reason=None,
        )
        tables.append(table)
    tables[1].loc[0, ["score", "risk_group"]] = [np.nan, None]
    return pd.concat(tables, ignore_index=True)


SETTINGS = CompetingRisks(
    causes=CAUSES, cause=1, headline_arm="texture", confidence=0.95
)


def tables_of(seed: int = 1) -> dict[str, pd.DataFrame]:
    """The tables of rule competing_risks for the cohort, by kind."""
    members = cohort(seed)
    scores = predictions(members, seed)
    outcomes = CompetingOutcomes.of(members, "recurrence")
    found = {
        "competing_incidence": incidence_table(outcomes, scores, SETTINGS),
        "competing_effects": effect_table(outcomes, members, scores, SETTINGS),
        "competing_tests": group_test_table(outcomes, members, scores, SETTINGS),
    }
    return {kind: table.assign(endpoint="recurrence") for kind, table in found.items()}


def plot_settings(**changes) -> PlotCompeting:
    usual = {
        "style": FigureStyle(),
        "headline_arm": "texture",
        "reference_arm": "clinical",
        "confidence": 0.95,
        "arms": {"texture": "CT texture", "clinical": "Clinical"},
        "label": "Recurrence",
        "causes": CAUSES,
        "cause": 1,
        "variables": {"age": "Age", "stage": "Stage", "treatment": "Treatment"},
    }
    return PlotCompeting(**(usual | changes))


def competing_config() -> dict:
    """The table study with one endpoint, whose causes compete."""
    config = deepcopy(CONFIG)
    config["study"] = {"name": "Causes that compete", "seed": 3}
    config["endpoints"] = {
        "recurrence": {
            "kind": "competing",
            "event": "status",
            "time_days": "days",
            "causes": CAUSES,
            "label": "Recurrence",
            "evaluate_at_days": [180, 365, 540, HORIZON_DAYS],
        }
    }
    config["feature_table"]["features"] = ["original_*"]
    config["evaluation"]["decline_company"] = dict.fromkeys(
        ("unharmonized", "site", "volume"), "another study shows them"
    )
    return config


def write_competing_study(folder: Path, seed: int = 1) -> Path:
    """Write configuration, sheet and features: the texture acts on recurrence, age on
    death alone; the folder again."""
    generator = np.random.default_rng(seed)
    n = len(SITES) * PER_SITE
    texture, age = generator.normal(size=n), generator.normal(60, 8, n).round(1)
    pull = AGE_ON_DEATH * (age - 60)
    days, code = simulated_outcomes(generator, 0.9 * texture, pull)
    treatment = np.where(generator.random(n) < 0.5, "surgery", "radiotherapy")
    subjects, features = [], []
    for row in range(n):
        site = SITES[row % len(SITES)]
        name = f"{site[0]}{row:03d}"
        subjects.append(
            {
                "patient": name,
                "site": site,
                "age": age[row],
                "treatment": treatment[row],
                "status": code[row],
                "days": int(days[row]),
                "scanner": "unit 1",
            }
        )
        values = generator.normal(SITES.index(site), 1, len(FEATURES))
        values[3] += 2 * texture[row]
        cells = dict(zip(FEATURES, values.round(6).tolist(), strict=True))
        features.append({"id": name, "vendor": "Alpha"} | cells)
    write_rows(folder / "config" / "subjects.tsv", subjects, "\t")
    write_rows(folder / "data" / "features.csv", features, ",")
    write_config(folder, competing_config() | {"data_root": str(folder / "data")})
    return folder
