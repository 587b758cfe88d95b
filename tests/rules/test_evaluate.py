from dataclasses import replace

from evaluate import main

from concord import tables

from ..modelling_study import fit_and_predict, job, make_plan, make_tables

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
            plan = replace(make_plan(**options), arm=arm)
            predictions, fit = fit_and_predict(study, plan, scheme)
            made = (predictions, fit.fits, fit.coefficients)
            for kind, table in zip(KINDS, made, strict=True):
                path = tmp_path / f"{arm}_{scheme}_{kind}.tsv"
                tables.write(table, path, kind)
                results[kind].append(str(path))

    settings = {
        "evaluation": {"confidence": 0.95, "reference_arm": "clinical"},
        "endpoint": {"name": "recurrence", "kind": "binary"},
    }
    names = ("performance", "comparisons", "selection")
    outputs = {name: f"{name}.tsv" for name in names}
    main(job(tmp_path, settings, outputs, results, endpoint="recurrence"))

    performance = tables.read(tmp_path / "performance.tsv", "performance")
    assert len(performance) == 3 * (5 + 4)
    compared = tables.read(tmp_path / "comparisons.tsv", "comparisons")
    pairs = compared[["arm", "reference_arm", "scheme"]].to_numpy().tolist()
    assert pairs == [
        [arm, "clinical", scheme]
        for arm in ("radiomics", "raw")
        for scheme in ("cv", "loso")
    ]
    selected = tables.read(tmp_path / "selection.tsv", "selection")
    assert set(selected["arm"]) == {"radiomics", "raw"}
    assert (selected["n_fits"] == 8).all()
