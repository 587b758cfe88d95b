from evaluate import main

from concord import tables
from concord.evaluation.settings import Anticipation, Evaluate, Judgement
from concord.folds import cohort as cohorts

from ..fused_study import fused, plain, two_images
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
OUTPUTS = ("performance", "comparisons", "selection", "roc", "kaplan_meier")
OUTPUTS += ("risk_groups", "arm_exclusions", "missing_values")
OUTPUTS += ("sample_size", "event_counts", "selection_stability")
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
    settings = Evaluate(
        evaluation=judgement, expected=Anticipation(), kind="binary", arms=arms
    )
    outputs = {name: f"{name}.tsv" for name in OUTPUTS}
    outputs |= {"tuning": [], "fusion": []}
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
    needed = tables.read(tmp_path / "sample_size.tsv", "sample_size")
    assert needed.groupby("arm")["criterion"].nunique().eq(3).all()
    assert set(needed["n_parameters"]) == {1, 20}
    counted = tables.read(tmp_path / "event_counts.tsv", "event_counts")
    groups = counted[counted["part"] == "group"]
    assert groups["n"].sum() == counted["n"].iloc[0] == len(study.cohort)
    selected = tables.read(tmp_path / "selection.tsv", "selection")
    assert set(selected["arm"]) == {"radiomics", "raw"}
    assert (selected["n_fits"] == 8).all()


def test_weights_of_fused_arms_are_summed_up_in_a_table_of_their_own(tmp_path):
    study = two_images(n=48, n_features=3, folds=2, leave_one_group_out=False)
    plans = [plain("ct"), plain("pt"), fused("stacking", inner_folds=2)]
    results = {kind: [] for kind in KINDS}
    for plan in plans:
        predictions, fit = fit_and_predict(study, plan)
        made = (predictions, fit.fits, fit.coefficients)
        for kind, table in zip(KINDS, made, strict=True):
            path = tmp_path / f"{plan.name}_{kind}.tsv"
            tables.write(table, path, kind)
            results[kind].append(str(path))
    results |= {"null": [], "tuning": [], "cohort": str(tmp_path / "cohort.tsv")}
    cohorts.write(study.cohort, results["cohort"])
    judgement = Judgement(headline_arm="fused", reference_arm="ct")
    arms = {one.name: one.arm for one in plans}
    settings = Evaluate(
        evaluation=judgement, expected=Anticipation(), kind="binary", arms=arms
    )
    outputs = {name: f"{name}.tsv" for name in OUTPUTS}
    outputs |= {"tuning": [], "fusion": ["fusion.tsv"]}
    main(job(tmp_path, settings, outputs, results, endpoint="recurrence"))

    found = tables.read(tmp_path / "fusion.tsv", "fusion")
    assert found["member"].tolist() == ["ct", "pt"]
    assert found["n_fits"].tolist() == [2, 2]
    images = study.features.groupby("image")["subject_id"].nunique()
    assert found["n_without"].tolist() == [0, 48 - images["PT"]]
    pairs = tables.read(tmp_path / "comparisons.tsv", "comparisons")
    pairs = pairs[["arm", "reference_arm"]].to_numpy().tolist()
    assert ["fused", "pt"] in pairs
    assert (
        not tables.read(tmp_path / "selection.tsv", "selection")["arm"]
        .eq("fused")
        .any()
    )
    missing = tables.read(tmp_path / "missing_values.tsv", "missing_values")
    partial = missing.set_index("arm")["n_partial"]
    assert partial.to_dict() == {"ct": 0, "pt": 0, "fused": 48 - images["PT"]}
