"""Names, codes, units and meanings of the features, from one shipped table."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache

from ..provenance import SCRIPTS

TABLE = SCRIPTS.parent / "resources" / "ibsi_features.tsv"

#: Families in the order of the IBSI manual.
FAMILIES = (
    "morphology",
    "local_intensity",
    "statistics",
    "histogram",
    "ivh",
    "glcm",
    "glrlm",
    "glszm",
    "gldzm",
    "ngtdm",
    "ngldm",
)

#: Families made from the grey levels of neighbouring voxels.
TEXTURE_FAMILIES = FAMILIES[5:]

#: Families whose matrices are made per direction, then merged into one.
_DIRECTIONAL = ("glcm", "glrlm")


@dataclass(frozen=True)
class Feature:
    """One feature: our name, the engine's, and what the IBSI says about it.

    `unit` may hold the placeholders ``{intensity}`` and ``{ivh}``, for the unit of
    the image and the unit of the intensity axis of the intensity-volume histogram.
    """

    family: str
    feature: str
    engine_name: str
    ibsi_tag: str  # as in the IBSI reference values, such as cm_joint_entr_3D_comb
    ibsi_code: str
    unit: str
    measurand: str

    @property
    def column(self) -> str:
        """Column of the feature matrix for the unfiltered image."""
        return f"original.{self.family}.{self.feature}"

    @property
    def aggregation(self) -> str:
        """IBSI aggregation of the texture matrices; empty for other families."""
        if self.family in _DIRECTIONAL:
            return "3D merged"
        return "3D" if self.family in TEXTURE_FAMILIES else ""


@cache
def features() -> tuple[Feature, ...]:
    """All features in the order of the shipped table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Feature(**row) for row in csv.DictReader(file, delimiter="\t"))


def of_families(families: tuple[str, ...]) -> tuple[Feature, ...]:
    """The features of some families, in the order of the table."""
    return tuple(feature for feature in features() if feature.family in families)


@cache
def by_engine_name() -> dict[str, Feature]:
    """Features by their name in the engine."""
    return {feature.engine_name: feature for feature in features()}


@cache
def by_column() -> dict[str, Feature]:
    """Features by their column."""
    return {feature.column: feature for feature in features()}


@cache
def by_ibsi_tag() -> dict[str, Feature]:
    """Features by their tag in the IBSI reference values."""
    return {feature.ibsi_tag: feature for feature in features()}


@cache
def table_digest() -> str:
    """Hash of the shipped table: a value stands for what the table says it is."""
    return hashlib.sha256(TABLE.read_bytes()).hexdigest()[:12]
