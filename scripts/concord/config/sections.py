"""The sections of the configuration, one model each; unknown keys are refused."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

#: Names that become wildcards and file names.
NAME = r"[A-Za-z][A-Za-z0-9_]*"


def _safe_name(value: str) -> str:
    if not re.fullmatch(NAME, value):
        raise ValueError("must be a letter followed by letters, digits or '_'")
    return value


def _is_range(value: tuple[float, float]) -> tuple[float, float]:
    low, high = value
    if not 0 <= low < high:
        raise ValueError(f"is {low:g} to {high:g}, expected 0 or more, ascending")
    return value


def _is_ascending(values: list[float]) -> list[float]:
    if not all(low < high for low, high in zip([0.0, *values], values, strict=False)):
        raise ValueError(f"are {values}, expected more than 0, ascending")
    return values


Name = Annotated[str, AfterValidator(_safe_name)]
VolumeRange = Annotated[tuple[float, float], AfterValidator(_is_range)]
Tolerances = Annotated[list[float], Field(min_length=1), AfterValidator(_is_ascending)]
Modality = Literal["CT", "MR", "PT"]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


#: One name or several; always a list once read.
Names = Annotated[
    list[str],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
Unseen = Literal["refuse", "passthrough", "adapt"]
StabilityAxis = Literal[
    "reader", "retest", "perturbation", "resampling", "discretization"
]


class Section(BaseModel):
    """Base of all sections."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Inline(Section):
    """A section that a configuration writes on one line."""

    def written(self) -> Any:
        """As it stands in a configuration."""
        return self.model_dump(exclude_none=True)


class StudySection(Section):
    """What the study is."""

    name: str = Field(description="Name of the study, printed in the report.")
    seed: int = Field(
        default=1, ge=0, description="Start of every random number of the study."
    )
    baseline_session: str = Field(
        default="baseline",
        description="Session whose images are used for prediction.",
    )
    reference_reader: str = Field(
        default="A",
        description="Reader whose outlines are used for prediction.",
    )
    demonstration: str | None = Field(
        default=None,
        description="Sentence for a banner on the report if it is not evidence.",
    )


class SheetsSection(Section):
    """The study's three sheets, relative to the folder of the configuration."""

    subjects: str = Field(
        default="subjects.tsv",
        description="One row per subject: id, site, covariates and outcomes "
        "(TSV, or CSV by its ending); may start with {data_root}.",
    )
    images: str = Field(
        default="images.tsv",
        description="One row per image: subject_id, session, modality, source; and, "
        "where needed, series, volume, backend.",
    )
    masks: str = Field(
        default="masks.tsv",
        description="One row per outline: subject_id, session, modality, region, "
        "reader, source, roi.",
    )
    subject_id_column: str = Field(
        default="subject_id", description="Column of the subjects sheet with the id."
    )
    site_column: str | None = Field(
        default="site",
        description="Column of the subjects sheet with the site; null if all "
        "subjects come from the one site given in `site`.",
    )
    site: str | None = Field(
        default=None, description="The one site of all subjects, if so."
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
        description="Largest part of an outline that may lie outside the image, as a "
        "share of its volume; less is noted, more is a fault.",
    )
    plausible_ml: dict[str, VolumeRange] = Field(
        default={},
        description="Least and largest volume in ml by region, such as "
        "{tumour: [0.1, 2000]}; others are a fault.",
    )
    refuse: list[Literal["MANY_COMPONENTS", "TOUCHES_BORDER"]] = Field(
        default=[], description="Notes on masks that are to be faults."
    )


class IngestSection(Section):
    """From DICOM to NIfTI."""

    chunk_size: int = Field(
        default=20,
        ge=1,
        le=500,
        description="Largest number of subjects that one job handles; subjects are "
        "assigned by a hash of their id within their site.",
    )
    on_fault: Literal["exclude", "stop"] = Field(
        default="exclude",
        description="exclude: a faulty image or mask becomes a row of the exclusions "
        "table; stop: it fails the run.",
    )
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
    contour_tolerance: float = Field(
        default=0.25,
        ge=0,
        lt=0.5,
        description="Largest distance of a contour plane from a slice, in slice "
        "spacings.",
    )
    fill_gaps: Literal["refuse", "nearest", "interpolate"] = Field(
        default="refuse",
        description="Slices within an outline that have no contour, and contours "
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
    mask_checks: MaskChecks = Field(
        default_factory=lambda: MaskChecks(),
        description="When a mask cannot be right.",
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
    suv: Literal["bw", "lbm", "lbm_james", "lbm_janma", "bsa", "ibw"] = Field(
        default="bw",
        description="What PET values are standardized by: bw body weight; lean body "
        "mass of Morgan (lbm), James with the factor 128 (lbm_james) or Janmahasatian "
        "(lbm_janma), ibw ideal body weight, all needing height and sex; bsa body "
        "surface area, needing height. Source: doi:10.1007/s00259-014-2961-x.",
    )


class PrivacySection(Section):
    """What keeps patients from being recognized; see docs/privacy.md."""

    secret_file: str | None = Field(
        default=None,
        description="File with the secret that keys all hashes of identifiers, 32 "
        "bytes or more, outside results and logs; null takes a key from study.seed, "
        "which protects nobody.",
    )
    subject_ids: Literal["folder", "keyed_hash"] = Field(
        default="folder",
        description="Subject ids of the drafted sheets: the top folder of each "
        "series, or a keyed hash of PatientID and root.",
    )


class ReviewSection(Section):
    """Check of readers, normally an algorithm, against another one."""

    readers: list[str] = Field(
        min_length=1, description="Readers to be checked, such as [AI]."
    )
    against: str = Field(description="Reader they are checked against.")
    n_cases: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Cases that the list shows of each site, reader, modality and "
        "region, the worst first.",
    )


class AgreementSection(Section):
    """Comparison of readers."""

    headline: Literal["mesh", "voxel"] = Field(
        default="mesh",
        description="Definition of the surface distances shown first; both are "
        "always computed.",
    )
    tolerances_mm: Tolerances = Field(
        default=[1.0, 3.0],
        description="Distances in mm within which two surfaces count as one, for the "
        "surface Dice, ascending. Source: doi:10.2196/26151.",
    )
    consensus: Literal["majority", "staple", "none"] = Field(
        default="majority",
        description="How regions with three readers or more get a mask of the reader "
        "`consensus`. majority: voxels that more than half of them drew; staple: "
        "those that STAPLE gives a probability of one half or more; none: no such "
        "mask. Source: doi:10.1109/TMI.2004.828354.",
    )
    consensus_of: list[str] = Field(
        default=[],
        description="Readers who make the consensus, three or more, such as all but "
        "an algorithm that is to be judged by it; empty takes all.",
    )
    review: ReviewSection | None = Field(
        default=None,
        description="List of the cases in which readers, normally an algorithm, agree "
        "worst with another one; null: no list.",
    )


class StabilitySection(Section):
    """Repeatability and reproducibility of features."""

    threshold: float = Field(
        default=0.75,
        ge=-1,
        le=1,
        description="A feature is stable if the lower bound of its ICC reaches this "
        "(Koo & Li 2016: 0.75 is good).",
    )
    confidence: float = Field(
        default=0.95, gt=0.5, lt=1, description="Confidence level of the ICC bounds."
    )
    retest_sessions: list[str] = Field(
        default=["retest"], description="Sessions that repeat the baseline scan."
    )
    filter_axes: list[StabilityAxis] = Field(
        default=["reader", "retest", "perturbation"],
        description="Axes that must find a feature stable before a model may use it: "
        "reader, retest, perturbation, resampling, discretization. The others are "
        "reported.",
    )
    readers: list[str] | None = Field(
        default=None,
        min_length=2,
        description="Readers whose outlines a stable feature must not depend on; null: "
        "all but the consensus. A reader with known failures is better left out.",
    )


class CovariateSection(Section):
    """A clinical predictor."""

    column: str = Field(description="Column of the subjects sheet.")
    kind: Literal["number", "category"] = Field(
        default="number", description="A number, or one of the declared levels."
    )
    levels: list[str] = Field(
        default=[], description="Levels of a category; the first is the reference."
    )
    label: str = Field(default="", description="Name in figures and report.")
    unit: str = Field(default="", description="Unit of a number.")


class EndpointSection(Section):
    """An outcome and the question asked of it."""

    label: str = Field(default="", description="Name in figures and report.")
    kind: Literal["binary", "survival"] = Field(
        description="binary: did it happen (logistic); survival: when (Cox)."
    )
    event: str = Field(description="Column of the subjects sheet holding 0 or 1.")
    time_days: str | None = Field(
        default=None,
        description="Column with the days to event or censoring (survival only).",
    )
    proxies: list[str] = Field(
        default=[],
        description="Columns of the subjects sheet that give the outcome away, such "
        "as treatment chosen by its expected risk; refused as predictors and as kept "
        "covariates.",
    )


class ArmSection(Section):
    """A predictor set, a harmonizer and a model that is compared with others."""

    label: str = Field(default="", description="Name in figures and report.")
    covariates: list[str] = Field(
        default=[], description="Clinical predictors, not penalized."
    )
    group_indicator: bool = Field(
        default=False, description="Predict from the group alone (site or batch)."
    )
    features: list[str] = Field(
        default=[],
        description="Patterns of feature names, such as CT.*.original.glcm.*",
    )
    harmonizer: Literal["none", "combat", "zscore", "covbat"] = Field(
        default="none",
        description="First step: ComBat, standardization within each batch, or ComBat "
        "with covariances (CovBat).",
    )
    unseen: Unseen | None = Field(
        default=None,
        description="Rule for rows of unseen batches; null takes harmonization.unseen.",
    )
    stability_filter: bool = Field(
        default=True,
        description="Use only features that are stable in the development subjects.",
    )
    correlation_limit: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="Of features correlated more than this (Spearman), one is kept.",
    )
    max_features: int = Field(
        default=5, ge=1, description="Features that enter the model, at most."
    )
    penalty: float = Field(
        default=0.1,
        ge=0,
        description="Ridge penalty of the features, per subject.",
    )

    @property
    def harmonizes(self) -> bool:
        """Whether batch effects are removed from the arm's features."""
        return self.harmonizer != "none" and bool(self.features)

    @property
    def predicts_by_group_alone(self) -> bool:
        """Whether the arm knows nothing of a subject but its group."""
        return self.group_indicator and not (self.features or self.covariates)


class ValidationSection(Section):
    """How development and evaluation subjects are split."""

    group: str = Field(
        default="site",
        description="What is left out in turn: site, or a modality and a column of "
        "the acquisition table such as CT.SoftwareVersions.",
    )
    stratify_by: str = Field(
        description="Endpoint whose events are spread evenly over the folds."
    )
    folds: int = Field(default=5, ge=2, le=20, description="Folds of each repeat.")
    repeats: int = Field(
        default=5, ge=1, le=100, description="Repeats of the cross-validation."
    )
    repeats_per_job: int = Field(
        default=5,
        ge=1,
        le=100,
        description="Repeats that one job fits; starting a job costs seconds.",
    )
    leave_one_group_out: bool = Field(
        default=True, description="Also leave each group out once."
    )

    def parts(self) -> list[str]:
        """Parts of the folds that one job fits each: cv-<first>-<last>, loso."""
        step = self.repeats_per_job
        parts = [
            f"cv-{first}-{min(first + step - 1, self.repeats)}"
            for first in range(1, self.repeats + 1, step)
        ]
        return [*parts, "loso"] if self.leave_one_group_out else parts


class EvaluationSection(Section):
    """How predictions are judged."""

    headline_arm: str = Field(description="The arm that the study is about.")
    reference_arm: str = Field(
        description="The arm it must beat, normally the clinical one."
    )
    confidence: float = Field(
        default=0.95, gt=0.5, lt=1, description="Confidence level of all intervals."
    )
    null_permutations: int = Field(
        default=100,
        ge=10,
        le=10000,
        description="Permutations of the outcome within groups for the null band.",
    )


class FiguresSection(Section):
    """Looks of the figures."""

    width_mm: float = Field(
        default=140, ge=60, le=300, description="Width of a figure, in mm."
    )
    font_size_pt: float = Field(
        default=7, ge=5, le=14, description="Size of the text, in points."
    )


class ReportSection(Section):
    """Looks of the report."""

    title: str = Field(
        default="Imaging-biomarker study", description="Title of the report."
    )
    authors: list[str] = Field(default=[], description="Authors, as printed.")
