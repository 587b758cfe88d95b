"""Every kind of table of a study: column, type, unit, range and meaning."""

from .acquisition_columns import ACQUISITION
from .columns import INFINITE, Column
from .columns import count as _count
from .columns import flag as _flag
from .columns import number as _number
from .columns import text as _text

__all__ = ["FEATURE_KEYS", "KINDS", "Column"]

#: What identifies a row of a feature matrix.
FEATURE_KEYS = ("subject_id", "site", "session", "image", "region", "reader")

_SUBJECT = {
    "subject_id": _text("study id of the subject", required=True),
    "site": _text("institution that contributed the data", required=True),
}
_IMAGE = _SUBJECT | {
    "session": _text("time point of the scan", required=True),
    "image": _text("name of the image in the study", required=True),
}
_MODALITY = {"modality": _text("DICOM modality: CT, MR or PT", required=True)}
_MASK = _IMAGE | {
    "region": _text("what is segmented", required=True),
    "reader": _text("who or what segmented it", required=True),
}
_PAIR = {
    "reader_b": _text("reader compared with `reader`", required=True),
    "definition": _text("mesh or voxel, see docs/agreement.md", required=True),
}
_AGREEMENT = {
    "status": _text("ok, both_empty or one_empty", required=True),
    "dice": _number("Dice similarity coefficient", "1", 0, 1),
    "jaccard": _number("Jaccard index", "1", 0, 1),
    "hd_mm": _number("Hausdorff distance", "mm", 0),
    "hd_ab_mm": _number("largest distance from a to b", "mm", 0),
    "hd_ba_mm": _number("largest distance from b to a", "mm", 0),
    "hd95_mm": _number("larger of the directed 95th percentiles", "mm", 0),
    "hd95_ab_mm": _number("95th percentile of the distances from a to b", "mm", 0),
    "hd95_ba_mm": _number("95th percentile of the distances from b to a", "mm", 0),
    "hd95_pooled_mm": _number("95th percentile of both directions", "mm", 0),
    "assd_mm": _number("average symmetric surface distance", "mm", 0),
    "masd_mm": _number("mean of the two mean directed distances", "mm", 0),
    "volume_mm3": _number("volume by `reader`", "mm3", 0),
    "volume_b_mm3": _number("volume by `reader_b`", "mm3", 0),
    "volume_difference": _number("2 (b - a) / (a + b)", "1", -2, 2),
    "volume_difference_ml": _number("b - a", "ml"),
    "centroid_distance_mm": _number("distance of the centroids", "mm", 0),
    "n_components": _count("parts of a that share not even a corner"),
    "n_components_b": _count("parts of b that share not even a corner"),
    "sensitivity": _number("share of the reference reader that is found", "1", 0, 1),
    "precision": _number("share that the reference reader has too", "1", 0, 1),
    "note": _text("what is odd, each a code and its text, separated by ;"),
}
_ARM = {
    "endpoint": _text("outcome and question", required=True),
    "arm": _text("predictor set, harmonizer and model", required=True),
}
_FOLD = {
    "scheme": _text(
        "cv (repeated k-fold), loso (leave one group out) or final (all subjects)",
        required=True,
    ),
    "repeat": _count("repeat of the scheme, from 1", low=1),
    "fold": _text("fold number, or the group left out", required=True),
}
_PREDICTION = {
    "subject_id": _text("study id of the subject", required=True),
    "group": _text("site or batch of the subject", required=True),
    "event": _count("1 if the event was observed, else 0"),
    "time_days": _number("time to event or censoring; empty if binary", "day", 0),
    "score": _number("linear predictor; larger is worse"),
    "probability": _number("predicted probability; empty if survival", "1", 0, 1),
    "risk_group": _text("high or low, cut at the development median"),
    "reason": _text("why there is no prediction"),
}
_BATCH = {
    "image": _text("name of the image in the study", required=True),
    "variable": _text("batch variable: site, scanner, kernel", required=True),
    "batch": _text("label of the batch", required=True),
}
_INTERVAL = {
    "estimate": _number("point estimate"),
    "lower": _number("lower bound of the interval"),
    "upper": _number("upper bound of the interval"),
    "method": _text("how estimate and interval were made"),
}

KINDS: dict[str, dict[str, Column]] = {
    "files": {
        "path": _text("path below the root", required=True),
        "size": _count("size of the file", "byte"),
        "mtime_ns": _text("time of the last change, in ns since 1970", required=True),
        "code": _text("what the file is, if it is no DICOM to be used"),
        "text": _text("what was found, without the name of the file"),
        "sop_class": _text("DICOM SOPClassUID"),
        "image_type": _text("DICOM ImageType"),
        "study_date": _text("DICOM StudyDate"),
        "modality": _text("DICOM Modality"),
        "patient_id": _text("DICOM PatientID"),
        "named": _flag("the path holds a part of PatientName"),
        "thickness": _text("DICOM SliceThickness"),
        "study": _text("DICOM StudyInstanceUID"),
        "series": _text("DICOM SeriesInstanceUID"),
        "number": _text("DICOM SeriesNumber"),
        "frames": _text("DICOM NumberOfFrames"),
        "rows": _text("DICOM Rows"),
        "columns": _text("DICOM Columns"),
        "references": _text("JSON list of the series that a segmentation cites"),
        "rois": _text("JSON list of the names of its regions"),
        "image": _text("what the header tells of the image, in words of a vocabulary"),
        "version": _count("how the facts were read"),
    },
    "series": {
        "root": _text("name of the DICOM root, normally the site", required=True),
        "folder": _text("folder of the series, relative to the root", required=True),
        "file": _text("first file, relative to the root", required=True),
        "patient": _text("keyed hash of root and PatientID", required=True),
        "patient_id": _text("DICOM PatientID"),
        "names_patient": _flag("a path of the series holds a part of PatientName"),
        "study": _text("keyed hash of StudyInstanceUID"),
        "study_date": _text("DICOM StudyDate"),
        "series": _text("keyed hash of SeriesInstanceUID"),
        "series_number": _text("DICOM SeriesNumber"),
        "modality": _text("DICOM Modality"),
        "image": _text("what is told of the image, in words of a vocabulary"),
        "n_files": _count("files of the series"),
        "n_frames": _count("frames of all its files"),
        "rows": _count("Rows", "pixel"),
        "columns": _count("Columns", "pixel"),
        "slice_thickness_mm": _number("SliceThickness", "mm", 0),
        "references_series": _text(
            "hashes of the series that an RTSTRUCT or SEG segments, separated by |"
        ),
        "rois": _text("JSON list of the names of its regions"),
        "bids_subject": _text("label of sub- (BIDS only)"),
        "bids_session": _text("label of ses- (BIDS only)"),
        "bids_region": _text("label of label-, of a mask (BIDS only)"),
        "bids_roi": _text("number of the region in the mask (BIDS only)"),
        "bids_reader": _text("label of desc-, of a mask (BIDS only)"),
        "code": _text("kind of fault, see docs/faults.md"),
        "problem": _text("why the series cannot be used, if so"),
    },
    "unlisted": {
        "root": _text("name of the DICOM root", required=True),
        "folder": _text("folder of the series, relative to the root", required=True),
        "modality": _text("DICOM Modality"),
        "n_files": _count("files of the series"),
        "code": _text("kind of fault, see docs/faults.md"),
        "reason": _text("why no sheet lists it, as far as known"),
    },
    "linkage": {
        "root": _text("name of the DICOM root", required=True),
        "subject_id": _text("subject id of the drafted sheets", required=True),
        "patient_id": _text("DICOM PatientID"),
        "folder": _text("top folder of the patient", required=True),
    },
    "index_summary": {
        "root": _text("name of the DICOM root", required=True),
        "modality": _text("DICOM Modality, other or unreadable", required=True),
        "patients": _count("patients, by root and PatientID"),
        "studies": _count("studies"),
        "series": _count("series, or segmentations"),
        "files": _count("files"),
        "unreadable": _count("files that should be DICOM and cannot be read"),
        "unlisted": _count("series or segmentations that no sheet lists"),
        "problems": _text("codes of series that cannot be used, and how many of each"),
    },
    "images_sheet": {
        "subject_id": _text("study id of the subject", required=True),
        "session": _text("time point of the scan", required=True),
        "image": _text(
            "name of the image: letters, digits, _; the modality if not given",
            required=True,
        ),
        "modality": _text("DICOM modality: CT, MR or PT", required=True),
        "source": _text("DICOM folder or NIfTI file, below data_root", required=True),
        "series": _text(
            "SeriesNumber or hash, if the source holds several series", optional=True
        ),
        "volume": _text(
            "name of the volume of a 4D series, such as t1 or b800", optional=True
        ),
        "backend": _text(
            "empty, or dcm2niix for what is not read here, such as a mosaic",
            optional=True,
        ),
    },
    "masks_sheet": {
        "subject_id": _text("study id of the subject", required=True),
        "session": _text("time point of the scan", required=True),
        "image": _text("name of the image that was segmented", required=True),
        "region": _text("what is segmented", required=True),
        "reader": _text("who or what segmented it", required=True),
        "source": _text("RTSTRUCT, SEG or NIfTI file, below data_root", required=True),
        "roi": _text(
            "name of the ROI or segment, regular expression for it, or number; several "
            "separated by ;; are tried in order; 1|2 unites numbers"
        ),
        "also_for": _text(
            "other images of the subject and session that share the segmentation, "
            "separated by blanks or ;",
            optional=True,
        ),
    },
    "images": _IMAGE
    | _MODALITY
    | {
        "path": _text("NIfTI file", required=True),
        "sidecar": _text("JSON file with the acquisition facts", required=True),
        "digest": _text("hash of voxels and geometry", required=True),
    },
    "dates": _IMAGE
    | {
        "scanned": _text("date and time of the scan, YYYYMMDDHHMMSS (private)"),
    },
    "masks": _MASK
    | {
        "path": _text("NIfTI file", required=True),
        "digest": _text("hash of voxels and geometry", required=True),
        "voxels": _count("voxels of the mask"),
        "volume_mm3": _number("voxels times voxel volume", "mm3", 0),
        "n_components": _count("parts that share not even a corner of a voxel"),
        "touches_border": _flag("voxels in an outermost slice, row or column"),
        "notes": _text("accepted oddities, each a code and its text, separated by ;"),
    },
    "rois": _IMAGE
    | {
        "region": _text("what is segmented, of the row of the sheet that takes it"),
        "reader": _text("who or what segmented it, of that row"),
        "source": _text("file that holds the region", required=True),
        "number": _count("ROINumber, SegmentNumber or label"),
        "name": _text("ROIName, SegmentLabel or label"),
        "pieces": _count("contours, frames or voxels"),
        "status": _text("matched, ambiguous or unmatched", required=True),
    },
    "exported": _IMAGE
    | {
        "region": _text("what is segmented; empty for an image"),
        "reader": _text("who or what segmented it; empty for an image"),
        "path": _text("folder or file beside the table, without the chunk"),
        "n_files": _count("DICOM files"),
    },
    "exclusions": {
        "stage": _text("rule that excluded it", required=True),
        "subject_id": _text("study id of the subject", required=True),
        "session": _text("time point of the scan"),
        "image": _text("name of the image in the study"),
        "region": _text("what is segmented"),
        "reader": _text("who or what segmented it"),
        "code": _text("kind of fault", required=True),
        "reason": _text("what was found, expected, and what to do", required=True),
    },
    "ingest_report": {
        "stage": _text("rule that found it", required=True),
        "subject_id": _text("study id of the subject", required=True),
        "session": _text("time point of the scan"),
        "image": _text("name of the image in the study"),
        "region": _text("what is segmented"),
        "reader": _text("who or what segmented it"),
        "severity": _text("fault, note or waived", required=True),
        "code": _text("kind of finding, see docs/faults.md", required=True),
        "text": _text("what was found, expected, and what to do", required=True),
        "action": _text("excluded or used", required=True),
    },
    "acquisition": _IMAGE | _MODALITY | ACQUISITION,
    "protocol": _IMAGE
    | {
        "item": _text("column of the acquisition table", required=True),
        "found": _text("value of the image"),
        "expected": _text("what the protocol wants", required=True),
        "conforms": _text("yes, no, or blank: the header does not say", required=True),
    },
    "protocol_summary": {
        "image": _text("name of the image in the study", required=True),
        "item": _text("column of the acquisition table", required=True),
        "expected": _text("what the protocol wants", required=True),
        "site": _text("institution that contributed the data", required=True),
        "n": _count("images"),
        "n_conforming": _count("images that conform"),
        "n_departing": _count("images that depart"),
        "n_blank": _count("images whose header does not say"),
        "departing": _text("values that depart, with their counts"),
    },
    "drift": {
        "site": _text("institution that contributed the data", required=True),
        "image": _text("name of the image in the study", required=True),
        "fact": _text("column of the acquisition table", required=True),
        "n": _count("scans with a date and this fact"),
        "n_values": _count("different values"),
        "n_changes": _count("changes from one scan to the next"),
        "pattern": _text(
            "switched (each value has its own period), alternating, or varying (a "
            "number that differs from scan to scan)"
        ),
        "course": _text("values with the scans they were used for, if few periods"),
        "trend": _number("Spearman correlation of a number with the order", "1", -1, 1),
        "p_value": _number("of the trend, or of so few changes", "1", 0, 1),
    },
    "batch_members": _IMAGE
    | {
        "batch": _text("proposed batch", required=True),
        "combination": _text("facts of the image that tell batches"),
    },
    "batches": {
        "image": _text("name of the image in the study", required=True),
        "batch": _text("proposed batch, numbered by size", required=True),
        "facts": _text("facts that vary between images, as they are in this batch"),
        "n_images": _count("images"),
        "n_subjects": _count("subjects"),
        "sites": _text("images per site"),
        "n_combinations": _count("different combinations of facts put together"),
        "column": _text("acquisition column most like the batches of the image"),
        "agreement": _number("adjusted Rand index of that column", "1", -1, 1),
        "advice": _text("what to do about the batch, if anything"),
    },
    "batch_facts": _IMAGE
    | {
        "variable": _text("batch variable: a column of the source", required=True),
        "value": _text("its value; empty if it is not known"),
    },
    "agreement": _MASK | _PAIR | _AGREEMENT,
    "surface_dice": _MASK
    | _PAIR
    | {
        "tolerance_mm": _number("distance still accepted", "mm", 0),
        "surface_dice": _number(
            "share of both surfaces within it of the other", "1", 0, 1
        ),
    },
    "agreement_group": _IMAGE
    | {
        "region": _text("what is segmented", required=True),
        "n_readers": _count("readers, without the consensus"),
        "generalized_dice": _number("Dice of all pairs together (Crum)", "1", 0, 1),
        "fleiss_kappa": _number("Fleiss' kappa within the box of all", "1", -1, 1),
        "union_ml": _number("volume that any reader segmented", "ml", 0),
        "intersection_ml": _number("volume that all readers segmented", "ml", 0),
        "box_ml": _number(
            "volume of the smallest box around all segmentations", "ml", 0
        ),
    },
    "volume_agreement": {
        "image": _text("name of the image in the study", required=True),
        "region": _text("what is segmented", required=True),
        "reader": _text("who or what segmented it", required=True),
        "reader_b": _text("reader compared with `reader`", required=True),
        "site": _text("institution that contributed the data, or all", required=True),
        "form": _text("ICC(A,1) or ICC(C,1) of the log volumes", required=True),
        "n": _count("subjects segmented by both at baseline"),
        "n_empty": _count("subjects of whom one segmentation is empty, left out"),
        "icc": _number("intraclass correlation", "1", -INFINITE, 1),
        "lower": _number("lower 95 % bound", "1", -INFINITE, 1),
        "upper": _number("upper 95 % bound", "1", -INFINITE, 1),
        "bias_log": _number("mean of ln(b / a)"),
        "sd_log": _number("standard deviation of ln(b / a)", "", 0),
        "ratio": _number("geometric mean of b / a", "1", 0),
        "ratio_lower": _number("lower 95 % limit of agreement of b / a", "1", 0),
        "ratio_upper": _number("upper 95 % limit of agreement of b / a", "1", 0),
        "reason": _text("why the ICC is NaN"),
    },
    "review_list": _MASK
    | {
        "against": _text("reader it is compared with", required=True),
        "rank": _count("1 is the worst of the reader, image and region", low=1),
        "rank_in_site": _count("the same within the site", low=1),
        "n_cases": _count("cases of the reader, image and region"),
        "status": _text("missing, one_empty, ok or both_empty", required=True),
        "dice": _number("Dice similarity coefficient", "1", 0, 1),
        "hd95_mm": _number("larger of the directed 95th percentiles", "mm", 0),
        "surface_dice": _number(
            "share of the surfaces within the tolerance", "1", 0, 1
        ),
        "tolerance_mm": _number("tolerance of the surface Dice", "mm", 0),
        "volume_ml": _number("volume by `reader`", "ml", 0),
        "volume_against_ml": _number("volume by `against`", "ml", 0),
        "volume_difference_ml": _number("volume_ml - volume_against_ml", "ml"),
        "volume_difference": _number("2 (reader - against) / (sum)", "1", -2, 2),
        "reason": _text("what gives the case its rank", required=True),
    },
    "undefined": _MASK
    | {
        "column": _text("feature column", required=True),
        "reason": _text("why the value is NaN", required=True),
    },
    "dictionary": {
        "name": _text("image.region.filter[@recipe].family.feature", required=True),
        "image": _text("name of the image in the study", required=True),
        "region": _text("what is segmented", required=True),
        "column": _text("column of the feature matrix", required=True),
        "filter": _text("image filter, or original", required=True),
        "family": _text("IBSI family", required=True),
        "feature": _text("name within the family", required=True),
        "ibsi_code": _text("IBSI code of the feature; empty if not standardized"),
        "ibsi_name": _text("name of the feature in the IBSI manual"),
        "aggregation": _text("IBSI aggregation of texture matrices"),
        "measurand": _text("what the value says, in words", required=True),
        "unit": _text("unit of the value", required=True),
        "unit_ucum": _text("the same in the notation of UCUM"),
        "conditions": _text("what must hold for the value to mean this", required=True),
        "readers": _text(
            "who segmented the region, separated by blanks", required=True
        ),
        "recipe": _text("name of the recipe in the configuration", required=True),
        "recipe_hash": _text("hash of the complete recipe", required=True),
        "software": _text("engine and version", required=True),
        "standardized": _flag("defined by IBSI and within its tolerance here"),
    },
    "stability": {
        "image": _text("name of the image in the study", required=True),
        "region": _text("what is segmented", required=True),
        "column": _text("column of the feature matrix", required=True),
        "axis": _text("reader or retest", required=True),
        "form": _text("ICC(A,1) or ICC(1,1)", required=True),
        "n_subjects": _count("subjects with all ratings"),
        "n_raters": _count("ratings of each subject"),
        "icc": _number("intraclass correlation", "1", -INFINITE, 1),
        "icc_lower": _number("lower 95 % bound", "1", -INFINITE, 1),
        "icc_upper": _number("upper 95 % bound", "1", -INFINITE, 1),
        "within_sd": _number("within-subject SD, unit of the feature", "", 0),
        "within_cv": _number("within-subject coefficient of variation", "1", 0),
        "repeatability_coefficient": _number("2.77 within-subject SD", "", 0),
        "bias": _number("mean difference of the last and the first rating"),
        "stable": _flag("icc_lower reaches the threshold"),
        "reason": _text("why the value is NaN"),
    },
    "reader_stability": {
        "image": _text("name of the image in the study", required=True),
        "region": _text("what is segmented", required=True),
        "column": _text("column of the feature matrix", required=True),
        "reader": _text("who or what segmented it", required=True),
        "reader_b": _text("reader compared with `reader`", required=True),
        "n_subjects": _count("subjects segmented by both, baseline session"),
        "icc": _number("ICC(A,1)", "1", -INFINITE, 1),
        "icc_lower": _number("lower bound of the interval", "1", -INFINITE, 1),
        "icc_upper": _number("upper bound of the interval", "1", -INFINITE, 1),
        "stable": _flag("icc_lower reaches the threshold"),
        "reason": _text("why the value is NaN"),
    },
    "folds": _FOLD
    | {
        "subject_id": _text("study id of the subject", required=True),
        "role": _text("development or evaluation", required=True),
    },
    "predictions": _ARM | _FOLD | _PREDICTION,
    "reader_predictions": _ARM
    | _FOLD
    | {"reader": _text("who or what segmented the regions", required=True)}
    | _PREDICTION
    | {
        "standard_score": _number(
            "(score - cut of the risk groups) / SD of the scores in development"
        ),
    },
    "prediction_agreement": _ARM
    | {
        "scheme": _text("cv or loso", required=True),
        "reader": _text("reference reader", required=True),
        "reader_b": _text("reader compared with `reader`", required=True),
        "n_subjects": _count("subjects scored with the segmentations of both"),
        "n_unscored": _count("subjects scored with those of `reader` alone"),
        "icc": _number("ICC(A,1) of the standard scores", "1", -INFINITE, 1),
        "icc_lower": _number("lower bound of the interval", "1", -INFINITE, 1),
        "icc_upper": _number("upper bound of the interval", "1", -INFINITE, 1),
        "bias": _number("mean of score of `reader_b` minus score of `reader`"),
        "sd_difference": _number("SD of that difference", "", 0),
        "limit_lower": _number("lower 95 % limit of agreement of the score"),
        "limit_upper": _number("upper 95 % limit of agreement of the score"),
        "median_change": _number("median absolute difference of the score", "", 0),
        "probability_bias": _number("as bias, of the probability", "1", -1, 1),
        "probability_lower": _number("lower 95 % limit of the probability"),
        "probability_upper": _number("upper 95 % limit of the probability"),
        "regrouped": _number("share of subjects of another risk group", "1", 0, 1),
        "regrouped_lower": _number("lower bound of the interval", "1", 0, 1),
        "regrouped_upper": _number("upper bound of the interval", "1", 0, 1),
        "to_high": _number("share of subjects that move from low to high", "1", 0, 1),
        "metric": _text("auc or c_index", required=True),
        "discrimination": _number("with the segmentations of `reader`", "1", 0, 1),
        "discrimination_b": _number("with the segmentations of `reader_b`", "1", 0, 1),
        "difference": _number("discrimination_b - discrimination", "1", -1, 1),
        "difference_lower": _number("lower bound of the interval"),
        "difference_upper": _number("upper bound of the interval"),
        "reason": _text("why a value is NaN"),
    },
    "fits": _ARM
    | _FOLD
    | {
        "status": _text("ok or failed", required=True),
        "n_development": _count("development subjects"),
        "n_events": _count("events among them"),
        "n_candidates": _count("candidate features"),
        "n_selected": _count("features in the model"),
        "kkt_residual": _number("largest violated optimality condition", "", 0),
        "estimates_hash": _text("hash of everything learnt"),
        "message": _text("what went wrong or was noteworthy"),
    },
    "coefficients": _ARM
    | _FOLD
    | {
        "term": _text("covariate, or full name of the feature", required=True),
        "penalized": _flag("shrunk by the penalty"),
        "coefficient": _number("per standard deviation in development"),
    },
    "performance": _ARM
    | {
        "scheme": _text("cv or loso", required=True),
        "stratum": _text("all, within or group=<name>", required=True),
        "metric": _text("auc or c_index", required=True),
        "n": _count("evaluation subjects"),
        "n_events": _count("events among them"),
        "n_folds": _count("folds with a defined value"),
    }
    | _INTERVAL,
    "comparisons": _ARM
    | {
        "reference_arm": _text("arm compared with", required=True),
        "scheme": _text("cv or loso", required=True),
        "metric": _text("auc or c_index", required=True),
        "n_folds": _count("folds with both values"),
    }
    | _INTERVAL,
    "roc": _ARM
    | {
        "false_positive_rate": _number("1 - specificity", "1", 0, 1),
        "sensitivity_before": _number(
            "true-positive rate just below this rate, mean over folds", "1", 0, 1
        ),
        "sensitivity_after": _number(
            "true-positive rate just above it, mean over folds", "1", 0, 1
        ),
        "n_missing": _count("predictions without a score in cross-validation"),
    },
    "kaplan_meier": _ARM
    | {
        "risk_group": _text("low or high, by the model of the fold", required=True),
        "time_days": _number("time of events or censoring", "d", 0),
        "n_at_risk": _count("subjects at risk just before"),
        "n_events": _count("events at this time"),
        "n_censored": _count("subjects censored at this time"),
        "survival": _number("event-free probability from this time on", "1", 0, 1),
        "lower": _number("lower bound of the pointwise interval", "1", 0, 1),
        "upper": _number("upper bound of the pointwise interval", "1", 0, 1),
    },
    "risk_groups": _ARM
    | {
        "n": _count("subjects with a risk group and outcome, first repeat"),
        "n_events": _count("events among them"),
        "n_high": _count("subjects of high risk"),
        "n_events_high": _count("events among these"),
        "n_missing": _count("subjects without a risk group or outcome"),
        "log_rank_statistic": _number("chi-squared of high against low, 1 df", "1", 0),
        "nominal_p": _number(
            "p of that statistic as if groups were independent of the outcomes; no "
            "p-value, because the groups were cross-validated",
            "1",
            0,
            1,
        ),
    },
    "null_tests": _ARM
    | {
        "scheme": _text("cv or loso", required=True),
        "metric": _text("auc or c_index", required=True),
        "estimate": _number("value of the arm, all repeats", "1", 0, 1),
        "n_permutations": _count("permutations with a defined value"),
        "null_median": _number("median of the permuted values", "1", 0, 1),
        "null_lower": _number("their 2.5th percentile", "1", 0, 1),
        "null_upper": _number("their 97.5th percentile", "1", 0, 1),
        "p_value": _number("one-sided permutation p-value", "1", 0, 1),
        "reason": _text("why there is no p-value"),
    },
    "leakage": _ARM
    | _FOLD
    | {
        "fit": _text("study, or a control with a planted leak", required=True),
        "perturbation": _text("what was done to the evaluation rows", required=True),
        "hash_study": _text("hash of what was learnt without the perturbation"),
        "hash_perturbed": _text("the same with it"),
        "unchanged": _flag("the hashes are equal"),
    },
    "null": _ARM
    | {
        "scheme": _text("cv or loso; its first repeat", required=True),
        "permutation": _count("number of the permutation, from 1", low=1),
        "metric": _text("auc or c_index", required=True),
        "estimate": _number("mean over the folds", "1", 0, 1),
    },
    "selection": _ARM
    | {
        "term": _text("full name of the feature", required=True),
        "n_fits": _count("fits of the arm, all schemes and folds"),
        "n_selected": _count("fits that selected it"),
        "frequency": _number("n_selected / n_fits", "1", 0, 1),
        "mean_coefficient": _number("mean where selected, per SD"),
    },
    "combat_crosscheck": _FOLD
    | {
        "image": _text("name of the image in the study", required=True),
        "variable": _text("batch variable: site, scanner, kernel", required=True),
        "n": _count("development subjects compared"),
        "n_batches": _count("batches compared"),
        "n_features": _count("features compared"),
        "n_left_out": _count("features with missing cells, or constant in a batch"),
        "largest_difference": _number("of a harmonized value from neuroCombat", "SD"),
        "reason": _text("why there is no difference"),
    },
    "feature_crosscheck": _MASK
    | {
        "recipe": _text("recipe of the configuration", required=True),
        "source": _text("original, or the response map; missing: all of the recipe"),
        "column": _text("column of the feature matrix, if it is one value"),
        "second_engine": _text("second engine and version", required=True),
        "n_values": _count("values that the row stands for; 1 if compared"),
        "first": _number("value of the engine of the study, in its unit"),
        "second": _number("value of the second engine, in the same unit"),
        "relative_difference": _number("as a share of the larger value", "1", 0),
        "verdict": _text("equal, explained, unexplained, not_compared", required=True),
        "cause": _text("known cause that holds in this region"),
        "reason": _text("why values are not compared"),
    },
    "site_effect": {
        "name": _text("full name of the feature", required=True),
        "variable": _text("batch variable: site, scanner, kernel", required=True),
        "stage": _text("raw, or harmonized (held-out rows only)", required=True),
        "n": _count("subjects"),
        "eta_squared": _number("share of variance between batches", "1", 0, 1),
        "chance": _number("eta squared expected if batches do not differ", "1", 0, 1),
        "p_value": _number("Kruskal-Wallis test over batches", "1", 0, 1),
        "spread_p_value": _number("Brown-Forsythe test over batches", "1", 0, 1),
    },
    "batch_tests": {
        "image": _text("name of the image in the study", required=True),
        "variable": _text("batch variable: site, scanner, kernel", required=True),
        "stage": _text("raw, or harmonized (held-out rows only)", required=True),
        "test": _text("Kruskal-Wallis or Brown-Forsythe", required=True),
        "n_features": _count("features with a p value"),
        "n_rejected": _count("features that differ, Benjamini-Hochberg adjusted"),
        "level": _number("false discovery rate", "1", 0, 1),
    },
    "batch_prediction": {
        "image": _text("name of the image in the study", required=True),
        "variable": _text("batch variable: site, scanner, kernel", required=True),
        "stage": _text(
            "raw; fold-fitted (classifier of development rows); or harmonized "
            "(classifier within held-out rows)",
            required=True,
        ),
        "n": _count("subjects"),
        "n_features": _count("features used"),
        "auc": _number("macro AUC of predicting the batch", "1", 0, 1),
    },
    "batch_estimates": _BATCH
    | {
        "name": _text("full name of the feature", required=True),
        "n_folds": _count("folds that estimated the batch"),
        "shift": _number("mean over folds of the shift, residual SD"),
        "shift_sd": _number("its SD over folds, residual SD", "", 0),
        "variance": _number("mean over folds of the variance, residual variance"),
        "variance_sd": _number("its SD over folds", "", 0),
        "shift_unshrunk": _number("shift of the first fold before shrinkage"),
        "variance_unshrunk": _number("variance of the first fold before shrinkage"),
    },
    "batch_priors": _BATCH
    | {
        "n": _count("development subjects of the first fold"),
        "shift_mean": _number("mean of the normal prior of the shifts"),
        "shift_variance": _number("variance of that prior", "", 0),
        "shape": _number("shape of the inverse gamma prior of the variances", "", 0),
        "rate": _number("rate of that prior", "", 0),
    },
    "components": {
        "image": _text("name of the image in the study", required=True),
        "half": _count("half of the subjects that is judged", low=1),
        "stage": _text("raw, or harmonized (held-out rows only)", required=True),
        "subject_id": _text("study id of the subject", required=True),
        "batch": _text("batch of the subject", required=True),
        "component_1": _number("score on the first principal component"),
        "component_2": _number("score on the second principal component"),
        "share_1": _number("share of the variance of the first", "1", 0, 1),
        "share_2": _number("share of the variance of the second", "1", 0, 1),
    },
    "associations": {
        "image": _text("name of the image in the study", required=True),
        "quantity": _text("covariate, outcome, or axis of the ICC", required=True),
        "stage": _text("raw, harmonized, or within batches", required=True),
        "name": _text("full name of the feature", required=True),
        "value": _number(
            "Spearman's correlation, AUC or C-index, or ICC; mean of the halves"
        ),
    },
    "confounding": {
        "endpoint": _text("outcome and question", required=True),
        "group": _text("site or batch", required=True),
        "n": _count("subjects"),
        "n_events": _count("events"),
        "event_rate": _number("events / subjects", "1", 0, 1),
        "cramers_v": _number("association of group and event, all groups", "1", 0, 1),
    },
    "nesting": {
        "name": _text("factor or covariate", required=True),
        "kind": _text("factor, category or number", required=True),
        "group": _text("site or batch", required=True),
        "n": _count("subjects"),
        "n_known": _count("subjects whose value is known"),
        "n_levels": _count("different values among them"),
        "level": _text("their value, if they share one"),
        "nested": _flag("one value per group, several in all: not told from the group"),
        "cramers_v": _number("association with the group; NA of a number", "1", 0, 1),
    },
    "truth": _SUBJECT
    | {
        "incomplete_session": _text("session whose CT lacks a slice, a planted fault"),
        "heterogeneity_hu": _number("planted lesion texture amplitude", "HU", 0),
        "radius_mm": _number("planted mean lesion radius", "mm", 0),
        "log_hazard": _number("planted log hazard of texture and covariates"),
        "reader_bias_mm": _number("planted outward shift of reader B", "mm"),
        "automatic_bias_mm": _number("planted outward shift of the algorithm", "mm"),
        "automatic_fails": _flag("half of the lesion is missing by the algorithm"),
        "site_gain": _number("planted intensity gain of the site", "1", 0),
        "site_noise_hu": _number("planted noise SD of the site", "HU", 0),
        "site_blur_mm": _number("planted kernel blur of the site (SD)", "mm", 0),
        "site_log_hazard": _number("planted effect of the site on the outcome"),
    },
    "recovered": {
        "claim": _text("what the study should find", required=True),
        "planted": _text("value put into the simulation", required=True),
        "found": _text("value that the study found", required=True),
        "criterion": _text("when it counts as recovered", required=True),
        "recovered": _flag("criterion met"),
    },
}
