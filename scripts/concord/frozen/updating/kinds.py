"""Kinds of updates: what each learns, and its words."""

from ...folds.settings import OutcomeName
from ...statistics.outcome_kinds import OUTCOME_KINDS

#: The model as it is.
NONE = "none"
IN_THE_LARGE, INTERCEPT_SLOPE = "in_the_large", "intercept_slope"
BASELINE, BASELINE_SLOPE = "baseline", "baseline_slope"
#: Updates of a kind of outcome, each a special case of the next.
BINARY_LADDER = (NONE, IN_THE_LARGE, INTERCEPT_SLOPE)
TIMES_LADDER = (NONE, IN_THE_LARGE, BASELINE, BASELINE_SLOPE)
#: Numbers that an update learns, as the closed test counts them: a baseline hazard
#: counts as two, the level of early and of late follow-up.
_PARAMETERS = {BINARY_LADDER: (0, 1, 2), TIMES_LADDER: (0, 1, 2, 3)}
_WORDS = {
    BINARY_LADDER: {
        NONE: "no update",
        IN_THE_LARGE: "recalibration in the large (intercept)",
        INTERCEPT_SLOPE: "recalibration of intercept and slope",
    },
    TIMES_LADDER: {
        NONE: "no update",
        IN_THE_LARGE: "recalibration in the large (one factor on the baseline hazard)",
        BASELINE: "re-estimated baseline hazard",
        BASELINE_SLOPE: "re-estimated baseline hazard and slope",
    },
}


def ladder(kind: OutcomeName) -> tuple[str, ...]:
    """Updates of a kind of outcome, the model as it is first."""
    return TIMES_LADDER if OUTCOME_KINDS[kind].has_times else BINARY_LADDER


def parameters(kind: OutcomeName) -> dict[str, int]:
    """Numbers that each update learns, by its name."""
    names = ladder(kind)
    return dict(zip(names, _PARAMETERS[names], strict=True))


def words(update: str, kind: OutcomeName) -> str:
    """An update as it is printed."""
    return _WORDS[ladder(kind)][update]


def learns_slope(update: str) -> bool:
    """True if an update changes by how much scores differ."""
    return update in {INTERCEPT_SLOPE, BASELINE_SLOPE}


def learns_baseline(update: str) -> bool:
    """True if an update estimates the baseline hazard anew."""
    return update in {BASELINE, BASELINE_SLOPE}
