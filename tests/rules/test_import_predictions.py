"""Rule import_predictions on a small table of another tool, without Snakemake."""

import json
from types import SimpleNamespace

import import_predictions
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError
from concord.evaluation.given.settings import ImportPredictions
from concord.files import read_json, sha256
from concord.study.study import Study

from ..foreign_study import CONFIG, PER_SITE, simulated, write_config, write_table

RISKS = {"evaluate_at_days": [365, 730], "event": "progressed", "time_days": "days"}


@pytest.fixture
def job(tmp_path):
    """The job of a study of one external set with risks at two days."""
    config = json.loads(json.dumps(CONFIG)) | {"data_root": str(tmp_path / "data")}
    config["endpoints"] = {"progression": {"kind": "prognostic", **RISKS}}
    subjects = simulated(1)
    known = ["subject_id", "site", "age", "progressed", "days"]
    write_table(tmp_path / "config/subjects.tsv", subjects[known])
    rows = subjects[["subject_id"]].assign(
        score=subjects["marker_0"], risk_365=0.25, risk_730=0.5
    )
    both = [rows.assign(model=name) for name in config["predictions"]["models"]]
    path = tmp_path / "data/predictions.tsv"
    write_table(path, pd.concat(both))
    write_config(tmp_path, config)
    cohort = subjects[["subject_id", "site"]].assign(
        group=subjects["site"], cluster=subjects["subject_id"]
    )
    cohort["event.progression"] = subjects["progressed"]
    cohort["time_days.progression"] = subjects["days"]
    write_table(tmp_path / "cohort.tsv", cohort)
    study = Study(config, tmp_path / "config/config.yaml")
    return SimpleNamespace(
        input=SimpleNamespace(
            table=study.prediction_tables, cohort=tmp_path / "cohort.tsv"
        ),
        output=SimpleNamespace(
            predictions=[tmp_path / "given_predictions.tsv"],
            risks=[tmp_path / "given_risks.tsv"],
            document=tmp_path / "given.json",
        ),
        params=SimpleNamespace(spec=study.settings(ImportPredictions)),
    )


def test_a_table_becomes_what_own_models_would_have_predicted(job):
    import_predictions.main(job)

    found = tables.read(job.output.predictions[0], "predictions")
    assert len(found) == 2 * 3 * PER_SITE
    assert set(found["arm"]) == {"logistic", "forest"}
    assert set(found["scheme"]) == {"fixed"}
    risks = tables.read(job.output.risks[0], "risks")
    assert risks.groupby("horizon_days")["risk"].max().tolist() == [0.25, 0.5]
    document = read_json(job.output.document)
    assert document["files"][0]["sha256"] == sha256(job.input.table[0])
    assert document["software"] == "scikit-learn"


def test_a_table_with_faults_writes_nothing(job, tmp_path):
    path = tmp_path / "data/predictions.tsv"
    path.write_text(path.read_text().replace("N001", "Q001"))

    with pytest.raises(ConfigError, match="whom the subjects sheet does not list"):
        import_predictions.main(job)

    assert not job.output.predictions[0].exists()
