"""The section `regions`: regions made of others by distances in mm."""

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ...fields import Name, Names, Section
from .recipe import Range

RegionKind = Literal["shell", "core", "inner_rim", "grown", "union", "difference"]
Distance = Annotated[float, Field(ge=0, le=100)]

#: The distances that each kind of region uses.
_USED: dict[str, tuple[str, ...]] = {
    "shell": ("inner_mm", "outer_mm"),
    "core": ("inner_mm",),
    "inner_rim": ("inner_mm",),
    "grown": ("outer_mm",),
    "union": (),
    "difference": (),
}


class RegionSection(Section):
    """A region made of others, for every reader who segmented them."""

    of: Names = Field(
        description="The region or regions that it is made of; several are united, "
        "or, for a difference, taken away from the first.",
    )
    kind: RegionKind = Field(
        description="shell (from inner_mm within to outer_mm beyond the surface), core "
        "(deeper than inner_mm), inner_rim (the region without its core), grown (with "
        "all within outer_mm), union or difference.",
    )
    inner_mm: Distance = Field(
        default=0.0, description="Depth below the surface, in mm."
    )
    outer_mm: Distance = Field(
        default=0.0,
        description="Distance beyond the surface, in mm; a peritumoral rim takes 3 to "
        "10 mm. The surface is half-way between voxel centres. Source: "
        "doi:10.1186/s13058-017-0846-1.",
    )
    intensity_range: dict[Name, Range] = Field(
        default={},
        description="Lowest and highest intensity of its voxels by image (or by "
        "modality: all its other images), in HU, SUV or the unit of the image; for "
        "instance CT: [-500, 500] leaves air out.",
    )
    exclude: list[Name] = Field(
        default=[], description="Regions whose voxels it does not contain."
    )

    def of_image(self, image: str) -> Self:
        """The same with the intensity range of one image alone."""
        chosen = {k: v for k, v in self.intensity_range.items() if k == image}
        return self.model_copy(update={"intensity_range": chosen})

    @model_validator(mode="after")
    def _kind_has_its_settings(self) -> Self:
        used = _USED[self.kind]
        for name in ("inner_mm", "outer_mm"):
            if getattr(self, name) > 0 and name not in used:
                raise ValueError(f"{name} has no effect with kind {self.kind}")
        if used and not any(getattr(self, name) > 0 for name in used):
            raise ValueError(f"kind {self.kind} needs {' or '.join(used)} above 0")
        if self.kind in ("union", "difference") and len(self.of) < 2:
            raise ValueError(f"kind {self.kind} needs two regions or more in `of`")
        return self

    @model_validator(mode="after")
    def _ranges_rise(self) -> Self:
        for image, (low, high) in self.intensity_range.items():
            if low is not None and high is not None and low >= high:
                raise ValueError(
                    f"intensity_range.{image} must rise, found lowest {low:g} and "
                    f"highest {high:g}"
                )
        return self


def region_faults(
    regions: Mapping[str, RegionSection], segmented: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Faults that no derived region can see alone, as (key, message).

    Parameters
    ----------
    regions : mapping of str to RegionSection
        The section `regions`.
    segmented : collection of str
        Regions of the mask sheet.
    """
    known = {*segmented, *regions}
    for name, region in regions.items():
        if name in segmented:
            yield f"regions.{name}", "is the name of a segmented region too"
        for key, used in (("of", region.of), ("exclude", region.exclude)):
            for other in used:
                if other not in known:
                    yield (
                        f"regions.{name}.{key}",
                        f"unknown region {other}, known {sorted(known)}",
                    )
    needs = {name: [*region.of, *region.exclude] for name, region in regions.items()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        yield "regions", f"{' -> '.join(error.args[1])} are made of each other"
