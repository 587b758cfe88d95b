import pytest
from find_giveaways import main

from concord import tables
from concord.harmonization.confounding_settings import FindGiveaways

from ..modelling_study import job, make_tables, write_tables

SETTINGS = FindGiveaways(
    baseline_session="baseline",
    reference_reader="A",
    seed=1,
    endpoints=["recurrence", "survival"],
    too_good=0.99,
)


def found(study, folder):
    inputs = write_tables(study, folder)
    names = ("giveaways", "duplicate_columns")
    main(job(folder, SETTINGS, {name: f"{name}.tsv" for name in names}, inputs))
    return [tables.read(folder / f"{name}.tsv", name) for name in names]


def test_nothing_is_asked_of_a_study_without_a_giveaway(tmp_path):
    for table in found(make_tables(n=60), tmp_path):
        assert table.empty


def test_a_feature_that_is_the_outcome_under_another_name_is_asked_about(tmp_path):
    study = make_tables(n=60)
    name = tables.feature_columns(study.features)[0]
    event = study.cohort.set_index("subject_id")["event.recurrence"]
    study.features[name] = 300 - 7 * study.features["subject_id"].map(event)
    rows, _ = found(study, tmp_path)

    assert rows["endpoint"].tolist() == ["recurrence", "survival"]  # the same events
    assert set(rows["metric"]) == {"auc"}
    assert rows["name"].str.endswith(name).all()
    assert rows["equal"].all()
    assert rows["value"].tolist() == [0.0, 0.0]
    assert (rows["chance"] < 1e-9).all()


def test_a_feature_that_repeats_a_covariate_is_named_with_it(tmp_path):
    study = make_tables(n=60)
    name = tables.feature_columns(study.features)[3]
    age = study.cohort.set_index("subject_id")["covariate.age"]
    study.features[name] = 12 * study.features["subject_id"].map(age)
    _, rows = found(study, tmp_path)

    assert rows["copy_of"].tolist() == ["covariate.age"]
    assert rows["name"].str.endswith(name).all()
    assert rows["factor"].tolist() == pytest.approx([12])
