"""Kinds of tables of external validation."""

from ...columns import Column, count, number, text
from ...keys import ARM

_POPULATION = {
    "population": text("applicable: without a red flag; or all scored", required=True)
}


def _bounded(name: str, meaning: str) -> dict[str, Column]:
    """A value with the bounds of its interval."""
    return {
        name: number(meaning),
        f"{name}_lower": number("lower bound of its interval"),
        f"{name}_upper": number("upper bound"),
    }


KINDS: dict[str, dict[str, Column]] = {
    "external": ARM
    | _POPULATION
    | {
        "quantity": text(
            "discrimination; model_based: what the spread of the scores alone allows; "
            "beyond_model_based: discrimination less that; case_mix_corrected: "
            "expected discrimination with the spread here; sd_of_scores and "
            "mean_of_scores: of the linear predictor; membership: c-statistic of "
            "telling external from development subjects; in_the_large, slope, "
            "observed_expected and ici of calibration",
            required=True,
        ),
        "metric": text("auc or c_index, of discrimination", required=True),
        "horizon_days": number("time of the risk; calibration alone", "day", 0),
        "n": count("external subjects with a score and a known outcome"),
        "n_events": count("events among them; of calibration by the horizon"),
    }
    | _bounded("expected", "value in development; of calibration the ideal one")
    | {"expected_from": text("scheme of validation, or what the value is of")}
    | _bounded("observed", "value in the external subjects")
    | _bounded("change", "observed less expected; of sd_of_scores their ratio")
    | {
        "method": text("how estimates and intervals are made"),
        "reason": text("why a value is not defined, or a remark"),
    },
    "external_scores": ARM
    | _POPULATION
    | {
        "percentile_from": number(
            "least percentile of development; empty: below all", "%", 0, 100
        ),
        "percentile_to": number("largest; empty: above all", "%", 0, 100),
        "score_from": number("score there; empty if open"),
        "score_to": number("score there; empty if open"),
        "n": count("external subjects in between"),
        "share": number("their share of all with a score", "1", 0, 1),
        "share_in_development": number("the same of development", "1", 0, 1),
    },
    "external_models": ARM
    | {
        "label": text("name of the model in figures and report", required=True),
        "model_hash": text("hash of the model's document", required=True),
        "parent_hash": text("that of the model that it was made of by an update"),
        "intended_use": text("for whom and what it is meant, as its document says"),
        "study": text("study or publication that it comes from", required=True),
        "development": text("subjects that it was fitted to", required=True),
        "n_development": count("development subjects"),
        "n_events_development": count("events among them"),
        "groups": text("development subjects by group"),
        "n_subjects": count("external subjects"),
        "n_scored": count("those with a score"),
        "n_applicable": count("those whose score has no red flag, or an accepted one"),
        "n_flagged": count("those whose score is not applicable for a red flag"),
        "n_judged": count("those with an applicable score and a known outcome"),
        "n_events": count("events among these"),
    },
}
