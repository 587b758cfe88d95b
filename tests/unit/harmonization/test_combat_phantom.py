"""Batch effects learnt from travelling subjects, applied to patients."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from concord.errors import ConfigError, FitError
from concord.harmonization.estimators import factory
from concord.harmonization.estimators.phantom_combat import (
    PhantomComBat,
    fit_on_phantom,
)
from concord.harmonization.settings import Harmonization

from ...batch_rows import features

N_BATCHES, N_SUBJECTS, N_FEATURES = 4, 12, 40


class Truth:
    """Planted shifts and gains of scanners, and what they do to a true value."""

    def __init__(self, seed=0, stretched=True):
        generator = np.random.default_rng(seed)
        shape = (N_BATCHES, N_FEATURES)
        shift = generator.normal(0, 1, shape)
        gain = generator.uniform(0.7, 1.4, shape) if stretched else np.ones(shape)
        self.shift = shift - shift.mean(axis=0)
        self.gain = gain / np.sqrt((gain**2).mean(axis=0))
        self.centre = generator.normal(50, 10, N_FEATURES)
        self.generator = generator

    def measured(self, values, batch, noise=0.0):
        """True values (n, p) as the scanners in `batch` would measure them."""
        seen = (
            self.centre + self.shift[batch] + self.gain[batch] * (values - self.centre)
        )
        return seen + self.generator.normal(0, noise, seen.shape) if noise else seen

    def phantom(self, noise=0.1, present=lambda subject, batch: True):
        """One row per subject and scanner."""
        levels = self.centre + self.generator.normal(0, 2, (N_SUBJECTS, N_FEATURES))
        pairs = [
            (subject, batch)
            for batch in range(N_BATCHES)
            for subject in range(N_SUBJECTS)
            if present(subject, batch)
        ]
        subject, batch = np.array(pairs).T
        values = self.measured(levels[subject], batch, noise)
        table = pd.DataFrame(values).add_prefix("f")
        named = {"subject_id": [f"S{n}" for n in subject], "site": _sites(batch)}
        return table.assign(**named)

    def patients(self, n=300):
        """True and measured values; sites differ in their patients as well."""
        batch = self.generator.integers(0, N_BATCHES, n)
        true = self.centre + self.generator.normal(0, 2, (n, N_FEATURES))
        true += 1.5 * (batch == 1)[:, None]
        table = pd.DataFrame(self.measured(true, batch)).add_prefix("f")
        return true, table.assign(site=_sites(batch))


def _sites(batch):
    return [f"B{number}" for number in batch]


def error(harmonized, true):
    return np.sqrt(((harmonized[features(harmonized)] - true) ** 2).mean(axis=None))


@pytest.fixture
def truth():
    return Truth()


def test_planted_shifts_and_gains_are_found(truth):
    fitted = fit_on_phantom(truth.phantom(), "site")
    gain = np.sqrt(fitted.variance_)
    shift = fitted.shift_ * fitted.model_.sd
    assert np.abs(gain - truth.gain).mean() < 0.02
    assert np.abs(shift - truth.shift).mean() < 0.1
    assert np.corrcoef(gain.ravel(), truth.gain.ravel())[0, 1] > 0.99


def test_without_noise_a_complete_phantom_gives_the_exact_gains(truth):
    fitted = fit_on_phantom(truth.phantom(noise=0), "site", empirical_bayes=False)
    np.testing.assert_allclose(np.sqrt(fitted.variance_), truth.gain, rtol=1e-9)


def test_patients_get_their_true_values_back(truth):
    true, measured = truth.patients()
    fitted = fit_on_phantom(truth.phantom(), "site")
    assert error(fitted.transform(measured), true) < 0.08 * error(measured, true)


def test_differences_of_patients_between_sites_are_kept(truth):
    """ComBat on the patients would remove it; the phantom cannot see it."""
    true, measured = truth.patients(2000)
    found = fit_on_phantom(truth.phantom(), "site").transform(measured)
    at_second = (found["site"] == "B1").to_numpy()
    values = found[features(found)].to_numpy()
    difference = values[at_second].mean(axis=0) - values[~at_second].mean(axis=0)
    expected = true[at_second].mean(axis=0) - true[~at_second].mean(axis=0)
    np.testing.assert_allclose(difference, expected, atol=0.2)
    assert difference.mean() == pytest.approx(1.5, abs=0.1)


def test_mean_only_subtracts_the_shift_and_nothing_else(truth):
    _, measured = truth.patients()
    fitted = fit_on_phantom(truth.phantom(), "site", mean_only=True)
    moved = (
        measured[features(measured)] - fitted.transform(measured)[features(measured)]
    )
    shift = fitted.shift_ * fitted.model_.sd
    batch = [fitted.batches_.index(name) for name in measured["site"]]
    np.testing.assert_allclose(moved, shift[batch], atol=1e-9)


def test_subjects_that_miss_some_scanners_do_not_bias_the_shift():
    """Subject effects are fixed: other subjects in other batches do not matter."""
    truth = Truth(stretched=False)

    def low_ones_first(subject, batch):
        return (subject < 8) if batch < 2 else (subject >= 4)

    table = truth.phantom(noise=0.05, present=low_ones_first)
    rising = table["subject_id"].str[1:].astype(float).to_numpy()[:, None]
    table[features(table)] += rising
    fitted = fit_on_phantom(table, "site", mean_only=True)
    found = fitted.shift_ * fitted.model_.sd
    np.testing.assert_allclose(found - found.mean(axis=0), truth.shift, atol=0.25)
    naive = table.groupby("site")[features(table)].mean()
    assert np.abs(naive - naive.mean() - truth.shift).mean(axis=None) > 1


def test_gains_of_a_noisy_scanner_are_not_taken_for_its_noise():
    """The residual spread of a noisy scanner is no stretch of the patients."""
    truth = Truth(stretched=False)
    table = truth.phantom(noise=0.1)
    noisy = (table["site"] == "B0").to_numpy()
    noise = truth.generator.normal(0, 1, (noisy.sum(), N_FEATURES))
    table.loc[noisy, features(table)] += noise
    fitted = fit_on_phantom(table, "site")
    assert np.sqrt(fitted.variance_[0]).mean() == pytest.approx(1, abs=0.05)


def test_shrinkage_of_gains_helps_with_noise():
    errors = {True: [], False: []}
    for seed in range(5):
        truth = Truth(seed)
        table = truth.phantom(noise=1.5)
        for shrink, found in errors.items():
            fitted = fit_on_phantom(table, "site", empirical_bayes=shrink)
            found.append(np.abs(np.sqrt(fitted.variance_) - truth.gain).mean())
    assert np.mean(errors[True]) < np.mean(errors[False])


def test_reference_scanner_stays_to_the_last_bit(truth):
    _, measured = truth.patients()
    found = fit_on_phantom(truth.phantom(), "site", reference="B2").transform(measured)
    at_reference = measured["site"] == "B2"
    pd.testing.assert_frame_equal(
        found[at_reference], measured[at_reference], check_exact=True
    )
    others = features(found)
    assert not np.allclose(
        found.loc[~at_reference, others], measured.loc[~at_reference, others]
    )


def test_one_phantom_scanned_repeatedly_gives_shifts_without_gains():
    truth = Truth(stretched=False)
    table = truth.phantom(noise=0, present=lambda subject, batch: subject == 0)
    values = np.repeat(table[features(table)].to_numpy(), 5, axis=0)
    values += truth.generator.normal(0, 0.1, values.shape)
    table = (
        pd.DataFrame(values)
        .add_prefix("f")
        .assign(subject_id="P", site=np.repeat(table["site"].to_numpy(), 5))
    )
    fitted = fit_on_phantom(table, "site")
    assert (fitted.variance_ == 1).all()
    np.testing.assert_allclose(fitted.shift_ * fitted.model_.sd, truth.shift, atol=0.5)


def test_batches_without_a_common_subject_are_named(truth):
    table = truth.phantom(present=lambda subject, batch: (subject < 6) == (batch < 2))
    with pytest.raises(
        FitError, match=r"\['B0', 'B1'\] share no subject with \['B2', 'B3'\]"
    ):
        fit_on_phantom(table, "site")


def test_phantom_in_one_batch_is_refused(truth):
    table = truth.phantom(present=lambda subject, batch: batch == 0)
    with pytest.raises(FitError, match=r"\['B0'\] share no subject with \[\]"):
        fit_on_phantom(table, "site")


def test_patients_of_a_scanner_without_phantom_are_refused_or_pass(truth):
    _, measured = truth.patients()
    table = truth.phantom(present=lambda subject, batch: batch < 3)
    with pytest.raises(FitError, match=r"\['B3'\]"):
        fit_on_phantom(table, "site").transform(measured)
    passing = fit_on_phantom(table, "site", unseen="passthrough")
    unseen = (measured["site"] == "B3").to_numpy()
    np.testing.assert_array_equal(passing.unseen_rows(measured), unseen)
    pd.testing.assert_frame_equal(passing.transform(measured)[unseen], measured[unseen])


def test_fit_learns_nothing_from_patients(truth):
    """In a pipeline it is cloned and fitted; the phantom's estimates stay."""
    _, measured = truth.patients()
    fitted = fit_on_phantom(truth.phantom(), "site")
    refitted = clone(fitted).fit(measured.iloc[:7])
    pd.testing.assert_frame_equal(
        refitted.transform(measured), fitted.transform(measured), check_exact=True
    )
    assert refitted.get_feature_names_out().tolist() == list(measured.columns)


def test_features_may_be_fewer_than_the_phantom_has(truth):
    _, measured = truth.patients()
    fitted = fit_on_phantom(truth.phantom(), "site")
    chosen = ["f7", "f3"]
    narrow = PhantomComBat("site", found=fitted.estimates(), columns=chosen)
    few = measured[[*chosen, "site"]]
    found = narrow.fit(few).transform(few)
    expected = fitted.transform(measured)[[*chosen, "site"]]
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_feature_that_the_phantom_lacks_is_named(truth):
    fitted = fit_on_phantom(truth.phantom(), "site")
    missing = PhantomComBat("site", found=fitted.estimates(), columns=["f0", "g"])
    with pytest.raises(
        FitError, match=r"phantom table lacks 1 features such as \['g'\]"
    ):
        missing.fit(truth.patients()[1])


def test_adapting_to_patients_is_no_option(truth):
    fitted = fit_on_phantom(truth.phantom(), "site", unseen="adapt")
    with pytest.raises(ConfigError, match="unseen is 'adapt'"):
        fitted.fit(truth.patients()[1])


def test_several_variables_are_learnt_in_order_and_survive_json(truth):
    table = truth.phantom()
    place = np.arange(len(table))
    table["kernel"] = np.where((place + place // 12) % 3 == 0, "sharp", "smooth")
    table.loc[table["kernel"] == "sharp", features(table)] += 3.0
    _, measured = truth.patients()
    measured["kernel"] = np.where(np.arange(len(measured)) % 2 == 0, "sharp", "smooth")
    clean = measured.copy()
    measured.loc[measured["kernel"] == "sharp", features(measured)] += 3.0
    made = factory.make_from_phantom(
        table,
        batch=["site", "kernel"],
        subject="subject_id",
        columns=features(table),
        settings=Harmonization(
            batch={"CT": ["site", "kernel"]},
            min_batch_size=2,
            mean_only=True,
            reference={"kernel": "smooth"},
        ),
        unseen="refuse",
    )
    fitted = clone(made).fit(measured)
    found = fitted.transform(measured)[features(measured)]
    sharp = (measured["kernel"] == "sharp").to_numpy()
    left = found - clean[features(measured)]
    gap = left[sharp].mean() - left[~sharp].mean()
    assert np.abs(gap).max() < 0.6
    again = factory.from_estimates(json.loads(json.dumps(fitted.estimates())))
    pd.testing.assert_frame_equal(
        again.transform(measured), fitted.transform(measured), check_exact=True
    )
