"""Kinds of tables of features and their stability."""

from ..columns import INFINITE, Column, count, flag, number, text
from ..keys import IMAGE, MASK

KINDS: dict[str, dict[str, Column]] = {
    "batch_facts": IMAGE
    | {
        "variable": text("batch variable: a column of the source", required=True),
        "value": text("its value; empty if it is not known"),
    },
    "undefined": MASK
    | {
        "column": text("feature column", required=True),
        "reason": text("why the value is NaN", required=True),
    },
    "dictionary": {
        "name": text("image.region.filter[@recipe].family.feature", required=True),
        "image": text("name of the image in the study", required=True),
        "region": text("what is segmented", required=True),
        "column": text("column of the feature matrix", required=True),
        "filter": text("image filter, or original", required=True),
        "family": text("IBSI family", required=True),
        "feature": text("name within the family", required=True),
        "ibsi_code": text("IBSI code of the feature; empty if not standardized"),
        "ibsi_name": text("name of the feature in the IBSI manual"),
        "aggregation": text("IBSI aggregation of texture matrices"),
        "measurand": text("what the value says, in words", required=True),
        "unit": text("unit of the value", required=True),
        "unit_ucum": text("the same in the notation of UCUM"),
        "conditions": text("what must hold for the value to mean this", required=True),
        "readers": text("who segmented the region, separated by blanks", required=True),
        "recipe": text("name of the recipe in the configuration", required=True),
        "recipe_hash": text("hash of the complete recipe", required=True),
        "software": text("engine and version", required=True),
        "standardized": flag("defined by IBSI and within its tolerance here"),
    },
    "stability": {
        "image": text("name of the image in the study", required=True),
        "region": text("what is segmented", required=True),
        "column": text("column of the feature matrix", required=True),
        "axis": text("reader or retest", required=True),
        "form": text("ICC(A,1) or ICC(1,1)", required=True),
        "n_subjects": count("subjects with all ratings"),
        "n_raters": count("ratings of each subject"),
        "icc": number("intraclass correlation", "1", -INFINITE, 1),
        "icc_lower": number("lower 95 % bound", "1", -INFINITE, 1),
        "icc_upper": number("upper 95 % bound", "1", -INFINITE, 1),
        "within_sd": number("within-subject SD, unit of the feature", "", 0),
        "within_cv": number("within-subject coefficient of variation", "1", 0),
        "repeatability_coefficient": number("2.77 within-subject SD", "", 0),
        "bias": number("mean difference of the last and the first rating"),
        "stable": flag("icc_lower reaches the threshold"),
        "reason": text("why the value is NaN"),
    },
    "reader_stability": {
        "image": text("name of the image in the study", required=True),
        "region": text("what is segmented", required=True),
        "column": text("column of the feature matrix", required=True),
        "reader": text("who or what segmented it", required=True),
        "reader_b": text("reader compared with `reader`", required=True),
        "n_subjects": count("subjects segmented by both, baseline session"),
        "icc": number("ICC(A,1)", "1", -INFINITE, 1),
        "icc_lower": number("lower bound of the interval", "1", -INFINITE, 1),
        "icc_upper": number("upper bound of the interval", "1", -INFINITE, 1),
        "stable": flag("icc_lower reaches the threshold"),
        "reason": text("why the value is NaN"),
    },
    "feature_crosscheck": MASK
    | {
        "recipe": text("recipe of the configuration", required=True),
        "source": text("original, or the response map; missing: all of the recipe"),
        "column": text("column of the feature matrix, if it is one value"),
        "second_engine": text("second engine and version", required=True),
        "n_values": count("values that the row stands for; 1 if compared"),
        "first": number("value of the engine of the study, in its unit"),
        "second": number("value of the second engine, in the same unit"),
        "relative_difference": number("as a share of the larger value", "1", 0),
        "verdict": text("equal, explained, unexplained, not_compared", required=True),
        "cause": text("known cause that holds in this region"),
        "reason": text("why values are not compared"),
    },
}
