"""Kinds of tables of tuning."""

from ..columns import Column, count, flag, number, text
from ..keys import ARM, FOLD

KINDS: dict[str, dict[str, Column]] = {
    "tuning": ARM
    | FOLD
    | {
        "transform": text("transform of features tried", required=True),
        "harmonizer": text("harmonizer tried", required=True),
        "max_features": count("features that may enter the model, at most"),
        "l1_share": number("share of the penalty on absolute values", "1", 0, 1),
        "penalty": number("penalty per subject; empty if the model has none", "", 0),
        "n_inner_folds": count("inner folds in which the setting was fitted"),
        "deviance": number(
            "mean deviance of held-out subjects: per subject if binary, per event if "
            "survival"
        ),
        "standard_error": number("its standard error over the inner folds", "", 0),
        "n_terms": number("terms that are not 0, mean over the inner folds", "", 0),
        "chosen": flag("the setting that the fold was fitted with"),
    },
}
