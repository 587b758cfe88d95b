"""Scores of frozen models: each subject by itself, with percentile and interval."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.frozen.applying import application, chances, patient_documents, patients
from concord.frozen.applying.applied import measured_here
from concord.frozen.development import Applicability
from concord.frozen.document import Sample
from concord.models.absolute_risk import absolute_risk
from concord.models.fitted_model import StratumHazard
from concord.models.prediction import Predictor

from ....applied_study import Meeting, frozen, frozen_of, meeting, some, world
from ....fused_study import fused, two_images

N, LATER = 90, 64
#: Kind of outcome, and what the arm does otherwise.
ARMS = {
    "harmonized": ("survival", {}),
    "plain": ("survival", {"harmonizer": "none"}),
    "indicators": ("binary", {"harmonizer": "none", "imputation": "indicator"}),
    "forest": ("binary", {"model": {"kind": "forest"}}),
    "boosting": ("binary", {"model": {"kind": "boosting"}}),
    "robust": ("binary", {"scaling": "robust"}),
}


@pytest.fixture(scope="module")
def study():
    """Subjects of development, and others of the same hospitals."""
    every = world(N + LATER)
    return some(every, slice(0, N)), some(every, slice(N, None))


def applied(found: Meeting):
    """Table of all scores, by subject and horizon."""
    outcomes = application.apply(found.applied, found.measured, found.settings)
    return patients.scores(outcomes).set_index(["subject_id", "horizon_days"])


def with_gaps(found: Meeting) -> Meeting:
    """The same with a tenth of the feature values missing."""
    generator = np.random.default_rng(3)
    features = found.measured.features.copy()
    columns = [name for name in features if name.startswith("original")]
    gaps = generator.random((len(features), len(columns))) < 0.1
    features[columns] = features[columns].mask(gaps)
    return found.but(features=features)


@pytest.mark.parametrize("kind", ["survival", "binary"])
def test_scores_are_those_of_the_model(study, kind):
    development, later = study
    document = frozen(development, kind)

    found = applied(meeting(document, later))

    wanted = Predictor.of(document.model).scored(later.rows, 1)
    first = found.groupby(level=0).first()
    for column in ("score", "probability"):
        expected = wanted[column].to_numpy(dtype=float)
        np.testing.assert_allclose(first[column].to_numpy(float), expected, rtol=1e-12)
    assert first["risk_group"].tolist() == wanted["risk_group"].tolist()


def test_risks_are_those_of_the_baseline_hazard_at_the_days_of_the_model(study):
    development, later = study
    document = frozen(development)

    found = applied(meeting(document, later))

    (_, row), *_ = found[found["status"] == "scored"].iterrows()
    baseline = document.model.baseline
    hazard = np.interp(  # a step function: the last time before
        365, baseline.times_days, np.arange(len(baseline.times_days))
    )
    cumulative = baseline.cumulative_hazard[int(hazard)]
    assert row["risk"] == pytest.approx(1 - np.exp(-cumulative * np.exp(row["score"])))


def test_the_interval_is_the_percentiles_of_the_models_of_samples(study):
    development, later = study
    document = frozen(development, "binary", n_samples=10)

    found = applied(meeting(document, later)).droplevel(1)

    values = [
        Predictor.rebuilt(one.estimates).scored(later.rows, 1)["probability"]
        for one in document.samples
    ]
    table = pd.concat(values, axis=1).to_numpy(dtype=float)
    np.testing.assert_allclose(found["lower"], np.percentile(table, 2.5, axis=1))
    np.testing.assert_allclose(found["upper"], np.percentile(table, 97.5, axis=1))
    assert set(found["n_samples"]) == {10}
    assert found["interval_reason"].isna().all()


def test_nine_samples_tell_no_interval_but_their_number(study):
    development, later = study
    document = frozen(development, "binary", n_samples=9)

    found = applied(meeting(document, later))

    assert found["lower"].isna().all()
    assert set(found["n_samples"]) == {9}
    assert set(found["interval_reason"]) == {"9 bootstrap samples gave a value"}


def test_a_model_without_samples_says_why_there_is_no_interval(study):
    development, later = study

    found = applied(meeting(frozen(development), later))

    assert found["lower"].isna().all()
    assert set(found["interval_reason"]) == {chances.NO_SAMPLES}


def test_a_model_without_a_hazard_says_why_there_is_no_risk(study):
    development, later = study
    document = frozen(development)
    bare = document.model.model_copy(update={"baseline": None})

    found = applied(meeting(document, later).with_document(model=bare))

    assert found["score"].notna().all()
    assert found["risk"].isna().all()
    assert set(found["interval_reason"]) == {chances.NO_HAZARD}


def test_samples_that_need_what_the_study_has_not_are_told(study):
    development, later = study
    document = frozen(development, "binary", n_samples=2)
    own = document.samples[0].estimates.columns
    foreign = [*own, "CT.tumour.original.glcm.other"]
    samples = [
        Sample(
            estimates=one.estimates.model_copy(update={"columns": foreign}),
            baseline=one.baseline,
        )
        for one in document.samples
    ]

    found = applied(meeting(document, later).with_document(samples=samples))

    assert found["lower"].isna().all()
    assert set(found["interval_reason"]) == {
        "2 of 2 bootstrap samples need predictors not given here"
    }


@pytest.mark.parametrize(("kind", "arm"), ARMS.values(), ids=ARMS)
def test_no_number_depends_on_who_else_is_in_the_batch(study, arm, kind):
    development, later = study
    document = frozen(development, kind, n_samples=1, **arm)
    whole = with_gaps(meeting(document, later))
    everybody = applied(whole)
    subjects = whole.measured.subjects
    generator = np.random.default_rng(1)

    for size in (1, 2, 7, LATER):
        batch = generator.choice(subjects, size, replace=False)
        alone = applied(whole.of(batch))

        same = everybody.loc[sorted(batch)]
        pd.testing.assert_frame_equal(alone, same, check_exact=True, check_dtype=False)


def test_the_arithmetic_of_a_subject_sees_no_other(study, monkeypatch):
    development, later = study
    found = meeting(frozen(development, n_samples=2), later)
    seen, scored = [], Predictor.scored

    def watched(self, rows, seed):
        seen.append({*rows.cohort["subject_id"]} | {*rows.features["subject_id"]})
        return scored(self, rows, seed)

    monkeypatch.setattr(Predictor, "scored", watched)
    applied(found)

    # The model and both of its samples, for each subject by itself: what a library
    # makes of several rows, and in what order, can change nothing.
    assert sorted(map(sorted, seen)) == sorted(
        [[subject] for subject in found.measured.subjects] * 3
    )


def test_documents_of_patients_one_by_one_and_together_are_the_same_bytes(
    study, tmp_path
):
    development, later = study
    found = meeting(frozen(development, n_samples=1), later)
    both = found.measured.subjects[:4]
    for name, subjects in {"together": both, **{one: [one] for one in both}}.items():
        part = found.of(subjects)
        outcomes = application.apply(part.applied, part.measured, part.settings)
        patient_documents.write(outcomes, tmp_path / name)

    for one in both:
        file = f"{one}.json"
        assert (tmp_path / one / file).read_bytes() == (
            tmp_path / "together" / file
        ).read_bytes()


def at_new_site(document, later) -> Meeting:
    """A model and a study of which site C has another name."""
    cohort = later.cohort.replace({"batch.CT.site": {"C": "D"}})
    return meeting(document, replace(later, cohort=cohort))


def test_adapted_scores_say_whose_images_they_depend_on(study):
    development, later = study
    adapt = {"unseen": "adapt", "adapt_subjects": 5}
    document = frozen(development, harmonization=adapt)

    found = at_new_site(document, later)
    outcomes = application.apply(found.applied, found.measured, found.settings)

    scores = patients.scores(outcomes).drop_duplicates("subject_id")
    new = later.cohort.loc[later.cohort["site"] == "C", "subject_id"]
    table = scores.set_index("subject_id").loc[new]
    used = table.index[table["reason"].fillna("").str.startswith("used for adaptation")]
    assert len(used) == 5
    others = table.drop(index=used)
    assert others["score"].notna().all()
    assert others["amber_flags"].str.split().map(set).ge({"adapted"}).all()
    assert {frozenset(text.split()) for text in others["adapted_by"]} == {
        frozenset(used)
    }
    known = scores[~scores["subject_id"].isin(new)]
    assert not known["amber_flags"].fillna("").str.contains("adapted").any()


def test_known_batches_keep_their_bits_beside_adapted_ones(study):
    development, later = study
    adapt = {"unseen": "adapt", "adapt_subjects": 5}
    document = frozen(development, harmonization=adapt)
    found = at_new_site(document, later)
    known = later.cohort.loc[later.cohort["site"] != "C", "subject_id"].tolist()

    everybody, alone = applied(found), applied(found.of(known[:3]))

    pd.testing.assert_frame_equal(
        everybody.loc[known[:3]], alone, check_exact=True, check_dtype=False
    )


def test_a_refused_batch_has_no_score_and_passthrough_has_one(study):
    development, later = study
    new = later.cohort["site"] == "C"
    subjects = later.cohort.loc[new, "subject_id"]
    for rule in ("refuse", "passthrough"):
        document = frozen(development, harmonization={"unseen": rule})
        outcomes = application.apply(
            *vars(at_new_site(document, later)).values()  # models, study, settings
        )
        table = patients.scores(outcomes).drop_duplicates("subject_id")
        mine = table[table["subject_id"].isin(subjects)]
        assert mine["score"].notna().all() == (rule == "passthrough")
        assert mine["amber_flags"].str.contains("unknown_batch").all()


def test_names_of_session_and_reader_are_those_of_the_study(study):
    development, later = study
    document = frozen(development)
    found = meeting(document, later)
    features = found.measured.features.replace(
        {"session": {"baseline": "first"}, "reader": {"A": "Ines"}}
    )
    settings = found.settings.model_copy(
        update={"baseline_session": "first", "reference_reader": "Ines"}
    )

    renamed = replace(found.but(features=features), settings=settings)

    assert applied(renamed)["score"].equals(applied(found)["score"])


@pytest.fixture(scope="module")
def two():
    """A fused model of CT and PT, and other subjects, some without PT."""
    every = two_images(N + 20, n_features=3)
    document = frozen_of(fused("mean"), some(every, slice(0, N)), n_samples=1)
    return meeting(document, some(every, slice(N, None)))


def test_no_number_of_a_fused_model_depends_on_the_batch(two):
    everybody = applied(two)
    for batch in (two.measured.subjects[:1], two.measured.subjects[9:2:-1]):
        alone = applied(two.of(batch))

        same = everybody.loc[sorted(batch)]
        pd.testing.assert_frame_equal(alone, same, check_exact=True, check_dtype=False)


def test_a_fused_model_without_an_image_scores_and_does_not_apply(two):
    features = two.measured.features
    having = set(features.loc[features["image"] == "PT", "subject_id"])
    without = [one for one in two.measured.subjects if one not in having]

    table = applied(two).droplevel(1).loc[without]

    assert len(without) > 0
    assert set(table["status"]) == {"not applicable"}
    assert table["score"].notna().all()
    assert set(table["red_flags"]) == {"missing_image"}
    assert set(table["members_missing"]) == {"pt"}


def test_members_of_a_fused_model_are_read_by_the_same_names(two):
    found = measured_here(two.applied[0].document.estimates, "first", "Ines")

    members = found.fusion.members.values()
    assert {one.estimates.session for one in members} == {found.session} == {"first"}
    assert {one.estimates.reader for one in members} == {found.reader} == {"Ines"}


@pytest.mark.parametrize(
    ("score", "wanted"),
    [(-9.0, 0.0), (0.0, 0.0), (1.5, 37.5), (2.0, 50.0), (9.0, 100.0), (2.5, 62.5)],
)
def test_a_percentile_is_interpolated_and_bounded(score, wanted):
    assert chances.percentile(score, [0.0, 1.0, 2.0, 3.0, 4.0]) == wanted


def test_a_score_that_many_share_has_the_middle_of_their_percentiles():
    assert chances.percentile(1.0, [0.0, 1.0, 1.0, 1.0, 2.0]) == 50.0
    assert np.isnan(chances.percentile(1.0, []))


def test_percentiles_of_exchangeable_subjects_are_uniform():
    generator = np.random.default_rng(2)
    development = np.percentile(generator.normal(size=5000), np.arange(101))

    found = [chances.percentile(s, development) for s in generator.normal(size=2000)]

    assert np.mean(found) == pytest.approx(50, abs=2.5)
    assert np.mean(np.array(found) > 90) == pytest.approx(0.1, abs=0.025)


def test_a_score_beyond_numbers_is_told_and_others_stay(study):
    development, later = study
    found = meeting(frozen(development), later)
    victim = found.measured.subjects[3]
    features = found.measured.features.copy()
    features.loc[features["subject_id"] == victim, "original.glcm.f000"] = 1e308

    changed, before = applied(found.but(features=features)), applied(found)

    row = changed.loc[victim].iloc[0]
    assert row["status"] in ("not scored", "not applicable")
    assert "out_of_range" in row["red_flags"]
    others = [one for one in found.measured.subjects if one != victim]
    pd.testing.assert_frame_equal(
        changed.loc[others], before.loc[others], check_exact=True, check_dtype=False
    )


def test_a_score_whose_risk_overflows_says_so(study):
    development, later = study
    found = meeting(frozen(development), later)
    features = found.measured.features.assign(**{"original.glcm.f000": 1e3})

    table = applied(found.but(features=features))

    assert table["score"].min() > 710
    assert table["risk"].isna().all()
    assert set(table["interval_reason"]) == {chances.BEYOND}


def test_risks_of_a_stratum_that_the_model_lacks_are_told(study):
    development, later = study
    document = frozen(development)
    hazard = StratumHazard(times_days=[100.0], cumulative_hazard=[0.5])
    strata = document.model.baseline.model_copy(update={"strata": {"I": hazard}})
    model = document.model.model_copy(update={"baseline": strata})
    cohort = later.cohort.assign(**{"stratum.survival": "II"})
    cohort.loc[0, "stratum.survival"] = "I"
    found = meeting(document, later).with_document(model=model)
    names = [*found.measured.cohort, "stratum.survival"]

    table = applied(found.but(cohort=cohort[names]))

    first = table.loc[cohort["subject_id"][0]].iloc[0]
    expected = absolute_risk(hazard, np.array([first["score"]]), [365.0])[0, 0]
    assert first["risk"] == expected
    other = table.loc[cohort["subject_id"][1]].iloc[0]
    assert np.isnan(other["risk"])
    assert other["interval_reason"] == chances.NO_STRATUM


def test_a_model_that_knows_nothing_of_development_still_scores(study):
    development, later = study
    found = meeting(frozen(development), later)

    table = applied(found.with_document(applicability=Applicability()))

    assert set(table["status"]) == {"scored"}
