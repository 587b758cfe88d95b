"""A new batch, learnt from a few unlabelled rows with the prior of the others."""

import json

import numpy as np
import pandas as pd
import pytest

from concord.errors import FitError
from concord.harmonization.estimators import factory
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.estimators.empirical_bayes import Prior, pooled
from concord.harmonization.settings import Harmonization

from ...batch_rows import batch_rows, features

SETTINGS = Harmonization(batch={"CT": ["site"]})


@pytest.fixture
def rows():
    return batch_rows(sizes=(20, 20, 20, 20), n_features=30)


@pytest.fixture
def parts(rows):
    """Development rows of A, B, C; five rows of D; the rest of D."""
    new = rows[rows["site"] == "D"]
    return rows[rows["site"] != "D"], new.iloc[:5], new.iloc[5:]


def combat(rows, **options):
    return ComBat("site", columns=features(rows), unseen="adapt", **options)


def test_new_batch_is_refused_until_it_was_adapted_to(parts):
    development, few, others = parts
    fitted = combat(development).fit(development)
    with pytest.raises(FitError, match=r"15 rows .* \['D'\].* adapt to some of their"):
        fitted.transform(others)
    adapted = fitted.adapt(few)
    assert adapted.batches_ == ("A", "B", "C", "D")
    assert adapted.adapted_ == ("D",)
    assert fitted.batches_ == ("A", "B", "C")
    assert not adapted.unseen_rows(others).any()


def test_estimates_of_the_development_batches_stay(parts):
    development, few, _ = parts
    fitted = combat(development, keep=("age",)).fit(development)
    adapted = fitted.adapt(few)
    np.testing.assert_array_equal(adapted.shift_[:3], fitted.shift_)
    np.testing.assert_array_equal(adapted.model_.grand_mean, fitted.model_.grand_mean)
    found, expected = (one.transform(development) for one in (adapted, fitted))
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_known_batches_are_not_learnt_again(parts):
    development, _, _ = parts
    fitted = combat(development).fit(development)
    assert fitted.adapt(development.iloc[:4]).estimates() == fitted.estimates()


def test_pooled_prior_has_the_moments_of_the_mixture():
    """Law of total variance, by hand: means 0 and 2, variances 1 and 3."""
    gamma = [(3.0, 4.0), (4.0, 9.0)]  # means 2 and 3, variances 4 and 4.5
    found = pooled([Prior(0.0, 1.0, *gamma[0]), Prior(2.0, 3.0, *gamma[1])])
    assert found.shift_mean == pytest.approx(1.0)
    assert found.shift_variance == pytest.approx(2.0 + 2.0)
    assert found.variance_mean == pytest.approx(2.5)
    assert found.variance_spread == pytest.approx((4.0 + 4.5) / 2 + 0.5)


def test_shift_of_a_new_batch_lies_between_its_mean_and_the_prior(parts):
    development, few, _ = parts
    fitted = combat(development, mean_only=True).fit(development)
    priors = [Prior.from_estimates(prior) for prior in fitted.priors_]
    prior = pooled_shift(priors)
    standardized = (few[features(few)] - fitted.model_.grand_mean) / fitted.model_.sd
    mean = standardized.mean().to_numpy()
    weight = 5 * prior[1] / (5 * prior[1] + 1)
    expected = weight * mean + (1 - weight) * prior[0]
    np.testing.assert_allclose(fitted.adapt(few).shift_[3], expected, atol=1e-12)


def pooled_shift(priors):
    means = np.array([prior.shift_mean for prior in priors])
    spread = np.mean([prior.shift_variance for prior in priors])
    return means.mean(), spread + means.var(ddof=1)


def test_adapted_rows_come_nearer_to_the_other_sites(parts):
    development, few, others = parts
    names = features(development)
    fitted = combat(development).fit(development)
    centre = fitted.transform(development)[names].mean()
    after = fitted.adapt(few).transform(others)[names].mean() - centre
    before = others[names].mean() - centre
    assert np.abs(after).mean() < 0.4 * np.abs(before).mean()


def test_prior_of_training_batches_beats_no_prior_with_five_rows():
    """Mean squared error of the shift, over many new batches of small effects."""
    errors = {"prior": [], "none": []}
    for seed in range(10):
        generator = np.random.default_rng(seed)
        site = np.repeat([f"S{n}" for n in range(8)], 30)
        shift = dict(
            zip(np.unique(site), generator.normal(0, 0.4, (8, 50)), strict=True)
        )
        values = np.array([shift[s] for s in site]) + generator.normal(size=(240, 50))
        table = pd.DataFrame(values).add_prefix("f").assign(site=site)
        new, names = table["site"] == "S7", features(table)
        fitted = combat(table).fit(table[~new])
        adapted = fitted.adapt(table[new].iloc[:5])
        truth = (shift["S7"] - fitted.model_.grand_mean) / fitted.model_.sd
        plain = (
            table[new].iloc[:5][names].mean() - fitted.model_.grand_mean
        ).to_numpy()
        errors["prior"].append(np.mean((adapted.shift_[-1] - truth) ** 2))
        errors["none"].append(np.mean((plain / fitted.model_.sd - truth) ** 2))
    assert np.mean(errors["prior"]) < 0.7 * np.mean(errors["none"])


def test_one_row_is_enough_to_adapt(parts):
    development, few, others = parts
    adapted = combat(development).fit(development).adapt(few.iloc[:1])
    assert np.isfinite(adapted.transform(others)[features(few)]).all(axis=None)


def test_missing_cells_of_the_new_batch_take_the_prior(parts):
    development, few, others = parts
    few = few.assign(f2=np.nan)
    fitted = combat(development).fit(development)
    adapted = fitted.adapt(few)
    priors = [Prior.from_estimates(prior) for prior in fitted.priors_]
    which = fitted.columns_.index("f2")
    assert adapted.shift_[3, which] == pytest.approx(pooled(priors).shift_mean)
    assert np.isfinite(adapted.transform(others)["f2"]).all()


def test_small_development_batches_are_adapted_to_by_fit(rows):
    small = pd.concat([rows[rows["site"] != "D"], rows[rows["site"] == "D"].iloc[:3]])
    fitted = combat(rows, min_batch_size=5).fit(small)
    expected = combat(rows).fit(small[small["site"] != "D"]).adapt(small)
    assert fitted.adapted_ == ("D",)
    np.testing.assert_array_equal(fitted.shift_, expected.shift_)
    assert np.isfinite(fitted.transform(small)[features(rows)]).all(axis=None)


def test_one_development_batch_leaves_the_new_one_its_own_prior(rows):
    development = rows[rows["site"] == "A"]
    adapted = combat(rows).fit(development).adapt(rows[rows["site"] == "B"])
    assert adapted.priors_[1] is not None
    found = adapted.transform(rows[rows["site"].isin(["A", "B"])])
    means = found.groupby("site")[features(rows)].mean()
    assert np.abs(np.diff(means, axis=0)).mean() < 0.3


def test_rows_adapted_to_teach_nothing_but_their_batch(parts):
    """Two unseen batches: what is learnt of one does not depend on the other."""
    development, few, others = parts
    fitted = combat(development).fit(development)
    both = fitted.adapt(pd.concat([few, others.assign(site="E")]))
    alone = fitted.adapt(few)
    np.testing.assert_array_equal(both.shift_[3], alone.shift_[3])
    after = alone.adapt(others.assign(site="E"))
    np.testing.assert_array_equal(after.shift_[4], both.shift_[4])


@pytest.mark.parametrize("kind", sorted(factory.KINDS.keys() - {"none"}))
def test_adapted_harmonizer_survives_json(parts, kind):
    development, few, others = parts
    fitted = factory.make(
        kind, batch=["site"], columns=features(few), settings=SETTINGS, unseen="adapt"
    ).fit(development)
    adapted = fitted.adapt(few)
    again = factory.from_estimates(json.loads(json.dumps(adapted.estimates())))
    pd.testing.assert_frame_equal(
        again.transform(others), adapted.transform(others), check_exact=True
    )
    restored = factory.from_estimates(json.loads(json.dumps(fitted.estimates())))
    pd.testing.assert_frame_equal(
        restored.adapt(few).transform(others),
        adapted.transform(others),
        check_exact=True,
    )


def test_zscore_adapts_by_the_rows_alone(parts):
    development, few, _ = parts
    names = features(few)
    fitted = factory.make(
        "zscore", batch=["site"], columns=names, settings=SETTINGS, unseen="adapt"
    ).fit(development)
    found = fitted.adapt(few).transform(few)[names]
    np.testing.assert_allclose(found.mean(), fitted.model_.grand_mean)
    np.testing.assert_allclose(found.std(), fitted.model_.sd)
