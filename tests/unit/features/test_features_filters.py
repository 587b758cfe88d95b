"""Response maps against second implementations, and how far they depend on an image."""

import math
from itertools import permutations, product

import numpy as np
import pytest
import pywt
from pydantic import ValidationError
from scipy import ndimage, signal

from concord.errors import ConfigError, GridMismatchError, StudyError
from concord.features.errors import UnusableRegion
from concord.features.filters.resolve import resolve
from concord.features.preparation.margins import margin_voxels
from concord.features.preparation.resegmentation import Region
from concord.features.preparation.responses import filtered_region, responses
from concord.features.settings.filters import FilterSection

ISOTROPIC = (1.0, 1.0, 1.0)
LAWS_5 = {"L": [1, 4, 6, 4, 1], "E": [-1, -2, 0, 2, 1], "S": [-1, 0, 2, 0, -1]}

#: One filter of each kind, and of each way that changes its reach.
EXAMPLES = {
    "mean": {"kind": "mean", "support_voxels": 5},
    "log": {"kind": "log", "sigma_mm": 1.5},
    "laws": {"kind": "laws", "kernels": "L5E3S3"},
    "laws energy": {
        "kind": "laws",
        "kernels": "L3E3S5",
        "rotation_invariant": True,
        "pooling": "max",
        "energy_distance_voxels": 2,
    },
    "laws turned": {
        "kind": "laws",
        "kernels": "L3E3S5",
        "rotation_invariant": True,
        "pooling": "max",
    },
    "gabor": {
        "kind": "gabor",
        "sigma_mm": 1,
        "wavelength_mm": 2,
        "theta_degrees": 30,
        "planes": "axial",
    },
    "gabor in all planes": {
        "kind": "gabor",
        "sigma_mm": 0.8,
        "wavelength_mm": 2,
        "aspect_ratio": 0.7,
        "rotation_invariant": True,
    },
    "haar": {"kind": "wavelet", "wavelet": "haar", "subbands": "HHH"},
    "coif1": {"kind": "wavelet", "wavelet": "coif1", "subbands": "HHH"},
    "db3 level 2": {
        "kind": "wavelet",
        "wavelet": "db3",
        "subbands": "LLH",
        "levels": 2,
        "rotation_invariant": True,
    },
    "simoncelli": {"kind": "simoncelli"},
    "riesz_log": {"kind": "riesz_log", "sigma_mm": 1, "orders": [1, 0, 0]},
    "riesz_simoncelli": {"kind": "riesz_simoncelli", "orders": [0, 1, 1]},
}
ENDING = [name for name in EXAMPLES if name.partition("_")[0] not in "riesz simoncelli"]


def filters(name=None, **settings):
    section = FilterSection(**settings)
    return resolve(section, name or settings["kind"])


def response(image, spacing_mm=ISOTROPIC, **settings):
    ((_, array),) = responses(image, spacing_mm, filters(**settings))
    return array


def noise(*shape, seed=5):
    return np.random.default_rng(seed).normal(0, 100, shape)


def assert_same(found, expected, share=2e-6):
    """Equal within a share of the range; the engine computes in float32."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=share * np.ptp(expected))


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"kind": "mean", "support_voxels": [3, 5]}, ["mean-3", "mean-5"]),
        ({"kind": "log", "sigma_mm": [1, 2.5]}, ["log-sigma-1mm", "log-sigma-2p5mm"]),
        (
            {"kind": "laws", "kernels": "L5E5E5", "energy_distance_voxels": 7},
            ["laws-L5E5E5-energy7"],
        ),
        ({"kind": "laws", "kernels": "L5E5E5"}, ["laws-L5E5E5"]),
        (
            {
                "kind": "gabor",
                "sigma_mm": 5,
                "wavelength_mm": 2,
                "theta_degrees": [0, 22.5],
            },
            [
                "gabor-sigma-5mm-wavelength-2mm-theta-0",
                "gabor-sigma-5mm-wavelength-2mm-theta-22p5",
            ],
        ),
        (
            {
                "kind": "gabor",
                "sigma_mm": 5,
                "wavelength_mm": 2,
                "rotation_invariant": True,
            },
            ["gabor-sigma-5mm-wavelength-2mm"],
        ),
        (
            {
                "kind": "wavelet",
                "wavelet": "haar",
                "subbands": ["HHL"],
                "levels": [1, 2],
            },
            ["wavelet-HHL", "wavelet-HHL-level2"],
        ),
        ({"kind": "simoncelli", "levels": [1, 2]}, ["simoncelli-1", "simoncelli-2"]),
        (
            {"kind": "riesz_log", "sigma_mm": 2, "orders": [[1, 0, 0], [0, 2, 0]]},
            ["riesz_log-sigma-2mm-order-100", "riesz_log-sigma-2mm-order-020"],
        ),
        (
            {"kind": "riesz_simoncelli", "orders": [0, 0, 1], "levels": 2},
            ["riesz_simoncelli-2-order-001"],
        ),
    ],
)
def test_the_name_of_a_response_says_what_it_is(settings, names):
    assert [one.name for one in filters(**settings)] == names


def test_a_wavelet_gives_eight_subbands_or_the_four_that_rotations_leave_apart():
    def subbands(**settings):
        found = filters("fine", kind="wavelet", wavelet="haar", **settings)
        return [one.name.removeprefix("fine-") for one in found]

    every = ["".join(letters) for letters in product("LH", repeat=3)]
    assert subbands() == every
    assert subbands(rotation_invariant=True) == ["LLL", "LLH", "LHH", "HHH"]


def test_subbands_that_rotations_turn_into_each_other_are_one_map():
    image = noise(14, 15, 16)
    maps = [
        response(
            image,
            kind="wavelet",
            wavelet="db2",
            subbands=subband,
            rotation_invariant=True,
        )
        for subband in ("LLH", "LHL", "HLL")
    ]
    assert_same(maps[1], maps[0])
    assert_same(maps[2], maps[0])


@pytest.mark.parametrize("name", ["original", "2d", "a-b", "a.b", ""])
def test_a_name_that_cannot_stand_in_a_column_is_refused(name):
    section = FilterSection(kind="mean", support_voxels=3)
    with pytest.raises(ConfigError, match=r"must be a letter.*unfiltered image"):
        resolve(section, name)


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValidationError, match=r"'mean', .*'sobel'"):
        FilterSection(kind="sobel")


def test_a_filter_tells_all_its_settings_and_describes_itself():
    (one,) = filters(**EXAMPLES["laws energy"])
    assert one.complete() == {
        "kind": "laws",
        "name": "laws-L3E3S5-energy2",
        "boundary": "mirror",
        "kernels": "L3E3S5",
        "rotation_invariant": True,
        "pooling": "max",
        "energy_distance_voxels": 2,
    }
    assert one.describe() == (
        "Laws kernels L3E3S5, maximum over rotations, texture energy within 2 voxels"
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_response_is_float64_of_the_shape_of_the_image_and_described(name):
    image = noise(12, 13, 14)
    before = image.copy()
    found = response(image, **EXAMPLES[name])
    assert found.dtype == np.float64
    assert found.shape == image.shape
    assert found.flags.c_contiguous
    assert found.std() > 0
    np.testing.assert_array_equal(image, before)
    assert len(filters(**EXAMPLES[name])[0].describe()) > 15


def test_the_mean_is_that_of_a_cube():
    image = noise(10, 11, 12)
    expected = ndimage.uniform_filter(image, 5, mode="reflect")
    assert_same(response(image, kind="mean", support_voxels=5), expected)


def test_the_laplacian_of_gaussian_has_its_scale_in_mm():
    image = noise(16, 17, 18)
    found = response(image, (2.0, 2.0, 2.0), kind="log", sigma_mm=3)
    expected = ndimage.gaussian_laplace(image, 1.5, mode="reflect", truncate=4.0)
    assert_same(found, expected)


def test_laws_kernels_run_along_x_y_z_and_are_normalized():
    image = noise(12, 13, 14)
    expected = image
    for axis, letter in zip((2, 1, 0), "ESL", strict=True):  # of x, y, z
        taps = np.array(LAWS_5[letter], float)
        taps /= np.linalg.norm(taps)
        expected = ndimage.convolve1d(expected, taps, axis=axis, mode="reflect")
    assert_same(response(image, kind="laws", kernels="E5S5L5"), expected)


def rotations(kernel):
    """A kernel turned by the 24 rotations of a cube."""
    for axes in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            matrix = np.zeros((3, 3))
            matrix[range(3), axes] = signs
            if np.linalg.det(matrix) > 0:
                turned = np.transpose(kernel, axes)
                yield turned[tuple(slice(None, None, sign) for sign in signs)]


@pytest.mark.parametrize(
    ("letters", "pooling", "pool"),
    [("LES", "max", np.max), ("LES", "min", np.min), ("LLS", "average", np.mean)],
)
def test_laws_energy_pools_the_rotated_kernels_first(letters, pooling, pool):
    image = noise(12, 13, 14)
    words = "".join(f"{letter}5" for letter in letters)
    letters = [np.array(LAWS_5[letter], float) for letter in letters]
    z, y, x = (taps / np.linalg.norm(taps) for taps in letters[::-1])
    kernel = z[:, None, None] * y[:, None] * x
    maps = [ndimage.convolve(image, one, mode="reflect") for one in rotations(kernel)]
    expected = ndimage.uniform_filter(np.abs(pool(maps, axis=0)), 5, mode="reflect")
    found = response(
        image,
        kind="laws",
        kernels=words,
        rotation_invariant=True,
        pooling=pooling,
        energy_distance_voxels=2,
    )
    assert len(maps) == 24
    assert_same(found, expected)


def wave(theta_degrees, sigma, wavelength, ratio):
    """Complex Gabor kernel; the first axis is x, the second y."""
    reach = math.ceil(7 * sigma / min(1, ratio))
    first, second = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(float)
    turn = math.radians(theta_degrees)
    along = first * math.cos(turn) + second * math.sin(turn)
    across = second * math.cos(turn) - first * math.sin(turn)
    envelope = np.exp(-(along**2 + ratio**2 * across**2) / (2 * sigma**2))
    return envelope * np.exp(2j * np.pi * along / wavelength), reach


def modulus(plane, *parameters):
    kernel, reach = wave(*parameters)
    padded = np.pad(plane, reach, mode="symmetric")
    return np.abs(signal.fftconvolve(padded, kernel, mode="valid"))


def test_a_gabor_wave_runs_from_x_towards_y_in_axial_slices():
    image = noise(5, 30, 32)
    found = response(
        image,
        (3.0, 2.0, 2.0),
        kind="gabor",
        sigma_mm=4,
        wavelength_mm=6,
        aspect_ratio=1.5,
        theta_degrees=30,
        planes="axial",
    )
    expected = np.stack([modulus(plane.T, 30, 2, 3, 1.5).T for plane in image])
    assert_same(found, expected)


@pytest.mark.parametrize(("pooling", "pool"), [("average", np.mean), ("max", np.max)])
def test_gabor_directions_are_pooled_and_planes_averaged(pooling, pool):
    image = noise(20, 21, 22)
    expected = np.zeros(image.shape)
    for axis in range(3):
        planes = np.moveaxis(image, axis, 0)
        maps = [
            [modulus(plane.T, 45 * step, 1, 2, 1.0).T for plane in planes]
            for step in range(8)
        ]
        expected += np.moveaxis(pool(maps, axis=0), 0, axis) / 3
    found = response(
        image,
        kind="gabor",
        sigma_mm=1,
        wavelength_mm=2,
        rotation_invariant=True,
        pooling=pooling,
    )
    assert_same(found, expected, 1e-5)


def test_wavelet_letters_belong_to_x_y_z_and_zeros_follow_each_tap():
    image = noise(20, 21, 22)
    filtered = {"L": pywt.Wavelet("coif1").dec_lo, "H": pywt.Wavelet("coif1").dec_hi}
    expected = image
    for axis in range(3):
        expected = ndimage.convolve1d(expected, filtered["L"], axis, mode="reflect")
    for axis, letter in zip((2, 1, 0), "HLL", strict=True):
        taps = np.zeros(2 * len(filtered[letter]))
        taps[::2] = filtered[letter]
        expected = ndimage.convolve1d(expected, taps, axis, mode="reflect")
    found = response(image, kind="wavelet", wavelet="coif1", subbands="HLL", levels=2)
    assert_same(found, expected)


def test_only_the_subband_of_its_axis_sees_a_change_along_x():
    image = np.broadcast_to(noise(16), (14, 15, 16))
    for subband, seen in (("HLL", True), ("LHL", False), ("LLH", False)):
        found = response(image, kind="wavelet", wavelet="haar", subbands=subband)
        assert (np.abs(found).max() > 1) == seen


def frequencies(shape):
    """Coordinates of the IBSI frequency grid, from -1 to 1 along each axis."""
    axes = [np.fft.ifftshift(np.linspace(-1, 1, size)) for size in shape]
    return np.meshgrid(*axes, indexing="ij")


def band(shape, level):
    distance = np.sqrt(sum(axis**2 for axis in frequencies(shape)))
    highest = 0.5 ** (level - 1)
    inside = (distance >= highest / 4) & (distance <= highest)
    ratio = np.where(inside, 2 * distance / highest, 1)
    return np.where(inside, np.cos(np.pi / 2 * np.log2(ratio)), 0)


def riesz(shape, order):
    """Transfer function, for an order along (k, j, i)."""
    axes = np.meshgrid(*[np.fft.fftfreq(size) for size in shape], indexing="ij")
    total = sum(order)
    distance = np.sqrt(sum(axis**2 for axis in axes))
    distance[0, 0, 0] = 1
    scale = math.factorial(total) / math.prod(math.factorial(n) for n in order)
    powers = math.prod(axis**n for axis, n in zip(axes, order, strict=True))
    return (-1j) ** total * math.sqrt(scale) * powers / distance**total


def passed(image, transfer):
    return np.fft.ifftn(np.fft.fftn(image) * transfer).real


@pytest.mark.parametrize("level", [1, 2])
def test_a_simoncelli_wavelet_is_its_band_of_the_spectrum(level):
    image = noise(15, 17, 19)
    found = response(image, kind="simoncelli", levels=level, boundary="periodic")
    assert_same(found, passed(image, band(image.shape, level)))


def test_a_riesz_simoncelli_response_is_the_band_times_the_derivative_of_x():
    image = noise(15, 17, 19)
    transfer = band(image.shape, 1) * riesz(image.shape, (0, 0, 1))  # (k, j, i)
    found = response(
        image, kind="riesz_simoncelli", orders=[1, 0, 0], boundary="periodic"
    )
    assert_same(found, passed(image, transfer))


def test_a_riesz_log_response_is_the_riesz_transform_of_the_laplacian():
    image = np.zeros((61, 63, 65))
    image[20:40, 22:42, 25:40] = 100
    smooth = ndimage.gaussian_laplace(image, 2, mode="constant", truncate=4.0)
    expected = passed(smooth, riesz(image.shape, (0, 2, 1)))
    settings = {"kind": "riesz_log", "sigma_mm": 4, "orders": [1, 2, 0]}
    found = response(image, (2.0, 2.0, 2.0), boundary="periodic", **settings)
    assert_same(found, expected)


def cut(box, margin, shape):
    return tuple(
        slice(max(part.start - reach, 0), min(part.stop + reach, size))
        for part, reach, size in zip(box, margin, shape, strict=True)
    )


def share_lost(image, box, margin, settings):
    """Largest difference in a box by cutting the image, as a share of the range."""
    part = cut(box, margin, image.shape)
    inner = tuple(
        slice(inside.start - outside.start, inside.stop - outside.start)
        for inside, outside in zip(box, part, strict=True)
    )
    whole = response(image, **settings)
    piece = response(image[part], **settings)
    assert piece.shape < whole.shape
    return np.abs(piece[inner] - whole[box]).max() / np.ptp(whole)


@pytest.mark.parametrize("name", ENDING)
def test_a_margin_is_just_wide_enough_for_a_kernel_that_ends(name):
    settings = EXAMPLES[name]
    image = noise(36, 40, 44)
    box = (slice(15, 19), slice(17, 21), slice(18, 24))
    margin = margin_voxels(filters(**settings), ISOTROPIC)
    assert share_lost(image, box, margin, settings) < 1e-6
    if "gabor" not in name:  # the tail of its Gaussian is below float32
        for axis in range(3):
            narrower = [m - (a == axis) for a, m in enumerate(margin)]
            if margin[axis]:
                assert share_lost(image, box, narrower, settings) > 1e-5


def test_a_region_at_the_edge_of_the_image_needs_no_margin_there():
    image = noise(20, 22, 24)
    box = (slice(0, 4), slice(10, 14), slice(20, 24))
    for name in ("mean", "log", "coif1"):
        margin = margin_voxels(filters(**EXAMPLES[name]), ISOTROPIC)
        assert share_lost(image, box, margin, EXAMPLES[name]) < 1e-6


def test_margins_are_the_widest_of_the_filters_and_in_voxels_of_each_axis():
    both = [*filters(kind="log", sigma_mm=3), *filters(**EXAMPLES["mean"])]
    assert margin_voxels(both, ISOTROPIC) == (12, 12, 12)
    assert margin_voxels(both, (2.0, 2.0, 2.0)) == (6, 6, 6)
    assert margin_voxels(filters(**EXAMPLES["gabor"]), (3.0, 1.0, 1.0)) == (0, 7, 7)
    assert margin_voxels([], ISOTROPIC) == (0, 0, 0)


@pytest.mark.parametrize(
    "settings",
    [
        EXAMPLES["simoncelli"],
        EXAMPLES["riesz_simoncelli"],
        EXAMPLES["riesz_log"],
        EXAMPLES["mean"] | {"boundary": "periodic"},
    ],
)
def test_filters_without_an_end_need_the_whole_image(settings):
    assert margin_voxels(filters(**settings), ISOTROPIC) is None


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "gabor"])
def test_unequal_spacings_are_refused(name):
    with pytest.raises(
        StudyError, match=r"needs equal spacing along x, y and z, found 1 x 1 x 3 mm"
    ):
        response(noise(8, 8, 8), (3.0, 1.0, 1.0), **EXAMPLES[name])


def test_axial_gabor_waves_need_equal_spacing_within_slices_only():
    response(noise(3, 8, 8), (3.0, 1.0, 1.0), **EXAMPLES["gabor"])
    with pytest.raises(StudyError, match=r"along x and y, found 1 x 2 x 3 mm"):
        response(noise(3, 8, 8), (3.0, 2.0, 1.0), **EXAMPLES["gabor"])


def test_a_spacing_read_from_a_file_in_float32_counts_as_equal():
    stored = tuple(float(np.float32(value)) for value in (0.977, 0.977, 0.9770001))
    assert np.isfinite(response(noise(6, 6, 6), stored, **EXAMPLES["haar"])).all()


def test_responses_come_one_at_a_time_in_the_order_of_the_filters():
    several = [*filters(**EXAMPLES["haar"]), *filters(**EXAMPLES["mean"])]
    running = responses(noise(6, 6, 6), ISOTROPIC, several)
    assert next(running)[0] == "wavelet-HHH"
    assert next(running)[0] == "mean-5"
    assert next(running, None) is None


CHANGES = [
    ("mean", {"boundary": "zero"}),
    ("mean", {"support_voxels": 7}),
    ("log", {"sigma_mm": 2}),
    ("log", {"truncate": 3}),
    ("laws", {"kernels": "E5L3S3"}),
    ("laws", {"rotation_invariant": True, "pooling": "max"}),
    ("laws", {"energy_distance_voxels": 1}),
    ("laws turned", {"pooling": "min"}),
    ("gabor", {"wavelength_mm": 3}),
    ("gabor", {"aspect_ratio": 2}),
    ("gabor", {"theta_degrees": 60}),
    ("gabor", {"planes": "orthogonal"}),
    ("gabor in all planes", {"theta_step_degrees": 90}),
    ("coif1", {"wavelet": "db2"}),
    ("coif1", {"subbands": "HHL"}),
    ("coif1", {"levels": 2}),
    ("simoncelli", {"levels": 2}),
    ("simoncelli", {"boundary": "periodic"}),
    ("riesz_log", {"truncate": 3}),
    ("riesz_log", {"orders": [0, 1, 0]}),
    ("riesz_simoncelli", {"orders": [1, 0, 1]}),
    ("riesz_simoncelli", {"levels": 2}),
]


@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_every_setting_changes_the_response(name, change):
    image = noise(12, 13, 14)
    before = response(image, **EXAMPLES[name])
    after = response(image, **EXAMPLES[name] | change)
    assert np.abs(after - before).max() > 1e-4 * np.ptp(before)


def region():
    image = noise(6, 7, 8)
    mask = np.zeros(image.shape, bool)
    mask[1:5, 1:6, 1:7] = True
    in_range = mask & (image > -50)
    levels = np.where(in_range, 3, 0).astype(np.int32)
    return Region(image, mask, in_range, levels, 3, ISOTROPIC)


def test_a_filtered_region_keeps_both_masks_and_bins_the_response():
    before = region()
    values = np.linspace(0, 1, before.image.size).reshape(before.image.shape)
    after = filtered_region(before, values, n_bins=8)
    np.testing.assert_array_equal(after.image, values)
    np.testing.assert_array_equal(after.mask, before.mask)
    np.testing.assert_array_equal(after.intensity_mask, before.intensity_mask)
    assert after.n_levels == 8
    inside = values[before.intensity_mask]
    share = (inside - inside.min()) / np.ptp(inside)
    expected = np.minimum(np.floor(8 * share) + 1, 8)
    np.testing.assert_array_equal(after.levels[before.intensity_mask], expected)
    assert not after.levels[~before.intensity_mask].any()


def test_a_response_on_another_grid_is_refused():
    with pytest.raises(GridMismatchError, match=r"\(6, 7, 7\), expected.*\(6, 7, 8\)"):
        filtered_region(region(), np.zeros((6, 7, 7)), n_bins=8)


def test_a_response_that_is_not_finite_in_the_region_is_unusable():
    values = np.ones((6, 7, 8))
    values[0, 0, 0] = np.nan  # outside the region
    assert filtered_region(region(), values, n_bins=8).n_levels == 1
    values[2, 2, 2] = np.inf
    with pytest.raises(UnusableRegion, match="1 voxels of the response") as caught:
        filtered_region(region(), values, n_bins=8)
    assert caught.value.code == "not_finite"
