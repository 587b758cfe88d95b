"""ROI names that the configuration gives for a region, in place of each row's cell."""

from collections.abc import Iterator, Mapping

from ..config_faults import Fault, nearest
from .patterns.automaton import compiled
from .patterns.syntax import PatternError
from .settings import ALL_SITES, RoiNames, SheetRow

#: Separates the alternatives of a cell, as in the mask sheet.
_ALTERNATIVES = ";;"


def with_names(row: SheetRow, names: Mapping[str, RoiNames], site: str) -> SheetRow:
    """A row of the mask sheet with `roi` of the configuration, if its cell is empty.

    Label maps are left as they are: their labels have numbers, no names.
    """
    told = names.get(row["region"], {})
    found = told.get(site) or told.get(ALL_SITES)
    is_label_map = row["source"].lower().endswith((".nii", ".nii.gz"))
    if row.get("roi") or not found or is_label_map:
        return row
    return row | {"roi": found}


def name_faults(
    names: Mapping[str, RoiNames], regions: set[str], sites: set[str]
) -> Iterator[Fault]:
    """Regions and sites that no sheet has, and patterns that are refused."""
    for region, told in names.items():
        key = f"ingest.roi_names.{region}"
        if region not in regions:
            hint = nearest(region, regions)
            yield Fault(key, "", f"is no region of the mask sheet{hint}")
        for site, cell in told.items():
            if site not in sites | {ALL_SITES}:
                hint = nearest(site, sites)
                yield Fault(f"{key}.{site}", "", f"is no site of the study{hint}")
            yield from _pattern_faults(key, cell)


def _pattern_faults(key: str, cell: str) -> Iterator[Fault]:
    """Regular expressions that are not supported; what is none at all is a name."""
    for part in cell.split(_ALTERNATIVES):
        try:
            compiled(part.strip())
        except PatternError as error:
            if error.is_refused:
                text = f"{part.strip()[:60]!r} cannot be matched in linear time or is "
                text += f"too large: {error} (character {error.position + 1})"
                yield Fault(key, "", text)
