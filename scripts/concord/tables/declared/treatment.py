"""Kinds of tables of predictive endpoints: treatment by marker."""

from ..columns import Column, count, flag, number, text

_MARKER = {
    "endpoint": text("outcome and question", required=True),
    "marker": text(
        "name of the covariate or arm, or full name of the feature", required=True
    ),
    "marker_kind": text(
        "covariate, feature (as measured) or score (of an arm, by models that the "
        "subject was no part of)",
        required=True,
    ),
}
_RATIO = {
    "log_ratio": number(
        "log hazard ratio; of an outcome without times, log odds ratio"
    ),
    "standard_error": number("its standard error", "", 0),
    "ratio": number("hazard or odds ratio", "", 0),
    "lower": number("lower bound of its interval", "", 0),
    "upper": number("upper bound", "", 0),
}

KINDS: dict[str, dict[str, Column]] = {
    "interaction": _MARKER
    | {
        "n": count("subjects in whom the marker is tested"),
        "n_events": count("events among them"),
        "n_treated": count("treated subjects"),
        "n_events_treated": count("events among these"),
        "n_groups": count("strata: groups, each with a baseline of its own"),
        "n_missing": count(
            "members of the cohort without outcome, treatment, marker or adjustment"
        ),
        "n_repeated": count("further rows of a patient who has one already"),
        "n_untelling": count("subjects of groups whose outcomes tell of no effect"),
        "step": number(
            "difference of the marker that its effects are for, in its own unit: one "
            "SD, or 1 of a marker of 0 and 1; empty of ranks and categories"
        ),
        "df": count("degrees of freedom: columns of the marker", low=1),
        "chi_squared": number("likelihood ratio statistic of the interaction", "", 0),
        "p_value": number("its p-value", "1", 0, 1),
        "reason": text("why there is no test"),
        "curve_df": count("as df, of a restricted cubic spline of the marker", low=1),
        "curve_chi_squared": number("as chi_squared, of this curve", "", 0),
        "curve_p_value": number("its p-value", "1", 0, 1),
        "curve_reason": text("why there is no test of the curve"),
        "p_adjusted": number("p_value over the markers of the endpoint, by Holm"),
        "n_markers": count("markers of the endpoint, with a test or without"),
    },
    "marker_effects": _MARKER
    | {
        "term": text("the marker, or a level of it beside the first", required=True),
        "among": text(
            "control or treated; or treated / control, the ratio of both effects",
            required=True,
        ),
    }
    | _RATIO
    | {"reason": text("why there is no effect")},
    "treatment_effect": _MARKER
    | {
        "model": text(
            "line or curve (restricted cubic spline) in the marker, or levels of a "
            "category",
            required=True,
        ),
        "marker_level": text("level of a category"),
        "value": number("value of the marker, in its own unit"),
    }
    | _RATIO,
    "marker_values": _MARKER
    | {
        "subject_id": text("study id of a subject in the test", required=True),
        "treated": flag("the subject had the treatment"),
        "value": number("value of the marker, in its own unit"),
    },
}
