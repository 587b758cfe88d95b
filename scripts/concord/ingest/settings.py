"""Settings of the ingest: from DICOM to NIfTI."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field

from ..fields import Section, VolumeRange
from ..privacy.settings import PrivateSettings
from ..settings import RuleSettings, StudyView, WithoutSealed, from_study

#: A row of the sheet of images or masks: text by column.
SheetRow = dict[str, str]

#: Stands for every site that has no ROI names of its own.
ALL_SITES = "*"


def _of_all_sites(value: object) -> object:
    return {ALL_SITES: value} if isinstance(value, str) else value


#: Names of ROIs by site, or of all sites; always by site once read.
RoiNames = Annotated[
    dict[str, str],
    BeforeValidator(_of_all_sites, json_schema_input_type=str | dict[str, str]),
    Field(min_length=1),
]


class FaultSettings(Section):
    """Consequences of a fault of an image or mask."""

    on_fault: Literal["exclude", "stop"] = Field(
        default="exclude",
        description="exclude: a faulty image or mask becomes a row of the exclusions "
        "table; stop: it fails the run.",
    )
    on_fault_codes: dict[str, Literal["exclude", "stop"]] = Field(
        default={},
        description="What single faults do, in place of on_fault, by their code of "
        "docs/faults.md, such as {MISSING_SLICE: stop}.",
    )
    waive: dict[str, list[str]] = Field(
        default={},
        description="Faults that are accepted, by code and subject, such as "
        "{RT_FRAME_OF_REFERENCE: [P01]}; each becomes a note. docs/faults.md says "
        "which codes can be waived.",
    )

    def of_subjects(self, subjects: Iterable[str]) -> Self:
        """The same settings with the waivers of some subjects only.

        So a waiver of one subject runs no job again that handles others.
        """
        present = set(subjects)
        waived = {
            code: sorted(present.intersection(named))
            for code, named in self.waive.items()
        }
        waive = {code: named for code, named in waived.items() if named}
        return self.model_copy(update={"waive": waive})


class SizeLimit(Section):
    """Largest size of an image, before its voxels are decoded."""

    max_voxels: int = Field(
        default=2**31,
        ge=1,
        description="Largest number of voxels of an image, DICOM SEG or NIfTI file, as "
        "its header tells it: 1024 x 1024 x 2000 fit. More is never unpacked.",
    )


class SameGrid(Section):
    """Grids that count as the same."""

    grid_tolerance: float = Field(
        default=0.05,
        ge=0,
        le=0.25,
        description="Largest distance, in voxels, of grids that count as the same: a "
        "segmentation and its image, and the two matrices of a NIfTI file; rounding "
        "of exports moves them by hundredths of a voxel. It is noted.",
    )


class GridSettings(SameGrid):
    """Departures of the grid of a series that are accepted or repaired."""

    spacing_tolerance: float = Field(
        default=0.01,
        ge=0,
        le=0.1,
        description="Largest departure of a slice from equal spacing, in slice "
        "spacings; 0.05 mm are always accepted, as where bed positions of a PET "
        "overlap.",
    )
    tilt: Literal["refuse", "resample"] = Field(
        default="refuse",
        description="Slices sheared by a tilted gantry. refuse: a fault; resample: "
        "shift each slice back by linear interpolation, on a larger grid.",
    )
    uneven_spacing: Literal["refuse", "resample"] = Field(
        default="refuse",
        description="Slices of unequal spacing. refuse: a fault; resample: "
        "interpolate linearly to the median spacing, if no gap is twice as wide.",
    )


class ImageSettings(GridSettings, FaultSettings, SizeLimit):
    """Settings that decide about images."""

    suv: Literal["bw", "lbm", "lbm_james", "lbm_janma", "bsa", "ibw"] = Field(
        default="bw",
        description="What PET values are standardized by: bw body weight; lean body "
        "mass of Morgan (lbm), James with the factor 128 (lbm_james) or Janmahasatian "
        "(lbm_janma), ibw ideal body weight, all needing height and sex; bsa body "
        "surface area, needing height. Source: doi:10.1007/s00259-014-2961-x.",
    )


class MaskChecks(Section):
    """When a mask cannot be right."""

    least_voxels: int = Field(
        default=2, ge=1, description="Masks with fewer voxels are a fault."
    )
    most_components: int = Field(
        default=10,
        ge=1,
        description="More separate parts (voxels that share not even a corner) are "
        "noted.",
    )
    largest_share_outside: float = Field(
        default=0.01,
        ge=0,
        lt=1,
        description="Largest part of a segmentation that may lie outside the image, as "
        "a share of its volume; less is noted, more is a fault.",
    )
    plausible_ml: dict[str, VolumeRange] = Field(
        default={},
        description="Least and largest volume in ml by region, such as "
        "{tumour: [0.1, 2000]}; others are a fault.",
    )
    refuse: list[Literal["MANY_COMPONENTS", "TOUCHES_BORDER"]] = Field(
        default=[], description="Notes on masks that are to be faults."
    )


class SegmentationSettings(SameGrid):
    """Tolerances for segmentations."""

    contour_tolerance: float = Field(
        default=0.25,
        ge=0,
        lt=0.5,
        description="Largest distance of a contour plane from a slice, in slice "
        "spacings.",
    )
    fill_gaps: Literal["refuse", "nearest", "interpolate"] = Field(
        default="refuse",
        description="Slices within a segmentation that have no contour, and contours "
        "between the slices. refuse: a fault; nearest: take the nearest contour "
        "plane; interpolate: by signed distance between the neighbouring ones. "
        "Source: doi:10.1109/42.52980.",
    )
    merge_rois: bool = Field(
        default=False,
        description="Unite all ROIs that fit the column roi of the mask sheet; "
        "otherwise exactly one may fit.",
    )
    seg_threshold: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="A voxel of a fractional DICOM SEG counts from this part of the "
        "maximum value on.",
    )
    resample_masks: Literal["refuse", "nearest"] = Field(
        default="refuse",
        description="DICOM SEG and NIfTI masks on another grid than their image. "
        "refuse: a fault; nearest: each voxel of the image takes the nearest value.",
    )
    absent_is_empty: list[str] = Field(
        default=[],
        description="Readers, such as an algorithm, whose files lack a region where "
        "nothing was found: such a file is an empty segmentation, a missed lesion. Of "
        "other readers an absent region is a fault. Regions that a file names but "
        "leaves empty, and label maps without any label, are empty of every reader.",
    )
    mask_checks: MaskChecks = Field(
        default_factory=lambda: MaskChecks(),
        description="When a mask cannot be right.",
    )


class MaskSettings(SegmentationSettings, FaultSettings, SizeLimit):
    """Settings that decide about masks."""


class IngestSection(MaskSettings, ImageSettings):
    """From DICOM to NIfTI."""

    roi_names: dict[str, RoiNames] = Field(
        default={},
        description="Names of the ROIs of a region where the cell roi of the mask "
        "sheet is empty, as that cell has them: {tumour: 'GTV;;Tumor;;tumour_1'}, or "
        "by site, with * for all others: {tumour: {A: GTV.*, '*': Tumor}}. Not for "
        "label maps, whose labels are numbers.",
    )
    chunk_size: int = Field(
        default=20,
        ge=1,
        le=500,
        description="Largest number of subjects that one job handles; subjects are "
        "assigned by a hash of their id within their site.",
    )


class IndexDicom(PrivateSettings):
    """Settings of rule index_dicom: a root, and the state of its files."""

    root: str
    state: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one root; `names` holds `root` and the `state` asked for."""
        return cls.composed(study, names, **names)


class DraftSheets(PrivateSettings):
    """Settings of rule draft_sheets: roots, and what the sheets list already."""

    subject_ids: Literal["keyed_hash", "folder"] = from_study("privacy.subject_ids")
    roots: dict[str, str] = from_study("dicom_roots")
    listed: list[str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the sources that the study's sheets list."""
        return cls.composed(study, names, listed=study.listed_sources())


class ConvertImage(PrivateSettings):
    """Settings of rule convert_image: rows of a chunk of images."""

    rows: list[SheetRow]
    ingest: ImageSettings = from_study("ingest")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one chunk; `names` holds `chunk` and `image`."""
        rows = study.image_rows(names["chunk"], names["image"])
        composed = cls.composed(study, names, rows=rows)
        ingest = composed.ingest.of_subjects(row["subject_id"] for row in rows)
        return composed.model_copy(update={"ingest": ingest})


class ConvertMask(PrivateSettings):
    """Settings of rule convert_mask: rows of a chunk of segmentations."""

    rows: list[SheetRow]
    ingest: MaskSettings = from_study("ingest")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one chunk; `names` holds `chunk` and `image`."""
        rows = study.mask_rows(names["chunk"], names["image"])
        composed = cls.composed(study, names, rows=rows)
        ingest = composed.ingest.of_subjects(row["subject_id"] for row in rows)
        return composed.model_copy(update={"ingest": ingest})


class GatherIngest(RuleSettings):
    """Settings of rule gather_ingest."""

    baseline_session: str = from_study("study.baseline_session")
    leave_out: dict[str, str] = from_study("sheets.leave_out")

    def left_out(self) -> list[dict[str, str]]:
        """Rows of the exclusions of the subjects that the study leaves out, sorted."""
        return [
            {
                "stage": "gather_ingest",
                "subject_id": subject,
                "code": "LEFT_OUT",
                "reason": reason,
            }
            for subject, reason in sorted(self.leave_out.items())
        ]


class ProposeBatches(WithoutSealed):
    """Settings of rule propose_batches."""

    min_batch_size: int = from_study("harmonization.min_batch_size")
