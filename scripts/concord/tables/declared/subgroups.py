"""Kinds of tables of subgroups: metrics, tests of interaction, and classes."""

from ..columns import Column, count, number, text
from ..keys import ARM, SCHEME

_PART = ARM | {
    "scheme": text(SCHEME, required=True),
    "subgroup": text("name of the variable of the subgroups, or all", required=True),
}
_LEVEL = {"level": text("the subgroup by this variable, or all", required=True)}
_MEASURE = {
    "measure": text(
        "auc, c_index, in_the_large (log odds), slope, brier, or "
        "observed_less_predicted (risk at the horizon)",
        required=True,
    ),
    "horizon_days": number("horizon of a risk; empty of others", "day", 0),
}


def _share(name: str) -> dict[str, Column]:
    """A share with the bounds of its interval."""
    return {
        name: number(f"{name}, mean over repeats", "1", 0, 1),
        f"{name}_lower": number("lower bound of its interval", "1", 0, 1),
        f"{name}_upper": number("upper bound", "1", 0, 1),
    }


KINDS: dict[str, dict[str, Column]] = {
    "subgroups": _PART
    | _LEVEL
    | _MEASURE
    | {
        "n": count("evaluation subjects with a score and an outcome"),
        "n_events": count("events among them"),
        "estimate": number("point estimate, mean over repeats"),
        "standard_error": number("its standard error", "", 0),
        "widening": number("factor of it by permuted outcomes; AUC, C-index", "1", 1),
        "lower": number("lower bound of the interval"),
        "upper": number("upper bound of the interval"),
        "method": text("how estimate and interval were made"),
        "reason": text("why there is no estimate, or no interval"),
    },
    "subgroup_tests": _PART
    | _MEASURE
    | {
        "n_levels": count("subgroups that are compared"),
        "left_out": text("subgroups that are not: too small, or without an error"),
        "n_unknown": count("subjects without a value of the variable"),
        "statistic": number("Welch's statistic of the values of the subgroups", "", 0),
        "df": count("its degrees of freedom: subgroups less one"),
        "df_denominator": number("those of the denominator", "", 0),
        "p_value": number("p-value that all subgroups have one value", "1", 0, 1),
        "n_tests": count("tests of the arm and scheme with a p-value"),
        "p_adjusted": number("p_value over all of these, by Holm", "1", 0, 1),
        "reason": text("why there is no test"),
    },
    "fairness": _PART
    | _LEVEL
    | {
        "rule": text(
            "what makes a subject positive: risk_group (high), youden, sensitivity or "
            "specificity (a cut of the score that the fold chose in development), or "
            "probability (declared)",
            required=True,
        ),
        "threshold": number("declared probability or risk; empty of others", "1", 0, 1),
        "horizon_days": number("horizon of status and risk; empty if binary", "day", 0),
        "n": count("subjects with a class and a known status"),
        "n_events": count("events among them"),
        "n_unknown": count("subjects without a class, or censored before the horizon"),
    }
    | _share("sensitivity")
    | _share("specificity")
    | _share("ppv")
    | _share("npv")
    | {
        "observed": number("share of events, mean over repeats", "1", 0, 1),
        "predicted": number("mean predicted probability or risk", "1", 0, 1),
        "observed_to_expected": number("observed / predicted", "1", 0),
        "method": text("how shares and intervals were made"),
        "reason": text("why the shares are not shown"),
    },
}
