"""How the intensities of a scan come on a common scale, as a value."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Normalization:
    """How intensities come on a common scale, see `config.normalization`."""

    bias_field: str = "none"
    method: str = "none"
    scale_from: str = "region"
    reference_region: str | None = None
    percentiles: tuple[float, float] = (1.0, 99.0)
    n4_shrink_factor: int = 4
    n4_iterations: tuple[int, ...] = (50, 50, 50, 50)
    n4_convergence: float = 0.001

    @property
    def changes(self) -> bool:
        """Whether anything is done."""
        return (self.bias_field, self.method) != ("none", "none")

    @property
    def sets_the_mean(self) -> bool:
        """Whether the mean of every region becomes 0."""
        return self.method == "zscore" and self.scale_from == "region"

    def settings(self) -> dict[str, Any]:
        """As the section of the configuration."""
        return asdict(self)

    def describe(self) -> list[str]:
        """What is done, in words."""
        steps = []
        if self.bias_field == "n4":
            steps.append("the bias field was removed (N4)")
        source = {
            "region": "the region",
            "foreground": "the body",
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
