"""Kinds of tables of competing risks."""

from ..columns import INFINITE, Column, count, number, text

_ENDPOINT = {"endpoint": text("name of the endpoint", required=True)}
_CAUSE = {"cause": count("code of the cause")}


def _effect(prefix: str, of: str) -> dict[str, Column]:
    return {
        f"{prefix}_log_hr": number(f"log ratio of {of} per unit of the term"),
        f"{prefix}_standard_error": number("its standard error", "", 0),
        f"{prefix}_lower": number("lower bound of the interval"),
        f"{prefix}_upper": number("upper bound of the interval"),
        f"{prefix}_p_value": number("of no effect (Wald)", "1", 0, 1),
        f"{prefix}_reason": text("why the effect, or its interval, is undefined"),
    }


KINDS: dict[str, dict[str, Column]] = {
    "competing_incidence": _ENDPOINT
    | {
        "arm": text("arm that gives the risk groups", required=True),
        "risk_group": text("all, or a risk group by the fold's model", required=True),
    }
    | _CAUSE
    | {
        "time_days": number("time of events or censoring", "d", 0),
        "n_at_risk": count("subjects without any event just before"),
        "n_events": count("events of the cause at this time"),
        "n_other_events": count("events of other causes at this time"),
        "n_censored": count("subjects censored at this time"),
        "incidence": number("probability of the cause by this time", "1", 0, 1),
        "standard_error": number("its standard error", "1", 0),
        "lower": number("lower bound of the pointwise interval", "1", 0, 1),
        "upper": number("upper bound of the pointwise interval", "1", 0, 1),
    },
    "competing_effects": _ENDPOINT
    | {
        "kind": text("covariate, factor or score (of an arm)", required=True),
        "variable": text("its name", required=True),
        "term": text("column of it; one model has all of them", required=True),
        "unit": text("what the effect is per, or against", required=True),
        "standard_deviation": number("SD of the term among the subjects", "", 0),
    }
    | _CAUSE
    | {
        "n": count("subjects with the variable and a known outcome"),
        "n_events": count("events of the cause among them"),
    }
    | _effect("specific", "cause-specific hazards (Cox, Efron ties)")
    | _effect("subdistribution", "subdistribution hazards (Fine-Gray, robust error)"),
    "competing_tests": _ENDPOINT
    | {
        "grouping": text("site, group, factor.<name> or risk_group", required=True),
        "within": text("labels within which groups are compared; empty: none"),
    }
    | _CAUSE
    | {
        "n": count("subjects with a group and a known outcome"),
        "n_events": count("events of the cause among them"),
        "n_groups": count("groups"),
        "least_expected": number("events expected in the smallest group", "", 0),
        "chi_squared": number("Gray's statistic", "", 0, INFINITE),
        "df": count("its degrees of freedom"),
        "p_value": number("of equal cumulative incidences", "1", 0, 1),
        "reason": text("why there is no p-value"),
    },
}
