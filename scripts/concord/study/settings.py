"""Settings of the study as a whole: what it is, and its three sheets."""

from pydantic import Field

from ..fields import CohortColumns, Names, Section


class StudySection(Section):
    """Name, readers and sessions of the study."""

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
        description="Reader whose segmentations are used for prediction.",
    )
    algorithms: list[str] = Field(
        default=[],
        description="Readers that are algorithms, as frozen models tell of their "
        "development: all others are people, but for the consensus.",
    )
    demonstration: str | None = Field(
        default=None,
        description="Sentence for a banner on the report if it is not evidence.",
    )


class SheetsSection(CohortColumns):
    """The study's three sheets, relative to the folder of the configuration."""

    subjects: Names = Field(
        default=["subjects.tsv"],
        description="One row per subject: id, site, covariates and outcomes "
        "(TSV, CSV or Excel, as all sheets may be); may start with {data_root}. Of a "
        "list of files, the rows stand below each other.",
    )
    images: str = Field(
        default="images.tsv",
        description="One row per image: subject_id, session, image (its name; where "
        "absent, the modality), modality, source; and, where needed, series, volume, "
        "backend, unit.",
    )
    masks: str = Field(
        default="masks.tsv",
        description="One row per segmentation: subject_id, session, image, region, "
        "reader, source, roi; and also_for, where other images share it.",
    )
