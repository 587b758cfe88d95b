"""The check against neuroCombat: what it compares, and that it notices."""

import numpy as np
import pandas as pd
import pytest

from concord.folds import splits as folding
from concord.folds import splitting
from concord.folds.scheme import Scheme
from concord.harmonization import neurocombat_check
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.neurocombat_check import compare, cross_check
from concord.harmonization.settings import BatchModel, CrossCheckCombat

from ...batch_rows import batch_rows, features
from ...modelling_study import IMAGES, make_tables


def settings_of(*variables, keep=()):
    """Settings of rule cross_check_combat."""
    options = BatchModel(batch={"CT": list(variables)}, keep=list(keep))
    return CrossCheckCombat(harmonization=options, **IMAGES)


@pytest.fixture
def rows():
    return batch_rows(sizes=(30, 20, 12), n_features=15)


def combat(rows, **options):
    return ComBat("site", columns=features(rows), stop_rule="sva", **options)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"keep": ("age",)},
        {"keep": ("age",), "smooth": ("age",)},
        {"empirical_bayes": False},
        {"mean_only": "sva"},
        {"mean_only": "sva", "empirical_bayes": False},
    ],
)
def test_both_agree(rows, options):
    found = compare(combat(rows, **options), rows)
    assert found["reason"] is None
    assert found["largest_difference"] < 1e-6
    assert (found["n"], found["n_batches"], found["n_features"]) == (62, 3, 15)


def test_a_wrong_estimate_is_noticed(rows, monkeypatch):
    monkeypatch.setattr(
        neurocombat_check.ComBat,
        "transform",
        lambda self, X, original=ComBat.transform: original(self, X).assign(
            f0=lambda table: table["f0"] + 1e-4
        ),
    )
    assert compare(combat(rows), rows)["largest_difference"] > 1e-5


def test_incomplete_and_flat_features_are_left_out_and_counted(rows):
    rows.loc[3, "f1"] = np.nan
    rows["f2"] = 4.0
    rows["f3"] = rows["site"].map({"A": 1.0, "B": 2.0, "C": 3.0})
    rows.loc[rows["site"] == "C", "f4"] = 0.0
    found = compare(combat(rows), rows)
    assert (found["n_features"], found["n_left_out"]) == (11, 4)
    assert found["largest_difference"] < 1e-6


def test_small_and_unlabelled_batches_are_left_out(rows):
    rows.loc[[0, 1], "site"] = "D"
    rows.loc[2, "site"] = None
    found = compare(combat(rows, min_batch_size=3), rows)
    assert (found["n"], found["n_batches"]) == (59, 3)
    assert found["largest_difference"] < 1e-6


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"site": "A"}, "fewer than two batches"),
        (dict.fromkeys([f"f{n}" for n in range(13)], 1.0), "fewer than 3 complete"),
    ],
)
def test_what_cannot_be_compared_has_a_reason(rows, chosen, reason):
    found = compare(combat(rows), rows.assign(**chosen))
    assert np.isnan(found["largest_difference"])
    assert found["reason"].startswith(reason)


def test_what_combat_refuses_has_its_reason(rows):
    rows["old"] = (rows["site"] == "A").astype(float)
    found = compare(combat(rows, keep=("old",)), rows)
    assert found["reason"].startswith("the kept covariate 'old' is confounded")


def development_rows(tables):
    study = splitting.SubjectRows(tables.cohort, tables.features)
    found = splitting.splits_of(study, tables.folds, ["cv-1", "loso"])
    return [(split.name, split.development) for split in found]


def test_every_fold_and_variable_has_a_row():
    tables = make_tables(n_features=8)
    tables.cohort["batch.CT.kernel"] = np.resize(["soft", "hard"], len(tables.cohort))
    settings = settings_of("site", "kernel", keep=["age"])
    found = cross_check(development_rows(tables), settings)
    folds = len(folding.splits(folding.select(tables.folds, Scheme.parse("cv-1"))))
    assert len(found) == 2 * (folds + 3)
    assert set(found["variable"]) == {"site", "kernel"}
    assert found["largest_difference"].max() < 1e-6
    assert found.loc[found["scheme"] == "loso", "n_batches"].eq(2).all()


def test_second_variable_is_checked_on_rows_that_the_first_has_harmonized(monkeypatch):
    tables, seen = make_tables(n_features=8), []
    tables.cohort["batch.CT.kernel"] = np.resize(["soft", "hard"], len(tables.cohort))
    monkeypatch.setattr(
        neurocombat_check, "compare", lambda combat, rows: seen.append(rows) or {}
    )
    settings = settings_of("site", "kernel")
    cross_check(development_rows(tables)[:1], settings)
    raw, harmonized = seen
    names = [name for name in raw.columns if name.startswith("CT.")]
    gaps = [
        np.ptp(table.groupby("batch.CT.site")[names].mean(), axis=0).mean()
        for table in (raw, harmonized)
    ]
    assert gaps[1] < 0.1 * gaps[0]


def test_a_fold_that_combat_refuses_does_not_stop_the_others():
    tables = make_tables(n_features=8, sites=("A", "B"))
    settings = settings_of("site")
    found = cross_check(development_rows(tables), settings)
    loso = found["scheme"] == "loso"
    assert (found.loc[loso, "reason"] == "fewer than two batches").all()
    assert found.loc[~loso, "largest_difference"].notna().all()


def test_no_folds_give_an_empty_table_with_its_columns():
    found = cross_check([], settings_of("site"))
    assert isinstance(found, pd.DataFrame)
    assert list(found.columns)[:5] == [
        "scheme",
        "repeat",
        "fold",
        "image",
        "variable",
    ]
