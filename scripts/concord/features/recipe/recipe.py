"""A recipe: one complete way to compute features, with nothing left open."""

from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import Any

from ...image_names import INTENSITY_UNITS
from ...provenance import digest
from ..families import DIRECTIONAL_FAMILIES, TEXTURE_FAMILIES
from ..filters.base import Filter
from ..ibsi import (
    MERGED_3D,
    ORIGINAL,
    SPATIAL_AUTOCORRELATION,
    Feature,
    of_families,
    table_digest,
)
from .normalization import Normalization

#: Bins of an intensity-volume histogram over the range of the region.
IVH_BINS = 1000

#: Computes the aggregations that the first engine lacks.
SECOND_ENGINE = "z-rad"

#: Packages that the numbers depend on.
SOFTWARE = ("pictologics", "numba", "numpy", "scipy")


#: Settings that came later, by the value of recipes before them, which no hash has.
_LATER: dict[str, Any] = {
    "spatial_autocorrelation": True,
    "autocorrelation_max_voxels": None,
    "declared_unit": "",
}


@dataclass(frozen=True)
class Histogram:
    """Bins of intensities: FBS by `width` from `start`, FBN by `n_bins`."""

    method: str  # FBS (fixed bin size), FBN (fixed bin number) or steps (no bins)
    width: float | None = None
    n_bins: int | None = None
    start: float | None = None  # FBS only; None: a multiple of the width, by region

    def describe(self, unit: str) -> str:
        """The binning in words."""
        if self.method == "FBN":
            return f"{self.n_bins} bins over the range of the region"
        if self.method == "steps":
            return f"steps of {self.width:g} {unit}"
        if self.start is None:
            return f"bins of {self.width:g} {unit} from the minimum of the region"
        return f"bins of {self.width:g} {unit} from {self.start:g} {unit}"


@dataclass(frozen=True)
class Recipe:
    """All that decides on the value of a feature, apart from image and mask."""

    modality: str
    normalization: Normalization
    resample_spacing_mm: tuple[float, float, float | None] | None  # x, y, z
    image_interpolator: str
    anti_alias: bool
    mask_threshold: float
    round_intensities: bool
    intensity_range: tuple[float | None, float | None]
    outlier_sd: float | None
    discretization: Histogram
    ivh: Histogram
    families: tuple[str, ...]
    aggregation: str  # of texture matrices, as the IBSI names it
    filters: tuple[Filter, ...]
    response_families: tuple[str, ...]
    response_bins: int
    control: str  # none, shuffled or noise
    noise_mean: float | None
    noise_sd: float | None
    min_voxels: int
    min_voxels_of: tuple[tuple[str, int], ...]  # by family, sorted
    max_voxels: int
    spatial_autocorrelation: bool = True  # Moran's I and Geary's C are computed
    autocorrelation_max_voxels: int | None = None  # of the intensity mask
    declared_unit: str = ""  # of the voxel values, UCUM; empty: that of the modality

    @property
    def voxel_unit(self) -> str:
        """Unit of the voxel values of the image."""
        return self.declared_unit or INTENSITY_UNITS[self.modality]

    @property
    def calibrated(self) -> bool:
        """True if voxel values of different scans have one unit."""
        return self.voxel_unit != INTENSITY_UNITS["MR"]

    @property
    def unit(self) -> str:
        """Unit of the intensities that features are computed from."""
        if self.normalization.method != "none":
            return "1"
        return self.voxel_unit

    @property
    def ivh_unit(self) -> str:
        """Unit of the intensity axis of the intensity-volume histogram."""
        return "1" if self.ivh.method == "FBN" else self.unit

    @property
    def grid(self) -> tuple[object, ...]:
        """All that decides on the resampled image and region; equal grids share."""
        return (
            self.normalization,
            self.resample_spacing_mm,
            self.image_interpolator,
            self.anti_alias,
            self.mask_threshold,
            self.round_intensities,
            self.max_voxels,
            self.filters,
            (self.noise_mean, self.noise_sd) if self.control == "noise" else None,
        )

    def of_response(self) -> "Recipe":
        """The recipe as it holds for a response map."""
        return replace(
            self,
            families=self.response_families,
            discretization=Histogram("FBN", n_bins=self.response_bins),
            ivh=Histogram("FBN", n_bins=IVH_BINS),
        )

    @property
    def first_engine(self) -> bool:
        """True if the first engine measures it; it merges in three dimensions."""
        return self.aggregation == MERGED_3D

    def aggregation_of(self, feature: Feature) -> str:
        """Aggregation of a feature; empty if it has no texture matrix."""
        if feature.family not in TEXTURE_FAMILIES:
            return ""
        # Families without directions know the dimension alone.
        known = feature.family in DIRECTIONAL_FAMILIES
        return self.aggregation if known else self.aggregation.split(" ")[0]

    @property
    def isotropic(self) -> bool:
        """True if voxels of all images are cubes of one size."""
        return self.resample_spacing_mm is not None and (
            len(set(self.resample_spacing_mm)) == 1
        )

    @property
    def square_in_slice(self) -> bool:
        """True if voxels of all images are squares of one size within a slice."""
        spacing = self.resample_spacing_mm
        return spacing is not None and spacing[0] == spacing[1]

    def least_voxels(self, family: str) -> int:
        """Voxels that a family needs to be computed."""
        return max(self.min_voxels, dict(self.min_voxels_of).get(family, 0))

    def sources(self) -> list[tuple[str, tuple[str, ...]]]:
        """Images that are measured, and the families of each."""
        responses = [(one.name, self.response_families) for one in self.filters]
        return [(ORIGINAL, self.families), *responses]

    def features(self, families: tuple[str, ...]) -> tuple[Feature, ...]:
        """The features of some families that the recipe measures."""
        found = of_families(families)
        if self.spatial_autocorrelation:
            return found
        return tuple(one for one in found if one.feature not in SPATIAL_AUTOCORRELATION)

    def complete(self) -> dict[str, Any]:
        """Every setting and every software version, as plain JSON types."""
        settings = asdict(self)
        for name, silent in _LATER.items():
            if settings[name] == silent:
                del settings[name]
        settings["filters"] = [one.complete() for one in self.filters]
        packages = SOFTWARE if self.first_engine else (*SOFTWARE, SECOND_ENGINE)
        settings["software"] = {name: version(name) for name in packages}
        settings["feature_definitions"] = table_digest()
        return settings

    def hash(self) -> str:
        """Hash of the complete recipe."""
        return _hash(self)

    def settings_hash(self) -> str:
        """Hash of the recipe without the versions of the software that computes it."""
        whole = self.complete()
        del whole["software"]
        return digest(whole)


@cache
def _hash(recipe: Recipe) -> str:
    """Hash of a complete recipe; versions of packages last as long as the process."""
    return digest(recipe.complete())
