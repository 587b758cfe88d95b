"""Kinds of tables of utility: decision curves and clinical impact."""

from ..columns import Column, count, number, text
from ..keys import ARM, SCHEME

_HEAD = ARM | {
    "scheme": text(SCHEME, required=True),
    "horizon_days": number(
        "time at which the risk is judged; empty of a binary outcome", "day", 0
    ),
    "threshold": number("predicted risk from which one acts", "1", 0, 1),
}
_COUNTS = {
    "n": count("subjects with a risk and a known outcome"),
    "n_events": count("events among them, by the horizon if there is one"),
}
_END = {
    "method": text("how the intervals were computed"),
    "reason": text("why there is no value, or no interval"),
}


def _bounded(name: str, meaning: str, unit: str) -> dict[str, Column]:
    """Columns of a value and of its bounds."""
    return {
        name: number(meaning, unit),
        f"{name}_lower": number("lower bound of its interval", unit),
        f"{name}_upper": number("upper bound", unit),
    }


KINDS: dict[str, dict[str, Column]] = {
    "decision_curve": _HEAD
    | {
        "flagged": number("share of subjects with at least this risk", "1", 0, 1),
        "net_benefit": number(
            "true positives less false positives times the odds of the threshold, per "
            "subject; of acting on nobody it is 0",
            "1",
        ),
        "standard_error": number("its standard error", "1", 0),
        "lower": number("lower bound of its pointwise interval", "1"),
        "upper": number("upper bound", "1"),
        **_bounded("treat_all", "net benefit of acting on everybody", "1"),
        **_bounded("over_all", "net_benefit - treat_all, paired", "1"),
        "reference_arm": text("arm that over_reference compares with"),
        **_bounded(
            "over_reference",
            "net_benefit less that of the reference arm, of the subjects of both",
            "1",
        ),
        "n_reference": count("subjects of both arms"),
    }
    | _COUNTS
    | _END,
    "clinical_impact": _HEAD
    | _bounded("flagged", "subjects with at least this risk, per 1000", "per 1000")
    | _bounded("true_positives", "those of them with the event", "per 1000")
    | _bounded("false_positives", "those of them without", "per 1000")
    | _bounded("events", "subjects with the event, flagged or not", "per 1000")
    | _bounded(
        "avoided",
        "fewer needless actions than by acting on everybody, at equal true positives",
        "per 1000",
    )
    | _COUNTS
    | _END,
}
