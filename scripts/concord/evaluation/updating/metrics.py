"""Names of metrics and stages by which updates are judged."""

from ..probabilities.overall import BRIER

BEFORE, APPARENT, CROSS_VALIDATED = "before", "apparent", "cross_validated"
LARGE, SLOPE, RATIO = (
    "calibration_in_the_large",
    "calibration_slope",
    "observed_expected",
)
ICI, BRIER_SCORE = "ici", BRIER
