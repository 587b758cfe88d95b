"""A study of another hospital that applies a frozen model to a table of features."""

from functools import cache
from pathlib import Path

import yaml

from concord.frozen import document as frozen_model

from .applied_study import RECIPE, SOFTWARE, Meeting, frozen, meeting, some, world

N, LATER = 90, 30
CONFIG = {
    "model": {"path": "model.json", "accept_flags": ["distance"]},
    "data_root": "data",
    "sheets": {"subjects": "subjects.tsv"},
    "study": {"name": "Another hospital"},
    "feature_table": {
        "path": "{data_root}/features.csv",
        "image": "CT",
        "region": "tumour",
        "features": ["original.*"],
        "name_style": "canonical",
        "software": SOFTWARE,
        "provenance": f"Measured here by recipe {RECIPE}.",
    },
    "covariates": {"age": {"column": "age_years"}},
}
#: What the subjects sheet knows of the outcome, if it is told.
OUTCOMES = {"survival": {"event": "died", "time_days": "days"}}


@cache
def another_hospital() -> Meeting:
    """A model of ninety subjects, and thirty others who have a table."""
    every = world(N + LATER)
    document = frozen(some(every, slice(0, N)), n_samples=2, harmonizer="none")
    return meeting(document, some(every, slice(N, None)))


def write_predicted_study(folder: Path, outcomes: bool = False) -> Path:
    """Write configuration, model, subjects sheet and table; the folder again.

    The last subject has no row in the table, and is predicted to have no prediction.
    """
    later = another_hospital()
    for name in ("config", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in ("model", "copy"):
        path = folder / "config" / f"{name}.json"
        frozen_model.write(later.applied[0].document, path)
    known = world(N + LATER).cohort.iloc[N:]
    sheet = known[["subject_id", "site"]].assign(
        age_years=known["covariate.age"],
        died=known["event.survival"].astype(int),
        days=known["time_days.survival"].astype(int),
    )
    sheet.to_csv(folder / "config/subjects.tsv", sep="\t", index=False)
    features = later.measured.features
    own = features[features["reader"] == "A"]
    columns = ["subject_id", *(name for name in own if name.startswith("original"))]
    own[columns].iloc[:-1].to_csv(folder / "data/features.csv", index=False)
    config = CONFIG | ({"endpoints": OUTCOMES} if outcomes else {})
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config))
    return folder
