"""Evaluation subjects leave no trace; planted leaks do, and loudly."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from concord import provenance
from concord import tables as files
from concord.errors import StudyError, TableError
from concord.evaluation.calibration import Calibrations
from concord.evaluation.performance import performance
from concord.folds import cohort as cohorts
from concord.folds import phantom_table
from concord.folds.copies import require_no_copies
from concord.folds.splitting import SubjectRows, splits
from concord.folds.subject_table import feature_names
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.settings import HARMONIZERS
from concord.models import pipeline as pipelines
from concord.models.arm import arm_data, repeated_measurements
from concord.models.leakage import inputs, leakage_test, perturbations
from concord.models.settings.model import ModelKindName
from concord.report.sections.leakage import leaks
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.variant_names import session_of

from ...modelling_study import (
    Tables,
    fit_and_predict,
    fit_folds,
    make_folds,
    make_specification,
    make_tables,
)

FIRST = "CT.tumour.original.glcm.f000"
FEATURES = {"features permuted", "noise x 1e6", "features missing"}


def table_of(tables, plan, fits=None):
    """The table of perturbations on an arm."""
    if fits is None:
        fits = pd.concat(
            fit_and_predict(tables, plan, scheme)[1].fits for scheme in ("cv-1", "loso")
        )
    found = leakage_test.leakage_test(tables.rows, tables.folds, fits, plan, seed=1)
    return files.check(found, "leakage.tsv", "leakage")


def caught(tables, plan, learn):
    """Perturbations on the first fold that change what a fit learns."""
    name, fold = next(leakage_test.each_fold(tables.folds))
    trial = leakage_test._Test.of(tables.rows, plan, 1)
    before = trial.fit_hash(learn, tables.rows, fold)
    rows = trial.rows(name, fold, "planted", learn, before)
    return {row["perturbation"] for row in rows if not row["unchanged"]}


@pytest.fixture(scope="module", params=["binary", "survival"])
def setting(request):
    plan = make_specification(
        request.param,
        harmonization={"keep": ["age"]},
        covariates=["age"],
        stability_filter=True,
    )
    made = make_tables(n_features=12)
    return Tables(made.cohort, made.features, make_folds(made.cohort, folds=2)), plan


@pytest.fixture(scope="module")
def leakage_table(setting):
    return table_of(*setting)


def made_of(setting) -> set[str]:
    """Perturbations that change something in a study."""
    return set(leakage_test._Test.of(setting[0].rows, setting[1], 1).perturbations)


def test_no_perturbation_changes_what_any_fold_learns(setting, leakage_table):
    own = leakage_table[leakage_table["fit"] == leakage_test.STUDY_FIT]
    assert len(own) == 5 * len(made_of(setting))
    assert own["unchanged"].all()
    assert own["hash_study"].nunique() == 5
    assert leaks(leakage_table) == []


def test_every_perturbation_is_noticed_by_a_fit_with_a_planted_leak(
    setting, leakage_table
):
    found = leakage_table

    controls = found[found["fit"] != leakage_test.STUDY_FIT]
    noticed = set(controls.loc[~controls["unchanged"], "perturbation"])
    assert noticed == made_of(setting)


@pytest.mark.parametrize("harmonizer", HARMONIZERS)
def test_no_harmonizer_learns_from_evaluation_subjects(harmonizer):
    plan = make_specification(harmonizer=harmonizer, harmonization={"keep": ["age"]})
    assert caught(make_tables(n_features=12), plan, leakage_test.study_fit) == set()


def kind_of_model(kind):
    """An arm with this kind of model, and what a leak of it must be noticed by."""
    if kind == "linear_predictor":
        score = {"kind": kind, "weights": {"age": 0.1, FIRST: 1.0}}
        return make_specification(
            features=[FIRST], covariates=["age"], harmonizer="none", model=score
        )
    options = {"penalized": {}, "unpenalized": {"firth": True}}
    more = options.get(kind, {"trees": 10})
    return make_specification(harmonizer="none", model={"kind": kind, **more})


@pytest.mark.parametrize("kind", get_args(ModelKindName))
def test_no_kind_of_model_learns_from_evaluation_subjects(kind):
    plan, tables = kind_of_model(kind), make_tables(n_features=12)
    assert caught(tables, plan, leakage_test.study_fit) == set()


@pytest.mark.parametrize("kind", get_args(ModelKindName))
def test_a_model_of_any_kind_that_is_fitted_to_all_rows_is_caught(kind):
    """Steps learn from development rows; the model, or what fills gaps, from all."""
    plan, tables = kind_of_model(kind), make_tables(n_features=12)

    def fitted_to_all(whole, fold, plan):
        data = arm_data(whole, plan)
        rows = data.predictors.loc[data.fittable()]
        own = rows.index.isin(fold.loc[fold["role"] == "development", "subject_id"])
        y = plan.outcome.target(data.outcome.loc[rows.index])
        chain = pipelines.build(list(rows.columns), plan, None)
        used = np.ones(len(rows), bool) if plan.arm.model.is_given else own
        steps = chain[:-1]
        steps.fit_transform(rows[used], y[used])
        model = chain.named_steps["model"].fit(steps.transform(rows), y)
        return provenance.digest([pipelines.estimates(steps), model.estimates()])

    found = caught(tables, plan, fitted_to_all)
    made = set(leakage_test._Test.of(tables.rows, plan, 1).perturbations)
    unused = perturbations.without_effect(plan.arm)
    assert found >= made - unused
    assert "noise x 1e6" in found
    assert ("outcome flipped" in found) == (kind != "linear_predictor")


def test_harmonizing_before_the_split_is_caught(setting):
    found = caught(*setting, leakage_test.harmonized_before_the_split)
    others = {"batches permuted", "covariates changed", "rows removed"}
    assert found == FEATURES | others


def test_selecting_before_the_split_is_caught():
    tables = make_tables(n_features=30)
    plan = make_specification(harmonizer="none")
    found = caught(tables, plan, leakage_test.selected_before_the_split)
    assert {"noise x 1e6", "outcome flipped"} <= found
    assert "batches permuted" not in found


@pytest.mark.parametrize("features", [["CT.*.f000", "CT.*.f001"], []])
def test_where_no_feature_is_left_out_a_fit_to_all_subjects_is_caught(features):
    tables = make_tables(n_features=3)
    plan = make_specification(
        features=features, covariates=["age"], max_features=5, harmonizer="none"
    )
    found = caught(tables, plan, leakage_test.selected_before_the_split)
    assert {"outcome flipped", "covariates changed"} <= found


def with_outcome_kept(tables: Tables) -> Tables:
    """The outcome under the name of a covariate, as no configuration may have it."""
    outcome = tables.cohort["event.recurrence"]
    return replace(tables, cohort=tables.cohort.assign(**{"covariate.age": outcome}))


def kept_before_the_split(tables, fold, plan):
    """ComBat on all rows that keeps the outcome: it moves with the outcome."""
    event = tables.cohort["event.recurrence"]
    cohort = tables.cohort.assign(**{"covariate.age": event})
    whole = SubjectRows(cohort, tables.features)
    return leakage_test.harmonized_before_the_split(whole, fold, plan)


def test_an_outcome_kept_before_the_split_is_caught_by_flipping_it():
    plan = make_specification(harmonization={"keep": ["age"]})
    tables = make_tables(n_features=30)
    assert "outcome flipped" in caught(tables, plan, kept_before_the_split)


def test_a_leak_in_the_fit_of_the_study_fails_the_claim(setting, monkeypatch):
    """Were the study's own split to leak, the report would say so."""
    tables, plan = setting
    study_fit = leakage_test.study_fit

    def leaky(whole, fold, plan):
        cohort = whole.cohort.set_index("subject_id")
        combat = ComBat("batch", unseen="passthrough")
        names = files.feature_columns(whole.features)
        batch = whole.features["subject_id"].map(cohort["batch.CT.site"])
        rows = whole.features[names].assign(batch=batch)
        moved = combat.fit_transform(rows)[names]
        keys = whole.features.drop(columns=names)
        return study_fit(SubjectRows(whole.cohort, keys.join(moved)), fold, plan)

    monkeypatch.setattr(leakage_test, "study_fit", leaky)
    found = table_of(tables, plan)

    own = found[found["fit"] == leakage_test.STUDY_FIT]
    assert not own.loc[own["perturbation"].isin(FEATURES), "unchanged"].any()
    assert "evaluation subjects leak into the fits" in leaks(found)[0]


def test_perturbations_without_power_fail_the_claim(setting, monkeypatch):
    blunt = {
        name: replace(one, change=lambda study, subjects, generator: study)
        for name, one in perturbations.PERTURBATIONS.items()
    }
    monkeypatch.setattr(leakage_test, "PERTURBATIONS", blunt)
    found = leaks(table_of(*setting))
    assert "changed no fit with a planted leak: they show nothing here" in found[0]


def test_an_arm_that_uses_no_batch_is_not_asked_to_notice_another_batch(setting):
    tables, plan = setting
    arm = plan.arm.model_copy(update={"harmonizer": "none", "covariates": []})
    blind = plan.model_copy(update={"arm": arm, "harmonization": None})
    found = table_of(tables, blind)
    unused = perturbations.without_effect(arm)

    assert leaks(found) == [
        "The perturbations batches permuted and covariates changed changed no fit with "
        "a planted leak: they show nothing here."
    ]
    assert leaks(found, unused) == []
    assert perturbations.without_effect(plan.arm) == frozenset()
    kept = plan.arm.model_copy(update={"covariates": []})
    assert perturbations.without_effect(kept) == frozenset({"covariates changed"})
    assert perturbations.without_effect(kept, ["age"]) == frozenset()
    grouped = arm.model_copy(update={"group_indicator": True})
    assert "batches permuted" not in perturbations.without_effect(grouped)


def test_a_fit_that_is_missing_fails_the_claim(setting):
    tables, plan = setting
    cross_validated = fit_and_predict(tables, plan, "cv-1")[1].fits
    found = leaks(table_of(tables, plan, cross_validated))
    assert found[0].startswith(
        "21 of 35 (60 %) perturbations of evaluation rows changed"
    )


def test_a_fold_that_failed_must_fail_in_the_same_way(setting):
    tables, _ = setting
    plan = make_specification(harmonization={"min_batch_size": 50})
    found = table_of(tables, plan)
    own = found[found["fit"] == leakage_test.STUDY_FIT]
    assert own["hash_study"].str.startswith("failed-").all()
    assert own["unchanged"].all()


@pytest.mark.parametrize(
    "perturbation", sorted(set(perturbations.PERTURBATIONS) - {"phantom changed"})
)
def test_an_perturbation_perturbs_evaluation_subjects_and_nobody_else(
    setting, perturbation
):
    tables, _ = setting
    held_out = sorted(tables.cohort["subject_id"])[:12]
    generator = np.random.default_rng(1)
    before, after = (
        tables.rows,
        perturbations.PERTURBATIONS[perturbation].change(
            tables.rows, held_out, generator
        ),
    )
    for name in ("cohort", "features"):
        old, new = getattr(before, name), getattr(after, name)
        spared = [table[~table["subject_id"].isin(held_out)] for table in (old, new)]
        pd.testing.assert_frame_equal(
            *(table.reset_index(drop=True) for table in spared)
        )
    assert not (after.cohort.equals(before.cohort)) or not (
        after.features.equals(before.features)
    )


def test_flipping_changes_every_known_event_and_noise_is_a_million_times_larger():
    tables = make_tables()
    held_out = sorted(tables.cohort["subject_id"])[:12]
    generator = np.random.default_rng(1)
    rows = tables.cohort["subject_id"].isin(held_out)
    flipped = perturbations.outcome_flipped(tables.rows, held_out, generator).cohort
    total = flipped["event.recurrence"] + tables.cohort["event.recurrence"]
    assert (total[rows] == 1).all()
    noise = perturbations.noise(tables.rows, held_out, generator).features
    mine = noise["subject_id"].isin(held_out)
    values = noise.loc[mine, files.feature_columns(noise)]
    assert values.abs().median(axis=None) > 1e5


def test_flipping_changes_the_cause_of_every_subject_to_another_one():
    tables = make_tables()
    code = pd.Series([0.0, 1.0, 2.0] * 40)[: len(tables.cohort)]
    rows = replace(tables.rows, cohort=tables.cohort.assign(**{"cause.death": code}))
    held_out = sorted(tables.cohort["subject_id"])[:12]
    flipped = perturbations.outcome_flipped(rows, held_out, np.random.default_rng(1))
    mine = rows.cohort["subject_id"].isin(held_out)
    changed = flipped.cohort["cause.death"]
    assert (changed[mine] != code[mine]).all()
    assert changed.isin([0, 1, 2]).all()
    assert changed[~mine].equals(code[~mine])
    assert inputs.kind_of_column("cause.death") == inputs.OUTCOMES


def test_repeated_measurements_of_evaluation_subjects_are_not_handed_over():
    tables, seen = make_tables(), []

    def measure(features, plan):
        seen.append(set(features["subject_id"]))
        return repeated_measurements(features, plan)

    found = list(splits(tables.rows, tables.folds, "cv-1"))
    plan = make_specification(stability_filter=True)
    fit_folds([(s.name, s.development) for s in found], plan, measure=measure)

    assert seen == [set(s.development.cohort["subject_id"]) for s in found]


def travelling(tables: Tables, n: int = 12) -> pd.DataFrame:
    """Scans at every site of some subjects of the study."""
    mine = tables.features[tables.features["reader"] == "A"].iloc[:n]
    values = mine.set_index("subject_id").filter(like="original")
    scans = [
        (values.add_prefix("CT.tumour.") * (1 + number / 4) + number).assign(site=site)
        for number, site in enumerate("ABC")
    ]
    return pd.concat(scans).reset_index()


@pytest.fixture(scope="module")
def travelled():
    made = make_tables(n_features=12)
    folds = make_folds(made.cohort, folds=2)
    study = Tables(made.cohort, made.features, folds, travelling(made))
    return study, make_specification(harmonization={"fit_on": "phantom"})


def test_no_fold_learns_from_scans_of_evaluation_subjects(travelled):
    found = table_of(*travelled)
    own = found[found["fit"] == leakage_test.STUDY_FIT]
    assert "phantom changed" in set(own["perturbation"])
    assert own["unchanged"].all()
    controls = found[found["fit"] != leakage_test.STUDY_FIT]
    noticed = set(controls.loc[~controls["unchanged"], "perturbation"])
    assert "phantom changed" in noticed


def test_a_fit_that_reads_all_scans_fails_the_claim(travelled, monkeypatch):
    study, plan = travelled
    monkeypatch.setattr(phantom_table, "without", lambda table, *others: table)
    found = table_of(study, plan)
    own = found[found["fit"] == leakage_test.STUDY_FIT].set_index("perturbation")
    assert not own.loc["phantom changed", "unchanged"].any()
    assert own.loc["outcome flipped", "unchanged"].all()
    assert "evaluation subjects leak into the fits" in leaks(found)[0]


@pytest.mark.parametrize("name", [*inputs.KINDS])
def test_every_kind_of_rows_of_every_input_is_perturbed(name):
    inputs.require_perturbed([name], perturbations.PERTURBED)
    for kind in inputs.KINDS[name]:
        with pytest.raises(StudyError, match=kind):
            inputs.require_perturbed([name], perturbations.PERTURBED - {kind})


def test_every_column_of_a_cohort_but_the_names_of_subjects_is_perturbed(setting):
    tables, _ = setting
    held_out = sorted(tables.cohort["subject_id"])[:12]
    cohort = tables.cohort.assign(**{"factor.drug": "none", "covariate.sex=male": 1.0})
    cohort.loc[30:, "factor.drug"] = "some"
    cohort["treatment.recurrence"] = 1.0
    rows = replace(tables.rows, cohort=cohort)
    mine = cohort["subject_id"].isin(held_out)
    changed = set()
    for one in perturbations.PERTURBATIONS.values():
        after = one.change(rows, held_out, np.random.default_rng(1)).cohort
        if len(after) == len(cohort):
            found = [
                n for n in cohort if not after.loc[mine, n].equals(cohort.loc[mine, n])
            ]
            changed |= set(found)
            assert {inputs.kind_of_column(n) for n in found} <= one.kinds
    assert changed == set(cohort) - {"subject_id", "cluster"}
    prefixes = {*cohorts.KEYS, *cohorts.NUMBERS, *cohorts.TEXTS}
    assert prefixes - set(inputs.COLUMNS) == {"subject_id", "cluster"}


def test_rows_of_other_sessions_readers_and_variants_are_told_apart(setting):
    tables, _ = setting
    later = tables.features.assign(session="retest")
    varied = tables.features.assign(session=session_of("baseline", "perturbation", "x"))
    features = pd.concat([tables.features, later, varied], ignore_index=True)
    rows = replace(tables.rows, features=features)
    kinds = inputs.kinds_of(rows, "baseline", "A")
    assert {inputs.BASELINE, inputs.SESSIONS, inputs.READERS, inputs.VARIANTS} <= kinds
    held_out = sorted(tables.cohort["subject_id"])[:12]
    noise = perturbations.noise(rows, held_out, np.random.default_rng(1)).features
    names = files.feature_columns(features)
    moved = (noise[names] != features[names]).all(axis=1)
    assert moved.equals(features["subject_id"].isin(held_out))


def oversampled(tables: Tables, rename: bool) -> Tables:
    """Events doubled before the split, with their old names or with new ones."""
    events = tables.cohort[tables.cohort["event.recurrence"] == 1]["subject_id"]
    copies = [
        table[table["subject_id"].isin(events)]
        for table in (tables.cohort, tables.features)
    ]
    if rename:
        copies = [c.assign(subject_id="copy-" + c["subject_id"]) for c in copies]
        copies[0]["cluster"] = copies[0]["subject_id"]
    cohort, features = (
        pd.concat([table, copy], ignore_index=True)
        for table, copy in zip((tables.cohort, tables.features), copies, strict=True)
    )
    return Tables(cohort, features, make_folds(cohort))


def test_a_subject_in_both_roles_of_a_fold_is_refused():
    tables = oversampled(make_tables(), rename=False)
    with pytest.raises(StudyError, match=r"stands \d+ times in fold '1' of cv"):
        next(splits(tables.rows, tables.folds, "cv-1"))


def test_two_rows_with_one_key_are_refused_when_they_are_read(tmp_path):
    tables = oversampled(make_tables(), rename=False)
    with pytest.raises(TableError, match="two rows have the key"):
        files.write_features(tables.features, tmp_path / "features.parquet")


def test_copies_of_a_subject_under_another_name_are_refused():
    tables = oversampled(make_tables(), rename=True)
    with pytest.raises(StudyError, match=r"\n  P\d+ and copy-P\d+: 20 of 20 features"):
        require_no_copies(tables.features, tables.cohort)


def test_equal_values_of_one_subject_or_of_few_features_are_no_copies():
    few = make_tables(n_features=4)
    names = files.feature_columns(few.features)
    few.features.loc[1, names] = few.features.loc[0, names].to_numpy(dtype=float)
    require_no_copies(few.features, few.cohort)
    wide = make_tables()
    one = wide.features[wide.features["reader"] == "A"]
    require_no_copies(pd.concat([one, one.assign(reader="B")]), wide.cohort)


def mean_auc(tables, plan):
    predictions, fitted = fit_and_predict(tables, plan)
    predictions = predictions.astype({"event": int})
    kind = OUTCOME_KINDS["binary"]
    found = performance(predictions, fitted.fits, kind, 0.95, Calibrations())
    return found.set_index("stratum").loc["all", "estimate"]


def test_pure_noise_predicts_nothing_unless_site_or_a_kept_outcome_gives_it_away():
    """Outcome and features both differ between sites; within sites it is noise."""
    arms = {
        "inside folds": make_specification(),
        "raw": make_specification(harmonizer="none"),
        "outcome kept": make_specification(harmonization={"keep": ["age"]}),
    }
    found: dict[str, list[float]] = {name: [] for name in arms}
    for seed in range(12):
        tables = make_tables(
            n=200,
            n_features=12,
            sites=tuple("ABCDEFGHIJ"),
            prevalence=tuple(np.linspace(0.1, 0.9, 10)),
            seed=seed,
        )
        for name, plan in arms.items():
            given = with_outcome_kept(tables) if name == "outcome kept" else tables
            found[name].append(mean_auc(given, plan))

    means = {name: np.mean(values) for name, values in found.items()}
    errors = {n: np.std(v, ddof=1) / np.sqrt(len(v)) for n, v in found.items()}
    assert abs(means["inside folds"] - 0.5) < 4 * errors["inside folds"]
    for name in ("raw", "outcome kept"):
        assert means[name] > 0.55
        assert means[name] - 0.5 > 4 * errors[name]


def test_all_features_of_the_perturbed_study_are_the_ones_the_arm_uses(setting):
    tables, plan = setting
    whole = arm_data(tables.rows, plan)
    used = {name.split(".", 2)[2] for name in feature_names(whole.predictors.columns)}
    assert used == set(files.feature_columns(tables.features))
