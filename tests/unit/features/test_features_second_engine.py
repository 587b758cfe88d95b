"""The second engine: values known from geometry, odd regions, what is imported."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from concord.errors import StudyError
from concord.features.engines import ibsi_phantom
from concord.features.engines.zrad import engine, names
from concord.features.engines.zrad.names import short_name
from concord.features.families import TEXTURE_FAMILIES
from concord.features.ibsi import by_column
from concord.features.preparation.prepared import prepare
from concord.provenance import SCRIPTS

RECIPE = ibsi_phantom.phantom_recipe()


def block(shape, levels=None, margin=0):
    """A region of a cuboid of levels on a 2 mm grid."""
    if levels is None:
        levels = np.random.default_rng(1).integers(1, 20, shape)
    image = np.pad(levels.astype(float), margin, constant_values=1)
    mask = np.pad(np.ones(shape, bool), margin)
    return prepare(image, mask, (2.0, 2.0, 2.0), RECIPE)


def measured(region, aggregation="3D merged", recipe=RECIPE):
    return engine.measure(region, recipe, aggregation=aggregation)


def test_values_of_a_small_pattern_are_those_worked_out_by_hand():
    levels = np.array([[[1, 1, 2], [1, 2, 2]]] * 2)
    found = measured(block(levels.shape, levels))
    glcm = "original.glcm."
    assert found.values["original.statistics.mean"] == 1.5
    assert found.values["original.histogram.entropy"] == 1
    assert found.values["original.glszm.large_zone_emphasis"] == 36
    pairs = [
        (a, b)
        for p, a in np.ndenumerate(levels)
        for q, b in np.ndenumerate(levels)
        if max(abs(np.subtract(p, q))) == 1
    ]
    unequal = sum(a != b for a, b in pairs) / len(pairs)
    assert found.values[glcm + "contrast"] == pytest.approx(unequal, rel=1e-12)
    average = np.mean([level for level, _ in pairs])
    assert found.values[glcm + "joint_average"] == pytest.approx(average, rel=1e-12)


def test_slices_are_taken_along_the_first_axis():
    levels = np.repeat(np.arange(1, 4)[:, None, None], 4, axis=1).repeat(4, axis=2)
    region = block(levels.shape, levels)
    column = "original.glcm.contrast"
    assert measured(region, "2.5D merged").values[column] == 0
    assert measured(region, "3D merged").values[column] > 0.5


def test_an_average_over_slices_is_the_mean_of_the_slices():
    levels = np.random.default_rng(3).integers(1, 5, (3, 6, 7))
    columns = ["original.glszm.zone_percentage", "original.glcm.joint_entropy"]
    columns += ["original.ngldm.dependence_count_entropy"]
    whole = measured(block(levels.shape, levels), "2D slice-merged").values
    for column in columns:
        single = [
            measured(block((1, 6, 7), plane[None]), "2D slice-merged").values[column]
            for plane in levels
        ]
        assert whole[column] == pytest.approx(np.mean(single), rel=1e-12)


def test_aggregations_differ_where_the_directions_do():
    region = block((4, 6, 7))
    values = {
        name: measured(region, name).values["original.glcm.joint_entropy"]
        for name in names.AGGREGATIONS
    }
    assert len({round(value, 9) for value in values.values()}) == 6


def test_aggregation_leaves_other_families_alone():
    region = block((4, 6, 7))
    flat, solid = measured(region, "2D averaged"), measured(region)
    for column, value in solid.values.items():
        if by_column()[column].family not in TEXTURE_FAMILIES:
            np.testing.assert_equal(flat.values[column], value)


def test_tags_are_those_of_the_published_values():
    tag = names.ibsi_tag
    assert tag("original.glcm.contrast", "2.5D merged") == "cm_contrast_2_5D_comb"
    assert tag("original.glrlm.run_entropy", "3D averaged") == "rlm_rl_entr_3D_avg"
    assert tag("original.ngtdm.contrast", "2D averaged") == "ngt_contrast_2D"
    assert tag("original.ivh.volume_at_intensity_fraction_10", "2D averaged") == (
        "ivh_v10"
    )


def test_a_region_of_one_slice_has_all_but_its_ellipsoid_volume():
    levels = np.random.default_rng(1).integers(1, 20, (1, 6, 7))
    found = measured(block(levels.shape, levels), "2.5D merged")
    undefined = {short_name(c) for c, value in found.values.items() if np.isnan(value)}
    density = "morphology.volume_density_approximate_enclosing_ellipsoid"
    assert undefined == names.LACKING | {density}
    assert found.failures == {}


def test_equal_principal_axes_cost_one_feature():
    found = measured(block((5, 5, 5), margin=4))
    column = "original.morphology.area_density_approximate_enclosing_ellipsoid"
    assert np.isnan(found.values[column])
    assert found.values["original.morphology.flatness"] == pytest.approx(1)
    assert found.failures == {}


def test_a_family_that_fails_leaves_only_itself_undefined():
    found = measured(block((4, 6, 7), np.full((4, 6, 7), 3)))
    undefined = {
        by_column()[column].family
        for column, value in found.values.items()
        if np.isnan(value) and names.offered(column)
    }
    assert found.values["original.statistics.mean"] == 3
    assert "glcm" in found.failures
    assert (
        "DataStructureError: Sigma_i in correlation is zero."
        in (found.failures["glcm"])
    )
    assert "statistics" not in undefined
    assert set(found.failures) <= undefined


def test_a_quotient_by_zero_is_undefined_and_not_a_million():
    region = block((4, 6, 7))
    image = np.repeat([-1.0, 1.0], region.image.size // 2).reshape(region.image.shape)
    found = measured(replace(region, image=image))
    assert found.values["original.statistics.mean"] == 0
    assert np.isnan(found.values["original.statistics.coefficient_of_variation"])


def test_only_the_families_of_the_recipe_are_measured():
    recipe = replace(RECIPE, families=("glcm", "ivh"))
    found = measured(block((4, 6, 7)), recipe=recipe)
    assert {by_column()[column].family for column in found.values} == {"glcm", "ivh"}


def test_what_the_engine_lacks_is_undefined_and_nothing_else():
    found = measured(block((4, 6, 7), margin=4))
    undefined = {short_name(c) for c, value in found.values.items() if np.isnan(value)}
    assert undefined == names.LACKING


def test_an_unknown_aggregation_is_named():
    with pytest.raises(StudyError, match=r"aggregation '4D' is unknown.*'2D averaged'"):
        measured(block((4, 6, 7)), "4D")


def test_another_release_is_refused(monkeypatch):
    engine._modules.cache_clear()
    monkeypatch.setattr(engine, "VERSION", "0.1")
    with pytest.raises(StudyError, match=r"is z-rad .*, expected 0\.1"):
        measured(block((4, 6, 7)))


def test_neither_windows_nor_filters_are_imported():
    program = (
        "import sys; from concord.features.engines.zrad import engine;"
        "engine._modules();"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=SCRIPTS,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.lower() for name in done.stdout.split()}
    assert "zrad" in loaded
    assert not {"pyqt5", "pyqtgraph", "sip", "cv2"} & loaded
