"""Rule open_sealed: the script on files, without Snakemake."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from open_sealed import main

from concord import tables
from concord.errors import ConfigError, StudyError
from concord.evaluation.sealed import chained
from concord.evaluation.sealed.settings import OpenSealed
from concord.fields import CohortColumns
from concord.folds import cohort as cohorts
from concord.folds.settings import AssembleCohort
from concord.folds.splitting import FoldName
from concord.models import fitted_model
from concord.models.prediction import predict_fold

from ..modelling_study import Tables, job, make_folds, make_tables
from .test_predict_arms import ARMS, fitted

LEDGER = {"ledger": "ledger.jsonl"}


class Study:
    """Files of a study whose site C is sealed, with final models of the others."""

    def __init__(self, folder, signal=3.0):
        self.folder = folder
        self.whole = make_tables(n=90, signal=signal)
        known = self.whole.cohort["site"] != "C"
        development = self.whole.cohort[known].reset_index(drop=True)
        study = Tables(development, self.whole.features, make_folds(development))
        models = fitted(folder, study, "final")
        cohorts.write(development, folder / "cohort.tsv")
        tables.write([], folder / "batches.tsv", "batch_facts")
        self.write_sheet(self.whole.cohort)
        self.inputs = {
            "subjects": [str(folder / "subjects.tsv")],
            "acquisition": str(folder / "batches.tsv"),
            "cohort": str(folder / "cohort.tsv"),
            "features": str(folder / "features.parquet"),
            "estimates": models["estimates"],
            "registration": [],
        }
        tables.write_features(self.whole.features, folder / "features.parquet")
        sealed = self.whole.cohort.loc[~known, "subject_id"]
        row = {"site": "C", "cluster": "x", "sealed_by": "group"}
        self.settings = OpenSealed(
            cohort=AssembleCohort(
                sheet=CohortColumns(),
                covariates={"age": {"column": "age"}},
                factors={},
                endpoints={"recurrence": {"kind": "diagnostic", "event": "event"}},
                batch={"CT": ["site"]},
                group="site",
                baseline_session="baseline",
                unnamed_subjects="refuse",
                sheet_digest="",
                sealed=dict.fromkeys(sealed, row),
            ),
            seed=1,
            confidence=0.95,
            headline_arm="radiomics",
            arms=list(ARMS),
            endpoints={"recurrence": "binary"},
            reason="",
            config="one",
        )

    def write_sheet(self, cohort):
        columns = {"covariate.age": "age", "event.recurrence": "event"}
        sheet = cohort.rename(columns=columns)[["subject_id", "site", "age", "event"]]
        sheet = sheet.assign(event=sheet["event"].astype(int))
        sheet.to_csv(self.folder / "subjects.tsv", sep="\t", index=False)

    def open(self, **changes):
        settings = self.settings.model_copy(update=changes)
        main(job(self.folder, settings, LEDGER, self.inputs))
        return chained.read(self.folder / "ledger.jsonl")


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


def test_the_frozen_models_are_judged_on_the_sealed_subjects(study):
    (look,) = study.open()
    found = {(r["arm"], r["against"], r["metric"]): r for r in look["results"]}

    assert look["look"] == 1
    assert look["n_sealed"] == 30
    assert {r["n"] for r in look["results"]} == {30}
    assert found["radiomics", None, "auc"]["lower"] > 0.5
    assert found["radiomics", "clinical", "auc_difference"]["estimate"] > 0.1
    assert found["clinical", None, "auc"]["estimate"] < 0.8


def test_scores_are_those_of_the_final_model(study):
    (look,) = study.open()
    row = next(r for r in look["results"] if r["arm"] == "radiomics")
    document = fitted_model.read(study.inputs["estimates"][1])
    sealed = study.whole.rows
    mine = sealed.cohort["site"] == "C"
    rows = type(sealed)(sealed.cohort[mine].reset_index(drop=True), sealed.features)
    model = document.of_fold(FoldName("final", 1, "all"))
    score = predict_fold(rows, model, 1)["score"]
    event = sealed.cohort[mine].set_index("subject_id")["event.recurrence"] == 1

    wins = score[event].to_numpy()[:, None] > score[~event].to_numpy()
    assert row["estimate"] == pytest.approx(wins.mean())


def test_an_unchanged_pipeline_does_not_look_again(study):
    study.open()
    before = (study.folder / "ledger.jsonl").read_bytes()
    study.open()

    assert (study.folder / "ledger.jsonl").read_bytes() == before


def test_a_changed_pipeline_looks_again_and_says_what_changed(study):
    study.open()
    first, second = study.open(config="two")

    assert (first["look"], second["look"]) == (1, 2)
    assert second["changed"] == ["config"]
    assert first["results"] == second["results"]


def test_another_model_is_a_changed_pipeline(study):
    study.open()
    path = Path(study.inputs["estimates"][1])
    document = json.loads(path.read_text())
    (model,) = document["models"]
    model["estimates"]["cuts"][0] += 1
    path.write_text(json.dumps(document))
    _, second = study.open()

    assert second["changed"] == ["models"]


def test_other_features_of_sealed_subjects_are_a_changed_pipeline(study):
    study.open()
    features = study.whole.features.copy()
    mine = features["site"] == "C"
    features.loc[mine, "original.glcm.f000"] += 0.5
    tables.write_features(features, study.folder / "features.parquet")
    _, second = study.open()

    assert second["changed"] == ["inputs"]


def test_sealed_outcomes_are_no_part_of_the_pipeline(study):
    study.open()
    cohort = study.whole.cohort.copy()
    mine = cohort["site"] == "C"
    cohort.loc[mine, "event.recurrence"] = 1 - cohort.loc[mine, "event.recurrence"]
    study.write_sheet(cohort)

    assert len(study.open()) == 1
    _, second = study.open(config="two", reason="outcomes corrected")
    assert second["why"] == "outcomes corrected"
    assert (
        second["results"][0]["estimate"]
        != chained.read(study.folder / "ledger.jsonl")[0]["results"][0]["estimate"]
    )


def test_the_ledger_names_no_subject(study):
    study.open()
    text = (study.folder / "ledger.jsonl").read_text()

    assert not [name for name in study.whole.cohort["subject_id"] if name in text]


def test_a_fault_of_a_sealed_outcome_is_told_and_is_no_look(study):
    cohort = study.whole.cohort.copy()
    cohort.loc[cohort["site"] == "C", "event.recurrence"] = 7
    study.write_sheet(cohort)

    with pytest.raises(ConfigError, match="column 'event': expected 0 or 1"):
        study.open()
    assert not (study.folder / "ledger.jsonl").exists()


def test_a_cohort_of_another_sheet_is_refused(study):
    study.write_sheet(study.whole.cohort.iloc[1:])

    with pytest.raises(StudyError, match="the cohort holds 60 subjects, and the sheet"):
        study.open()


def test_a_sealed_copy_of_a_development_subject_is_refused(study):
    features = study.whole.features.copy()
    names = [name for name in features.columns if name.startswith("original")]
    sites = study.whole.cohort.set_index("subject_id")["site"]
    copy, original = (sites.index[sites == site][0] for site in ("C", "A"))
    for reader in ("A", "B"):
        rows = {
            name: (features["subject_id"] == name) & (features["reader"] == reader)
            for name in (copy, original)
        }
        features.loc[rows[copy], names] = features.loc[rows[original], names].to_numpy()
    tables.write_features(features, study.folder / "features.parquet")

    with pytest.raises(StudyError, match="are copies or mixtures of others"):
        study.open()


def test_labels_of_sealed_subjects_are_those_of_development(study):
    sheet = pd.read_csv(study.folder / "subjects.tsv", sep="\t")
    spelt = np.where(sheet["site"] == "C", "a", sheet["site"])
    sheet.assign(site=spelt).to_csv(
        study.folder / "subjects.tsv", sep="\t", index=False
    )
    (look,) = study.open()

    assert {row["n_unscored"] for row in look["results"]} == {0}
