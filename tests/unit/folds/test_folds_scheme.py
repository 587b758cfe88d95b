"""Names of schemes and parts, and what each holds."""

import re

import pandas as pd
import pytest

from concord.errors import ConfigError
from concord.folds import scheme as schemes
from concord.folds.scheme import (
    BOOTSTRAP,
    CV,
    EVALUATED,
    FINAL,
    FIXED,
    LOSO,
    TEMPORAL,
    Part,
    Scheme,
)
from concord.folds.splitting import FoldName, splits

from ...modelling_study import make_tables


@pytest.mark.parametrize(
    "text", ["cv-1", "cv-12", "loso", "final", "temporal", "fixed", "bootstrap-3"]
)
def test_a_scheme_is_written_as_it_is_read(text):
    assert str(Scheme.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["cv-1-5", "cv-6-7", "loso", "final", "temporal", "fixed"]
)
def test_a_part_is_written_as_it_is_read_and_fits_the_wildcard(text):
    assert str(Part.parse(text)) == text
    assert re.fullmatch(schemes.pattern(*EVALUATED, FINAL), text)


def test_the_final_fit_is_no_part_with_evaluation_subjects():
    parts = schemes.parts(7, 5, by_group=True)
    assert [str(part) for part in parts] == ["cv-1-5", "cv-6-7", "loso"]
    assert not re.fullmatch(schemes.pattern(*EVALUATED), "final")
    assert [str(s) for s in Part.parse("cv-6-7").schemes()] == ["cv-6", "cv-7"]


def test_declared_splits_are_parts_and_bootstrap_samples_run_on_their_own():
    parts = schemes.parts(1, 5, by_group=False, declared=[FIXED, TEMPORAL])
    assert [str(part) for part in parts] == ["cv-1-1", "fixed", "temporal"]
    samples = [str(part) for part in schemes.runs(BOOTSTRAP, 250, 100)]
    assert samples == ["bootstrap-1-100", "bootstrap-101-200", "bootstrap-201-250"]
    assert not schemes.runs(BOOTSTRAP, 0, 100)
    assert not re.fullmatch(schemes.pattern(*EVALUATED), samples[0])


def test_a_scheme_without_repeat_is_its_first():
    assert Scheme.parse("cv") == Scheme(CV, 1)


def test_an_unknown_scheme_is_named_with_the_known_ones():
    with pytest.raises(
        ConfigError, match=r"'boot', expected one of \['cv', 'loso', 't"
    ):
        Scheme.parse("boot-1")


def test_first_repeats_of_a_table_are_sorted():
    folds = pd.DataFrame({"scheme": ["loso", "cv", "cv"], "repeat": [1, 1, 2]})
    assert [str(s) for s in Scheme.first_repeats(folds)] == ["cv-1", "loso"]


def test_a_fold_is_named_by_its_scheme():
    assert FoldName("cv", 2, "3").stem == "cv-2_3"
    assert FoldName("loso", 1, "A").stem == "loso_A"
    assert FoldName("final", 1, "all").part == "final"


def test_all_subjects_develop_the_final_fit_and_none_evaluates_it():
    study = make_tables(n=12, n_features=3)
    (only,) = splits(study.rows, study.folds, "final")
    assert only.development.cohort["subject_id"].tolist() == sorted(
        study.cohort["subject_id"]
    )
    assert only.evaluation.cohort.empty
    assert only.evaluation.features.empty
    assert set(study.folds["scheme"]) == {"cv", "loso"}


def test_rows_of_the_final_fit_are_refused_where_predictions_are_judged():
    fits = pd.DataFrame({"scheme": ["cv", "loso"]})
    schemes.require_evaluated(fits, "fits")
    schemes.require_evaluated(fits.iloc[:0], "fits")
    final = pd.DataFrame({"scheme": ["cv", FINAL.name]})
    with pytest.raises(ConfigError, match=r"fits: rows of scheme \['final'\] were fit"):
        schemes.require_evaluated(final, "fits")
    assert LOSO.by_group
    drawn = pd.DataFrame({"scheme": ["bootstrap"]})
    with pytest.raises(ConfigError, match="or to samples of them that overlap"):
        schemes.require_evaluated(drawn, "predictions")
