from evaluate import main

from concord import tables
from concord.evaluation.settings import Evaluate, Judgement
from concord.folds import cohort as cohorts

from ..modelling_study import (
    fit_and_predict,
    job,
    make_specification,
    make_tables,
    null_band,
)

ARMS = {
    "radiomics": {"harmonizer": "combat"},
    "raw": {"harmonizer": "none"},
    "clinical": {"features": [], "covariates": ["age"]},
}
KINDS = ("predictions", "fits", "coefficients")


def test_arms_fitted_before_are_judged_and_compared(tmp_path):
    study = make_tables()
    results = {kind: [] for kind in KINDS}
    for arm, options in ARMS.items():
        for scheme in ("cv-1", "loso"):
            plan = make_specification(name=arm, **options)
            predictions, fit = fit_and_predict(study, plan, scheme)
            made = (predictions, fit.fits, fit.coefficients)
            for kind, table in zip(KINDS, made, strict=True):
                path = tmp_path / f"{arm}_{scheme}_{kind}.tsv"
                tables.write(table, path, kind)
                results[kind].append(str(path))

    folds, results["null"] = study.folds, []
    for arm, options in ARMS.items():
        plan = make_specification(name=arm, **options)
        path = tmp_path / f"{arm}_null.tsv"
        permuted = null_band(study.rows, folds, plan, n_permutations=10, seed=1)
        tables.write(permuted, path, "null")
        results["null"].append(str(path))

    judgement = Judgement(headline_arm="radiomics", reference_arm="clinical")
    arms = {arm: make_specification(**options).arm for arm, options in ARMS.items()}
    settings = Evaluate(evaluation=judgement, kind="binary", arms=arms)
    names = ("performance", "comparisons", "selection", "roc", "kaplan_meier")
    names += ("risk_groups", "arm_exclusions", "missing_values")
    outputs = {name: f"{name}.tsv" for name in names} | {"tuning": []}
    results["tuning"] = []
    results["cohort"] = str(tmp_path / "cohort.tsv")
    cohorts.write(study.cohort, results["cohort"])
    main(job(tmp_path, settings, outputs, results, endpoint="recurrence"))

    left_out = tables.read(tmp_path / "arm_exclusions.tsv", "arm_exclusions")
    assert left_out.empty

    performance = tables.read(tmp_path / "performance.tsv", "performance")
    assert len(performance) == 3 * (5 + 4)
    assert (performance["widening"].dropna() >= 1).all()
    assert performance["method"].str.contains("widened by the permutations").all()
    compared = tables.read(tmp_path / "comparisons.tsv", "comparisons")
    pairs = compared[["arm", "reference_arm", "scheme"]].to_numpy().tolist()
    assert pairs == [
        [arm, reference, scheme]
        for arm, reference in (
            ("radiomics", "clinical"),
            ("raw", "clinical"),
            ("radiomics", "raw"),
        )
        for scheme in ("cv", "loso")
    ]
    missing = tables.read(tmp_path / "missing_values.tsv", "missing_values")
    assert len(missing) == 3 * 2
    assert (missing["n_complete"] == missing["n"]).all()
    selected = tables.read(tmp_path / "selection.tsv", "selection")
    assert set(selected["arm"]) == {"radiomics", "raw"}
    assert (selected["n_fits"] == 8).all()
