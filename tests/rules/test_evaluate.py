from evaluate import main
from fit_arm import main as fit

from concord import tables

from ..modelling_study import arm_settings, job, make_tables, write_tables

ARMS = {
    "radiomics": {"harmonize": True},
    "raw": {"harmonize": False},
    "clinical": {"features": [], "covariates": ["age"]},
}
KINDS = ("predictions", "fits", "coefficients")


def test_arms_fitted_before_are_judged_and_compared(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    results = {kind: [] for kind in KINDS}
    for arm, options in ARMS.items():
        for part in ("cv-1-1", "loso"):
            stem = f"{arm}_{part}"
            outputs = {kind: f"{stem}_{kind}.tsv" for kind in KINDS}
            outputs["estimates"] = f"{stem}.json"
            settings = arm_settings(**options)
            fit(job(tmp_path, settings, outputs, inputs, arm=arm, part=part))
            for kind in KINDS:
                results[kind].append(str(tmp_path / outputs[kind]))

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
