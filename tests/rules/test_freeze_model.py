"""Rule freeze_model on small files, without Snakemake."""

import pandas as pd
import pytest
from fit_arms import main as fit_arms
from freeze_model import main
from predict_arms import main as predict_arms
from split_folds import main as split_folds

from concord import tables
from concord.errors import StudyError
from concord.frozen import document
from concord.models.prediction import Predictor
from concord.models.settings.rules import FitArms, PredictArms
from concord.settings import NoSettings
from concord.tables.kinds import KINDS

from ..frozen_study import acquisition_of, freeze_settings, masks_of, study_tables
from ..modelling_study import job, make_specification, make_tables, write_tables

PLANS = [
    make_specification(
        "survival", {"keep": ["age"]}, "radiomics", covariates=["age"], max_features=3
    ),
    make_specification(
        "survival", name="clinical", features=[], covariates=["age"], harmonizer="none"
    ),
]
SIDES = {"development": "development", "evaluation": "evaluation", "phantom": []}
SHARED = {"endpoint": "survival", "scheme": "cv", "n": 90, "n_folds": 5}


def performance():
    row = SHARED | {"arm": "radiomics", "stratum": "all", "metric": "c_index"}
    row |= {"estimate": 0.71, "lower": 0.6, "upper": 0.8, "n_events": 40, "method": "m"}
    group = row | {"stratum": "group=A", "estimate": None, "lower": None, "upper": None}
    return pd.DataFrame(
        [
            row,
            group | {"reason": "no pair"},
            row | {"stratum": "group=B", "n": 9, "n_events": 4},
            row | {"arm": "clinical", "estimate": 0.6},
            row | {"scheme": "loso", "estimate": 0.66},
        ]
    )


def comparisons():
    row = SHARED | {"arm": "radiomics", "reference_arm": "clinical"}
    row |= {"metric": "c_index", "estimate": 0.11, "lower": -0.01, "upper": 0.2}
    return pd.DataFrame([row | {"n_events": 40, "method": "paired"}])


def subgroups():
    """Two levels of one subgroup, of the headline arm alone."""
    row = SHARED | {"arm": "radiomics", "subgroup": "sex", "measure": "c_index"}
    row |= {"level": "F", "n": 40, "n_events": 20, "estimate": 0.7, "method": "m"}
    return pd.DataFrame([row, row | {"level": "all", "n": 90, "estimate": 0.71}])


def calibration():
    row = SHARED | {"arm": "radiomics", "stratum": "all", "horizon_days": 100.0}
    row |= {"n_events": 12, "observed_expected": 1.1, "oe_lower": 0.8, "oe_upper": 1.5}
    row |= {"intercept": 0.1, "slope": 0.9, "slope_lower": 0.4, "slope_upper": 1.4}
    return pd.DataFrame([row, row | {"stratum": "group=A"}])


@pytest.fixture(scope="module")
def study():
    return make_tables(n=90, signal=1.0)


@pytest.fixture(scope="module")
def files(study, tmp_path_factory):
    """Inputs of the rule by development set, made by the jobs before it."""
    folder = tmp_path_factory.mktemp("study")
    written = write_tables(study, folder)
    known = study_tables(study)
    given = {"phantom": [], "registrations": [str(folder / "registrations.tsv")]}
    plan = {"registered": "2026-01-01", "concord": "1", "config": "c", "sheets": "s"}
    plans = [plan | {"version": n, "plan": f"plan {n}"} for n in (2, 1)]
    plans = pd.DataFrame(plans).assign(code="c", folds="f")
    made = {
        "dictionary": known.dictionary,
        "acquisition": acquisition_of(study.cohort, ("CT",)),
        "masks": masks_of(study.cohort, ("CT",)).assign(site="A", path="p", digest="d"),
        "registrations": plans,
        "performance": performance(),
        "comparisons": comparisons(),
        "calibration": calibration(),
        "subgroups": subgroups(),
    }
    for kind, table in made.items():
        whole = table.reindex(columns=list(KINDS[kind]))
        tables.write(whole, folder / f"{kind}.tsv", kind)
        given[kind] = [str(folder / f"{kind}.tsv")]
    given["dictionary"] = str(folder / "dictionary.tsv")
    found = {}
    for development, part in (("all", "final"), ("without_C", "loso")):
        sides = {side: f"{part}_{side}" for side in list(SIDES)[:2]} | {"phantom": []}
        split_folds(job(folder, NoSettings(), sides, written, part=part))
        rows = {"development": [str(folder / sides["development"])], "phantom": []}
        rows["dictionary"] = given["dictionary"]
        names = ("fits", "coefficients", "estimates")
        outputs = {n: [f"{part}_{p.name}_{n}" for p in PLANS] for n in names}
        outputs["tuning"] = []
        fit_arms(job(folder, FitArms(models=PLANS), outputs, rows, part=part))
        found[development] = given | {
            "development": rows["development"],
            "estimates": [str(folder / name) for name in outputs["estimates"]],
        }
    kinds = ("performance", "comparisons", "calibration", "subgroups")
    found["without_C"] |= {kind: [] for kind in kinds}
    return folder, found


def freeze(tmp_path, files, development, **options):
    _, inputs = files
    outputs = {"models": [f"{plan.name}.json" for plan in PLANS]}
    settings = freeze_settings(PLANS, development, **options)
    main(job(tmp_path, settings, outputs, inputs[development], development=development))
    return [document.read(tmp_path / name) for name in outputs["models"]]


def test_models_of_all_subjects_tell_what_validation_found(tmp_path, files):
    radiomics, clinical = freeze(tmp_path, files, "all", samples=2)
    assert radiomics.origin.development == "all"
    assert radiomics.origin.plan == "plan 2"
    assert radiomics.population.n == 90
    assert [(one.level, one.estimate) for one in radiomics.subgroups] == [("F", 0.7)]
    assert clinical.subgroups == []
    assert len(radiomics.samples) == len(clinical.samples) == 2
    told = {
        (one.metric, one.scheme, one.stratum, one.against): one.estimate
        for one in radiomics.expected
    }
    assert told == {
        ("c_index", "cv", "all", None): 0.71,
        ("c_index", "cv", "group=B", None): 0.71,
        ("c_index", "loso", "all", None): 0.66,
        ("c_index", "cv", "all", "clinical"): 0.11,
        ("calibration_slope", "cv", "all", None): 0.9,
        ("calibration_in_the_large", "cv", "all", None): 0.1,
        ("observed_expected", "cv", "all", None): 1.1,
    }
    slope = next(e for e in radiomics.expected if e.metric == "calibration_slope")
    assert (slope.lower, slope.upper, slope.horizon_days) == (0.4, 1.4, 100.0)
    assert [one.estimate for one in clinical.expected] == [0.6]
    assert list(radiomics.applicability.acquisition) == ["CT"]
    assert radiomics.applicability.smallest_region == {"CT.tumour": 500.0}


def test_small_groups_are_not_counted_in_what_validation_found(tmp_path, files):
    radiomics, _ = freeze(tmp_path, files, "all", smallest_cell=5)
    by_group = next(e for e in radiomics.expected if e.stratum == "group=B")
    assert by_group.n is by_group.n_events is None
    assert radiomics.expected[0].n == 90


def test_models_without_a_group_score_it_as_their_fold_did(tmp_path, files, study):
    folder, inputs = files
    found = freeze(tmp_path, files, "without_C", samples=4)
    settings = PredictArms(
        seed=1, endpoints=["survival"], arms=["radiomics", "clinical"], at_days={}
    )
    evaluation = {"evaluation": [str(folder / "loso_evaluation")]}
    given = evaluation | {"estimates": inputs["without_C"]["estimates"]}
    outputs = {"predictions": ["predictions.tsv"], "risks": []}
    predict_arms(job(tmp_path, settings, outputs, given, part="loso"))
    table = tables.read(tmp_path / "predictions.tsv", "predictions")
    for model in found:
        own = table[(table["arm"] == model.name) & (table["fold"] == "C")]
        expected = own.set_index("subject_id")["score"]
        scores = Predictor.of(model.model).scored(study.rows, 1)["score"]
        assert len(expected) == 30
        assert (scores[expected.index] - expected).abs().max() < 1e-12
        assert model.population.groups == {"A": 30, "B": 30}
        assert model.applicability.acquisition.get("CT", {}).get(
            "Manufacturer", ["Maker A", "Maker B"]
        ) == ["Maker A", "Maker B"]


def test_without_a_group_the_own_subjects_and_their_samples_alone_are_told_of(
    tmp_path, files
):
    radiomics, _ = freeze(tmp_path, files, "without_C", samples=4)
    (one,) = radiomics.expected
    assert (one.scheme, one.metric, one.stratum) == ("bootstrap", "c_index", "all")
    assert one.lower is one.upper is None
    assert "models of 4 bootstrap samples" in one.method
    apparent = float(one.note.split(";")[0].rsplit(" ", 1)[1])
    assert one.estimate < apparent
    without, _ = freeze(tmp_path, files, "without_C")
    assert without.expected == []


def test_a_group_that_there_is_not_is_named(tmp_path, files):
    _, inputs = files
    settings = freeze_settings(PLANS, "without_Z")
    outputs = {"models": ["a", "b"]}
    with pytest.raises(StudyError, match="no model of fold 'loso_Z'"):
        main(job(tmp_path, settings, outputs, inputs["without_C"]))
