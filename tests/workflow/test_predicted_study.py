"""A frozen model and a table of features: predictions by one command."""

import json

import pandas as pd
import pytest
import yaml

from concord.frozen import document as frozen_model
from concord.frozen.applying import application, patients

from ..applied_study import RECIPE, SOFTWARE, frozen, meeting, some, world
from .conftest import StudyFolder

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


@pytest.fixture(scope="module")
def later():
    """A model of ninety subjects, and twelve others who have a table."""
    every = world(102)
    document = frozen(some(every, slice(0, 90)), n_samples=2, harmonizer="none")
    return meeting(document, some(every, slice(90, None)))


@pytest.fixture
def study(later, tmp_path) -> StudyFolder:
    """The folder of the other hospital; nothing of it has run."""
    folder = StudyFolder(tmp_path)
    for name in ("config", "data"):
        (tmp_path / name).mkdir()
    frozen_model.write(later.applied[0].document, tmp_path / "config/model.json")
    cohort, features = later.measured.cohort, later.measured.features
    cohort[["subject_id", "site"]].assign(age_years=cohort["covariate.age"]).to_csv(
        tmp_path / "config/subjects.tsv", sep="\t", index=False
    )
    own = features[features["reader"] == "A"]
    columns = ["subject_id", *(name for name in own if name.startswith("original"))]
    # The last subject has no row: it is predicted to have no prediction.
    own[columns].iloc[:-1].to_csv(tmp_path / "data/features.csv", index=False)
    folder.config_file.write_text(yaml.safe_dump(CONFIG))
    return folder


def test_one_command_predicts_from_a_model_and_a_table(study, later):
    done = study.snakemake("predict")

    assert done.returncode == 0, done.stdout
    folder = study.folder / "results/predicted"
    table = pd.read_csv(folder / "scores.tsv", sep="\t").set_index("subject_id")
    outcomes = application.apply(later.applied, later.measured, later.settings)
    wanted = patients.scores(outcomes).set_index("subject_id")
    last = later.measured.subjects[-1]
    assert set(table.loc[last, "status"]) == {"not scored"}
    assert "no sheet lists it" in table.loc[last, "reason"].iloc[0]
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
