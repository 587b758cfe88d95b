"""Normalization against closed forms, and a planted bias field."""

from dataclasses import replace

import numpy as np
import pytest

from concord.features.errors import UnusableRegion
from concord.features.preparation.normalization import (
    foreground,
    n4_corrected,
    normalize,
    percentile_scaled,
    standardized,
)
from concord.features.recipe.normalization import Normalization
from concord.features.settings.normalization import NormalizationSection

SPACING = (3.0, 1.5, 1.5)


def section(**values):
    return Normalization.of(NormalizationSection(**values))


def head(shape=(20, 48, 52)):
    """Tissue of two kinds in a body, and the smooth field of a coil."""
    k, j, i = (a / n - 0.5 for a, n in zip(np.indices(shape), shape, strict=True))
    body = (k / 0.48) ** 2 + (j / 0.42) ** 2 + (i / 0.42) ** 2 <= 1
    checks = (np.indices(shape) // 6).sum(0) % 2
    tissue = np.where(body, 300.0 + 150 * checks, 0)
    field = np.exp(0.5 * i - 0.4 * j + 0.6 * k * i + 0.5 * j * j)
    noise = np.random.default_rng(0).normal(0, 8, shape)
    return np.abs(tissue + noise), field, body


def case():
    image = np.random.default_rng(2).normal(300, 50, (8, 20, 20))
    region = np.zeros(image.shape, bool)
    region[2:6, 4:14, 5:15] = True
    muscle = np.zeros(image.shape, bool)
    muscle[:, 15:, :] = True
    image[muscle] = image[muscle] / 2 + 20
    return image, region, muscle


def test_scores_have_mean_0_and_sd_1_in_the_mask():
    image, region, muscle = case()
    for mask in (region, muscle):
        scores = standardized(image, mask)
        assert scores[mask].mean() == pytest.approx(0, abs=1e-12)
        assert scores[mask].std() == pytest.approx(1)
    np.testing.assert_allclose(
        standardized(7 * image - 3, region), standardized(image, region)
    )


def test_the_whole_image_can_set_the_scale():
    image, region, _ = case()
    wanted = section(method="zscore", scale_from="image")
    found = normalize(image, region, SPACING, wanted)
    np.testing.assert_allclose(found, (image - image.mean()) / image.std())
    assert "mean 0 and SD 1 of the whole image" in wanted.describe()[0]


def test_percentiles_become_0_and_1_and_nothing_is_cut_off():
    image, region, _ = case()
    scaled = percentile_scaled(image, region, low=5, high=90)
    assert np.percentile(scaled[region], 5) == pytest.approx(0, abs=1e-12)
    assert np.percentile(scaled[region], 90) == pytest.approx(1)
    assert scaled[region].min() < 0
    assert scaled[region].max() > 1
    np.testing.assert_allclose(
        np.corrcoef(scaled.ravel(), image.ravel())[0, 1], 1, atol=1e-12
    )


def test_the_foreground_is_the_body():
    image, _, body = head()
    assert (foreground(image) == body).mean() > 0.999
    assert not foreground(np.full((3, 4, 5), 2.0)).any()
    image[0, 0, 0] = np.nan
    assert not foreground(image)[0, 0, 0]


def test_the_threshold_splits_with_the_greatest_variance_between():
    image = np.random.default_rng(1).gamma(2, 30, (6, 20, 20))
    above = foreground(image)

    def between(split):
        return (
            split.mean()
            * (1 - split.mean())
            * (image[split].mean() - image[~split].mean()) ** 2
        )

    best = max(between(image >= t) for t in np.unique(image)[1:])
    assert between(above) == pytest.approx(best, rel=5e-3)
    assert image[above].min() > image[~above].max()


def bias(image, clean, body):
    """Coefficient of variation of what an image differs by from the clean one."""
    ratio = image[body] / clean[body]
    return ratio.std() / ratio.mean()


def test_n4_leaves_less_than_a_sixth_of_a_planted_bias_field():
    clean, field, body = head()
    biased = clean * field
    corrected = n4_corrected(biased, SPACING)
    before, after = bias(biased, clean, body), bias(corrected, clean, body)
    assert before > 0.1
    assert after < before / 6
    assert corrected[body].mean() == pytest.approx(biased[body].mean(), rel=0.05)


def test_n4_gives_equal_bytes_and_follows_its_settings():
    clean, field, body = head()
    biased = (clean * field).astype(np.float32)
    first = n4_corrected(biased, SPACING)
    assert first.tobytes() == n4_corrected(biased, SPACING).tobytes()
    for other in (
        {"shrink_factor": 2},
        {"iterations": (1,)},
        {"convergence": 0.2},
        {"mask": body & (np.indices(body.shape)[2] < 30)},
    ):
        assert (n4_corrected(biased, SPACING, **other) != first).any()


def test_n4_works_on_a_few_slices():
    clean, field, body = head((3, 48, 52))
    corrected = n4_corrected(clean * field, SPACING)
    assert bias(corrected, clean, body) < 0.5 * bias(clean * field, clean, body)


def normalized(image, region, muscle, **values):
    return normalize(image, region, SPACING, section(**values), reference=muscle)


def test_settings_choose_method_and_scale():
    image, region, muscle = case()
    given = (image, region, muscle)
    np.testing.assert_array_equal(normalized(*given), image)
    assert normalized(*given).dtype == np.float64
    np.testing.assert_array_equal(
        normalized(*given, method="zscore"), standardized(image, region)
    )
    reference = {"scale_from": "reference", "reference_region": "muscle"}
    np.testing.assert_array_equal(
        normalized(*given, method="zscore", **reference), standardized(image, muscle)
    )
    np.testing.assert_array_equal(
        normalized(*given, method="percentile", scale_from="foreground"),
        percentile_scaled(image, foreground(image), low=1, high=99),
    )
    np.testing.assert_array_equal(
        normalized(*given, method="percentile", percentiles=(2, 75)),
        percentile_scaled(image, region, low=2, high=75),
    )


def test_the_bias_field_is_removed_before_the_scale_is_taken():
    clean, field, body = head()
    biased = clean * field
    settings = section(
        bias_field="n4",
        method="zscore",
        n4_shrink_factor=3,
        n4_iterations=[20, 20],
        n4_convergence=0.01,
    )
    options = {"shrink_factor": 3, "iterations": (20, 20), "convergence": 0.01}
    expected = standardized(n4_corrected(biased, SPACING, **options), body)
    found = normalize(biased, body, SPACING, settings)
    np.testing.assert_array_equal(found, expected)
    alone = normalize(biased, body, SPACING, replace(settings, method="none"))
    np.testing.assert_array_equal(alone, n4_corrected(biased, SPACING, **options))


def fault(image, region, muscle, **values):
    with pytest.raises(UnusableRegion) as caught:
        normalized(image, region, muscle, **values)
    return caught.value.code, str(caught.value)


def test_what_sets_no_scale_says_why():
    image, region, muscle = case()
    reference = {
        "method": "zscore",
        "scale_from": "reference",
        "reference_region": "muscle",
    }
    code, text = fault(image, region, None, **reference)
    assert code == "missing_reference"
    assert "was not segmented in this image" in text
    few = np.zeros(region.shape, bool)
    few[0, 0, :3] = True
    code, text = fault(image, region, few, **reference)
    assert code == "small_reference"
    assert "3 voxels set the scale of the image, expected at least 20" in text
    for method in ("zscore", "percentile"):
        flat = np.full(image.shape, 4.0)
        code, text = fault(flat, region, muscle, method=method)
        assert code == "one_grey_level"
        assert "the 400 voxels that set the scale have no spread around 4" in text
    image[2, 4, 5] = np.nan
    code, text = fault(image, region, muscle, method="zscore")
    assert (code, text[:30]) == ("not_finite", "1 voxels that set the scale ar")
    assert fault(image, region, muscle, bias_field="n4")[0] == "not_finite"
    dark = np.full(image.shape, -5.0)
    code, text = fault(dark, region, muscle, bias_field="n4")
    assert code == "no_foreground"
    assert "no voxels above 0 in its foreground" in text
