"""A frozen model and a table of features: predictions by one command."""

import json

import pandas as pd
import pytest

from concord.frozen.applying import application, patients

from ..predicted_study import another_hospital, write_predicted_study
from .conftest import StudyFolder


@pytest.fixture(scope="module")
def later():
    """The model and the study that it meets."""
    return another_hospital()


@pytest.fixture
def study(tmp_path) -> StudyFolder:
    """The folder of the other hospital; nothing of it has run."""
    return StudyFolder(write_predicted_study(tmp_path))


def test_one_command_predicts_from_a_model_and_a_table(study, later):
    done = study.snakemake("predict")

    assert done.returncode == 0, done.stdout
    folder = study.folder / "results/predicted"
    table = pd.read_csv(folder / "scores.tsv", sep="\t").set_index("subject_id")
    outcomes = application.apply(later.applied, later.measured, later.settings)
    wanted = patients.scores(outcomes).set_index("subject_id")
    last = later.measured.subjects[-1]
    assert set(table.loc[last, "status"]) == {"not scored"}
    told = table.loc[last, "reason"].iloc[0]
    assert "missing: left out by import_features as NOT_IN_TABLE" in told
    others = wanted.drop(index=last)
    for column in ("score", "risk", "lower", "upper", "percentile"):
        found = table.loc[others.index.unique(), column]
        pd.testing.assert_series_equal(found, others[column], rtol=1e-12)
    one = json.loads(
        (folder / f"patients/{later.measured.subjects[0]}.json").read_text()
    )
    assert one["models"][0]["hash"] == later.applied[0].document.hash


def test_the_report_tells_who_was_predicted(study, later):
    done = study.snakemake()

    assert done.returncode == 0, done.stdout
    page = (study.folder / "results/report/report.html").read_text()
    assert "Predicted patients" in page
    assert later.applied[0].document.hash[:12] in page
    assert "no medical device" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"software": "pyradiomics 3.1.0"}, "was computed by 'pyradiomics 3.1.0'"),
        ({"provenance": "By somebody."}, "name this hash in feature_table.provenance"),
        ({"region": "GTV"}, "needs the region of CT 'tumour', the study has ['GTV']"),
    ],
)
def test_a_table_that_is_not_as_the_model_needs_it_is_refused(study, change, told):
    for key, value in change.items():
        study.change(f"feature_table.{key}", value)

    done = study.snakemake("predict")

    assert done.returncode != 0
    assert told in done.stdout
    assert not (study.folder / "results/predicted/predictions.tsv").exists()
