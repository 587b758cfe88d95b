"""Response maps of IBSI 2, phase 1, by the filters of the second engine.

Whybra P et al. Radiology 2024;310:e231319, doi:10.1148/radiol.231319; filters and
phantoms: reference manual, arXiv:2006.05470, phase 1. A map counts as reproduced if
every voxel lies within 1 % of the range of the reference.

The filters of this release import OpenCV, which is installed for these tests and which
a study does not need. `test_ibsi2_maps.py` compares the engines where no published map
is at hand, `test_ibsi2_features.py` the statistics of phase 2.
"""

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from concord import images

#: How the IBSI names what happens at the border of an image, and the engine.
ZERO, NEAREST, PERIODIC, MIRROR = "constant", "nearest", "wrap", "reflect"

Make = Callable[[ModuleType], object]


def mean(padding: str, dimension: str) -> Make:
    return lambda zrad: zrad.Mean(padding, support=15, dimensionality=dimension)


def laplacian(padding: str, dimension: str, sigma_mm: float) -> Make:
    return lambda zrad: zrad.LoG(padding, sigma_mm, 4, dimension)


def wavelet(name: str, padding: str, band: str, level: int, invariant: bool) -> Make:
    return lambda zrad: zrad.Wavelets3D(
        name, padding, band, level, rotation_invariance=invariant
    )


MAPS: dict[str, tuple[str, Make]] = {
    "1_a_1": ("checkerboard", mean(ZERO, "3D")),
    "1_a_2": ("checkerboard", mean(NEAREST, "3D")),
    "1_a_3": ("checkerboard", mean(PERIODIC, "3D")),
    "1_a_4": ("checkerboard", mean(MIRROR, "3D")),
    "1_b_1": ("impulse", mean(ZERO, "2D")),
    "2_a": ("impulse", laplacian(ZERO, "3D", 3.0)),
    "2_b": ("checkerboard", laplacian(MIRROR, "3D", 5.0)),
    "2_c": ("checkerboard", laplacian(MIRROR, "2D", 5.0)),
    "5_a_1": ("impulse", wavelet("db2", ZERO, "LHL", 1, invariant=False)),
    "5_a_2": ("impulse", wavelet("db2", ZERO, "LHL", 1, invariant=True)),
    "6_a_1": ("sphere", wavelet("coif1", PERIODIC, "HHL", 1, invariant=False)),
    "6_a_2": ("sphere", wavelet("coif1", PERIODIC, "HHL", 1, invariant=True)),
    "7_a_1": ("checkerboard", wavelet("haar", MIRROR, "LLL", 2, invariant=False)),
    "7_a_2": ("checkerboard", wavelet("haar", MIRROR, "HHH", 2, invariant=True)),
}


def response(name: str, volume: images.Volume) -> np.ndarray:
    """Response map of a volume, axes (k, j, i)."""
    from zrad import filtering
    from zrad.image import Image

    made = MAPS[name][1](filtering)
    spacing = np.array(volume.spacing_mm[::-1])
    shape = volume.array.shape[::-1]
    image = Image(volume.array.astype(float), (0, 0, 0), spacing, np.eye(3), shape)
    return made.apply(image).array


def test_every_map_of_the_shared_data_is_compared(shared_data):
    folder = shared_data / "reference/ibsi2/response_maps"
    assert {path.name.split("-")[0] for path in folder.iterdir()} == set(MAPS)


@pytest.mark.parametrize("name", MAPS)
def test_the_response_map_is_within_one_percent_of_its_range(shared_data, name):
    folder = shared_data / "reference/ibsi2"
    phantom = MAPS[name][0]
    path = folder / f"digital_phantom/{phantom}/image/{phantom}.nii.gz"
    expected = images.read(folder / f"response_maps/{name}-ValidCRM.nii.gz").array
    error = np.abs(response(name, images.read(path)) - expected)
    assert error.max() <= 0.01 * np.ptp(expected)
