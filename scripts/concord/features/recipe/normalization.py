"""Normalization of the intensities of a scan, as a value."""

from dataclasses import dataclass, replace

from ..settings.normalization import NormalizationSection


@dataclass(frozen=True)
class Normalization:
    """Way of the intensities to a common scale, see `settings.normalization`."""

    bias_field: str
    method: str
    scale_from: str
    reference_region: str | None
    percentiles: tuple[float, float]
    n4_shrink_factor: int
    n4_iterations: tuple[int, ...]
    n4_convergence: float

    @classmethod
    def of(cls, section: NormalizationSection) -> "Normalization":
        """The section of a recipe as a value."""
        lists = ("percentiles", "n4_iterations")
        values = {name: getattr(section, name) for name in type(section).model_fields}
        return cls(**values | {name: tuple(values[name]) for name in lists})

    @property
    def changes(self) -> bool:
        """True if anything is done."""
        return (self.bias_field, self.method) != ("none", "none")

    @property
    def sets_the_mean(self) -> bool:
        """True if the mean of every region becomes 0."""
        return self.method == "zscore" and self.scale_from == "region"

    def of_bias_field(self) -> "Normalization":
        """The same without a scale: what is shared by all regions of a scan."""
        return replace(self, method="none", scale_from="region")

    def describe(self) -> list[str]:
        """Steps in words."""
        steps = []
        if self.bias_field == "n4":
            steps.append("the bias field was removed (N4)")
        source = {
            "region": "the region",
            "foreground": "the body",
            "image": "the whole image",
            "reference": f"the reference region {self.reference_region}",
        }[self.scale_from]
        if self.method == "zscore":
            steps.append(
                f"intensities were standardized to mean 0 and SD 1 of {source}"
            )
        if self.method == "percentile":
            low, high = self.percentiles
            steps.append(
                f"intensities were scaled so that the percentiles {low:g} and {high:g} "
                f"of {source} are 0 and 1"
            )
        return steps
