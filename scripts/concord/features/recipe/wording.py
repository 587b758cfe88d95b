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
    """Sentences on what does not suit the images, though it can be computed."""
    checks = [
        _unit_warning,
        _scale_warning,
        _calibration_warning,
        _spacing_warning,
        _start_warning,
    ]
    return [text for check in checks if (text := check(recipe))]


def _unit_warning(recipe: Recipe) -> str:
    bins = recipe.discretization
    if bins.method != "FBS" or (recipe.unit != "1" and recipe.calibrated):
        return ""
    return (
        f"bins of fixed size {bins.width:g} for {recipe.modality} in a unit that "
        "differs from scan to scan; use discretization: FBN"
    )


def _scale_warning(recipe: Recipe) -> str:
    if recipe.calibrated or recipe.normalization.method != "none":
        return ""
    return (
        "MR intensities are not normalized: their scale is arbitrary, and what is "
        "compared may be the scanner's gain"
    )


def _calibration_warning(recipe: Recipe) -> str:
    if not (recipe.calibrated and recipe.normalization.changes):
        return ""
    return (
        f"{recipe.modality} is calibrated ({recipe.voxel_unit}); "
        "normalization throws the calibration away"
    )


def _spacing_warning(recipe: Recipe) -> str:
    """Voxels that texture should not depend on: cubes in 3D, squares in a slice."""
    if recipe.aggregation.startswith("3D"):
        shapes, dimension = "cubes of one size", "3D texture"
        suitable = recipe.isotropic
    else:
        shapes, dimension = "squares of one size in the slice", "texture of slices"
        suitable = recipe.square_in_slice
    if suitable:
        return ""
    return (
        f"voxels are not resampled to {shapes}: {dimension} depends on the spacing "
        "of the scan"
    )


def _start_warning(recipe: Recipe) -> str:
    bins = recipe.discretization
    if bins.method != "FBS" or bins.start is not None:
        return ""
    return (
        "bins start at the minimum of the region: one voxel decides what bin all "
        "others are in"
    )


def _image_steps(recipe: Recipe) -> list[str]:
    """Steps of the image in words."""
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
    """Steps of the region in words."""
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
