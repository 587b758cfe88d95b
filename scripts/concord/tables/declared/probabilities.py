"""Kinds of tables of probabilities: calibration, its curve, and squared errors."""

from ..columns import INFINITE, Column, count, number, optional, text
from ..keys import ARM, SCHEME

_HORIZON = {
    "horizon_days": number("time of the risk; empty of a binary outcome", "day", 0)
}
_PART = ARM | {"scheme": text(SCHEME, required=True)} | _HORIZON
_STRATUM = {"stratum": text("all, or group=<name>", required=True)}
_COUNTS = {
    "n": count("subjects with a probability and a known outcome"),
    "n_events": count("events among them, by the horizon"),
}


def _interval(name: str, meaning: str, low: float = -INFINITE) -> dict[str, Column]:
    """An estimate with its interval."""
    return {
        name: number(meaning, "", low),
        f"{name}_standard_error": number("its standard error", "", 0),
        f"{name}_lower": number("lower bound of its interval"),
        f"{name}_upper": number("upper bound"),
    }


KINDS: dict[str, dict[str, Column]] = {
    "calibration": _PART
    | _STRATUM
    | _COUNTS
    | {
        "mean_prediction": number("mean predicted probability", "1", 0, 1),
        "observed": number(
            "share of subjects with the event; at a horizon by Aalen and Johansen",
            "1",
            0,
            1,
        ),
        "observed_expected": number("observed over mean prediction", "1", 0),
        "oe_log_standard_error": number("standard error of its logarithm", "", 0),
        "oe_lower": number("lower bound of its interval, log scale", "1", 0),
        "oe_upper": number("upper bound", "1", 0),
    }
    | _interval(
        "intercept",
        "calibration in the large: above 0, more events than predicted; log odds, of "
        "risks log cumulative hazard",
    )
    | {
        "intercept_p_value": number(
            "of no difference, with the error of the models' own intercepts", "1", 0, 1
        ),
        "intercept_p_holm": number(
            "the same adjusted for the number of groups", "1", 0, 1
        ),
    }
    | _interval(
        "slope", "calibration slope within models: below 1, predictions too extreme"
    )
    | {
        "ici": number("mean distance of the flexible curve from the ideal", "1", 0, 1),
        "e50": number("median distance", "1", 0, 1),
        "e90": number("90 % quantile of the distance", "1", 0, 1),
        "emax": number("largest distance", "1", 0),
        "ici_expected": number(
            "mean distance that calibrated predictions would have by chance", "1", 0, 1
        ),
        "smoother": text("how the flexible curve is made"),
        "spiegelhalter_z": number("Spiegelhalter's statistic; binary outcomes"),
        "spiegelhalter_p_value": number("its p-value", "1", 0, 1),
        "method": text("how estimates and intervals are made"),
        "reason": text("why a value is not defined"),
    },
    "calibration_curve": _PART
    | {
        "predicted": number("predicted probability", "1", 0, 1),
        "observed": number("smoothed outcome there", "1", 0, 1),
        "lower": number("lower bound of the pointwise band", "1", 0, 1),
        "upper": number("upper bound", "1", 0, 1),
    },
    "calibration_histogram": _PART
    | {
        "lower": number("least prediction of the bin", "1", 0, 1),
        "upper": number("largest prediction of the bin", "1", 0, 1),
        "n_events": count("subjects with the event, in the first repeat"),
        "n_free": count("subjects known to have had none"),
        "n_unknown": count("subjects censored before the horizon"),
    },
    "overall": _PART
    | _STRATUM
    | {
        "metric": text(
            "brier, scaled_brier (1 - brier / null_brier) or integrated_brier",
            required=True,
        )
    }
    | _COUNTS
    | {
        "estimate": number("the value", "1", -INFINITE, 1),
        "standard_error": number("its standard error", "1", 0),
        "lower": number("lower bound of its interval", "1"),
        "upper": number("upper bound", "1"),
        "null_brier": number("Brier score of the observed share", "1", 0, 1),
        "reference_arm": text("arm that it is compared with", required=True),
        "difference": number("value of the arm less that of the reference arm", "1"),
        "difference_standard_error": number("its standard error", "1", 0),
        "difference_lower": number("lower bound of its interval", "1"),
        "difference_upper": number("upper bound", "1"),
        "difference_reason": optional(text("why there is no difference")),
        "method": text("how estimates and intervals are made"),
        "reason": text("why a value is not defined"),
    },
    "pooled_calibration": ARM
    | _HORIZON
    | {
        "measure": text("intercept, slope or observed_expected", required=True),
        "n_groups": count("groups that were left out"),
        "n_pooled": count("groups with a value and a standard error"),
        "not_pooled": text("the others; separated by ;"),
        "estimate": number("mean of groups; of the ratio by its logarithm"),
        "lower": number("lower bound of its interval (Hartung-Knapp)"),
        "upper": number("upper bound"),
        "prediction_lower": number("where a new group may lie, from"),
        "prediction_upper": number("and up to"),
        "tau": number("SD of the true values of groups (REML); of log ratios", "", 0),
        "tau_lower": number("lower bound of its interval (Q profile)", "", 0),
        "tau_upper": number("upper bound", "", 0),
        "i2": number("share of that in the variance of a typical group", "1", 0, 1),
        "q": number("statistic of equal groups (Cochran)", "", 0),
        "q_p_value": number("its p-value, chi-squared", "1", 0, 1),
        "reason": text("why nothing is pooled, or how far to trust it"),
    },
}
