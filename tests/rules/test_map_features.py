"""Rule map_features on a chunk of two subjects, one of whom is chosen."""

from pathlib import Path

import map_features
import numpy as np
import pytest

from concord import files, images
from concord.features.settings.feature_maps import FeatureMapsSection
from concord.features.settings.rules import MapFeatures

from ..feature_chunk import SCOPED, make_job, write_chunk

COLUMNS = ["original.statistics.mean", "original.glcm.joint_entropy"]
MAPS = FeatureMapsSection(features={"CT": COLUMNS}, radius_mm=4.0).of_image("CT")
OUTPUTS = {"maps": "maps/A-0_CT", "pictures": "maps/A-0_CT.json"}


@pytest.fixture
def job(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_chunk()
    return make_job(OUTPUTS, MapFeatures(**SCOPED, maps=MAPS))


def test_a_map_of_each_feature_lies_where_the_region_is(job):
    map_features.main(job)
    written = sorted(path.name for path in Path(OUTPUTS["maps"]).iterdir())
    assert [name.split("_")[0] for name in written] == ["sub-p1"] * 2
    mean = images.read(Path(OUTPUTS["maps"], written[1]))
    assert mean.spacing_mm == pytest.approx((2, 2, 2))
    inside = np.isfinite(mean.array)
    centre = np.array([axis.mean() for axis in np.nonzero(inside)])[::-1]
    found = mean.affine() @ np.array([*centre, 1.0])
    mask = images.read_mask("p1_mask.nii.gz")
    middle = np.array([axis.mean() for axis in np.nonzero(mask.array)])[::-1]
    expected = mask.affine() @ np.array([*middle, 1.0])
    np.testing.assert_allclose(found, expected, atol=1.01)


def test_the_picture_is_the_slice_with_most_voxels(job):
    map_features.main(job)
    (one,) = files.read_json(OUTPUTS["pictures"])
    assert (one["subject_id"], one["region"]) == ("p1", "tumour")
    assert list(one["maps"]) == sorted(COLUMNS)
    inside = np.array([row.split() for row in one["inside"]], float) > 0
    mean = np.array([row.split() for row in one["maps"][COLUMNS[0]]], float)
    np.testing.assert_array_equal(np.isfinite(mean), inside)
    assert np.nanmean(mean) == pytest.approx(40, abs=8)


def test_a_region_that_cannot_be_measured_says_why(job):
    beyond = {"intensity_range": (5000.0, 6000.0)}
    recipes = {"CT": SCOPED["recipes"]["CT"].model_copy(update=beyond)}
    settings = MapFeatures(**SCOPED | {"recipes": recipes}, maps=MAPS)
    map_features.main(make_job(OUTPUTS, settings))
    (one,) = files.read_json(OUTPUTS["pictures"])
    assert "within the intensity range" in one["reason"]
    assert list(Path(OUTPUTS["maps"]).iterdir()) == []
