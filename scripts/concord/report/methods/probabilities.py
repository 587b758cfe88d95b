"""Methods of calibration and squared error, where there are probabilities."""

from ..results import Results


def probabilities_sentence(results: Results) -> str:
    """Sentence on the judgement of probabilities, with a space before it; or empty."""
    rows = results["calibration"]
    if rows["mean_prediction"].isna().all():
        return ""
    text = (
        " Calibration of predicted probabilities was described by observed over "
        "expected events, calibration in the large, the slope within models and the "
        "distance of a lowess curve from the ideal, squared error by the Brier score "
        "and its share of that of the observed share"
    )
    if rows["horizon_days"].notna().any():
        text += (
            "; at horizons, outcomes were pseudo-observations of the risk and Brier "
            "scores were weighted for censoring"
        )
    return f"{text} (jackknife by clusters of subjects, models as they are)."
