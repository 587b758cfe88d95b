"""The stand-alone file and the equation score as Concord does."""

import csv
import importlib.util
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from concord.folds.splitting import SubjectRows
from concord.frozen import document as documents
from concord.frozen.equation.evaluation import score
from concord.frozen.equation.files import SCORE_FILE, why_no_file
from concord.models.absolute_risk import risks_of_fold
from concord.models.prediction import Predictor

from ....frozen_documents import frozen_document, lacking_study
from ....modelling_study import make_specification

SPARSE = {"l1_share": 1.0, "penalty": 0.03}
KEEPS = {"keep": ["age", "stage"], "smooth": ["age"]}
CASES = {
    "plain": {"harmonizer": "none"},
    "combat": {},
    "log": {"transform": "log"},
    "ranks": {"transform": "rank_normal"},
    "robust": {"scaling": "robust"},
    "unscaled": {"scaling": "none"},
    "indicator": {"imputation": "indicator", "max_features": 3},
    "z-score": {"harmonizer": "zscore"},
    "groups": {"group_indicator": True, "harmonizer": "none"},
    "unpenalized": {"model": {"kind": "unpenalized"}, "max_features": 2},
}
HARMONIZATIONS = {
    "passthrough": {"unseen": "passthrough"},
    "refuse": {"unseen": "refuse"},
    "curve": {"unseen": "passthrough", **KEEPS},
}
PAIRS = [(name, "passthrough") for name in CASES] + [
    ("combat", "refuse"),
    ("combat", "curve"),
    ("log", "curve"),
]


@pytest.fixture(scope="module")
def study():
    return lacking_study()


@pytest.fixture(scope="module")
def alone():
    spec = importlib.util.spec_from_file_location("score", SCORE_FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def frozen_by(study, name, harmonization, outcome):
    options = {"covariates": ["age", "stage"], "max_missing": 0.5, **SPARSE}
    options |= CASES[name]
    if "model" in CASES[name]:
        del options["l1_share"], options["penalty"]
    plan = make_specification(outcome, HARMONIZATIONS[harmonization], **options)
    return frozen_document(study, plan)


def others(seed=3, missing=0.1):
    """New subjects, some of sites without development rows."""
    new = lacking_study(60, seed, missing, sites=("A", "B", "C", "D"))
    return SubjectRows(new.cohort, new.features)


def csv_rows(predictors):
    """Predictors as a reader writes them: categories as words, gaps as blanks."""
    found = []
    for subject, row in predictors.iterrows():
        cells = {"subject_id": subject}
        for name, value in row.items():
            if name.startswith("covariate.stage="):
                continue
            given = "" if pd.isna(value) else value
            cells[name.removeprefix("covariate.")] = (
                repr(float(given)) if isinstance(given, float) else str(given)
            )
        two = [row.get(f"covariate.stage={level}", 0.0) for level in ("II", "III")]
        cells["stage"] = "II" if two[0] == 1 else "III" if two[1] == 1 else "I"
        found.append(cells)
    return found


@pytest.mark.parametrize(("name", "harmonization"), PAIRS)
@pytest.mark.parametrize("outcome", ["binary", "survival"])
def test_the_file_scores_as_concord(study, alone, name, harmonization, outcome):
    document = frozen_by(study, name, harmonization, outcome)
    predictor, rows = Predictor.of(document.model), others()
    predictors = predictor.predictors(rows)
    expected = predictor.predict(predictors, 1)
    read = json.loads(document.model_dump_json())
    found = pd.DataFrame([alone.predict(read, row) for row in csv_rows(predictors)])
    assert found["score"].isna().tolist() == expected["score"].isna().tolist()
    assert expected["score"].notna().sum() > 20
    gap = np.abs(found["score"].to_numpy() - expected["score"].to_numpy())
    assert np.nanmax(gap) < 1e-12 * document.estimates.spread
    if outcome == "binary":
        chance = expected["probability"].to_numpy()
        assert np.nanmax(np.abs(found["probability"] - chance)) < 1e-12
    else:
        days = document.outcome.at_days
        known = risks_of_fold(document.model, expected, days)
        risks = found[[f"risk_{day:g}" for day in days]].to_numpy()
        assert np.nanmax(np.abs(risks - known)) < 1e-12
        assert (np.isnan(risks) == np.isnan(known)).all()


@pytest.mark.parametrize(("name", "harmonization"), PAIRS)
def test_the_equation_scores_as_concord(study, name, harmonization):
    document = frozen_by(study, name, harmonization, "survival")
    predictor = Predictor.of(document.model)
    predictors = predictor.predictors(others())
    expected = predictor.predict(predictors, 1)["score"].dropna()
    found = [score(document.equation, predictors.loc[one]) for one in expected.index]
    gap = np.abs(np.array(found) - expected.to_numpy())
    assert gap.max() < 1e-12 * document.estimates.spread


def test_a_refused_batch_has_no_score_but_a_known_one_has(study):
    document = frozen_by(study, "combat", "refuse", "binary")
    predictor = Predictor.of(document.model)
    found = predictor.predict(predictor.predictors(others()), 1)
    assert 0 < found["score"].isna().sum() < len(found)


def test_the_file_has_at_most_60_lines_and_needs_numpy_alone(study, tmp_path):
    text = SCORE_FILE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    document = frozen_by(study, "combat", "curve", "survival")
    documents.write(document, tmp_path / "model.json")
    predictor = Predictor.of(document.model)
    predictors = predictor.predictors(others())
    rows = csv_rows(predictors)
    with open(tmp_path / "patients.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "score.py").write_text(text, encoding="utf-8")
    blocked = "import sys; sys.modules.update(dict.fromkeys(['pandas', 'scipy', "
    blocked += "'sklearn', 'concord'])); import runpy; sys.argv = sys.argv[1:]; "
    blocked += "runpy.run_path('score.py', run_name='__main__')"
    ran = subprocess.run(
        [sys.executable, "-c", blocked, "score.py", "model.json", "patients.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": ""},
        check=True,
    )
    found = [float(one["score"]) for one in csv.DictReader(ran.stdout.splitlines())]
    expected = predictor.predict(predictors, 1)["score"].to_numpy()
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_trees_and_adaptation_are_refused_by_name(study, alone):
    trees = make_specification("binary", model={"kind": "forest", "trees": 5})
    document = frozen_document(study, trees)
    assert document.equation is None
    assert "trees" in document.equation_reason
    assert why_no_file(document) == document.equation_reason
    adapting = make_specification("binary", {"unseen": "adapt", "adapt_subjects": 5})
    adapted = frozen_document(study, adapting)
    assert adapted.equation is not None
    assert "adapt" in why_no_file(adapted)
    with pytest.raises(SystemExit, match="use Concord"):
        alone.predict(json.loads(document.model_dump_json()), {})
    predictors = Predictor.of(adapted.model).predictors(others())
    read = json.loads(adapted.model_dump_json())
    found = {
        row["subject_id"]: alone.predict(read, row) for row in csv_rows(predictors)
    }
    sites = predictors["batch.CT.site"]
    scored = {site: {} for site in sorted(set(sites))}
    for subject, one in found.items():
        scored[sites[subject]][subject] = np.isfinite(one["score"])
    assert not any(scored["D"].values())
    assert all(scored["A"].values())
