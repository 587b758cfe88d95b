"""Rule discriminate: the script on small tables, without Snakemake."""

import pytest
from discriminate import main

from concord import tables
from concord.errors import StudyError
from concord.evaluation.discrimination.settings import Discriminate
from concord.evaluation.settings import DiscriminationOptions
from concord.models.settings.thresholds import Thresholds

from .. import synthetic_results as synthetic
from ..modelling_study import job

KINDS = (
    "operating_points",
    "discrimination",
    "discrimination_differences",
    "time_dependent_auc",
)
ARMS = ("texture", "clinical")


def settings_of(endpoint, horizons=(), probabilities=()):
    return Discriminate(
        evaluation=synthetic.EVALUATION,
        options=DiscriminationOptions(),
        thresholds=Thresholds(probabilities=list(probabilities)),
        kind=synthetic.ENDPOINTS[endpoint].outcome_kind,
        horizons=list(horizons),
    )


def written(folder, endpoint, **added):
    """Predictions, one file per arm, as the jobs of parts would write them."""
    paths = []
    for arm in ARMS:
        rows = synthetic.predictions(endpoint, arm).assign(**added)
        paths.append(str(folder / f"{arm}.tsv"))
        tables.write(rows, paths[-1], "predictions")
    return paths


def run(folder, settings, predictions, risks=(), null=()):
    inputs = {"predictions": predictions, "risks": list(risks), "null": list(null)}
    main(job(folder, settings, {kind: f"{kind}.tsv" for kind in KINDS}, inputs))
    return {kind: tables.read(folder / f"{kind}.tsv", kind) for kind in KINDS}


def test_a_binary_outcome_has_operating_points_and_no_course(tmp_path):
    paths = written(tmp_path, "metastasis", threshold_youden=0.1)

    found = run(tmp_path, settings_of("metastasis", probabilities=[0.3]), paths)

    points = found["operating_points"]
    assert set(points["rule"]) == {"youden", "sensitivity", "probability"}
    lacking = points[points["rule"] == "sensitivity"]
    assert lacking["reason"].str.startswith("no fold has the threshold").all()
    assert points.loc[points["rule"] == "youden", "sensitivity"].between(0, 1).all()
    assert set(found["discrimination"]["measure"]) == {"auc", "partial_auc"}
    assert set(found["discrimination_differences"]["reference_arm"]) == {"clinical"}
    assert found["time_dependent_auc"].empty


def test_an_outcome_with_times_has_c_indices_a_course_and_risks_by_days(tmp_path):
    paths = written(tmp_path, "survival")
    rows = tables.read_all(paths, "predictions")
    names = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risks = rows[names].assign(horizon_days=300.0, risk=rows["score"].gt(0) * 0.6)
    tables.write(risks, tmp_path / "risks.tsv", "risks")
    settings = settings_of("survival", horizons=[300.0], probabilities=[0.5])

    found = run(tmp_path, settings, paths, [str(tmp_path / "risks.tsv")])

    measures = set(found["discrimination"]["measure"])
    assert measures == {"harrell_c", "uno_c", "auc_at"}
    assert set(found["operating_points"]["horizon_days"]) == {300.0}
    assert set(found["time_dependent_auc"]["arm"]) == set(ARMS)
    assert set(found["discrimination"]["until_days"].dropna()) == {300.0}


def test_without_days_an_outcome_with_times_has_no_operating_point(tmp_path):
    found = run(tmp_path, settings_of("survival"), written(tmp_path, "survival"))
    assert found["operating_points"].empty
    assert set(found["discrimination"]["measure"]) == {"harrell_c", "uno_c"}


def test_nulls_widen_intervals_and_predictions_alone_are_judged_without(tmp_path):
    paths = written(tmp_path, "metastasis")
    null = synthetic.null("metastasis")
    wide = null.assign(standard_error=null["standard_error"] / 10)
    tables.write(wide, tmp_path / "null.tsv", "null")
    settings = settings_of("metastasis")

    alone = run(tmp_path, settings, paths)["discrimination"]
    widened = run(tmp_path, settings, paths, null=[str(tmp_path / "null.tsv")])

    assert set(alone["widening"].dropna()) == {1.0}
    assert alone["method"].str.contains("for want of permutations").all()
    mine = widened["discrimination"].query("arm == 'texture' and scheme == 'cv'")
    assert (mine["widening"] > 1).all()


def test_rows_of_a_fit_to_all_subjects_are_refused(tmp_path):
    paths = written(tmp_path, "metastasis", scheme="final")
    with pytest.raises(StudyError, match="fitted to all subjects"):
        run(tmp_path, settings_of("metastasis"), paths)
