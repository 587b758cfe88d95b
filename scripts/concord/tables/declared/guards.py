"""Kinds of tables of guards: is there enough to learn from, and is it new."""

from ..columns import Column, count, flag, number, text
from ..keys import ARM

KINDS: dict[str, dict[str, Column]] = {
    "sample_size": ARM
    | {
        "criterion": text(
            "shrinkage (coefficients need no more of it than 0.9), optimism (apparent "
            "and adjusted R2 differ by 5 % of the largest R2 at most) or overall_risk "
            "(its 95 % interval is within 0.05)",
            required=True,
        ),
        "n_parameters": count(
            "candidate parameters: features before every filter, columns of "
            "covariates, groups less one"
        ),
        "n": count("subjects of the study with a known outcome"),
        "n_events": count("events among them"),
        "r2": number("Cox-Snell R2 that is expected of a model", "1", 0, 1),
        "largest_r2": number("largest Cox-Snell R2 that a model can have", "1", 0, 1),
        "assumption": text("where the expected R2 comes from"),
        "n_required": count("subjects that the criterion asks for"),
        "n_events_required": count("events among as many, as frequent as here"),
        "reason": text("why the criterion asks for no number"),
    },
    "duplicate_columns": {
        "name": text("feature, or covariate.<name>", required=True),
        "copy_of": text("the first column that it repeats", required=True),
        "n": count("subjects of whom both are known"),
        "equal": flag("the values are the same"),
        "factor": number("the column, per unit of the one it repeats"),
    },
    "event_counts": {
        "endpoint": text("outcome and question", required=True),
        "part": text("all, group or stratum", required=True),
        "label": text("which of these", required=True),
        "n": count("subjects"),
        "n_known": count("subjects with a known outcome"),
        "n_events": count("events among these"),
        "n_effective": count("events, of a binary outcome those of the rarer class"),
        "n_censored_before": count(
            "subjects who are censored before the horizon; empty without one"
        ),
        "note": text("none, very few (below 5) or few (below 10) effective events"),
    },
}
