"""Aggregations of the second feature engine, and tags of its features."""

from dataclasses import dataclass

from ....errors import StudyError
from ...families import DIRECTIONAL_FAMILIES, TEXTURE_FAMILIES
from ...ibsi import Feature, by_column


@dataclass(frozen=True)
class Aggregation:
    """Way from texture matrices of slices and directions to one value."""

    dimension: str  # 2D, 2.5D or 3D
    method: str  # the engine's name
    merged: bool  # features of merged matrices (IBSI comb), or averaged ones (avg)

    def suffix(self, family: str) -> str:
        """Suffix of the IBSI to the tag of a feature, such as ``2_5D_comb``."""
        if family not in TEXTURE_FAMILIES:
            return ""
        parts = [self.dimension.replace(".", "_")]
        if family in DIRECTIONAL_FAMILIES:
            parts.append("comb" if self.merged else "avg")
        return "_".join(parts)


#: The aggregations of the IBSI. Families without directions know 2D, 2.5D and 3D only.
AGGREGATIONS = {
    "2D averaged": Aggregation("2D", "AVER", merged=False),
    "2D slice-merged": Aggregation("2D", "SLICE_MERG", merged=True),
    "2.5D direction-merged": Aggregation("2.5D", "DIR_MERG", merged=False),
    "2.5D merged": Aggregation("2.5D", "MERG", merged=True),
    "3D averaged": Aggregation("3D", "AVER", merged=False),
    "3D merged": Aggregation("3D", "MERG", merged=True),
}

#: Features that this engine does not compute, as family.feature.
LACKING = frozenset(
    {
        "morphology.volume_density_oriented_minimum_bounding_box",
        "morphology.area_density_oriented_minimum_bounding_box",
        "morphology.volume_density_minimum_volume_enclosing_ellipsoid",
        "morphology.area_density_minimum_volume_enclosing_ellipsoid",
        "ivh.area_under_curve",
    }
)


def aggregation(name: str) -> Aggregation:
    """The aggregation of a name, or StudyError."""
    if name not in AGGREGATIONS:
        raise StudyError(
            f"aggregation {name!r} is unknown, expected one of {list(AGGREGATIONS)}."
        )
    return AGGREGATIONS[name]


def offered(column: str) -> bool:
    """Tell if the feature of a column, of whatever image, is none of `LACKING`."""
    return short_name(column) not in LACKING


def short_name(column: str) -> str:
    """Family and feature of a column, without the filter."""
    return ".".join(column.split(".")[-2:])


def base_tag(feature: Feature) -> str:
    """Tag of a feature in the IBSI reference values, without its aggregation."""
    suffix = AGGREGATIONS["3D merged"].suffix(feature.family)
    return feature.ibsi_tag.removesuffix(f"_{suffix}") if suffix else feature.ibsi_tag


def ibsi_tag(column: str, name: str) -> str:
    """Tag of a column in the IBSI reference values under an aggregation."""
    feature = by_column()[column]
    suffix = aggregation(name).suffix(feature.family)
    return "_".join(filter(None, [base_tag(feature), suffix]))
