"""A recipe: one complete way to compute features, with nothing left open."""

from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any

from ...errors import ConfigError
from ...image_names import INTENSITY_UNITS
from ...provenance import digest
from ..families import DIRECTIONAL_FAMILIES, FAMILIES, TEXTURE_FAMILIES
from ..filters.base import Filter
from ..filters.resolve import resolve as resolve_filter
from ..ibsi import MERGED_3D, ORIGINAL, REGION_MINIMUM, Feature, table_digest
from .normalization import Normalization

#: Computes the aggregations that the first engine lacks.
SECOND_ENGINE = "z-rad"

#: Packages that the numbers depend on.
SOFTWARE = ("pictologics", "numba", "numpy", "scipy")


@dataclass(frozen=True)
class Histogram:
    """How intensities become bins: FBS by `width` from `start`, FBN by `n_bins`."""

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
    declared_unit: str = ""  # of the voxel values, UCUM; empty: that of the modality

    @property
    def voxel_unit(self) -> str:
        """Unit of the voxel values of the image."""
        return self.declared_unit or INTENSITY_UNITS[self.modality]

    @property
    def calibrated(self) -> bool:
        """Whether voxel values of different scans have one unit."""
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
        """How a response map is measured."""
        return replace(
            self,
            families=self.response_families,
            discretization=Histogram("FBN", n_bins=self.response_bins),
            ivh=Histogram("FBN", n_bins=1000),
        )

    @property
    def first_engine(self) -> bool:
        """Whether the first engine measures it; it merges in three dimensions."""
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
        """Whether voxels of all images are cubes of one size."""
        return self.resample_spacing_mm is not None and (
            len(set(self.resample_spacing_mm)) == 1
        )

    def least_voxels(self, family: str) -> int:
        """Voxels that a family needs to be computed."""
        return max(self.min_voxels, dict(self.min_voxels_of).get(family, 0))

    def sources(self) -> list[tuple[str, tuple[str, ...]]]:
        """Images that are measured, and the families of each."""
        responses = [(one.name, self.response_families) for one in self.filters]
        return [(ORIGINAL, self.families), *responses]

    def complete(self) -> dict[str, Any]:
        """Every setting and every software version, as plain JSON types."""
        settings = asdict(self)
        if not self.declared_unit:
            del settings[
                "declared_unit"
            ]  # said by the modality; hashes stay as they are
        settings["filters"] = [one.complete() for one in self.filters]
        packages = SOFTWARE if self.first_engine else (*SOFTWARE, SECOND_ENGINE)
        settings["software"] = {name: version(name) for name in packages}
        settings["feature_definitions"] = table_digest()
        return settings

    def hash(self) -> str:
        """Hash of the complete recipe."""
        return digest(self.complete())


def resolve(
    settings: dict[str, Any],
    modality: str,
    name: str | None = None,
    declared_unit: str = "",
) -> Recipe:
    """A recipe for images of one modality, with what was left open filled in.

    Parameters
    ----------
    settings : dict
        A section `recipes.<name>` of the configuration, all keys present.
    modality : str
        CT, MR or PT.
    name : str, optional
        Name of the recipe, for messages; that of the modality if not given.
    declared_unit : str, optional
        Unit of the voxel values, if they are not in that of the modality.

    Raises
    ------
    ConfigError
        If a fixed bin size has no fixed start, or a family is unknown.
    """
    key = f"recipes.{name or modality}"
    normalization = _normalization(settings["normalization"])
    rounded = settings["round_intensities"]
    if rounded is None:
        rounded = modality == "CT" and normalization.method == "none"
    low, high = settings["intensity_range"] or (None, None)
    return Recipe(
        modality=modality,
        normalization=normalization,
        resample_spacing_mm=_spacing(settings["resample_spacing_mm"]),
        image_interpolator=settings["image_interpolator"],
        anti_alias=settings["anti_alias"],
        mask_threshold=float(settings["mask_threshold"]),
        round_intensities=rounded,
        intensity_range=(_number(low), _number(high)),
        outlier_sd=_number(settings["outlier_sd"]),
        discretization=_discretization(settings, key),
        ivh=_ivh(settings, modality, rounded),
        families=_families(settings["families"], f"{key}.families"),
        aggregation=settings["aggregation"],
        filters=tuple(
            response
            for filter_name, section in settings["filters"].items()
            for response in resolve_filter(section, filter_name)
        ),
        response_families=_families(
            settings["response_families"], f"{key}.response_families"
        ),
        response_bins=settings["response_bins"],
        control=settings["control"],
        noise_mean=_number(settings["noise_mean"]),
        noise_sd=_number(settings["noise_sd"]),
        min_voxels=settings["min_voxels"],
        min_voxels_of=tuple(sorted(settings["min_voxels_of"].items())),
        max_voxels=settings["max_voxels"],
        declared_unit=declared_unit,
    )


def _families(families: list[str], key: str) -> tuple[str, ...]:
    """Families in the order of the IBSI."""
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise ConfigError(f"{key}: unknown {unknown}, known {list(FAMILIES)}.")
    return tuple(name for name in FAMILIES if name in families)


def _normalization(settings: dict[str, Any]) -> Normalization:
    lists = ("percentiles", "n4_iterations")
    return Normalization(**settings | {key: tuple(settings[key]) for key in lists})


def _spacing(
    values: tuple[float, float, float | None] | None,
) -> tuple[float, float, float | None] | None:
    if values is None:
        return None
    x, y, z = values
    return float(x), float(y), _number(z)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _discretization(settings: dict[str, Any], key: str) -> Histogram:
    """Bins of histogram and texture."""
    if settings["discretization"] == "FBN":
        return Histogram("FBN", n_bins=settings["n_bins"])
    width = float(settings["bin_width"])
    low = (settings["intensity_range"] or [None])[0]
    start = low if settings["bin_start"] is None else settings["bin_start"]
    if start == REGION_MINIMUM:
        return Histogram("FBS", width=width)
    if start is None:
        raise ConfigError(
            f"{key}: a fixed bin size needs a fixed start, found neither "
            "bin_start nor a lower bound of intensity_range. Set one of them, or "
            "discretization: FBN."
        )
    return Histogram("FBS", width=width, start=float(start))


def _ivh(settings: dict[str, Any], modality: str, rounded: bool) -> Histogram:
    """Bins of the intensity-volume histogram; by default those of the modality.

    Calibrated units have steps that are fine against their noise: whole HU and
    0.1 SUV. Arbitrary units get 1000 bins over the range of the region.
    """
    width, n_bins = settings["ivh_bin_width"], settings["ivh_n_bins"]
    if width is None and n_bins is None:
        calibrated = settings["normalization"]["method"] == "none"
        width = {"CT": 1.0, "PT": 0.1}.get(modality) if calibrated else None
    low = (settings["intensity_range"] or [None])[0]
    start = settings["bin_start"] if low is None else low
    if start == REGION_MINIMUM:
        start = None
    if width == 1 and rounded:
        return Histogram("steps", width=1.0)
    if width is None or start is None:
        return Histogram("FBN", n_bins=n_bins or 1000)
    return Histogram("FBS", width=float(width), start=float(start))
