"""Lesions, textures and scans, against closed forms."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from concord.seeds import generator
from concord.simulate import phantom
from concord.simulate.cohort import simulate_cohort
from concord.simulate.lesion import half_missing, random_lesion, segmented
from concord.simulate.settings import SimulationSection, SiteSimulation
from concord.simulate.texture import random_texture

STILL = phantom.Placement((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
CLEAN = SiteSimulation(noise_hu=0, blur_mm=0, noise_suv=0, pet_blur_mm=0)


def rng(name="test"):
    return generator(1, name)


def lesion(radius_mm=12.0, name="lesion"):
    return random_lesion(radius_mm, (3.0, -4.0, 1.5), rng(name))


def volume_mm3(surface, step_mm=0.1, n_points=720):
    """Volume by slicing: areas of fine sections times their distance."""
    z = np.arange(-25.0, 25.0, step_mm) + 1.5
    total = 0.0
    for height in z:
        x, y = surface.contour_mm(height, n_points).T
        total += abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    return total * step_mm


def anatomies():
    options = SimulationSection()
    subjects = simulate_cohort(options, "B", 1)
    return [
        (subject, phantom.simulate_anatomy(subject, options, 1)) for subject in subjects
    ]


def inside(anatomy, volume):
    """Voxels well within a lesion, away from its edge."""
    coordinates = phantom._coordinates(volume, STILL)
    return anatomy.lesion.depth_mm(*coordinates) > 0


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_the_volume_is_that_of_the_sphere(name):
    expected = 4 / 3 * np.pi * 12**3
    assert volume_mm3(lesion(name=name)) == pytest.approx(expected, rel=1e-3)


def test_contour_points_lie_on_the_surface():
    surface = lesion()
    points = surface.contour_mm(4.0, 50)
    depth = surface.depth_mm(points[:, 0], points[:, 1], np.full(50, 4.0))
    assert depth == pytest.approx(0.0, abs=1e-9)


def test_of_a_half_the_contour_and_the_voxels_lie_on_one_side_of_the_axis():
    whole = lesion()
    half = half_missing(whole)
    share = volume_mm3(half) / volume_mm3(whole)
    assert share == pytest.approx(0.5, abs=0.1)

    axis_x, _ = whole.axis_mm(np.asarray(4.0))
    assert half.contour_mm(4.0, 50)[:, 0].max() == pytest.approx(axis_x)
    x, y = np.meshgrid(np.arange(-20, 25, 0.5), np.arange(-25, 20, 0.5))
    inside_whole, inside_half = (
        surface.depth_mm(x, y, np.full(x.shape, 4.0)) > 0 for surface in (whole, half)
    )
    assert np.array_equal(inside_half, inside_whole & (x < axis_x))


def test_a_plane_beside_the_lesion_has_no_contour():
    assert lesion().contour_mm(40.0, 50).shape == (0, 2)
    assert lesion().depth_mm(np.array(0.0), np.array(0.0), np.array(40.0)) == -np.inf


@pytest.mark.parametrize("outward_mm", [-1.0, 0.0, 1.0])
def test_a_reader_shifts_the_radius_by_the_bias(outward_mm):
    drawn = segmented(lesion(), outward_mm, 0.4, rng())
    found = np.cbrt(3 * volume_mm3(drawn) / (4 * np.pi))
    assert found == pytest.approx(12.0 + outward_mm, abs=0.06)


def test_the_jitter_has_the_planted_sd():
    true, drawn = lesion(), segmented(lesion(), 0.0, 0.4, rng())
    angle = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    equator = np.asarray(true.centre_mm[2])
    difference = drawn.section_mm(angle, equator) - true.section_mm(angle, equator)
    assert difference.mean() == pytest.approx(0.0, abs=1e-9)
    assert difference.std() == pytest.approx(0.4, rel=1e-6)


def test_a_texture_is_standardized_and_correlates_as_planted():
    steps = np.arange(-40.0, 40.0, 4.0)
    points = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 3)
    texture = random_texture(4.0, points, rng())
    values = texture(points)
    assert values.mean() == pytest.approx(0.0, abs=1e-9)
    assert values.std() == pytest.approx(1.0, abs=1e-9)
    for distance in (2.0, 4.0, 8.0):
        shifted = texture(points + np.array([distance, 0.0, 0.0]))
        expected = np.exp(-((distance / 4.0) ** 2) / 2)
        assert np.corrcoef(values, shifted)[0, 1] == pytest.approx(expected, abs=0.08)


def test_lesion_texture_has_the_planted_amplitude():
    for subject, anatomy in anatomies()[:3]:
        volume = phantom.ct_volume(anatomy, STILL, CLEAN, rng())
        depth = anatomy.lesion.depth_mm(*phantom._coordinates(volume, STILL))
        found = volume.array[depth > 1.0].std()
        assert found == pytest.approx(subject.heterogeneity_hu, rel=0.12)


def test_noisy_scans_still_rank_subjects_by_texture():
    site = SimulationSection().sites["C"]
    planted, found = [], []
    for subject, anatomy in anatomies():
        volume = phantom.ct_volume(anatomy, STILL, site, rng(subject.subject_id))
        planted.append(subject.heterogeneity_hu)
        found.append(volume.array[inside(anatomy, volume)].std())
    assert spearmanr(planted, found).statistic > 0.8


def test_gain_offset_and_noise_of_the_site_are_in_the_image():
    _, anatomy = anatomies()[0]
    clean = phantom.ct_volume(anatomy, STILL, CLEAN, rng())
    bright = phantom.ct_volume(
        anatomy, STILL, CLEAN.model_copy(update={"gain": 1.2, "offset_hu": 7.0}), rng()
    )
    noisy = phantom.ct_volume(
        anatomy,
        STILL,
        CLEAN.model_copy(update={"noise_hu": 15.0, "blur_mm": 2.0}),
        rng(),
    )
    smooth = phantom.ct_volume(
        anatomy, STILL, CLEAN.model_copy(update={"blur_mm": 2.0}), rng()
    )
    assert bright.array == pytest.approx(1.2 * clean.array + 7.0)
    noise = noisy.array - smooth.array
    assert noise.std() == pytest.approx(15.0)
    neighbours = np.corrcoef(noise[:, :, 1:].ravel(), noise[:, :, :-1].ravel())[0, 1]
    assert neighbours == pytest.approx(np.exp(-1 / 4), abs=0.02)  # Gaussian kernel


def test_blur_takes_texture_away():
    _, anatomy = anatomies()[0]
    sharp = phantom.ct_volume(anatomy, STILL, CLEAN, rng())
    blurred = phantom.ct_volume(
        anatomy, STILL, CLEAN.model_copy(update={"blur_mm": 3.0}), rng()
    )
    voxels = inside(anatomy, sharp)
    assert blurred.array[voxels].std() < 0.8 * sharp.array[voxels].std()


def test_pet_gain_multiplies_uptake_and_nothing_is_negative():
    _, anatomy = anatomies()[0]
    clean = phantom.pet_volume(anatomy, STILL, CLEAN, rng())
    bright = phantom.pet_volume(
        anatomy, STILL, CLEAN.model_copy(update={"gain": 1.2}), rng()
    )
    noisy = phantom.pet_volume(
        anatomy, STILL, CLEAN.model_copy(update={"noise_suv": 1.0}), rng()
    )
    assert bright.array == pytest.approx(1.2 * clean.array)
    assert noisy.array.min() == 0.0
    voxels = inside(anatomy, clean)
    assert clean.array[voxels].mean() > 3 * np.median(clean.array[~voxels])


def test_a_shifted_patient_is_the_same_patient():
    _, anatomy = anatomies()[0]
    shift = phantom.Placement((10.0, 20.0, 30.0), (2.0, -2.0, 3.0))
    still = phantom.ct_volume(anatomy, STILL, CLEAN, rng())
    moved = phantom.ct_volume(anatomy, shift, CLEAN, rng())
    assert moved.origin_mm == pytest.approx(np.add(still.origin_mm, [10, 20, 30]))
    assert moved.array[1:, :-1, 1:] == pytest.approx(still.array[:-1, 1:, :-1])


def test_other_names_give_other_numbers():
    assert generator(1, "a", "b").random() == generator(1, "a", "b").random()
    assert generator(1, "a", "b").random() != generator(1, "a", "c").random()
    assert generator(1, "a", "b").random() != generator(2, "a", "b").random()
