"""Kinds of tables of utility: decision curves, clinical impact, added value."""

from ..columns import INFINITE, Column, count, number, text
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
    "added_value": ARM
    | {
        "reference_arm": text("arm that the value is added to", required=True),
        "scheme": text(SCHEME, required=True),
        "horizon_days": number(
            "time at which risks are judged; empty of a binary outcome, of scores and "
            "of discrimination",
            "day",
            0,
        ),
        "measure": text(
            "likelihood_ratio (chi-squared of the held-out score beside that of the "
            "reference arm), new_information and new_variance (fractions of new "
            "information), difference_auc or difference_c_index, idi, nri "
            "(continuous), nri_categories (by the declared probabilities); with "
            "_events and _non_events, their parts",
            required=True,
        ),
        "estimate": number("value of the measure", "", -INFINITE, INFINITE),
        "standard_error": number("its standard error", "", 0),
        "lower": number("lower bound of its interval"),
        "upper": number("upper bound"),
        "without_information": number(
            "value of the measure if the arm knew nothing beyond the reference arm, "
            "with the calibration that it has"
        ),
        "p_value": number("of the likelihood ratio, one-sided", "1", 0, 1),
        "n": count("subjects that both arms have scored"),
        "n_events": count("events among them"),
        "method": text("how value, interval and p-value were computed"),
        "reason": text("why there is no value, or no interval"),
    },
    "reclassification": ARM
    | {
        "reference_arm": text("arm that it is compared with", required=True),
        "scheme": text(SCHEME, required=True),
        "horizon_days": number(
            "time at which the risks are judged; empty of a binary outcome", "day", 0
        ),
        "subject_id": text("study id of the subject", required=True),
        "risk": number("risk by the arm, in the first repeat", "1", 0, 1),
        "risk_reference": number("risk by the reference arm", "1", 0, 1),
        "status": text(
            "event, no event or censored before; at the horizon, if there is one",
            required=True,
        ),
    },
}
