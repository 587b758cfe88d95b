"""Kinds of tables of the truth of a simulated study."""

from ..columns import Column, flag, number, text
from ..keys import SUBJECT

KINDS: dict[str, dict[str, Column]] = {
    "truth": SUBJECT
    | {
        "incomplete_session": text("session whose CT lacks a slice, a planted fault"),
        "heterogeneity_hu": number("planted lesion texture amplitude", "HU", 0),
        "radius_mm": number("planted mean lesion radius", "mm", 0),
        "log_hazard": number("planted log hazard of texture and covariates"),
        "reader_bias_mm": number("planted outward shift of reader B", "mm"),
        "automatic_bias_mm": number("planted outward shift of the algorithm", "mm"),
        "automatic_fails": flag("half of the lesion is missing by the algorithm"),
        "without_pet": flag("there is no PET of the subject"),
        "unusual": text("name of what was planted in this subject alone"),
        "site_gain": number("planted intensity gain of the site", "1", 0),
        "site_noise_hu": number("planted noise SD of the site", "HU", 0),
        "site_blur_mm": number("planted kernel blur of the site (SD)", "mm", 0),
        "site_log_hazard": number("planted effect of the site on the outcome"),
    },
    "recovered": {
        "claim": text("what the study should find", required=True),
        "planted": text("value put into the simulation", required=True),
        "found": text("value that the study found", required=True),
        "criterion": text("when it counts as recovered", required=True),
        "recovered": flag("criterion met"),
    },
}
