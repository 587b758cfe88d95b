"""All harmonizers have one interface, and come back from JSON bit for bit."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from concord.errors import ConfigError, FitError
from concord.harmonization.estimators import factory
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.estimators.covbat import CovBat
from concord.harmonization.estimators.identity import Passthrough
from concord.harmonization.estimators.sequence import HarmonizerSequence
from concord.harmonization.estimators.zscore import WithinBatchZScore
from concord.harmonization.settings import HARMONIZERS, Harmonization
from concord.provenance import SCRIPTS

from ...batch_rows import batch_rows, features

BATCH = {"CT": ["site"]}
KINDS = list(factory.KINDS)
#: Harmonizers that other settings choose.
NOT_CHOSEN = {"sequence", "phantom"}


@pytest.fixture
def rows():
    """Sites and kernels; a cell is missing, a feature is constant."""
    table = batch_rows(sizes=(30, 25, 20), n_features=12)
    generator = np.random.default_rng(2)
    kernel = generator.choice(["smooth", "sharp"], len(table))
    table[features(table)] += 2.0 * (kernel == "sharp")[:, None]
    table["f5"] = 3.25
    table.loc[4, "f2"] = np.nan
    return table.rename(columns={"site": "batch.CT.site"}).assign(
        **{"batch.CT.kernel": kernel, "sex": generator.choice(["F", "M"], len(table))}
    )


def make(rows, kind, *variables, unseen="passthrough", **settings):
    return factory.make(
        kind,
        batch=[f"batch.CT.{name}" for name in variables or ("site",)],
        keep=["age", "sex"],
        smooth=["age"],
        columns=features(rows),
        settings=Harmonization(batch=BATCH, **settings),
        unseen=unseen,
    )


def test_no_file_that_a_harmonizer_needs_has_been_forgotten():
    """The list of CONTRIBUTING: which of the files lacks which harmonizer."""
    estimators = SCRIPTS / "concord" / "harmonization" / "estimators"
    modules = {
        kind: path.stem
        for path in estimators.glob("*.py")
        for kind in re.findall(r'^    kind = "(\w+)"$', path.read_text(), re.M)
        if kind not in NOT_CHOSEN
    }
    page = (SCRIPTS.parent / "docs" / "harmonization.md").read_text()
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    every = {*HARMONIZERS, *KINDS, *modules}
    known = {
        "scripts/concord/harmonization/settings.py: HARMONIZERS": {*HARMONIZERS},
        "scripts/concord/harmonization/estimators/factory.py: KINDS": {*KINDS},
        "scripts/concord/harmonization/estimators/<module>.py": {*modules},
        "docs/harmonization.md": {kind for kind in every if f"`{kind}`" in page},
        "tests/unit/harmonization/": {
            kind
            for kind in every
            if kind not in modules or f"estimators.{modules[kind]} import" in tests
        },
    }
    missing = {place: every - found for place, found in known.items()}
    assert {place: names for place, names in missing.items() if names} == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("variables", [("site",), ("site", "kernel")])
def test_estimates_in_json_give_the_same_bits(rows, kind, variables):
    fitted = make(rows, kind, *variables).fit(rows.iloc[::2])
    text = json.dumps(fitted.estimates(), allow_nan=False)
    again = factory.from_estimates(json.loads(text))
    pd.testing.assert_frame_equal(
        again.transform(rows), fitted.transform(rows), check_exact=True
    )
    assert json.dumps(again.estimates()) == text
    assert again.get_feature_names_out().tolist() == list(rows.columns)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("variables", [("site",), ("site", "kernel")])
def test_one_row_at_a_time_gives_the_same_bits(rows, kind, variables):
    fitted = make(rows, kind, *variables).fit(rows.iloc[::2])
    together = fitted.transform(rows)
    alone = pd.concat([fitted.transform(rows.iloc[[n]]) for n in range(len(rows))])
    pd.testing.assert_frame_equal(together, alone, check_exact=True)


@pytest.mark.parametrize("kind", KINDS)
def test_order_of_development_rows_hardly_matters(rows, kind):
    shuffled = rows.sample(frac=1, random_state=0)
    names = features(rows)
    first = make(rows, kind, "site", "kernel").fit(rows).transform(rows)[names]
    second = make(rows, kind, "site", "kernel").fit(shuffled).transform(rows)[names]
    difference = np.abs(first - second) / rows[names].std().replace(0, 1)
    assert difference.max(axis=None) < 1e-10


@pytest.mark.parametrize("kind", KINDS)
def test_change_of_units_changes_only_units(rows, kind):
    names = features(rows)
    generator = np.random.default_rng(0)
    factor = 10.0 ** generator.integers(-4, 5, len(names))
    offset = factor * generator.normal(0, 3, len(names))
    scaled = rows.copy()
    scaled[names] = rows[names] * factor + offset
    first = make(rows, kind).fit(rows).transform(rows)[names]
    second = (make(rows, kind).fit(scaled).transform(scaled)[names] - offset) / factor
    np.testing.assert_allclose(second, first, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_missing_cells_and_constant_features_stay(rows, kind):
    found = make(rows, kind, "site", "kernel").fit(rows).transform(rows)
    missing = np.argwhere(found[features(rows)].isna().to_numpy())
    assert missing.tolist() == [[4, 2]]
    assert (found["f5"] == 3.25).all()


@pytest.mark.parametrize("kind", KINDS)
def test_unseen_rows_are_told_and_pass(rows, kind):
    development = rows[rows["batch.CT.site"] != "C"]
    fitted = make(rows, kind, "site", "kernel").fit(development)
    new = rows["batch.CT.site"] == "C"
    expected = np.zeros(len(rows), bool) if kind == "none" else new.to_numpy()
    np.testing.assert_array_equal(fitted.unseen_rows(rows), expected)


def test_no_harmonization_returns_the_rows(rows):
    found = make(rows, "none").fit(rows).transform(rows)
    pd.testing.assert_frame_equal(found, rows, check_exact=True)


def test_kinds_differ(rows):
    names = [name for name in features(rows) if name != "f5"]
    found = [
        make(rows, kind).fit(rows).transform(rows)[names].fillna(0).to_numpy()
        for kind in KINDS
    ]
    for number, first in enumerate(found):
        for second in found[number + 1 :]:
            assert not np.allclose(first, second, atol=1e-3)


@pytest.mark.parametrize(
    "changed",
    [
        {"empirical_bayes": False},
        {"mean_only": True},
        {"spline_knots": 6},
        {"reference": {"site": "B"}},
        {"min_batch_size": 22},
    ],
)
def test_every_setting_changes_the_result(rows, changed):
    plain = make(rows, "combat").fit(rows).transform(rows)
    other = make(rows, "combat", **changed).fit(rows).transform(rows)
    assert not np.allclose(
        plain[features(rows)].fillna(0), other[features(rows)].fillna(0), atol=1e-6
    )


def test_reference_is_named_by_variable(rows):
    fitted = make(rows, "combat", "site", "kernel", reference={"kernel": "smooth"})
    assert [one.reference for one in fitted.harmonizers] == [None, "smooth"]


def test_unknown_kind_is_refused(rows):
    with pytest.raises(ConfigError, match=r"harmonizer is 'gam', expected one of"):
        make(rows, "gam")


def test_harmonizer_without_batch_is_refused(rows):
    with pytest.raises(ConfigError, match="'combat' needs a batch variable"):
        factory.make(
            "combat",
            batch=[],
            columns=None,
            settings=Harmonization(batch=BATCH),
            unseen="passthrough",
        )


def test_variables_are_removed_one_after_the_other(rows):
    fitted = make(rows, "combat", "site", "kernel").fit(rows)
    first = ComBat("batch.CT.site", **_options(rows)).fit(rows)
    second = ComBat("batch.CT.kernel", **_options(rows)).fit(first.transform(rows))
    expected = second.transform(first.transform(rows))
    pd.testing.assert_frame_equal(fitted.transform(rows), expected, check_exact=True)


def test_order_of_the_variables_matters(rows):
    """Sharp images come mostly from site A, so the first variable takes most."""
    rows = rows[(rows["batch.CT.kernel"] == "sharp") | (rows["batch.CT.site"] != "A")]
    names = [name for name in features(rows) if name not in ("f5", "f2")]
    found = [
        make(rows, "combat", *order).fit(rows).transform(rows)[names]
        for order in (("site", "kernel"), ("kernel", "site"))
    ]
    assert np.abs(found[0] - found[1]).max(axis=None) > 0.01


def test_rows_unseen_by_the_first_teach_the_second_nothing(rows):
    rows.loc[[0, 1], "batch.CT.site"] = "D"
    spoilt = rows.copy()
    spoilt.loc[[0, 1], features(rows)] *= 1e6
    first, second = (
        make(rows, "combat", "site", "kernel").fit(table) for table in (rows, spoilt)
    )
    np.testing.assert_array_equal(first.fitted_[1].shift_, second.fitted_[1].shift_)


def test_sequence_adapts_only_the_variable_that_is_new(rows):
    new = rows["batch.CT.site"] == "C"
    fitted = make(rows, "combat", "site", "kernel", unseen="adapt").fit(rows[~new])
    with pytest.raises(FitError, match=r"batch.CT.site: 20 rows .* \['C'\]"):
        fitted.transform(rows)
    adapted = fitted.adapt(rows[new].iloc[:6])
    assert adapted.fitted_[0].adapted_ == ("C",)
    assert adapted.fitted_[1].adapted_ == ()
    assert isinstance(adapted, HarmonizerSequence)
    assert np.isfinite(adapted.transform(rows[new])[features(rows)]).all(axis=None)


def test_without_harmonization_rows_stay_as_they_are(rows):
    found = Passthrough("batch.CT.site").fit(rows.iloc[::2]).transform(rows)
    pd.testing.assert_frame_equal(found, rows, check_exact=True)


def test_zscores_have_equal_mean_and_spread_in_every_batch(rows):
    fitted = WithinBatchZScore("batch.CT.site", columns=features(rows)).fit(rows)
    by_site = fitted.transform(rows).groupby("batch.CT.site")[features(rows)]
    np.testing.assert_allclose(by_site.mean(), [fitted.model_.grand_mean] * 3)
    varying = [name for name in features(rows) if name != "f5"]
    sd = pd.Series(fitted.model_.sd, index=fitted.columns_)[varying]
    np.testing.assert_allclose(by_site.std()[varying], [sd] * 3)


def correlated(sizes, n_features, seed=0):
    """Two sites with equal means and variances; only A has strong correlations."""
    generator = np.random.default_rng(seed)
    parts = []
    for weight, size in zip((0.9, 0.2), sizes, strict=True):
        common = generator.normal(size=(size, 1))
        own = generator.normal(size=(size, n_features))
        parts.append(weight * common + np.sqrt(1 - weight**2) * own)
    table = pd.DataFrame(np.vstack(parts)).add_prefix("f")
    return table.assign(site=np.repeat(["A", "B"], sizes))


def covariance_gap(table):
    names = features(table)
    first, second = (part[names].cov() for _, part in table.groupby("site"))
    return np.linalg.norm(first - second)


def test_covbat_brings_covariances_together_where_combat_cannot():
    rows = correlated((200, 200), 6)
    names = features(rows)
    combat = ComBat("site", columns=names).fit_transform(rows)
    covbat = CovBat("site", columns=names).fit_transform(rows)
    assert covariance_gap(combat) > 0.9 * covariance_gap(rows)
    assert covariance_gap(covbat) < 0.3 * covariance_gap(rows)


@pytest.mark.parametrize("sizes", [(30, 25), (200, 180)])
def test_scores_of_covbat_have_equal_mean_and_spread(sizes):
    """By construction, on development rows; with more features than rows too."""
    rows = correlated(sizes, 80)
    fitted = CovBat("site", columns=features(rows)).fit(rows)
    found = fitted.transform(rows)
    scaled = (found[features(rows)] - fitted.combat_.model_.grand_mean).to_numpy()
    scores = (scaled - fitted.centre_) / fitted.scale_ @ fitted.loadings_
    at_first = (rows["site"] == "A").to_numpy()
    parts = scores[at_first], scores[~at_first]
    np.testing.assert_allclose(*(part.mean(axis=0) for part in parts), atol=1e-8)
    np.testing.assert_allclose(*(part.std(axis=0, ddof=1) for part in parts), atol=1e-8)
    kept = fitted.loadings_.shape[1]
    assert kept < min(sum(sizes), 80)
    np.testing.assert_allclose(
        fitted.loadings_.T @ fitted.loadings_, np.eye(kept), atol=1e-10
    )


def test_share_of_variance_sets_the_number_of_components():
    rows = correlated((60, 60), 20)
    found = [
        CovBat("site", columns=features(rows), score_variance=share).fit(rows)
        for share in (0.5, 0.95, 1.0)
    ]
    counts = [one.loadings_.shape[1] for one in found]
    assert counts[0] < counts[1] < counts[2] == 20
    with pytest.raises(ConfigError, match=r"score_variance is 0, expected a share"):
        CovBat("site", score_variance=0).fit(rows)


def test_covbat_of_one_batch_changes_nothing():
    rows = correlated((40, 30), 6)
    alone = rows[rows["site"] == "A"]
    found = CovBat("site", columns=features(rows)).fit_transform(alone)
    pd.testing.assert_frame_equal(found, alone)


def test_covbat_without_varying_features_is_combat():
    rows = correlated((40, 30), 4)
    rows[features(rows)] = 1.0
    fitted = CovBat("site", columns=features(rows)).fit(rows)
    assert fitted.scores_ is None
    pd.testing.assert_frame_equal(fitted.transform(rows), rows)


def _options(rows):
    return {
        "keep": ("age", "sex"),
        "smooth": ("age",),
        "columns": features(rows),
        "unseen": "passthrough",
        "min_batch_size": 3,
    }
