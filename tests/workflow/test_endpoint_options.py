"""A whole study of dates, strata and a horizon: its tables and what the report says."""

import csv
import re
from datetime import date, timedelta

import numpy as np
import pytest

from concord import tables
from concord.folds import cohort as cohorts

from ..table_study import CONFIG, write_config, write_rows, write_study
from .conftest import StudyFolder

DATES = {
    "kind": "prognostic",
    "event": "progressed",
    "start_date": "first",
    "end_date": "last",
}
ENDPOINTS = {
    "progression": DATES | {"strata": ["site"]},
    "weighted": DATES | {"horizon_days": 365, "censored_before": "weight"},
    "known": DATES | {"horizon_days": 365},
}


def add_dates(folder):
    """Dates of follow-up, and age once more in days, as columns of the sheet."""
    path = folder / "config" / "subjects.tsv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    generator = np.random.default_rng(5)
    for row in rows:
        first = date(2015, 1, 1) + timedelta(days=int(generator.integers(1500)))
        time = generator.exponential(250 if row["dead"] == "1" else 750)
        followed = generator.uniform(100, 1500)
        row["first"] = first.isoformat()
        row["last"] = str(first + timedelta(days=int(min(time, followed)) + 1))
        row["progressed"] = int(time <= followed)
        row["age_days"] = round(365.25 * float(row["age"]), 3)
    write_rows(path, rows, "\t")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = write_study(tmp_path_factory.mktemp("dates") / "study")
    add_dates(folder)
    covariates = CONFIG["covariates"] | {"days": {"column": "age_days"}}
    arms = CONFIG["arms"] | {"twice": {"covariates": ["age", "days"]}}
    changes = {"covariates": covariates, "arms": arms, "endpoints": ENDPOINTS}
    write_config(folder, CONFIG | changes)
    study = StudyFolder(folder)
    run = study.snakemake()
    assert run.returncode == 0, run.stdout
    return study.folder / "results"


def table(finished, name, kind):
    return tables.read(finished / f"{name}.tsv", kind)


@pytest.mark.slow
def test_days_strata_and_horizons_reach_tables_and_no_date_does(finished):
    cohort = cohorts.read(finished / "cohort" / "cohort.tsv")
    assert (cohort["time_days.progression"] > 0).all()
    assert (cohort["stratum.progression"] == cohort["site"]).all()
    lost = int(cohort["censored_before.known"].sum())
    assert lost > 0
    for endpoint in ("weighted", "known"):
        counts = table(finished, f"evaluation/{endpoint}_event_counts", "event_counts")
        assert counts["n_censored_before"].iloc[0] == lost
        rows = table(finished, f"models/{endpoint}/loso_predictions", "predictions")
        assert ("weight" in rows) == (endpoint == "weighted")
    text = "".join(p.read_text() for p in finished.rglob("*.tsv"))
    assert not re.search(r"\b20(1[5-9]|2\d)-\d\d-\d\d\b", text)


@pytest.mark.slow
def test_the_report_tells_what_the_options_do(finished):
    page = (finished / "report" / "report.html").read_text()
    for words in (
        "only pairs of one stratum are compared",
        "those who were followed longer stand for them",
        "so that events look more frequent than they are",
        "the criteria of Riley et al. ask for",
        "days repeats age",
        "baseline hazards of their own by site",
    ):
        assert words in page
    leakage = table(finished, "harmonization/weighted_leakage", "leakage")
    assert leakage.loc[leakage["fit"] == "study", "unchanged"].all()
