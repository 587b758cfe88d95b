"""The section `normalization` of a recipe: intensities on a common scale."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ...fields import Name, Section
from ...methods_clauses import Clause

Percentile = Annotated[float, Field(ge=0, le=100)]
Iterations = Annotated[int, Field(ge=1, le=500)]


def _scaling(section: Any) -> str:
    """Scaling of the intensities, in words."""
    source = {
        "region": "the region",
        "foreground": "the body",
        "image": "the whole image",
        "reference": f"the reference region {section.reference_region}",
    }[section.scale_from]
    low, high = section.percentiles
    return {
        "none": "",
        "zscore": f"intensities were standardized to mean 0 and SD 1 of {source}",
        "percentile": f"intensities were scaled so that the percentiles {low:g} and "
        f"{high:g} of {source} are 0 and 1",
    }[str(section.method)]


class NormalizationSection(Section):
    """Intensities of a scan on a common scale, before all else."""

    bias_field: Annotated[
        Literal["none", "n4"],
        Clause(
            {
                "none": "",
                "n4": "the bias field was removed (N4, shrink factor "
                "{n4_shrink_factor}, at most {n4_iterations} iterations per level, "
                "convergence {n4_convergence})",
            }
        ),
    ] = Field(
        default="none",
        description="n4 (MR) first divides the image by its smooth bias field. Source: "
        "doi:10.1109/TMI.2010.2046908.",
    )
    method: Annotated[Literal["none", "zscore", "percentile"], Clause(_scaling)] = (
        Field(
            default="none",
            description="none (CT in HU, PET in SUV), zscore (MR: mean 0 and SD 1) or "
            "percentile (MR: two percentiles at 0 and 1). Source: "
            "doi:10.1038/s41598-020-69298-z.",
        )
    )
    scale_from: Literal["region", "reference", "foreground", "image"] = Field(
        default="region",
        description="The voxels that mean, SD or percentiles are taken from: the "
        "region, after which its mean and variance say nothing; a reference tissue; "
        "the body (Otsu's threshold, doi:10.1109/TSMC.1979.4310076); or the whole "
        "image with its background, as pyradiomics does.",
    )
    reference_region: Name | None = Field(
        default=None,
        description="The segmented reference tissue, such as muscle or fat, with "
        "scale_from reference.",
    )
    percentiles: tuple[Percentile, Percentile] = Field(
        default=(1.0, 99.0),
        description="Percentiles that become 0 and 1, with method percentile.",
    )
    n4_shrink_factor: int = Field(
        default=4,
        ge=1,
        le=16,
        description="Voxels per step of the grid that the bias field is estimated on.",
    )
    n4_iterations: Annotated[list[Iterations], Field(min_length=1, max_length=8)] = (
        Field(
            default=[50, 50, 50, 50],
            description="Largest number of iterations per level; each level halves "
            "the spacing of the spline.",
        )
    )
    n4_convergence: float = Field(
        default=0.001,
        gt=0,
        lt=1,
        description="Change of the bias field at which a level ends, as coefficient "
        "of variation.",
    )

    @model_validator(mode="after")
    def _settings_fit_together(self) -> Self:
        low, high = self.percentiles
        if low >= high:
            raise ValueError(
                f"percentiles must rise, found {low:g} and {high:g}",
            )
        if self.method == "none" and self.scale_from != "region":
            raise ValueError(f"scale_from {self.scale_from} has no effect with none")
        by_reference = self.scale_from == "reference"
        if by_reference and self.reference_region is None:
            raise ValueError("scale_from reference needs reference_region")
        if self.reference_region is not None and not by_reference:
            raise ValueError("reference_region needs scale_from reference")
        return self
