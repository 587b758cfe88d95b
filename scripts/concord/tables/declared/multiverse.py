"""Kinds of tables of a multiverse: analyses, their choices, and what they show."""

from ..columns import count, flag, number, optional, text
from ..keys import SCHEME

_OF_ENDPOINT = {
    "endpoint": text("outcome and question", required=True),
    "scheme": text(SCHEME, required=True),
}
_NUMBER = {
    "specification": count("number of the combination; 1 is the headline", low=1)
}
_METRIC = {"metric": text("auc or c_index")}

KINDS = {
    "specifications": _OF_ENDPOINT
    | _NUMBER
    | _METRIC
    | {
        "status": text(
            "ok; failed (no fold can be fitted); impossible (choices contradict each "
            "other); or same (the same models as an earlier combination)",
            required=True,
        ),
        "n": count("subjects with a score and a known outcome"),
        "n_events": count("events among them"),
        "n_folds": count("folds with a value"),
        "estimate": number("mean value over the folds", "1", 0, 1),
        "lower": number("lower bound of its interval", "1", 0, 1),
        "upper": number("upper bound", "1", 0, 1),
        "method": text("method of the estimate and its interval"),
        "first_repeat": number("mean of the first repeat, which is tested", "1", 0, 1),
        "reference_estimate": number(
            "value of the reference in the same folds and subjects", "1", 0, 1
        ),
        "difference": number("paired difference to the reference", "1", -1, 1),
        "difference_lower": number("lower bound of its interval", "1"),
        "difference_upper": number("upper bound", "1"),
        "reason": text("why there is no value, or no interval"),
        "null_median": optional(
            number("median of the values of permuted outcomes", "1", 0, 1)
        ),
        "null_lower": optional(number("lower bound of their central 90 %", "1", 0, 1)),
        "null_upper": optional(
            number("upper bound; above it, p_value is at most 0.05", "1", 0, 1)
        ),
        "p_value": optional(
            number("one-sided p-value of the permutations of this one", "1", 0, 1)
        ),
        "p_adjusted": optional(
            number("the same for the largest of all, in SD of its null", "1", 0, 1)
        ),
        "above_null": optional(flag("p_value is at most 0.05")),
        "is_headline": optional(flag("it is the headline of the study")),
    },
    "specification_null": _OF_ENDPOINT
    | _NUMBER
    | {
        "permutation": count("number of the permutation, the same for all", low=1),
        "estimate": number("mean value over the folds of the first repeat", "1", 0, 1),
    },
    "specification_choices": {
        "endpoint": text("outcome and question", required=True),
        **_NUMBER,
        "key": text("key of the configuration", required=True),
        "value": text("its value in this combination"),
        "of_headline": flag("it is the value of the headline"),
    },
    "choice_effects": _OF_ENDPOINT
    | {
        "key": text("key of the configuration", required=True),
        "n_values": count("values that it takes"),
        "share": number(
            "variance of the values that main effects explain less without it, over "
            "that of all",
            "1",
            0,
            1,
        ),
        "range": number("highest_mean - lowest_mean", "1", 0, 1),
        "lowest_value": text("value of the key with the lowest mean"),
        "lowest_mean": number("mean over its combinations", "1", 0, 1),
        "highest_value": text("value of the key with the highest mean"),
        "highest_mean": number("mean over its combinations", "1", 0, 1),
        "p_value": number(
            "share of permutations with such a range in the first repeat", "1", 0, 1
        ),
        "reason": text("why there is no share"),
    },
    "multiverse": _OF_ENDPOINT
    | _METRIC
    | {
        "n_combinations": count("combinations of all alternatives"),
        "n_declared": count("those of them that were drawn, or all"),
        "n_specifications": count("of these, with a value"),
        "n_impossible": count("of these, whose choices contradict each other"),
        "n_same": count("of these, with the same models as an earlier one"),
        "n_failed": count("of these, that no fold could be fitted to"),
        "headline": number("value of the headline", "1", 0, 1),
        "rank": count("place of the headline, 1 for the highest value", low=1),
        "share_below_headline": number("share of the others below it", "1", 0, 1),
        "median": number("median value", "1", 0, 1),
        "lowest": number("lowest value", "1", 0, 1),
        "highest": number("highest value", "1", 0, 1),
        "median_difference": number("median difference to the reference", "1", -1, 1),
        "share_above_reference": number("share with a difference above 0", "1", 0, 1),
        "share_surely_above_reference": number(
            "share whose interval of the difference is above 0", "1", 0, 1
        ),
        "n_permutations": count("permutations of the outcome within groups"),
        "level": number("p-value up to which one is called above its null", "1", 0, 1),
        "share_above_null": number("share of those", "1", 0, 1),
        "null_share_above": number("its mean under permutations", "1", 0, 1),
        "p_share": number("share of permutations that reach that share", "1", 0, 1),
        "first_repeat_median": number("median value of the first repeat", "1", 0, 1),
        "null_median": number("its mean under permutations", "1", 0, 1),
        "p_median": number("share of permutations that reach that median", "1", 0, 1),
        "p_mean_z": number(
            "the same of the mean over analyses of values in SD of their null",
            "1",
            0,
            1,
        ),
        "reason": text("why there is no value"),
    },
}
