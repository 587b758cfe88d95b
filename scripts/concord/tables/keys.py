"""Columns that several kinds of tables share: what a row is about."""

from .columns import count, text

#: Keys of a row of a feature matrix.
FEATURE_KEYS = ("subject_id", "site", "session", "image", "region", "reader")

SUBJECT = {
    "subject_id": text("study id of the subject", required=True),
    "site": text("institution that contributed the data", required=True),
}
IMAGE = SUBJECT | {
    "session": text("time point of the scan", required=True),
    "image": text("name of the image in the study", required=True),
}
MODALITY = {"modality": text("DICOM modality: CT, MR or PT", required=True)}
MASK = IMAGE | {
    "region": text("what is segmented", required=True),
    "reader": text("who or what segmented it", required=True),
}
ARM = {
    "endpoint": text("outcome and question", required=True),
    "arm": text("predictor set, harmonizer and model", required=True),
}
FOLD = {
    "scheme": text(
        "cv (repeated k-fold), loso (leave one group out), temporal (later subjects), "
        "fixed (declared evaluation set), bootstrap (samples) or final (all subjects)",
        required=True,
    ),
    "repeat": count("repeat of the scheme, from 1", low=1),
    "fold": text("fold number, or the group left out", required=True),
}
BATCH = {
    "image": text("name of the image in the study", required=True),
    "variable": text("batch variable: site, scanner, kernel", required=True),
    "batch": text("label of the batch", required=True),
}
#: Schemes whose evaluation subjects are judged, in the meaning of a column.
SCHEME = "cv, loso, temporal or fixed"
