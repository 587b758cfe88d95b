"""Kinds of tables of updates of a model at another hospital."""

from ...columns import Column, count, number, text
from ...keys import ARM

_UPDATE = text(
    "none (the model as it is), in_the_large, intercept_slope, baseline or "
    "baseline_slope",
    required=True,
)

KINDS: dict[str, dict[str, Column]] = {
    "updates": ARM
    | {
        "update": _UPDATE,
        "parent": text("hash of the model that is updated", required=True),
        "hash": text("hash of the updated model; of none that of the model itself"),
        "n": count("subjects with a score and a known outcome"),
        "n_events": count("events among them"),
        "n_clusters": count("clusters of them"),
        "n_left_out": count("subjects without a score or a known outcome"),
        "statistic": number("of the test whether this is enough", "", 0),
        "df": count("numbers that the largest update learns beyond this one"),
        "largest": text("update that this one is tested against"),
        "p_value": number("small: this is not enough", "1", 0, 1),
        "test": text("how statistic and p-value were made"),
        "warranted": count("1 of the update that the closed test comes to, else 0"),
        "intercept": number("added to the multiplied score; binary"),
        "intercept_lower": number("lower bound of the interval"),
        "intercept_upper": number("upper bound of it"),
        "slope": number("factor of the score"),
        "slope_lower": number("lower bound of the interval"),
        "slope_upper": number("upper bound of it"),
        "hazard_factor": number("factor of the baseline hazard", "1", 0),
        "hazard_factor_lower": number("lower bound of the interval", "1", 0),
        "hazard_factor_upper": number("upper bound of it", "1", 0),
        "competing_factor": number("factor of the hazard of other causes", "1", 0),
        "method": text("how the intervals were made"),
        "note": text("what was kept as it was, and what was taken as given"),
        "reason": text("why there is no updated model, or no test"),
    },
    "update_performance": ARM
    | {
        "update": _UPDATE,
        "stage": text(
            "before; apparent: the subjects that the update was learnt from; "
            "cross_validated: subjects that it was not learnt from",
            required=True,
        ),
        "horizon_days": number("day of the risk; empty of events", "day", 0),
        "metric": text(
            "calibration_in_the_large, calibration_slope, observed_expected, ici or "
            "brier",
            required=True,
        ),
        "n": count("subjects"),
        "n_events": count("events among them"),
        "estimate": number("point estimate"),
        "lower": number("lower bound of the interval"),
        "upper": number("upper bound of it"),
        "by_chance": number("ici that calibrated predictions would have", "1", 0, 1),
        "difference": number("less the value of the model as it is, same subjects"),
        "difference_lower": number("lower bound of the interval"),
        "difference_upper": number("upper bound of it"),
        "method": text("how estimate and interval were made"),
        "reason": text("why there is no value, or no interval"),
    },
}
