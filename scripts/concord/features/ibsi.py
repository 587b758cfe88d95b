"""Names, codes, units and meanings of the features, from one shipped table."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache

from ..provenance import SCRIPTS

TABLE = SCRIPTS.parent / "resources" / "ibsi_features.tsv"

#: The aggregation of texture matrices of the main recipes.
MERGED_3D = "3D merged"

#: Features that weigh every pair of voxels: Moran's I and Geary's C.
SPATIAL_AUTOCORRELATION = ("morans_i", "gearys_c")

#: Start of bins of fixed size that differs from region to region.
REGION_MINIMUM = "region_minimum"

#: The image as it is, in the names of columns.
ORIGINAL = "original"

#: What stands before the name of a recipe that is not the main one of its modality.
RECIPE_SIGN = "@"


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
    ibsi_name: str
    unit: str
    measurand: str

    @property
    def column(self) -> str:
        """Column of the feature matrix for the unfiltered image."""
        return f"{ORIGINAL}.{self.family}.{self.feature}"


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


@dataclass(frozen=True)
class ColumnName:
    """A column of a feature matrix, such as ``wavelet-HHL@coarse.glcm.contrast``.

    `recipe` is empty for the main recipe of a modality; columns then name the image
    alone.
    """

    image: str  # original, or a response map
    recipe: str
    family: str
    feature: str

    def __str__(self) -> str:
        sign = RECIPE_SIGN if self.recipe else ""
        return f"{self.image}{sign}{self.recipe}.{self.family}.{self.feature}"

    @property
    def base(self) -> str:
        """The column of the same feature of the original image, main recipe."""
        return f"{ORIGINAL}.{self.family}.{self.feature}"

    @property
    def order(self) -> tuple[str, bool, str, int, str]:
        """Main recipe first, the original before responses, then as in the table."""
        known = _positions().get(self.base, len(_positions()))
        filtered = self.image != ORIGINAL
        return self.recipe, filtered, self.image, known, self.feature


def parsed(column: str) -> ColumnName:
    """The parts of a column ``image[@recipe].family.feature``."""
    source, family, feature = column.split(".")
    image, _, recipe = source.partition(RECIPE_SIGN)
    return ColumnName(image, recipe, family, feature)


def renamed(column: str, image: str = ORIGINAL, recipe: str = "") -> str:
    """The column of the same feature of another image and recipe."""
    known = parsed(column)
    return str(ColumnName(image, recipe, known.family, known.feature))


@cache
def _positions() -> dict[str, int]:
    return {feature.column: place for place, feature in enumerate(features())}
