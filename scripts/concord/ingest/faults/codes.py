"""Every code of a fault or note of the ingest, and what it means.

This is the one list: the configuration refuses other codes, `docs/faults.md` is made
from it, and a test compares it with the sources.
"""

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """Kind of finding, whether the configuration may waive it, and its meaning."""

    kind: Literal["fault", "note"]
    waivable: bool
    meaning: str


def _fault(meaning: str) -> Code:
    """A finding that excludes the image or mask."""
    return Code("fault", False, meaning)


def _waivable(meaning: str) -> Code:
    """A fault that `ingest.waive` may turn into a note, subject by subject."""
    return Code("fault", True, meaning)


def _note(meaning: str) -> Code:
    """A finding that is kept with the image or mask, which is used."""
    return Code("note", False, meaning)


#: Ends the code of a fault that the configuration waived; the rest is the fault's.
WAIVED = "_WAIVED"

CODES: dict[str, Code] = {
    # Files
    "EMPTY_FILE": _fault("A file holds no bytes."),
    "TRUNCATED_FILE": _fault("A file ends before its header says."),
    "UNREADABLE_FILE": _fault("A file starts like DICOM but cannot be parsed."),
    "BAD_VALUE": _fault("A header element holds what its type does not allow."),
    "NO_PIXEL_DATA": _fault("A file of the series has no pixels."),
    "TOO_LARGE": _fault(
        "An image, header, sidecar or segmentation is larger than what is accepted, as "
        "its header tells; nothing of it was decoded or unpacked. ingest.max_voxels "
        "raises the limit of voxels."
    ),
    "SURPLUS_PIXELS": _fault(
        "A file holds more pixels or bytes than its header declares, so that it is "
        "unknown which of them are meant. Legal are one byte that makes an odd length "
        "even and, behind the voxels of a NIfTI file, fewer than 512 zero bytes."
    ),
    "NOT_FETCHED": _fault(
        "A link leads nowhere, or a pointer of git-annex or Git LFS stands for a file: "
        "fetch its content."
    ),
    "NOT_DICOM": _note("Files that are not DICOM lie in the folder; left out."),
    "INTERNAL_ERROR": _fault(
        "The program failed on this image or mask; the text says where in its code."
    ),
    "IDENTIFIER_REMOVED": _note(
        "Texts of the header held a name or id of the patient; left out."
    ),
    "SUBJECT_ID_TELLS": _fault(
        "The subject id of a sheet holds PatientID, the birth date or the name of the "
        "header; it always stops the job, as exclusions would list the id."
    ),
    "SAME_IMAGE": _note(
        "All voxels and the grid are those of an image of another subject or session."
    ),
    "LEFT_OUT": _fault("The subject is left out by sheets.leave_out, which says why."),
    "PATH_NAMES_PATIENT": _note("A path holds the patient's name; an id was drafted."),
    "LABEL_TELLS": _waivable(
        "A session, image, region or reader of the sheets is called by a name, a birth "
        "date or a number of the header; it always stops the job, as exclusions would "
        "list the name."
    ),
    "FACT_IMPLAUSIBLE": _note(
        "A fact of the header that no scanner and no patient has; left blank."
    ),
    # Choice of the series
    "UNUSED_MODALITY": _note("A series of a modality that the study does not use."),
    "SERIES_NOT_FOUND": _fault("The source holds no series of the modality."),
    "SERIES_AMBIGUOUS": _fault("Several series fit; the sheet must choose one."),
    "WRONG_MODALITY": _fault("The source holds images of another modality only."),
    "SECONDARY_CAPTURE": _fault("A screenshot, not an original image."),
    "SECONDARY_CAPTURE_DROPPED": _note("Screenshots lie in the folder; left out."),
    "LOCALIZER": _fault("The series holds nothing but localizer images."),
    "LOCALIZER_DROPPED": _note("Localizer images lie in the series; left out."),
    "DUPLICATE_INSTANCE": _note("Exact copies of files; one of each was used."),
    "NON_IMAGE_DROPPED": _note("Objects without an image lie in the folder; left out."),
    "BACKEND_UNKNOWN": _fault("The sheet names a backend that does not exist."),
    "BACKEND_FAILED": _fault("The backend did not read the series."),
    "BACKEND_MISMATCH": _fault("What the backend read disagrees with the headers."),
    "BACKEND_USED": _note("A backend read the series; its headers agree."),
    "UNSUPPORTED_SOP": _fault("A kind of DICOM object that is not read."),
    "MOSAIC": _fault("A Siemens mosaic: all slices tiled into one image."),
    "MULTIFRAME_PRIVATE": _fault("A vendor's private multi-frame object."),
    # Geometry
    "NO_GEOMETRY": _fault("Position, orientation or spacing is absent."),
    "BAD_SPACING": _fault("The pixel spacing is zero, negative or not a number."),
    "SINGLE_SLICE": _fault("The series has one slice, so no volume."),
    "MISSING_PART": _fault(
        "An object was divided into several files, of which some are absent."
    ),
    "SLICES_FEWER_THAN_TOLD": _waivable(
        "The header tells more slices than there are; some are absent at an end."
    ),
    "MISSING_SLICE": _fault("Slices of the regular grid are absent."),
    "NON_UNIFORM_SPACING": _fault("The slices leave the regular grid."),
    "NON_UNIFORM_SPACING_ACCEPTED": _note(
        "The slices leave the regular grid by less than ingest.spacing_tolerance."
    ),
    "UNEVEN_SPACING_RESAMPLED": _note(
        "Slices were interpolated to equal spacing, as ingest.uneven_spacing asks."
    ),
    "DUPLICATE_POSITION": _fault(
        "Several slices lie at one position, and no tag tells them apart."
    ),
    "VOLUME_AMBIGUOUS": _fault(
        "A 4D series holds several volumes; the sheet must choose one."
    ),
    "VOLUME_NOT_FOUND": _fault("The series holds no volume of the name in the sheet."),
    "GANTRY_TILT_RESAMPLED": _note("A gantry tilt was undone, as ingest.tilt asks."),
    "GANTRY_TILT": _fault("The slices are sheared against each other."),
    "INPLANE_SHIFT": _fault("A slice is shifted within its plane."),
    "MIXED_ORIENTATION": _fault("The slices are not parallel."),
    "MIXED_PIXEL_SPACING": _fault("The slices have several pixel spacings."),
    "MIXED_MATRIX": _fault("The slices have several numbers of rows or columns."),
    "MIXED_FRAME_OF_REFERENCE": _fault("The slices have several frames of reference."),
    "MIXED_MODALITY": _fault("The files of the series are of several modalities."),
    "MIXED_PATIENT": _fault("The slices are of several patients."),
    "MIXED_PROTOCOL": _waivable(
        "The slices differ in echo time, b-value, kernel or the like."
    ),
    "THICKNESS_NE_SPACING": _note("SliceThickness is not the distance of the slices."),
    # Pixels
    "CODEC_MISSING": _fault("No installed package decodes this compression."),
    "LOSSY_COMPRESSION": _waivable("The pixels were compressed with loss."),
    "BURNED_IN": _waivable("The header says that text is burned into the pixels."),
    "NOT_GREYSCALE": _fault("The pixels have colours."),
    "MODALITY_LUT": _fault("Values of a PET are given by a look-up table."),
    "MODALITY_LUT_APPLIED": _note("Values came from a look-up table, not a rescale."),
    "DERIVED_IMAGE": _note("Slices were computed from others, such as by MPR."),
    "RESCALE_MISSING": _fault("The CT has no rescale to HU."),
    "RESCALE_INCONSISTENT": _fault(
        "Some slices have a rescale and others none, or one that is no number."
    ),
    "RESCALE_JUMP": _waivable(
        "A slice with a rescale of its own does not fit its neighbours."
    ),
    "RESCALE_TYPE": _fault("The rescale of the CT does not lead to HU."),
    "HU_RANGE": _waivable("The CT has no value that air has; its rescale was lost."),
    # PET
    "PET_UNITS": _fault("The unit of the PET leads to no SUV."),
    "PET_MISSING": _fault("A fact that the SUV needs is absent."),
    "PET_DOSE": _fault("The injected dose is not plausible."),
    "PET_INCONSISTENT": _fault("The slices disagree on a fact that the SUV needs."),
    "PET_REFERENCE_TIME": _fault("The time that decay is corrected to is unknown."),
    "PET_TIME_ZONE": _fault(
        "The injection is told in a zone and the scan is not, so that the time between "
        "them is unknown."
    ),
    "PET_INJECTION_TIMES": _waivable(
        "The header gives two times of injection that lead to different SUV."
    ),
    "PET_DOSE_PER_WEIGHT": _waivable(
        "No patient is given such a dose per body weight; one of them is wrong."
    ),
    "PET_HALF_LIFE": _waivable("The half-life is not that of the nuclide."),
    "SUV_IMPOSSIBLE": _waivable(
        "No image has such a mean SUV: the unit or a factor is wrong."
    ),
    "PET_NOT_CORRECTED": _fault(
        "The PET lacks the correction of decay or attenuation."
    ),
    "PET_UPTAKE_TIME": _fault("The time from injection to scan is not plausible."),
    "DOSE_TAKEN_AS_MBQ": _note("A dose below 100,000 Bq was taken as MBq."),
    "WEIGHT_TAKEN_AS_G": _note("A weight above 1000 kg was taken as g."),
    "INJECTION_DAY_BEFORE": _note("The injection was taken to be before midnight."),
    "INJECTION_TIMES_DIFFER": _note(
        "The header gives two times of injection; the text says which was used."
    ),
    "UPTAKE_UNUSUAL": _note("The time from injection to scan is unusual."),
    "HEIGHT_TAKEN_AS_CM": _note("A height above 3 m was taken as cm."),
    "SEX_AVERAGED": _note("The sex is O; the mean of both formulas was used."),
    "SUV_RANGE": _note("The mean SUV of the image is unusual."),
    # NIfTI
    "NIFTI_UNREADABLE": _fault("The NIfTI file cannot be read as a 3D volume."),
    "NIFTI_GEOMETRY": _fault("The NIfTI header tells no place, several, or not in mm."),
    "NOT_FINITE": _fault("The image holds values that are no numbers."),
    "UNITS_ASSUMED": _note(
        "No sidecar tells the units of the NIfTI; the usual assumed."
    ),
    "UNIT_DIFFERS": _fault(
        "Sheet, configuration, sidecar or header name different units of an image."
    ),
    "UNIT_UNKNOWN": _fault(
        "Nobody tells the unit of a PET in NIfTI, and its values are not those of SUV: "
        "declare the unit."
    ),
    "NIFTI_SOURCE": _note("The mask came as NIfTI, not as RTSTRUCT or DICOM SEG."),
    "MASK_LABELS": _fault("The NIfTI mask holds other values than labels do."),
    "LABELS_ROUNDED": _note(
        "Values of the label map lay within 0.02 of whole numbers and were rounded."
    ),
    "MASK_GRID": _fault("The mask has another grid than its image."),
    "GRID_TOLERATED": _note(
        "Grids that differ by less than ingest.grid_tolerance were taken as the same."
    ),
    "MASK_RESAMPLED": _note(
        "The mask had another grid; each voxel of the image took the nearest value."
    ),
    # Segmentations
    "IMAGE_EXCLUDED": _fault(
        "The image of the segmentation was excluded or not listed."
    ),
    "RT_SERIES": _fault(
        "The segmentation cites another series and another frame of reference."
    ),
    "OTHER_SERIES_CITED": _note(
        "The segmentation cites another series in the frame of reference of the image."
    ),
    "RT_FRAME_OF_REFERENCE": _waivable(
        "The segmentation cites another frame of reference than the image has."
    ),
    "ROI_NOT_FOUND": _fault("No ROI has the name that the sheet gives."),
    "ROI_AMBIGUOUS": _fault("Several ROIs have the name that the sheet gives."),
    "ROI_EMPTY": _fault(
        "What was drawn encloses no voxel of the image (points, lines, less than a "
        "voxel), or contours may be lost. A segmentation of nothing is FOUND_NOTHING."
    ),
    "FOUND_NOTHING": _note(
        "The reader found nothing: an empty label map, segment or ROI. It is compared "
        "like any other mask, but has no features."
    ),
    "MERGED_ROIS": _note("Several regions of the source were united."),
    "ROI_TOO_SMALL": _waivable("The ROI has fewer voxels than asked for."),
    "CONTOUR_BETWEEN_SLICES": _fault("Contours lie between the slices of the image."),
    "CONTOUR_BETWEEN_SLICES_FILLED": _note(
        "Contours lay between the slices, which were filled from them."
    ),
    "CONTOUR_INCOMPLETE": _fault(
        "A contour has other than the number of points that its header tells, or no "
        "type that is known."
    ),
    "CONTOUR_GAP": _waivable("Slices between segmented ones have no contour."),
    "CONTOUR_GAP_FILLED": _note("Slices without contour were filled from others."),
    "PARTS_ALONG_NORMAL": _note(
        "The region consists of parts with empty slices between them."
    ),
    "CONTOUR_OUTSIDE": _waivable(
        "Too much of the segmentation lies outside the image."
    ),
    "PARTLY_OUTSIDE": _note("A little of the segmentation lies outside the image."),
    "CONTOUR_NOT_PLANAR": _fault("Contours leave the plane of a slice."),
    "FINER_CONTOURS": _note("Several contour planes fall on a slice; nearest used."),
    "OVERLAPPING_CONTOURS": _note("Contours of a slice cross; they were united."),
    "OPEN_CONTOUR_IGNORED": _note("Open contours enclose nothing; left out."),
    "POINT_IGNORED": _note("Points enclose nothing; left out."),
    "MANY_COMPONENTS": _waivable(
        "The mask has many separate parts; a note unless mask_checks.refuse names it."
    ),
    "TOUCHES_BORDER": _waivable(
        "The mask reaches the border of the image, which may cut it; a note unless "
        "mask_checks.refuse names it."
    ),
    "VOLUME_IMPLAUSIBLE": _waivable("The region cannot have this volume."),
    "SEG_UNREADABLE": _fault("The DICOM SEG breaks the rules of its kind."),
    "SEG_INCOMPLETE": _fault(
        "Frames of the DICOM SEG belong to a segment that it does not describe."
    ),
    "SEG_GRID": _fault("The segmentation has another grid than its image."),
    "MASK_SHARED": _note(
        "The segmentation was made on another image of the session (also_for)."
    ),
    "SEG_FRAME_OF_REFERENCE": _waivable(
        "The segmentation has another frame of reference than the image."
    ),
    "SEG_OVERLAP": _note("Segments of the segmentation overlap."),
}
