"""Kinds of tables of instability: models of other samples of the same subjects."""

from ..columns import Column, count, number, text
from ..keys import ARM

#: Sign between the names of features in one cell.
SEPARATOR = ";"
_SAMPLE = ARM | {"sample": count("number of the bootstrap sample; 0: all subjects")}
_HORIZON = {"horizon_days": number("horizon of a risk; empty of others", "day", 0)}
_SCALE = {
    "scale": text(
        "what predictions are: probability, risk (by the horizon), or standard score "
        "(SD from the mean of the model's own sample)",
        required=True,
    )
}
_SUBJECT = {"subject_id": text("study id of the subject", required=True)}

KINDS: dict[str, dict[str, Column]] = {
    "sample_predictions": _SAMPLE
    | _SUBJECT
    | {
        "times": count("how often the sample holds the subject; 0 out of bag"),
        "score": number("linear predictor; larger is worse"),
        "probability": number("predicted probability; empty if survival", "1", 0, 1),
        "standard_score": number("score in SD from the mean of the sample"),
        "risk_group": text("high or low, cut at the median of the sample"),
    }
    | _HORIZON
    | {
        "prediction": number(
            "probability, or risk by the horizon; empty without either", "1", 0, 1
        ),
        "reason": text("why there is no prediction"),
    },
    "sample_fits": _SAMPLE
    | {
        "status": text("ok or failed", required=True),
        "n_candidates": count("candidate features"),
        "n_selected": count("features in the model"),
        "features": text("their full names, separated by ;"),
        "message": text("what went wrong or was noteworthy"),
    },
    "instability": ARM
    | _HORIZON
    | _SCALE
    | {
        "quantity": text(
            "mape (mean absolute difference to the original prediction), changed_class "
            "(share of subjects of another class), slope, in_the_large (log odds) or "
            "observed_less_predicted (risk), the last three in all subjects",
            required=True,
        ),
        "rule": text("risk_group (own cut of each model) or threshold; of classes"),
        "threshold": number("declared probability or risk", "1", 0, 1),
        "original": number("value of the model of all subjects"),
        "mean": number("mean over the models of samples"),
        "lower": number("2.5 % of these models are below"),
        "upper": number("2.5 % of these models are above"),
        "n_models": count("models with a value"),
        "n_failed": count("samples whose model has no prediction"),
        "n": count("subjects with a prediction of the original model"),
        "reason": text("why there is no value"),
    },
    "prediction_instability": ARM
    | _HORIZON
    | _SCALE
    | _SUBJECT
    | {
        "n_models": count("models of samples with a prediction of the subject"),
        "original": number("prediction of the model of all subjects"),
        "lower": number("2.5 % of the predictions are below"),
        "median": number("median of the predictions"),
        "upper": number("2.5 % of the predictions are above"),
        "mape": number("mean absolute difference to the original", "", 0),
    },
    "class_instability": ARM
    | _HORIZON
    | {
        "rule": text("risk_group or threshold", required=True),
        "threshold": number("declared probability or risk", "1", 0, 1),
    }
    | _SUBJECT
    | {
        "original": number("prediction of the model of all subjects"),
        "positive": count("1 if that model puts the subject above, else 0"),
        "changed": number("share of models with another class", "1", 0, 1),
    },
    "calibration_instability": _SAMPLE
    | _HORIZON
    | {
        "predicted": number("prediction", "1", 0, 1),
        "observed": number("smooth share of events there (local lines)", "1", 0, 1),
    },
    "selection_stability": ARM
    | {
        "scheme": text("fits of cv, or of bootstrap samples", required=True),
        "n_fits": count("fits that succeeded"),
        "n_candidates": count("features that a fit could select"),
        "mean_selected": number("selected features, mean over the fits", "", 0),
        "stability": number(
            "Nogueira's index: 1 always the same features, 0 as by chance", "1", -1, 1
        ),
        "standard_error": number("its standard error", "", 0),
        "lower": number("lower bound of the interval"),
        "upper": number("upper bound of the interval"),
        "method": text("how value and interval were made"),
        "reason": text("why there is no value, or no interval"),
    },
}
