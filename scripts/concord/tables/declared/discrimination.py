"""Kinds of tables of discrimination in detail."""

from ..columns import Column, count, number, text
from ..keys import ARM, SCHEME

_MEASURE = {
    "scheme": text(SCHEME, required=True),
    "stratum": text("all, or within: pairs of one group", required=True),
    "measure": text(
        "auc, partial_auc (standardized), harrell_c, uno_c or auc_at (cases by a day)",
        required=True,
    ),
    "horizon_days": number("day of auc_at; empty of others", "day", 0),
    "until_days": number("last day on which events count; C-indices", "day", 0),
    "least_specificity": number("start of the range of partial_auc", "1", 0, 1),
}
_INTERVAL = {
    "estimate": number("point estimate"),
    "standard_error": number("its standard error, after widening", "", 0),
    "widening": number("factor by which refitted models widen it", "1", 1),
    "lower": number("lower bound of the interval"),
    "upper": number("upper bound of the interval"),
    "method": text("how estimate and interval were made"),
    "reason": text("why there is no interval"),
}
_SHARES = {
    f"{name}{end}": number(f"{bound}{words}", "1", 0, 1)
    for name, words in (
        ("sensitivity", "share of subjects with the event who are high"),
        ("specificity", "share of the others who are not high"),
        ("ppv", "share of high subjects who have the event"),
        ("npv", "share of the others who have it not"),
    )
    for end, bound in (
        ("", ""),
        ("_lower", "lower bound of the "),
        ("_upper", "upper bound of the "),
    )
}

KINDS: dict[str, dict[str, Column]] = {
    "discrimination": ARM
    | _MEASURE
    | {
        "n": count("evaluation subjects; of auc_at, those whose state is known"),
        "n_events": count("events that count among them"),
        "n_folds": count("folds with a defined value"),
    }
    | _INTERVAL,
    "discrimination_differences": ARM
    | {"reference_arm": text("arm compared with", required=True)}
    | _MEASURE
    | {
        "n": count("subjects that both arms have scored, counted as before"),
        "n_events": count("events that count among them"),
        "n_folds": count("folds with both values"),
        "estimate_arm": number("value of the arm on these subjects", "1", 0, 1),
        "estimate_reference": number("value of the arm compared with", "1", 0, 1),
    }
    | _INTERVAL
    | {"p_value": number("two-sided p-value by the same error", "1", 0, 1)},
    "time_dependent_auc": ARM
    | {
        "scheme": text(SCHEME, required=True),
        "time_days": number("day of the AUC", "day", 0),
        "n_cases": count("subjects with the event of interest by then"),
        "n_controls": count("subjects without it who are followed to then"),
        "n_folds": count("folds with a case and a control"),
        "estimate": number("AUC of cases and controls, mean over folds", "1", 0, 1),
        "lower": number("lower bound of the pointwise interval", "1", 0, 1),
        "upper": number("upper bound of it", "1", 0, 1),
        "method": text("how estimate and interval were made"),
        "reason": text("why there is no value, or no interval"),
    },
    "operating_points": ARM
    | {
        "scheme": text(SCHEME, required=True),
        "stratum": text("all or group=<name>", required=True),
        "rule": text(
            "what chose the threshold: youden, sensitivity or specificity in "
            "development, or probability (given)",
            required=True,
        ),
        "horizon_days": number("time by which events count; risks alone", "day", 0),
        "asked": number(
            "sensitivity or specificity asked for in development, or the probability",
            "1",
            0,
            1,
        ),
        "threshold": number("score or probability that is high; mean over folds"),
        "n_folds": count("folds with a threshold"),
        "n": count("evaluation subjects whose outcome counts"),
        "n_events": count("events among them"),
        "high": number("share of subjects who are called high", "1", 0, 1),
    }
    | _SHARES
    | {
        "method": text("how the shares and their intervals were made"),
        "reason": text("why a share has no value"),
    },
}
