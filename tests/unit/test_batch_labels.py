"""One batch has one label, however it is spelt and wherever it is read."""

import unicodedata

import numpy as np
import pandas as pd
import pytest

from concord.batch_labels import UNKNOWN, Spellings, matched, safe_label
from concord.feature_import import batches as batch_import
from concord.feature_import import importing
from concord.fields import CohortColumns, SubjectColumns
from concord.folds import cohort as cohorts
from concord.folds import phantom_table
from concord.folds.settings import AssembleCohort, Factor
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.estimators.phantom_combat import fit_on_phantom
from concord.ingest.acquisition.batches import members
from concord.study.study import Study

from .feature_import.test_feature_import import settings_of
from .ingest.test_ingest_batches import acquisition as images_of

#: Pairs of spellings of one label.
SAME = [
    ("GE Medical", "ge medical"),
    ("GE Medical", "GE  Medical"),
    ("GE Medical", "GE\u00a0Medical"),
    ("GE Medical", "GE_Medical"),
    ("GE Medical", "\tGEMedical "),
    ("Zürich", unicodedata.normalize("NFD", "Zürich")),
    ("Nord-1", "Nord\u20131"),
    ("Nord1", "\uff2eord\uff11"),
    ("Nord", "No\u200brd"),
    ("STRASSE", "straße"),
    ("1", "1.0"),
    ("20", "20.00"),
]
#: Pairs that look alike and stay apart.
ALIKE = [("1", "01"), ("1.1", "1.10"), ("1 1", "11"), ("v 007", "v7")]
#: Pairs that differ.
OTHER = [("1", "10"), ("1.5", "15"), ("A", "B"), ("v1.1", "v1.2"), ("-1", "1")]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_spellings_of_one_label_are_merged_under_the_commonest(first, second):
    found = Spellings.of([second, first, first, None])

    assert found.label(first) == found.label(second) == safe_label(first)
    assert found.label(None) == UNKNOWN
    assert found.faults("site") == []
    if first.strip() != second.strip():
        ((label, spellings),) = found.merged.items()
        assert label == safe_label(first)
        assert set(spellings) == {first.strip(), second.strip()}


@pytest.mark.parametrize(("first", "second"), ALIKE + OTHER)
def test_other_values_stay_apart(first, second):
    found = Spellings.of([first, second])

    assert found.label(first) != found.label(second)
    assert not found.merged
    assert bool(found.alike) == ((first, second) in ALIKE)


def test_values_that_one_label_would_stand_for_are_a_fault():
    (fault,) = Spellings.of(["v/2", "v 2"]).faults("CT.SoftwareVersions")
    assert fault.startswith("CT.SoftwareVersions: the values ['v 2', 'v/2'] would all")


@pytest.mark.parametrize(
    "value", [None, np.nan, pd.NA, "", " ", "NA", "n/a", "Unknown"]
)
def test_what_is_not_known_has_one_label(value):
    assert safe_label(value) == UNKNOWN
    assert Spellings.of([value, "A"]).label(value) == UNKNOWN


def test_a_value_is_matched_with_known_labels_only_if_one_fits():
    assert matched("ge medical", ["GE_Medical", "Philips"]) == "GE_Medical"
    assert matched("Siemens", ["GE_Medical", "Philips"]) == "Siemens"
    assert matched("a", ["a", "A"]) == "a"


SETTINGS = AssembleCohort(
    sheet=CohortColumns(subject_id_column="id", site_column="hospital"),
    covariates={},
    factors={"care": Factor(column="care")},
    endpoints={},
    batch={"CT": ["site", "SoftwareVersions"]},
    group="CT.SoftwareVersions",
    baseline_session="baseline",
    unnamed_subjects="refuse",
    sheet_digest="abc",
)


def assembled(first, second):
    """Cohort and labels of three subjects: two of one spelling, one of another."""
    values = [first, first, second]
    ids = ["P1", "P2", "P3"]
    sheet = pd.DataFrame(
        {"id": ids, "hospital": values, "care": values}, dtype="string"
    )
    facts = pd.DataFrame({"subject_id": ids, "SoftwareVersions": values})
    facts = facts.assign(session="baseline", image="CT")
    return cohorts.assemble(sheet, facts, SETTINGS)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_cohort_has_one_site_group_batch_and_factor_with_a_note(first, second):
    cohort, labels = assembled(first, second)

    for column in ("site", "group", "batch.CT.site", "batch.CT.SoftwareVersions"):
        assert cohort[column].nunique() == 1, column
    assert cohort["factor.care"].nunique() == 1
    assert set(cohort["group"]) == {safe_label(first)}
    if first.strip() != second.strip():
        assert set(labels["column"]) == {"site", "CT.SoftwareVersions", "factor.care"}
        assert set(labels["spelling"]) == {first.strip(), second.strip()}
        assert labels["note"].str.startswith("one label with").all()


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_the_cohort_keeps_apart_what_only_looks_alike_and_names_it(first, second):
    cohort, labels = assembled(first, second)

    assert cohort["group"].nunique() == cohort["site"].nunique() == 2
    assert labels["note"].str.startswith("kept apart from").all()


@pytest.mark.parametrize(("first", "second"), SAME)
def test_a_table_of_features_brings_one_site_and_no_contradiction(first, second):
    subjects = pd.DataFrame({"patient": ["P1", "P2"], "hospital": [first, second]})
    settings = settings_of(batch_columns=["kernel"])
    columns = SubjectColumns(subject_id_column="patient", site_column="hospital")
    settings = settings.model_copy(update={"sheet": columns})
    site_of = importing.site_of_subjects(subjects, settings)
    assert len(set(site_of.values())) == 1

    keys = {"subject_id": "P1", "session": "baseline", "image": "CT"}
    keys = pd.DataFrame([keys, keys])
    table = pd.DataFrame({"kernel": [first, second]})
    facts = batch_import.batch_facts(table, keys, subjects, site_of, settings, "x.csv")
    assert facts["value"].tolist() == [first.strip()]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_proposed_batches_do_not_follow_the_spelling(first, second):
    rows = [{"SoftwareVersions": text} for text in (first, second) * 4]
    assert members(images_of(rows), 3)["batch"].nunique() == 1


@pytest.mark.parametrize(("first", "second"), SAME)
def test_chunks_and_images_of_a_study_know_one_site(first, second):
    class Sheet:
        rows = ({"id": "P1", "hospital": first}, {"id": "P2", "hospital": second})

    class Given:
        config = type("Config", (), {"sheets": SETTINGS.sheet})
        subjects = Sheet

    assert len(set(Study.site_of.func(Given).values())) == 1


def rows_of(labels, shift=0.0):
    """Features of ten rows per label, the batches two apart."""
    generator = np.random.default_rng(1)
    site = np.repeat(labels, 10)
    move = np.repeat(np.arange(len(labels)) * 2.0 + shift, 10)
    values = generator.normal(size=(len(site), 4)) + move[:, None]
    return pd.DataFrame(values).add_prefix("f").assign(site=site)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_rows_in_another_spelling_are_harmonized_as_their_batch(first, second):
    development = rows_of([safe_label(first), "other"])
    combat = ComBat("site", unseen="refuse").fit(development)
    spelt = development.assign(
        site=development["site"].replace(safe_label(first), safe_label(second))
    )

    expected, found = combat.transform(development), combat.transform(spelt)
    pd.testing.assert_frame_equal(
        found.drop(columns="site"), expected.drop(columns="site"), check_exact=True
    )
    assert not combat.unseen_rows(spelt).any()
    assert combat.adapt(spelt).batches_ == combat.batches_


@pytest.mark.parametrize(("first", "second"), SAME)
def test_an_unseen_batch_in_two_spellings_is_adapted_once(first, second):
    combat = ComBat("site", unseen="adapt").fit(rows_of(["other", "third"]))
    both = pd.concat([rows_of([safe_label(first)]), rows_of([safe_label(second)], 2.0)])

    assert len(combat.adapt(both).adapted_) == 1


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_reference_batch_may_be_spelt_otherwise(first, second):
    development = rows_of([safe_label(first), "other"])
    one = ComBat("site", reference=safe_label(first)).fit(development)
    two = ComBat("site", reference=second).fit(development)

    pd.testing.assert_frame_equal(
        one.transform(development), two.transform(development)
    )


@pytest.mark.parametrize(("first", "second"), SAME)
def test_a_phantom_table_may_spell_the_batches_otherwise(first, second, tmp_path):
    generator = np.random.default_rng(2)
    true = generator.normal(size=(6, 4))
    parts = [
        pd.DataFrame(true + move)
        .set_axis([f"CT.tumour.original.glcm.f{k}" for k in range(4)], axis=1)
        .assign(subject_id=[f"T{i}" for i in range(6)], site=site)
        for site, move in ((second, 0.0), ("other", 2.0))
    ]
    pd.concat(parts).to_csv(tmp_path / "phantom.tsv", sep="\t", index=False)
    table = phantom_table.read(tmp_path / "phantom.tsv")
    harmonizer = fit_on_phantom(table, "site", unseen="refuse")
    patients = rows_of([safe_label(first), "other"])
    patients.columns = [*table.filter(like="CT.").columns, "site"]

    assert not harmonizer.unseen_rows(patients).any()
    assert np.isfinite(harmonizer.transform(patients).drop(columns="site")).all(None)
