"""Settings of the comparison of readers."""

from typing import Literal

from pydantic import Field

from ..fields import Section, Tolerances
from ..settings import RuleSettings, from_study

#: Definitions of the distance between two surfaces.
Definition = Literal["mesh", "voxel"]
#: Ways to make one mask of those of several readers.
Consensus = Literal["majority", "staple", "none"]


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
        description="Cases that the list shows of each site, reader, image and "
        "region, the worst first.",
    )


class AgreementSection(Section):
    """Comparison of readers."""

    headline: Definition = Field(
        default="mesh",
        description="Definition of the surface distances shown first; both are "
        "always computed.",
    )
    tolerances_mm: Tolerances = Field(
        default=[1.0, 3.0],
        description="Distances in mm within which two surfaces count as one, for the "
        "surface Dice, ascending. Source: doi:10.2196/26151.",
    )
    consensus: Consensus = Field(
        default="majority",
        description="How regions with three readers or more get a mask of the reader "
        "`consensus`. majority: voxels that more than half of them marked; staple: "
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


class ConsensusMask(RuleSettings):
    """Settings of rule consensus_mask."""

    consensus: Consensus = from_study("agreement.consensus")
    consensus_of: list[str] = from_study("agreement.consensus_of")


class SegmentationAgreement(RuleSettings):
    """Settings of rule segmentation_agreement."""

    tolerances_mm: Tolerances = from_study("agreement.tolerances_mm")
    reference_reader: str = from_study("study.reference_reader")


class GatherAgreement(RuleSettings):
    """Settings of rule gather_agreement."""

    baseline_session: str = from_study("study.baseline_session")


class GalleryTiles(RuleSettings):
    """Settings of rule gallery_tiles."""

    headline: Definition = from_study("agreement.headline")


class ReviewList(RuleSettings):
    """Settings of rule review_list."""

    headline: Definition = from_study("agreement.headline")
    review: ReviewSection = from_study("agreement.review")
