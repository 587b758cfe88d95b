"""Kinds of tables of added value."""

from ..columns import INFINITE, Column, count, number, text
from ..keys import ARM, SCHEME

KINDS: dict[str, dict[str, Column]] = {
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
