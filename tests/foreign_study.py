"""A small study of predictions that a plain script of scikit-learn made."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

SITES = ("North", "South", "West")
PER_SITE = 24
DAYS = (365, 730)

CONFIG = {
    "study": {"name": "Small study of given predictions", "seed": 5},
    "data_root": "data",
    "sheets": {"subjects": "subjects.tsv"},
    "predictions": {
        "path": "{data_root}/predictions.tsv",
        "models": {"logistic": "Logistic regression", "forest": "Random forest"},
        "software": "scikit-learn",
        "provenance": "Two models of four markers were cross-validated.",
    },
    "covariates": {"age": {"column": "age", "label": "Age", "unit": "years"}},
    "endpoints": {"death": {"kind": "binary", "event": "dead", "label": "Death"}},
    "evaluation": {
        "headline_arm": "logistic",
        "reference_arm": "forest",
        "null_permutations": 99,
    },
}


def write_given_study(folder: Path, seed: int = 1) -> Path:
    """Write configuration, subjects and cross-validated predictions; the folder."""
    subjects = simulated(seed)
    markers = [name for name in subjects if name.startswith("marker")]
    write_table(folder / "config/subjects.tsv", subjects.drop(columns=markers))
    rows = cross_validated(subjects, markers)
    write_table(folder / "data/predictions.tsv", rows)
    write_config(folder, CONFIG)
    return folder


def simulated(seed: int, effect: float = 1.2) -> pd.DataFrame:
    """Subjects of three sites with markers, a binary outcome and a time to an event."""
    generator = np.random.default_rng(seed)
    n = PER_SITE * len(SITES)
    markers = generator.normal(size=(n, 4))
    signal = effect * (markers[:, 0] + markers[:, 1])
    days = generator.exponential(900 * np.exp(-0.6 * signal))
    censored = generator.uniform(200, 1500, n)
    sites = np.repeat(SITES, PER_SITE)
    return pd.DataFrame(
        {
            "subject_id": [f"{s[0]}{i:03d}" for i, s in enumerate(sites)],
            "site": sites,
            "age": generator.normal(60, 8, n).round(1),
            "dead": (signal + generator.logistic(size=n) > 0).astype(int),
            "progressed": (days <= censored).astype(int),
            "days": np.minimum(days, censored).round(1) + 1,
            **{f"marker_{i}": markers[:, i] for i in range(4)},
        }
    )


def cross_validated(
    subjects: pd.DataFrame, markers: list[str], n_repeats: int = 2
) -> pd.DataFrame:
    """Predictions by the script that somebody else might have written."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    x, y = subjects[markers].to_numpy(), subjects["dead"].to_numpy()
    models = {
        "logistic": LogisticRegression(),
        "forest": RandomForestClassifier(n_estimators=30, random_state=0),
    }
    parts = []
    for repeat in range(1, n_repeats + 1):
        folds = StratifiedKFold(3, shuffle=True, random_state=repeat)
        for fold, (learnt, held_out) in enumerate(folds.split(x, y), 1):
            for name, model in models.items():
                model.fit(x[learnt], y[learnt])
                found = model.predict_proba(x[held_out])[:, 1]
                part = subjects.iloc[held_out][["subject_id"]].assign(
                    model=name, repeat=repeat, fold=fold, probability=found
                )
                parts.append(part)
    return pd.concat(parts, ignore_index=True)


def survival_predictions(subjects: pd.DataFrame, markers: list[str]) -> pd.DataFrame:
    """Scores and risks by a Cox model of lifelines, with each site left out once."""
    return pd.concat(_left_out(subjects, markers), ignore_index=True)


def _left_out(subjects: pd.DataFrame, markers: list[str]) -> Iterator[pd.DataFrame]:
    from lifelines import CoxPHFitter

    for site in SITES:
        here = subjects["site"] == site
        learnt = subjects.loc[~here, [*markers, "days", "progressed"]]
        model = CoxPHFitter(penalizer=0.01).fit(learnt, "days", "progressed")
        own = subjects.loc[here, markers]
        survival = model.predict_survival_function(own, times=list(DAYS)).to_numpy()
        learnt_scores = model.predict_log_partial_hazard(learnt[markers])
        score = model.predict_log_partial_hazard(own).to_numpy()
        high = np.where(score > learnt_scores.median(), "high", "low")
        risks = {f"risk_{day}": 1 - survival[i] for i, day in enumerate(DAYS)}
        yield subjects.loc[here, ["subject_id"]].assign(
            fold=site, score=score, risk_group=high, **risks
        )


def write_table(path: Path, table: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, sep="\t", index=False)


def write_config(folder: Path, config: dict) -> None:
    text = yaml.safe_dump(config, sort_keys=False)
    (folder / "config").mkdir(parents=True, exist_ok=True)
    (folder / "config/config.yaml").write_text(text)
