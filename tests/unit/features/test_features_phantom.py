"""The IBSI digital phantom: published values, and what happens if one is missed."""

import copy

import numpy as np
import pytest

from concord.errors import StudyError
from concord.features.engines import ibsi_phantom, warmup


def test_every_published_value_is_reproduced():
    report = ibsi_phantom.check()
    assert report["mismatches"] == []
    assert report["n_matching"] == report["n_values"] == 169
    assert ibsi_phantom.require_all_match(report) is report
    assert (report["engine"], report["version"]) == ("pictologics", "0.9.0")


def test_the_phantom_is_the_published_one(shared_data):
    import nibabel as nib

    folder = shared_data / "reference/ibsi1/digital_phantom"
    image = np.asanyarray(nib.load(folder / "phantom.nii.gz").dataobj).T
    mask = np.asanyarray(nib.load(folder / "mask.nii.gz").dataobj).T
    np.testing.assert_array_equal(ibsi_phantom.IMAGE, image)
    np.testing.assert_array_equal(ibsi_phantom.region_mask(), mask > 0)


def test_a_wrong_value_is_found_and_named(monkeypatch):
    image = ibsi_phantom.IMAGE.copy()
    image[0, 0, 0] = 6
    monkeypatch.setattr(ibsi_phantom, "IMAGE", image)
    report = ibsi_phantom.check()
    columns = [entry["column"] for entry in report["mismatches"]]
    assert "original.statistics.mean" in columns
    assert "original.morphology.volume_mesh" not in columns
    with pytest.raises(StudyError, match=r"of 169 values .* wrong[\s\S]*IBSI 2\.15"):
        ibsi_phantom.require_all_match(report)


def test_an_undefined_value_does_not_match():
    assert not ibsi_phantom.matches(np.nan, 1.0, 10.0)


@pytest.mark.parametrize(
    ("value", "matching"), [(2.154, True), (2.1551, False), (2.145, True)]
)
def test_values_are_compared_at_three_digits(value, matching):
    assert ibsi_phantom.matches(value, 2.15, 0) is matching


def test_a_report_without_mismatch_passes_unchanged():
    report = {"mismatches": [], "n_values": 1}
    assert ibsi_phantom.require_all_match(copy.deepcopy(report)) == report


def test_the_balls_that_compile_the_engine_are_balls():
    image, mask = warmup.textured_ball(8)
    assert mask.sum() == pytest.approx(4 / 3 * np.pi * 8**3, rel=0.03)
    assert -70 <= image.min() < image.max() <= 70
