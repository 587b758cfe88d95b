"""A recipe in words: the methods of the paper, the software, and what does not suit."""

from importlib.metadata import version

from .recipe import SECOND_ENGINE, Recipe


def describe(recipe: Recipe) -> str:
    """The sentences that a recipe adds to the methods of the paper."""
    steps = [*_image_steps(recipe), *_region_steps(recipe)]
    return (
        f"{recipe.modality}: {'; '.join(steps)}. Intensities were discretized into "
        f"{recipe.discretization.describe(recipe.unit)} for histogram and texture and "
        f"into {recipe.ivh.describe(recipe.unit)} for the intensity-volume histogram. "
        f"Features of the families {', '.join(recipe.families)} followed the Image "
        f"Biomarker Standardisation Initiative (texture: {recipe.aggregation}) and "
        f"were computed with {software(recipe)}.{_more(recipe)}"
    )


def _more(recipe: Recipe) -> str:
    """Filters and control, in words."""
    text = ""
    if recipe.filters:
        maps = "; ".join(one.describe() for one in recipe.filters)
        text += (
            f" Response maps (IBSI 2: {maps}) were discretized into "
            f"{recipe.response_bins} bins over the range of the region."
        )
    if recipe.control == "shuffled":
        text += " As a negative control, voxels of the region were put in random "
        text += "order."
    if recipe.control == "noise":
        text += " As a negative control, the image was replaced by Gaussian noise."
    return text


def software(recipe: Recipe) -> str:
    """Name and version of the engine of a recipe, and of what compiles it."""
    if not recipe.first_engine:
        return f"{SECOND_ENGINE} {version(SECOND_ENGINE)}"
    return f"pictologics {version('pictologics')} (numba {version('numba')})"


def warnings(recipe: Recipe) -> list[str]:
    """What does not suit the modality, though it can be computed."""
    found = []
    bins = recipe.discretization
    if (recipe.unit == "1" or not recipe.calibrated) and bins.method == "FBS":
        found.append(
            f"bins of fixed size {bins.width:g} for {recipe.modality} in a unit that "
            "differs from scan to scan; use discretization: FBN"
        )
    if not recipe.calibrated and recipe.normalization.method == "none":
        found.append(
            "MR intensities are not normalized: their scale is arbitrary, and what is "
            "compared may be the scanner's gain"
        )
    if recipe.calibrated and recipe.normalization.changes:
        found.append(
            f"{recipe.modality} is calibrated ({recipe.voxel_unit}); "
            "normalization throws the calibration away"
        )
    if not recipe.isotropic:
        found.append(
            "voxels are not resampled to cubes of one size: 3D texture depends on the "
            "spacing of the scan"
        )
    if bins.method == "FBS" and bins.start is None:
        found.append(
            "bins start at the minimum of the region: one voxel decides what bin all "
            "others are in"
        )
    return found


def _image_steps(recipe: Recipe) -> list[str]:
    """What was done to the image, in words."""
    steps = recipe.normalization.describe()
    if recipe.resample_spacing_mm:
        size = " x ".join(
            "its own" if value is None else f"{value:g}"
            for value in recipe.resample_spacing_mm
        )
        smooth = "after" if recipe.anti_alias else "without"
        steps.append(
            f"images were resampled to {size} mm by {recipe.image_interpolator} "
            f"interpolation {smooth} anti-alias smoothing and masks linearly at a "
            f"threshold of {recipe.mask_threshold:g}"
        )
    else:
        steps.append("images were not resampled")
    if recipe.round_intensities:
        steps.append("intensities were rounded to whole numbers")
    return steps


def _region_steps(recipe: Recipe) -> list[str]:
    """What was done to the region, in words."""
    low, high = recipe.intensity_range
    steps = []
    if low is not None or high is not None:
        lowest = "any" if low is None else f"{low:g}"
        highest = "any" if high is None else f"{high:g}"
        steps.append(
            f"voxels outside the range {lowest} to {highest} {recipe.unit} left the "
            "intensity mask"
        )
    if recipe.outlier_sd is not None:
        steps.append(
            f"voxels further than {recipe.outlier_sd:g} SD from the mean of the region "
            "left the intensity mask"
        )
    return steps
