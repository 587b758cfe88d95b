"""Kinds of tables of predictions, and of their agreement over readers."""

from ..columns import INFINITE, Column, count, number, optional, text
from ..keys import ARM, FOLD, SCHEME

#: Thresholds of the score that development chose, as columns of predictions.
LEARNT_THRESHOLDS = {
    f"threshold_{rule}": optional(
        number(f"score from which on a subject is high, by {words}; binary")
    )
    for rule, words in (
        ("youden", "Youden's index in development"),
        ("sensitivity", "the sensitivity asked for in development"),
        ("specificity", "the specificity asked for in development"),
    )
}
_PREDICTION = {
    "subject_id": text("study id of the subject", required=True),
    "group": text("site or batch of the subject", required=True),
    "cluster": text(
        "what rows of one patient share; the subject itself without one", required=True
    ),
    "event": count("1 if the event was observed, else 0"),
    "time_days": number("time to event or censoring; empty if binary", "day", 0),
    "stratum": text(
        "stratum of the subject, which others are compared in; endpoints with strata",
        optional=True,
    ),
    "weight": optional(
        number(
            "weight of the subject for those censored before the horizon, learnt from "
            "the evaluation rows of the fold",
            low=0,
        )
    ),
    "cause": optional(
        count("code of what ended the follow-up, 0 nothing; competing endpoints")
    ),
    "score": number("linear predictor; larger is worse"),
    "probability": number("predicted probability; empty if survival", "1", 0, 1),
    **LEARNT_THRESHOLDS,
    "risk_group": text(
        "low and high, or more groups, cut by the scores of development"
    ),
    "reason": text("why there is no prediction"),
    "n_predictors": optional(count("features and covariates of the arm")),
    "n_missing": optional(
        count("those of them that are missing; imputed if there is a score")
    ),
    "n_members": optional(
        count("members of a fused arm that gave a score; of these are the predictors")
    ),
    "members_missing": optional(text("members of a fused arm that gave none")),
}
KINDS: dict[str, dict[str, Column]] = {
    "predictions": ARM | FOLD | _PREDICTION,
    "risks": ARM
    | FOLD
    | {
        "subject_id": text("study id of the subject", required=True),
        "horizon_days": number("time at which the risk is judged", "day", 0),
        "risk": number(
            "probability of the event by then; of a competing endpoint, of the cause "
            "of interest; empty where there is no score",
            "1",
            0,
            1,
        ),
    },
    "reader_predictions": ARM
    | FOLD
    | {"reader": text("who or what segmented the regions", required=True)}
    | _PREDICTION
    | {
        "standard_score": number(
            "(score - lowest cut of the risk groups) / SD of the scores in development"
        ),
    },
    "prediction_agreement": ARM
    | {
        "scheme": text(SCHEME, required=True),
        "reader": text("reference reader", required=True),
        "reader_b": text("reader compared with `reader`", required=True),
        "n_subjects": count("subjects scored with the segmentations of both"),
        "n_unscored": count("subjects scored with those of `reader` alone"),
        "icc": number("ICC(A,1) of the standard scores", "1", -INFINITE, 1),
        "icc_lower": number("lower bound of the interval", "1", -INFINITE, 1),
        "icc_upper": number("upper bound of the interval", "1", -INFINITE, 1),
        "bias": number("mean of score of `reader_b` minus score of `reader`"),
        "sd_difference": number("SD of that difference", "", 0),
        "limit_lower": number("lower 95 % limit of agreement of the score"),
        "limit_upper": number("upper 95 % limit of agreement of the score"),
        "median_change": number("median absolute difference of the score", "", 0),
        "probability_bias": number("as bias, of the probability", "1", -1, 1),
        "probability_lower": number("lower 95 % limit of the probability"),
        "probability_upper": number("upper 95 % limit of the probability"),
        "regrouped": number("share of subjects of another risk group", "1", 0, 1),
        "regrouped_lower": number("lower bound of the interval", "1", 0, 1),
        "regrouped_upper": number("upper bound of the interval", "1", 0, 1),
        "to_high": number("share of subjects that move to a higher group", "1", 0, 1),
        "metric": text("auc or c_index", required=True),
        "discrimination": number("with the segmentations of `reader`", "1", 0, 1),
        "discrimination_b": number("with the segmentations of `reader_b`", "1", 0, 1),
        "difference": number("discrimination_b - discrimination", "1", -1, 1),
        "difference_lower": number("lower bound of the interval"),
        "difference_upper": number("upper bound of the interval"),
        "reason": text("why a value is NaN"),
    },
}
