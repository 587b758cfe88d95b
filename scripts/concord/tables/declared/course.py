"""Kinds of tables of the course of survival."""

from ..columns import Column, count, number, text
from ..keys import ARM

_SET = ARM | {
    "scheme": text("cv (first repeat), loso, temporal or fixed", required=True),
    "fold": text("all folds together, or the set of a declared split", required=True),
}
_GROUP = {"risk_group": text("low to high, by the model of the fold", required=True)}
_COUNTS = {
    "n": count("subjects with what the row needs and a known outcome"),
    "n_events": count("events among them"),
}
_TAU = {"tau_days": number("time at which restricted means end", "d", 0)}
KINDS: dict[str, dict[str, Column]] = {
    "group_survival": _SET
    | _GROUP
    | _COUNTS
    | {
        "median_days": number("median time to the event; empty if not reached", "d", 0),
        "median_lower": number("lower bound of its interval (log-log)", "d", 0),
        "median_upper": number("upper bound; empty if not reached", "d", 0),
    }
    | _TAU
    | {
        "rmst_days": number("restricted mean survival time until tau", "d", 0),
        "standard_error": number("its standard error", "d", 0),
        "lower": number("lower bound of its interval", "d"),
        "upper": number("upper bound of its interval", "d"),
        "reason": text("why the mean has no interval"),
    },
    "group_survival_at": _SET
    | _GROUP
    | {
        "horizon_days": number("declared time", "d", 0),
        "n_at_risk": count("subjects still at risk then"),
        "n_events": count("events until then"),
        "survival": number("event-free probability then", "1", 0, 1),
        "standard_error": number("its standard error", "1", 0),
        "lower": number("lower bound of the interval (log-log)", "1", 0, 1),
        "upper": number("upper bound of the interval", "1", 0, 1),
        "reason": text("why the value or its interval is missing"),
    },
    "rmst_differences": _SET
    | _GROUP
    | {"reference_group": text("group that is subtracted", required=True)}
    | _TAU
    | {
        "difference_days": number("difference of the restricted means", "d"),
        "standard_error": number("its standard error", "d", 0),
        "lower": number("lower bound of its interval", "d"),
        "upper": number("upper bound of its interval", "d"),
        "method": text("how the interval was made"),
        "reason": text("why there is no interval"),
    },
    "log_rank_tests": _SET
    | {"within": text("labels that groups are compared within; empty: none")}
    | _COUNTS
    | {
        "n_groups": count("risk groups"),
        "least_expected": number("events expected in the smallest group", "", 0),
        "chi_squared": number("log-rank statistic", "", 0),
        "df": count("its degrees of freedom"),
        "p_value": number("of equal hazards, two-sided", "1", 0, 1),
        "trend_z": number("statistic of trend, positive if higher risk is earlier"),
        "trend_p_value": number("of no trend, two-sided", "1", 0, 1),
        "reason": text("why there is no p-value"),
    },
    "proportional_hazards": _SET
    | {
        "kind": text("score of the arm, or covariate of the reference", required=True),
        "term": text("score, covariate, or GLOBAL of all", required=True),
        "transform": text("km, rank, identity or log of the time", required=True),
    }
    | _COUNTS
    | {
        "n_strata": count("baseline hazards of the model"),
        "chi_squared": number("score statistic", "", 0),
        "df": count("its degrees of freedom"),
        "p_value": number("of an effect that is the same at all times", "1", 0, 1),
        "reason": text("why there is no statistic or p-value"),
    },
    "time_dependent_effect": _SET
    | {
        "time_days": number("time", "d", 0),
        "log_hazard_ratio": number("per SD of the scores of a fold, at this time"),
        "standard_error": number("its standard error, scores as given", "", 0),
        "lower": number("lower bound of the pointwise interval"),
        "upper": number("upper bound of the pointwise interval"),
        "constant": number("log hazard ratio if it is the same at all times"),
    }
    | _COUNTS
    | {"reason": text("why there is no curve or band")},
}
