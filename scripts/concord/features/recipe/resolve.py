"""From the section of a recipe to the recipe, with nothing left open."""

from ...errors import ConfigError
from ..families import FAMILIES
from ..filters.resolve import resolve as resolve_filter
from ..ibsi import REGION_MINIMUM
from ..settings.recipe import RecipeSection
from .normalization import Normalization
from .recipe import IVH_BINS, Histogram, Recipe


def resolve(
    section: RecipeSection,
    modality: str,
    name: str | None = None,
    declared_unit: str = "",
) -> Recipe:
    """A recipe for images of one modality, with what was left open filled in.

    Parameters
    ----------
    section : RecipeSection
        A section `recipes.<name>` that takes nothing from elsewhere.
    modality : str
        CT, MR or PT.
    name : str, optional
        Name of the recipe, for messages; that of the modality if not given.
    declared_unit : str, optional
        Unit of the voxel values, if they are not in that of the modality.

    Raises
    ------
    ConfigError
        If a fixed bin size has no fixed start.
    """
    # Longer than most functions: one line per setting that is taken over.
    low, high = section.intensity_range or (None, None)
    return Recipe(
        modality=modality,
        normalization=Normalization.of(section.normalization),
        resample_spacing_mm=section.resample_spacing_mm,
        image_interpolator=section.image_interpolator,
        anti_alias=section.anti_alias,
        mask_threshold=section.mask_threshold,
        round_intensities=_rounded(section, modality),
        intensity_range=(low, high),
        outlier_sd=section.outlier_sd,
        discretization=_discretization(section, f"recipes.{name or modality}"),
        ivh=_ivh(section, modality),
        families=_ordered(section.families),
        aggregation=section.aggregation,
        filters=tuple(
            response
            for filter_name, one in section.filters.items()
            for response in resolve_filter(one, filter_name)
        ),
        response_families=_ordered(section.response_families),
        response_bins=section.response_bins,
        control=section.control,
        noise_mean=section.noise_mean,
        noise_sd=section.noise_sd,
        min_voxels=section.min_voxels,
        min_voxels_of=tuple(sorted(section.min_voxels_of.items())),
        max_voxels=section.max_voxels,
        spatial_autocorrelation=section.spatial_autocorrelation,
        autocorrelation_max_voxels=section.autocorrelation_max_voxels,
        declared_unit=declared_unit,
    )


def _rounded(section: RecipeSection, modality: str) -> bool:
    """True if intensities become whole numbers: by default those in HU."""
    if section.round_intensities is None:
        return modality == "CT" and section.normalization.method == "none"
    return section.round_intensities


def _ordered(families: list[str]) -> tuple[str, ...]:
    """Families in the order of the IBSI."""
    return tuple(name for name in FAMILIES if name in families)


def _discretization(section: RecipeSection, key: str) -> Histogram:
    """Bins of histogram and texture."""
    if section.discretization == "FBN":
        return Histogram("FBN", n_bins=section.n_bins)
    start = _lowest(section) if section.bin_start is None else section.bin_start
    if start == REGION_MINIMUM:
        return Histogram("FBS", width=section.bin_width)
    if start is None:
        raise ConfigError(
            f"{key}: a fixed bin size needs a fixed start, found neither "
            "bin_start nor a lower bound of intensity_range. Set one of them, or "
            "discretization: FBN."
        )
    return Histogram("FBS", width=section.bin_width, start=float(start))


def _ivh(section: RecipeSection, modality: str) -> Histogram:
    """Bins of the intensity-volume histogram; by default those of the modality.

    Calibrated units have steps that are fine against their noise: whole HU and
    0.1 SUV. Arbitrary units get 1000 bins over the range of the region.
    """
    width, n_bins, low = section.ivh_bin_width, section.ivh_n_bins, _lowest(section)
    if width is None and n_bins is None and section.normalization.method == "none":
        width = {"CT": 1.0, "PT": 0.1}.get(modality)
    start = section.bin_start if low is None else low
    if width == 1 and _rounded(section, modality):
        return Histogram("steps", width=1.0)
    if width is None or start is None or start == REGION_MINIMUM:
        return Histogram("FBN", n_bins=n_bins or IVH_BINS)
    return Histogram("FBS", width=width, start=float(start))


def _lowest(section: RecipeSection) -> float | None:
    """Lower bound of the intensity range."""
    return (section.intensity_range or (None, None))[0]
