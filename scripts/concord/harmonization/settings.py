"""The section of the configuration on harmonization."""

from typing import Literal

from pydantic import Field

from ..fields import Name, Names, Section, Unseen


class HarmonizationSection(Section):
    """Removal of batch effects, learnt from development rows of each fold only."""

    batch: dict[Name, Names] = Field(
        description="What is removed, by image (or by modality: all its other images) "
        "and in this order: site, or a column of the acquisition table such as "
        "SoftwareVersions.",
    )
    reference: dict[str, str] = Field(
        default={},
        description="Batch that the others are moved to, for each batch variable that "
        "has one; such as {site: A}.",
    )
    keep: list[str] = Field(
        default=[],
        description="Covariates whose effect is kept; never an outcome or a proxy of "
        "one.",
    )
    smooth: list[str] = Field(
        default=[],
        description="Numbers among the kept covariates whose effect is a curve "
        "(natural cubic spline, not penalized) instead of a line.",
    )
    spline_knots: int = Field(default=4, ge=3, le=10, description="Knots of a curve.")
    unseen: Unseen = Field(
        default="passthrough",
        description="What happens to rows of a batch that was not in development. "
        "adapt: adapt_subjects of them teach their batch, without their outcomes, and "
        "are not scored.",
    )
    adapt_subjects: int = Field(
        default=10,
        ge=2,
        le=1000,
        description="Subjects of each unseen batch that teach it if unseen is adapt.",
    )
    min_batch_size: int = Field(
        default=3,
        ge=2,
        description="Batches with fewer development subjects count as unseen.",
    )
    empirical_bayes: bool = Field(
        default=True,
        description="Shrink the batch estimates over features (Johnson 2007).",
    )
    mean_only: bool = Field(
        default=False, description="Remove the shift of a batch but not its scale."
    )
    fit_on: Literal["patients", "phantom"] = Field(
        default="patients",
        description="Whose rows teach the batch effects: development subjects, or the "
        "phantoms or travelling subjects of phantom_table.",
    )
    phantom_table: str | None = Field(
        default=None,
        description="Feature table (Parquet or TSV) with subject_id, a column per "
        "batch variable, and features by their full names; beside the configuration, "
        "or below {data_root}.",
    )
