"""Kinds of tables of the ingest."""

from ..acquisition_columns import ACQUISITION
from ..columns import Column, count, flag, number, text
from ..keys import IMAGE, MASK, MODALITY

#: An element of copies without identifiers.
DEIDENTIFIED = {
    "element": text("keywords of the element and the sequences around", required=True),
    "vr": text("value representation; empty if it could not be told"),
    "kept_as": text("what its values are; or: not kept", required=True),
}
DEIDENTIFIED_COUNTS = {
    "n_values": count("distinct values; if not listed, the most of any chunk"),
    "n_files": count("files that hold it; if it went, that held it"),
}

KINDS: dict[str, dict[str, Column]] = {
    "files": {
        "path": text("path below the root", required=True),
        "size": count("size of the file", "byte"),
        "mtime_ns": text("time of the last change, in ns since 1970", required=True),
        "code": text("what the file is, if it is no DICOM to be used"),
        "text": text("what was found, without the name of the file"),
        "sop_class": text("DICOM SOPClassUID"),
        "image_type": text("DICOM ImageType"),
        "study_date": text("DICOM StudyDate"),
        "modality": text("DICOM Modality"),
        "patient_id": text("DICOM PatientID"),
        "named": flag("the path names a person, or holds a birth date"),
        "id_holds": text("elements of the header that the top folder holds"),
        "telling": text(
            "places of the folders and the reader of the path that hold a name, a date "
            "or a number of the patient, from 1, separated by blanks"
        ),
        "telling_rois": text("places of the names of regions that do, from 1"),
        "thickness": text("DICOM SliceThickness"),
        "study": text("DICOM StudyInstanceUID"),
        "series": text("DICOM SeriesInstanceUID"),
        "number": text("DICOM SeriesNumber"),
        "frames": text("DICOM NumberOfFrames"),
        "rows": text("DICOM Rows"),
        "columns": text("DICOM Columns"),
        "references": text("JSON list of the series that a segmentation cites"),
        "rois": text("JSON list of the names of its regions"),
        "image": text("what the header tells of the image, in words of a vocabulary"),
        "position": text("DICOM ImagePositionPatient"),
        "version": count("how the facts were read"),
    },
    "series": {
        "root": text("name of the DICOM root, normally the site", required=True),
        "folder": text("folder of the series, relative to the root", required=True),
        "file": text("first file, relative to the root", required=True),
        "patient": text("keyed hash of root and PatientID", required=True),
        "patient_id": text("DICOM PatientID"),
        "id_holds": text(
            "elements of the headers that the top folder holds, separated by |"
        ),
        "names_patient": flag(
            "a path of the series names the patient or somebody who treated him, or "
            "holds a birth date"
        ),
        "study": text("keyed hash of StudyInstanceUID"),
        "study_date": text("DICOM StudyDate"),
        "series": text("keyed hash of SeriesInstanceUID"),
        "series_number": text("DICOM SeriesNumber"),
        "modality": text("DICOM Modality"),
        "image": text("what is told of the image, in words of a vocabulary"),
        "n_files": count("files of the series"),
        "n_frames": count("frames of all its files"),
        "rows": count("Rows", "pixel"),
        "columns": count("Columns", "pixel"),
        "slice_thickness_mm": number("SliceThickness", "mm", 0),
        "references_series": text(
            "hashes of the series that an RTSTRUCT or SEG segments, separated by |"
        ),
        "rois": text("JSON list of the names of its regions"),
        "telling": text(
            "places of the folders and the reader of the path that hold a name, a date "
            "or a number of the patient, from 1, separated by blanks"
        ),
        "telling_rois": text("places of the names of regions that do, from 1"),
        "volumes": text("JSON list of the names of its volumes, if it has several"),
        "bids_subject": text("label of sub- (BIDS only)"),
        "bids_session": text("label of ses- (BIDS only)"),
        "bids_region": text("label of label-, of a mask (BIDS only)"),
        "bids_roi": text("number of the region in the mask (BIDS only)"),
        "bids_reader": text("label of desc-, of a mask (BIDS only)"),
        "code": text("kind of fault, see docs/faults.md"),
        "problem": text("why the series cannot be used, if so"),
    },
    "unlisted": {
        "root": text("name of the DICOM root", required=True),
        "folder": text("folder of the series, relative to the root", required=True),
        "modality": text("DICOM Modality"),
        "n_files": count("files of the series"),
        "code": text("kind of fault, see docs/faults.md"),
        "reason": text("why no sheet lists it, as far as known"),
    },
    "linkage": {
        "root": text("name of the DICOM root", required=True),
        "subject_id": text("subject id of the drafted sheets", required=True),
        "patient_id": text("DICOM PatientID"),
        "folder": text("top folder of the patient", required=True),
    },
    "index_summary": {
        "root": text("name of the DICOM root", required=True),
        "modality": text("DICOM Modality, other or unreadable", required=True),
        "patients": count("patients, by root and PatientID"),
        "studies": count("studies"),
        "series": count("series, or segmentations"),
        "files": count("files"),
        "unreadable": count("files that should be DICOM and cannot be read"),
        "unlisted": count("series or segmentations that no sheet lists"),
        "problems": text("codes of series that cannot be used, and how many of each"),
    },
    "images_sheet": {
        "subject_id": text("study id of the subject", required=True),
        "session": text("time point of the scan", required=True),
        "image": text(
            "name of the image: letters, digits, _; the modality if not given",
            required=True,
        ),
        "modality": text("DICOM modality: CT, MR or PT", required=True),
        "source": text("DICOM folder or NIfTI file, below data_root", required=True),
        "series": text(
            "SeriesNumber or hash, if the source holds several series", optional=True
        ),
        "volume": text(
            "name of the volume of a 4D series, such as t1 or b800", optional=True
        ),
        "backend": text(
            "empty, or dcm2niix for what is not read here, such as a mosaic",
            optional=True,
        ),
        "unit": text(
            "unit of the voxel values of a NIfTI file, such as HU or SUVbw; empty: as "
            "its sidecar says",
            optional=True,
        ),
    },
    "masks_sheet": {
        "subject_id": text("study id of the subject", required=True),
        "session": text("time point of the scan", required=True),
        "image": text("name of the image that was segmented", required=True),
        "region": text("what is segmented", required=True),
        "reader": text("who or what segmented it", required=True),
        "source": text("RTSTRUCT, SEG or NIfTI file, below data_root", required=True),
        "roi": text(
            "name of the ROI or segment, regular expression for it, or number; several "
            "separated by ;; are tried in order; 1|2 unites numbers"
        ),
        "also_for": text(
            "other images of the subject and session that share the segmentation, "
            "separated by blanks or ;",
            optional=True,
        ),
    },
    "images": IMAGE
    | MODALITY
    | {
        "path": text("NIfTI file", required=True),
        "sidecar": text("JSON file with the acquisition facts", required=True),
        "digest": text("hash of voxels and geometry", required=True),
    },
    "dates": IMAGE
    | {
        "scanned": text("date and time of the scan, YYYYMMDDHHMMSS (private)"),
    },
    "masks": MASK
    | {
        "path": text("NIfTI file", required=True),
        "digest": text("hash of voxels and geometry", required=True),
        "voxels": count("voxels of the mask"),
        "volume_mm3": number("voxels times voxel volume", "mm3", 0),
        "n_components": count("parts that share not even a corner of a voxel"),
        "touches_border": flag("voxels in an outermost slice, row or column"),
        "notes": text("accepted oddities, each a code and its text, separated by ;"),
    },
    "rois": IMAGE
    | {
        "region": text("what is segmented, of the row of the sheet that takes it"),
        "reader": text("who or what segmented it, of that row"),
        "source": text("file that holds the region", required=True),
        "number": count("ROINumber, SegmentNumber or label"),
        "name": text("ROIName, SegmentLabel or label"),
        "pieces": count("contours, frames or voxels"),
        "status": text("matched, ambiguous or unmatched", required=True),
    },
    "exported": IMAGE
    | {
        "region": text("what is segmented; empty for an image"),
        "reader": text("who or what segmented it; empty for an image"),
        "path": text("folder or file beside the table, without the chunk"),
        "n_files": count("DICOM files"),
        "refused": text("why it was not copied; empty if it was"),
    },
    "deidentified_values": DEIDENTIFIED
    | {
        "value": text("value in the copies, or why it went; empty: the whole element"),
        "lowest": number("lowest number; of dates and times, their digits"),
        "highest": number("highest number; of dates and times, their digits"),
    }
    | DEIDENTIFIED_COUNTS,
    "deidentified_elements": DEIDENTIFIED | DEIDENTIFIED_COUNTS,
    "exclusions": {
        "stage": text("rule that excluded it", required=True),
        "subject_id": text("study id of the subject", required=True),
        "session": text("time point of the scan"),
        "image": text("name of the image in the study"),
        "region": text("what is segmented"),
        "reader": text("who or what segmented it"),
        "code": text("kind of fault", required=True),
        "reason": text("what was found, expected, and what to do", required=True),
    },
    "ingest_report": {
        "stage": text("rule that found it", required=True),
        "subject_id": text("study id of the subject", required=True),
        "session": text("time point of the scan"),
        "image": text("name of the image in the study"),
        "region": text("what is segmented"),
        "reader": text("who or what segmented it"),
        "severity": text("fault, note or waived", required=True),
        "code": text("kind of finding, see docs/faults.md", required=True),
        "text": text("what was found, expected, and what to do", required=True),
        "action": text("excluded or used", required=True),
    },
    "acquisition": IMAGE | MODALITY | ACQUISITION,
    "protocol": IMAGE
    | {
        "item": text("column of the acquisition table", required=True),
        "found": text("value of the image"),
        "expected": text("what the protocol wants", required=True),
        "conforms": text("yes, no, or blank: the header does not say", required=True),
    },
    "protocol_summary": {
        "image": text("name of the image in the study", required=True),
        "item": text("column of the acquisition table", required=True),
        "expected": text("what the protocol wants", required=True),
        "site": text("institution that contributed the data", required=True),
        "n": count("images"),
        "n_conforming": count("images that conform"),
        "n_departing": count("images that depart"),
        "n_blank": count("images whose header does not say"),
        "departing": text("values that depart, with their counts"),
    },
    "drift": {
        "site": text("institution that contributed the data", required=True),
        "image": text("name of the image in the study", required=True),
        "fact": text("column of the acquisition table", required=True),
        "n": count("scans with a date and this fact"),
        "n_values": count("different values"),
        "n_changes": count("changes from one scan to the next"),
        "pattern": text(
            "switched (each value has its own period), alternating, or varying (a "
            "number that differs from scan to scan)"
        ),
        "course": text("values with the scans they were used for, if few periods"),
        "trend": number("Spearman correlation of a number with the order", "1", -1, 1),
        "p_value": number("of the trend, or of so few changes", "1", 0, 1),
    },
    "batch_members": IMAGE
    | {
        "batch": text("proposed batch", required=True),
        "combination": text("facts of the image that tell batches"),
    },
    "batches": {
        "image": text("name of the image in the study", required=True),
        "batch": text("proposed batch, numbered by size", required=True),
        "facts": text("facts that vary between images, as they are in this batch"),
        "n_images": count("images"),
        "n_subjects": count("subjects"),
        "sites": text("images per site"),
        "n_combinations": count("different combinations of facts put together"),
        "column": text("acquisition column most like the batches of the image"),
        "agreement": number("adjusted Rand index of that column", "1", -1, 1),
        "advice": text("what to do about the batch, if anything"),
    },
}
