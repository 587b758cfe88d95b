"""A study of given predictions: what it has, and what it is told before any job."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concord.errors import ConfigError
from concord.study.study import Study

from ...foreign_study import CONFIG, SITES, write_config, write_table
from ...workbooks import write_workbook


@pytest.fixture
def folder(tmp_path) -> Path:
    """A study of twelve subjects and two models, without a fault."""
    names = [f"{site[0]}{number}" for site in SITES for number in range(4)]
    subjects = pd.DataFrame({"subject_id": names, "age": 60})
    subjects["site"] = [site for site in SITES for _ in range(4)]
    subjects["dead"] = [0, 1] * 6
    write_table(tmp_path / "config/subjects.tsv", subjects)
    rows = subjects[["subject_id"]].assign(probability=0.5, fold=[1, 2] * 6)
    both = [rows.assign(model=name) for name in ("logistic", "forest")]
    write_table(tmp_path / "data/predictions.tsv", pd.concat(both))
    write_config(tmp_path, CONFIG)
    return tmp_path


def study(folder: Path, **changes) -> Study:
    """The study with dotted keys changed; __ stands for a dot."""
    config = json.loads(json.dumps(CONFIG)) | {"data_root": str(folder / "data")}
    for key, value in changes.items():
        *parents, last = key.split("__")
        place = config
        for parent in parents:
            place = place.setdefault(parent, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return Study(config, folder / "config/config.yaml")


def faults(folder: Path, **changes) -> str:
    with pytest.raises(ConfigError) as error:
        study(folder, **changes)
    return str(error.value)


def test_its_arms_are_the_models_of_the_table_with_their_labels(folder):
    arms = study(folder).config.arms

    assert list(arms) == ["logistic", "forest"]
    assert arms["forest"].label == "Random forest"
    assert not arms["forest"].has_predictors


def test_without_names_the_models_are_those_of_the_table(folder):
    arms = study(folder, predictions__models=None).config.arms

    assert list(arms) == ["logistic", "forest"]
    assert arms["forest"].label == ""


@pytest.mark.parametrize("ending", ["tsv", "parquet"])
def test_a_table_without_models_is_the_headline_arm(folder, ending):
    table = pd.read_csv(folder / "data/predictions.tsv", sep="\t")
    own, path = table.query("model == 'forest'"), folder / f"data/own.{ending}"
    write = {
        "tsv": lambda t: write_table(path, t),
        "parquet": lambda t: t.to_parquet(path),
    }
    write[ending](own.drop(columns="model"))
    judged = {"headline_arm": "mine", "reference_arm": "mine"}

    found = study(
        folder,
        predictions__path=f"{{data_root}}/{path.name}",
        predictions__models=None,
        evaluation=judged,
    )

    assert list(found.config.arms) == ["mine"]


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_the_table_may_be_of_any_kind_that_features_have(folder, ending):
    table = pd.read_csv(folder / "data/predictions.tsv", sep="\t")
    path = folder / f"data/given.{ending}"
    if ending == "xlsx":
        cells = [list(table), *table.to_numpy(dtype=object).tolist()]
        write_workbook(path, {"given": cells})
    else:
        write = {"csv": table.to_csv, "parquet": table.to_parquet}
        write[ending](path, index=False)

    found = study(
        folder, predictions__path=f"{{data_root}}/{path.name}", predictions__models=None
    )

    assert list(found.config.arms) == ["logistic", "forest"]


def test_it_has_no_images_and_no_features(folder):
    found = study(folder)

    assert not found.has_images
    assert not found.has_features
    assert not found.repeats_measurements
    assert not found.has_readers
    assert found.prediction_tables == [str(folder / "data/predictions.tsv")]


def test_a_job_of_a_run_takes_the_models_as_the_run_read_them(folder):
    first = study(folder, predictions__models=None)
    frozen = first.as_read({}, [])
    (folder / "data/predictions.tsv").unlink()
    config = json.loads(json.dumps(CONFIG)) | {"data_root": str(folder / "data")}
    config["predictions"].pop("models")

    found = Study(config, folder / "config/config.yaml", False, frozen)

    assert list(found.config.arms) == list(first.config.arms)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"arms": {"own": {"covariates": ["age"]}}},
            "arms: names own, but a study of given predictions fits no model",
        ),
        (
            {"harmonization": {"batch": {"CT": "site"}}},
            "harmonization: has no effect in a study of given predictions",
        ),
        (
            {"stability": {"threshold": 0.8}},
            "stability: has no effect in a study of",
        ),
        ({"validation__folds": 3}, "validation.folds: has no effect in a study of"),
        ({"validation__group": "CT.KVP"}, "validation.group: is 'CT.KVP'; groups of"),
        (
            {"evaluation__decline_company": {"volume": "none"}},
            "evaluation.decline_company: has no effect",
        ),
        (
            {"evaluation__headline_arm": "logistc"},
            "evaluation.headline_arm: 'logistc' is no model of the table; did you mean "
            "'logistic'?",
        ),
        (
            {"evaluation__reference_arm": "tree", "predictions__models": None},
            "evaluation.reference_arm: 'tree' is no model of the table",
        ),
        (
            {"predictions__columns": {"score": "y_hat"}},
            "predictions.columns.score: the column 'y_hat' is missing",
        ),
        (
            {"predictions__risk_columns": {"risk_365": "one_year"}},
            "predictions.risk_columns.risk_365: the column 'one_year' is missing",
        ),
        ({"predictions__path": "nowhere.tsv"}, "nowhere.tsv: the file does not exist"),
        ({"predictions__path": ["a{b}.tsv"]}, "predictions.path"),
        (
            {"predictions__columns": {"model": "kind"}},
            "predictions.columns.model: the column 'kind' is missing",
        ),
    ],
)
def test_what_it_cannot_have_is_told_before_any_job(folder, changes, told):
    assert told in faults(folder, **changes)


def test_names_of_models_that_cannot_stand_in_files_are_told(folder):
    path = folder / "data/predictions.tsv"
    path.write_text(path.read_text().replace("forest", "Random forest"))

    text = faults(folder, predictions__models=None)

    assert "the model 'Random forest' must be a letter followed by letters" in text


def test_a_column_that_stands_twice_is_told(folder):
    table = pd.read_csv(folder / "data/predictions.tsv", sep="\t")
    fields = [pa.array(table[name]) for name in [*table, "model"]]
    twice = pa.Table.from_arrays(fields, names=[*table, "model"])
    pq.write_table(twice, folder / "data/twice.parquet")

    text = faults(folder, predictions__path="{data_root}/twice.parquet")

    assert "model: 2 columns have this name; rename them" in text


def test_all_faults_are_told_at_once(folder):
    text = faults(
        folder,
        validation__folds=3,
        evaluation__headline_arm="x",
        predictions__columns={"score": "y"},
    )

    assert "3 faults to repair" in text


def test_a_study_that_fits_models_still_needs_arms_and_harmonization(folder):
    text = faults(folder, predictions=None)

    assert "arms: this key is missing: Models that are compared" in text
    assert "harmonization: this key is missing: Removal of batch effects" in text
