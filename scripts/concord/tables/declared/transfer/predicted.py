"""Kinds of tables of subjects that frozen models are applied to."""

from ...columns import Column, count, flag, number, optional, text
from ...keys import ARM, SUBJECT
from ..predictions import LEARNT_THRESHOLDS

_MODEL = SUBJECT | ARM | {"model_hash": text("hash of the model's file", required=True)}
_PREDICTION = {
    "status": text(
        "scored; not applicable (a flag voids the score); or not scored", required=True
    ),
    "reason": text("why there is no score, or why it does not apply"),
    "score": number("linear predictor, or log odds; larger is worse"),
    "percentile": number(
        "percentile of the score in development; 0 below and 100 above all", "", 0, 100
    ),
    "risk_group": text("low to high, by cuts of development"),
    "probability": number("predicted probability; empty with times", "1", 0, 1),
    "horizon_days": number("time at which the risk is told; empty without", "day", 0),
    "risk": number("probability of the event by then", "1", 0, 1),
    "lower": number(
        "percentile 2.5 of probability or risk over models of bootstrap samples",
        "1",
        0,
        1,
    ),
    "upper": number("percentile 97.5 of them", "1", 0, 1),
    "n_samples": count("bootstrap samples whose models gave a value"),
    "interval_reason": text("why there is no interval"),
    "red_flags": text("names of red flags, separated by blanks"),
    "amber_flags": text("names of amber flags, separated by blanks"),
    "chance_out_of_range": number(
        "share, at most, of subjects like those of development of whom a predictor is "
        "out of range, by the margin or less",
        "1",
        0,
        1,
    ),
    "chance_distance": number(
        "share of subjects like those of development who are distant; empty if the "
        "distance is not judged",
        "1",
        0,
        1,
    ),
}
_LEARNT = {
    **LEARNT_THRESHOLDS,
    "n_predictors": optional(count("features and covariates of the model")),
    "n_missing": optional(count("those of them that are missing")),
    "n_members": optional(count("members of a fused model that gave a score")),
    "members_missing": optional(text("members of a fused model that gave none")),
    "adapted_by": text(
        "subjects whose images made the estimates of its batch, separated by blanks"
    ),
}

KINDS: dict[str, dict[str, Column]] = {
    "patient_predictions": _MODEL | _PREDICTION,
    "patient_scores": _MODEL | _PREDICTION | _LEARNT,
    "patient_flags": _MODEL
    | {
        "flag": text("name of the flag", required=True),
        "severity": text("red or amber", required=True),
        "voids": flag("the score does not apply because of it"),
        "item": text("predictor, image, region or fact that it is about"),
        "seen": text("value seen", required=True),
        "expected": text("value expected", required=True),
    },
}
