"""Straight line that updates at other hospitals put on the score of a model."""

from typing import Any

from pydantic import Field

from ..fields import Section


class Recalibration(Section):
    """Line that makes the score of an updated model of that of its pipeline.

    It rises, so that the order of subjects, and with cuts and thresholds on the same
    line their risk groups and calls, stay what they were.
    """

    intercept: float = Field(description="Added to the multiplied score.")
    slope: float = Field(gt=0, description="Factor of the score.")

    def of(self, scores: Any) -> Any:
        """Recalibrated scores, of one number or of an array of any shape."""
        return self.intercept + self.slope * scores

    def after(self, earlier: "Recalibration | None") -> "Recalibration":
        """One line for this one put on scores that another was put on before."""
        if earlier is None:
            return self
        intercept = self.intercept + self.slope * earlier.intercept
        return Recalibration(intercept=intercept, slope=self.slope * earlier.slope)
