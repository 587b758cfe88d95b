"""Kinds of tables of internal validation: groups pooled, and bootstrap samples."""

from ..columns import INFINITE, count, number, text
from ..keys import ARM

_METRIC = {"metric": text("auc or c_index", required=True)}

KINDS = {
    "pooled_groups": ARM
    | _METRIC
    | {
        "n_groups": count("groups that were left out"),
        "n_pooled": count("groups whose value has a standard error, which are pooled"),
        "not_pooled": text("the others; separated by ;"),
        "estimate": number(
            "mean value of groups, pooled on the logit scale", "1", 0, 1
        ),
        "lower": number("lower bound of its interval (Hartung-Knapp)", "1", 0, 1),
        "upper": number("upper bound", "1", 0, 1),
        "prediction_lower": number("where a new group may lie, from", "1", 0, 1),
        "prediction_upper": number("and up to", "1", 0, 1),
        "usual_prediction_lower": number(
            "the same as if the scatter of groups were known, t with k - 1 degrees",
            "1",
            0,
            1,
        ),
        "usual_prediction_upper": number("upper bound of that", "1", 0, 1),
        "tau": number("SD of the true values of groups, logit scale (REML)", "", 0),
        "tau_lower": number("lower bound of its interval (Q profile)", "", 0),
        "tau_upper": number("upper bound", "", 0),
        "i2": number("share of that in the variance of a typical group", "1", 0, 1),
        "q": number("statistic of equal groups (Cochran)", "", 0),
        "q_p_value": number("its p-value, chi-squared", "1", 0, 1),
        "reason": text("why nothing is pooled, or how far to trust it"),
    },
    "resampled": ARM
    | _METRIC
    | {
        "sample": count("number of the bootstrap sample; 0: all subjects, each once"),
        "n_distinct": count("subjects that the sample holds, repeats not counted"),
        "n_out_of_bag": count("subjects that it does not hold"),
        "in_sample": number("value of its model in the sample itself", "1", 0, 1),
        "on_all": number("value of its model in all subjects, each once", "1", 0, 1),
        "out_of_bag": number("value in subjects that it does not hold", "1", 0, 1),
        "status": text("ok or failed", required=True),
        "estimates_hash": text("hash of everything learnt"),
        "message": text("why there is no model"),
    },
    "bootstrap": ARM
    | _METRIC
    | {
        "n_samples": count("samples with a model"),
        "n_failed": count("samples without one"),
        "apparent": number("value of the model of all in all subjects", "1", 0, 1),
        "optimism": number(
            "mean of in_sample - on_all over the samples", "1", -INFINITE, 1
        ),
        "corrected": number("apparent - optimism", "1", -INFINITE, INFINITE),
        "out_of_bag": number("mean value out of bag over the samples", "1", 0, 1),
        "relative_overfitting": number(
            "share of the apparent information that is lost out of bag", "1", 0, 1
        ),
        "no_information": number("value of a score that knows nothing", "1", 0, 1),
        "value_632_plus": number(
            "between apparent and out_of_bag, by the .632+ rule", "1", 0, 1
        ),
        "reason": text("why there is no interval, or no value"),
    },
}
