"""The sections `recipes.<name>`: how features are computed."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ...fields import Modality, Name, Names, Section
from ...methods_clauses import Clause, written
from ..families import FAMILIES, RESPONSE_FAMILIES, Family
from ..ibsi import MERGED_3D
from .filters import Filters
from .normalization import NormalizationSection
from .presets import PresetName

Aggregation = Literal[
    "2D averaged",
    "2D slice-merged",
    "2.5D direction-merged",
    "2.5D merged",
    "3D averaged",
    "3D merged",
]


def _distinct(families: list[Family]) -> list[Family]:
    if len(set(families)) != len(families):
        raise ValueError("each family may be named once")
    return families


Millimetres = Annotated[float, Field(gt=0, le=20)]
Spacing = tuple[Millimetres, Millimetres, Millimetres | None]
Families = Annotated[list[Family], Field(min_length=1), AfterValidator(_distinct)]
Range = tuple[float | None, float | None]
VoxelCount = Annotated[int, Field(ge=1)]


_INTERPOLATORS = {
    "cubic": "cubic spline",
    "linear": "trilinear",
    "nearest": "nearest-neighbour",
}


def _resampling(section: Any) -> str:
    """Resampling of image and mask, in words."""
    if section.resample_spacing_mm is None:
        return "no resampling"
    size = " by ".join(
        "its own" if value is None else written(value)
        for value in section.resample_spacing_mm
    )
    filtered = "with" if section.anti_alias else "without"
    return (
        f"resampling to {size} mm ({_INTERPOLATORS[section.image_interpolator]}, "
        f"{filtered} anti-aliasing; mask at {written(section.mask_threshold)})"
    )


def _range(section: Any) -> str:
    """Re-segmentation, in words."""
    low, high = section.intensity_range or (None, None)
    if low is None and high is None:
        return ""
    if high is None:
        return f"intensities restricted to at least {written(low)}"
    if low is None:
        return f"intensities restricted to at most {written(high)}"
    return f"intensities restricted to {written(low)} to {written(high)}"


def _discretization(section: Any) -> str:
    """Bins of histogram and texture, in words."""
    if section.discretization == "FBN":
        return f"discretization to {section.n_bins} bins"
    start = section.bin_start
    if start is None:
        start = (section.intensity_range or (None, None))[0]
    origin = "the minimum of the region" if isinstance(start, str) else written(start)
    width = written(section.bin_width)
    return f"discretization in bins of width {width} from {origin}"


def _filters(section: Any) -> str:
    """Response maps of filters, in words."""
    filters = [one.words() for one in section.filters.values()]
    if not filters:
        return ""
    return (
        f"response maps of filters of IBSI 2 ({'; '.join(filters)}) in "
        f"{section.response_bins} bins"
    )


class RecipeSection(Section):
    """One way to compute features; the steps run in the order of these keys."""

    preset: PresetName | None = Field(
        default=None,
        description="Where what is not given here is taken from: settings of the IBSI "
        "phantom (ibsi_a to ibsi_e), of the IBSI consensus on patients "
        "(ibsi_patients_*), of published practice (ct_oncology, pet, mr) or of "
        "pyradiomics' defaults (pyradiomics_like). docs/features.md lists them.",
    )
    like: Name | None = Field(
        default=None,
        description="Another recipe of the study that what is not given here is taken "
        "from, in place of a preset.",
    )
    image: Names | None = Field(
        default=None,
        description="Image or images that the recipe is for; null: those of `modality` "
        "or, if the recipe has the name of an image, this image, of which it is the "
        "main one, whose columns carry no name of a recipe. A recipe with the name of "
        "a modality is the main one of all its images without a recipe of their own.",
    )
    modality: Modality | None = Field(
        default=None,
        description="The recipe is for all images of this modality, in place of "
        "`image`.",
    )
    regions: Annotated[list[str] | None, Clause("regions {regions} only")] = Field(
        default=None,
        description="Regions that are measured; null: all.",
    )
    normalization: NormalizationSection = Field(
        default_factory=NormalizationSection,
        description="Intensities on a common scale, before all else.",
    )
    resample_spacing_mm: Annotated[Spacing | None, Clause(_resampling)] = Field(
        default=(1.0, 1.0, 1.0),
        description="Voxel spacing x, y, z in mm after resampling, the centre of the "
        "image kept; equal for 3D texture; z null keeps the slices, null keeps the "
        "grid of the scan. Source: IBSI manual, arXiv:1612.07003, section 2.4.",
    )
    image_interpolator: Literal["cubic", "linear", "nearest"] = Field(
        default="cubic",
        description="Interpolation of the image (cubic is a cubic spline). Source: "
        "IBSI consensus on patient data, doi:10.1148/radiol.2020191145.",
    )
    anti_alias: bool = Field(
        default=False,
        description="Smooth before resampling to a coarser grid; moves mean and "
        "texture. Off in the IBSI consensus. Source: "
        "doi:10.1007/978-3-319-24571-3_81.",
    )
    mask_threshold: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share of a new voxel that the linearly resampled mask must "
        "reach. Source: IBSI manual, section 2.4.",
    )
    round_intensities: Annotated[
        bool | None,
        Clause(
            {
                None: "",
                True: "rounding of intensities to whole numbers",
                False: "no rounding of intensities",
            }
        ),
    ] = Field(
        default=None,
        description="Round to whole numbers after resampling; null: yes for CT in HU, "
        "else no. Source: IBSI manual, section 2.4.",
    )
    intensity_range: Annotated[Range | None, Clause(_range)] = Field(
        default=None,
        description="Lowest and highest intensity of the intensity mask "
        "(re-segmentation), in HU, SUV or SD; null is open. The mask itself stays. "
        "Source: IBSI manual, section 2.5.",
    )
    outlier_sd: Annotated[
        float | None, Clause("voxels beyond {outlier_sd} SD of the region left out")
    ] = Field(
        default=None,
        gt=0,
        le=10,
        description="Voxels further than this many SD from the mean of the region "
        "leave the intensity mask; null: none do. Source: IBSI manual, section 2.5; "
        "doi:10.1002/jmri.22525.",
    )
    discretization: Annotated[Literal["FBS", "FBN"], Clause(_discretization)] = Field(
        default="FBS",
        description="Bins of histogram and texture: FBS (fixed size; calibrated units "
        "such as HU and SUV) or FBN (fixed number; arbitrary units such as MR). "
        "Source: IBSI manual, section 2.7.",
    )
    bin_width: float | None = Field(
        default=None,
        gt=0,
        description="FBS only: width of a bin, in HU, SUV or SD; for instance 10 to "
        "25 HU, 0.25 to 0.5 SUV.",
    )
    bin_start: float | Literal["region_minimum"] | None = Field(
        default=None,
        description="FBS only: lower edge of the first bin, equal for all images; "
        "null takes the lower bound of intensity_range. region_minimum: the multiple "
        "of bin_width at or below the region's minimum, as pyradiomics does; numbers "
        "of bins then depend on the region.",
    )
    n_bins: int | None = Field(
        default=None,
        ge=2,
        le=1024,
        description="FBN only: number of bins; for instance 32 or 64.",
    )
    ivh_bin_width: Annotated[
        float | None,
        Clause("the intensity-volume histogram in bins of width {ivh_bin_width}"),
    ] = Field(
        default=None,
        gt=0,
        description="Bin width of the intensity-volume histogram; null with "
        "ivh_n_bins null takes 1 HU for CT, 0.1 SUV for PET, else 1000 bins.",
    )
    ivh_n_bins: Annotated[
        int | None, Clause("the intensity-volume histogram in {ivh_n_bins} bins")
    ] = Field(
        default=None,
        ge=2,
        le=4096,
        description="Number of bins of the intensity-volume histogram, in place of "
        "ivh_bin_width. Source: IBSI manual, section 3.5.",
    )
    families: Annotated[Families, Clause("families {families}")] = Field(
        default=list(FAMILIES),
        description="Feature families, all in 3D. Source: IBSI manual, section 3.",
    )
    spatial_autocorrelation: Annotated[
        bool,
        Clause({True: "", False: "without Moran's I and Geary's C"}),
    ] = Field(
        default=True,
        description="Moran's I and Geary's C are computed with the family morphology; "
        "half of the time of a large region. Source: IBSI manual, section 3.1.",
    )
    autocorrelation_max_voxels: Annotated[
        VoxelCount | None,
        Clause(
            "Moran's I and Geary's C of at most {autocorrelation_max_voxels} voxels",
            when="spatial_autocorrelation",
        ),
    ] = Field(
        default=None,
        description="More voxels in the intensity mask make Moran's I and Geary's C "
        "undefined, with the reason; null: they are computed whatever the size.",
    )
    aggregation: Annotated[
        Aggregation,
        Clause("texture in {aggregation} aggregation", silent=("3D merged",)),
    ] = Field(
        default="3D merged",
        description="How texture of slices and directions becomes one value. All but "
        "3D merged are for thick slices, are computed by the second engine (all "
        "families of the recipe, so that one engine stands behind it), and need a "
        "recipe besides the main one. Source: IBSI manual, section 3.6.",
    )
    filters: Annotated[Filters, Clause(_filters)] = Field(
        default={},
        description="Image filters by name; their response maps are measured beside "
        "the image itself.",
    )
    response_families: Annotated[
        Families, Clause("families {response_families} of responses", when="filters")
    ] = Field(
        default=list(RESPONSE_FAMILIES),
        description="Families that are measured in response maps.",
    )
    response_bins: int = Field(
        default=32,
        ge=2,
        le=1024,
        description="Number of bins of a response map over the range of the region: "
        "responses have no unit that a fixed bin size could be given in.",
    )
    control: Annotated[
        Literal["none", "shuffled", "noise"],
        Clause(
            {
                "none": "",
                "shuffled": "as a negative control, voxels of the region in random "
                "order",
                "noise": "as a negative control, Gaussian noise in place of the image",
            }
        ),
    ] = Field(
        default="none",
        description="A negative control in place of the image: the voxels of the "
        "region in random order (shuffled; what is left is the histogram and the "
        "shape), or Gaussian noise (what is left is the shape). What such a recipe "
        "still predicts, no texture does. Source: doi:10.1016/j.radonc.2018.10.027.",
    )
    noise_mean: Annotated[float | None, Clause("noise of mean {noise_mean}")] = Field(
        default=None,
        description="control noise: its mean, in HU, SUV or SD; null takes that of "
        "the region.",
    )
    noise_sd: Annotated[float | None, Clause("noise of SD {noise_sd}")] = Field(
        default=None,
        gt=0,
        description="control noise: its SD; null takes that of the region.",
    )
    min_voxels: Annotated[int, Clause("regions of at least {min_voxels} voxels")] = (
        Field(
            default=64,
            ge=1,
            description="A region with fewer voxels after resampling, or within "
            "intensity_range, is excluded and listed.",
        )
    )
    min_voxels_of: Annotated[
        dict[Family, VoxelCount],
        Clause("families with a least number of voxels ({min_voxels_of})"),
    ] = Field(
        default={},
        description="Fewer voxels in the intensity mask make a family undefined, with "
        "the reason, such as {glszm: 100}.",
    )
    max_voxels: int = Field(
        default=30_000_000,
        ge=1000,
        description="A region whose box would hold more voxels after resampling is "
        "excluded with the numbers, before memory is taken; 30 million need about "
        "0.8 GB.",
    )

    @model_validator(mode="after")
    def _bins_are_complete(self) -> Self:
        if self.is_partial():
            return self
        fixed_size = self.discretization == "FBS"
        needed, given = (
            ("bin_width", "n_bins") if fixed_size else ("n_bins", "bin_width")
        )
        if getattr(self, needed) is None:
            raise ValueError(f"discretization {self.discretization} needs {needed}")
        if getattr(self, given) is not None:
            raise ValueError(f"{given} has no effect with {self.discretization}")
        if fixed_size and self._start() is None:
            raise ValueError(
                "discretization FBS needs bin_start or a lower bound of "
                "intensity_range, so that bins start at one value for all images"
            )
        if not fixed_size and self.bin_start is not None:
            raise ValueError("bin_start has no effect with FBN")
        return self

    @model_validator(mode="after")
    def _settings_fit_together(self) -> Self:
        if self.is_partial():
            return self
        low, high = self.intensity_range or (None, None)
        if low is not None and high is not None and low >= high:
            raise ValueError(
                f"intensity_range must rise, found lowest {low:g} and highest {high:g}"
            )
        if self.anti_alias and self.resample_spacing_mm is None:
            raise ValueError("anti_alias needs resample_spacing_mm")
        if self.control != "noise" and (self.noise_mean, self.noise_sd) != (None, None):
            raise ValueError("noise_mean and noise_sd need control: noise")
        self._require_cubes()
        if self.ivh_bin_width is not None and self.ivh_n_bins is not None:
            raise ValueError("ivh_bin_width and ivh_n_bins exclude each other")
        if self.ivh_bin_width is not None and self._start() is None:
            raise ValueError("ivh_bin_width needs a lower bound of intensity_range")
        return self

    def _require_cubes(self) -> None:
        """Filters weigh the axes by voxels, so voxels must be cubes."""
        spacing = self.resample_spacing_mm
        if self.filters and (spacing is None or len(set(spacing)) > 1):
            raise ValueError(
                "filters need a resample_spacing_mm of three equal numbers, found "
                f"{spacing}"
            )

    def _start(self) -> float | str | None:
        low = (self.intensity_range or (None, None))[0]
        return low if self.bin_start is None else self.bin_start

    def is_partial(self) -> bool:
        """Tell if settings are still to be taken from elsewhere."""
        return self.preset is not None or self.like is not None


class CompleteRecipe(RecipeSection):
    """A recipe that takes nothing from elsewhere, and what it is for."""

    images: dict[str, str]  # that it is for, with the unit declared of each, or empty
    main: bool  # columns carry no name of the recipe

    def is_main_of(self, image: str) -> bool:
        """Tell if it is the main recipe of an image."""
        return self.main and image in self.images

    def of_image(self, image: str) -> Self:
        """The same for one of its images alone."""
        return self.model_copy(update={"images": {image: self.images[image]}})

    @property
    def first_engine(self) -> bool:
        """True if the first engine measures it; it merges texture in 3D."""
        return self.aggregation == MERGED_3D

    @property
    def is_random(self) -> bool:
        """True if values depend on the seed of the study."""
        return self.control != "none"
