"""Kinds of tables of late fusion."""

from ..columns import Column, count, number, text
from ..keys import ARM

KINDS: dict[str, dict[str, Column]] = {
    "fusion": ARM
    | {
        "scheme": text("cv or loso", required=True),
        "member": text("arm that is combined with others", required=True),
        "n_fits": count("fits of the fused arm"),
        "n_zero": count("fits in which the member has no weight"),
        "weight": number("mean weight, per SD of the member's score in development"),
        "weight_lowest": number("least weight of a fit"),
        "weight_highest": number("largest weight of a fit"),
        "n": count("evaluation subjects with a score; the first repeat"),
        "n_events": count("events among them"),
        "n_without": count("subjects who were scored without the member"),
        "n_events_without": count("events among these"),
    },
}
