"""Kinds of tables of subjects that frozen models are applied to."""

from ...columns import Column, number, text

_SCORES = {
    "subject_id": text("study id of the subject", required=True),
    "endpoint": text("endpoint of the model", required=True),
    "arm": text("name of the model in this study", required=True),
    "score": number("linear predictor; larger is worse"),
    "probability": number("predicted probability; empty with times", "1", 0, 1),
    "horizon_days": number("days by which the risk is told; with times", "day", 0),
    "risk": number("predicted risk by then", "1", 0, 1),
    "risk_group": text("risk group by the cuts of development"),
    "status": text("scored, not applicable or not scored", required=True),
    "reason": text("why there is no score, or why it does not apply"),
}
KINDS: dict[str, dict[str, Column]] = {
    "patient_predictions": _SCORES,
    "patient_scores": _SCORES,
}
