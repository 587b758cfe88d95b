"""Scanners, protocols, readers and sizes of regions of the development subjects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ...readers import CONSENSUS

#: Facts of scanner and reconstruction that are told of every image that has them.
FACTS = (
    "Manufacturer",
    "ManufacturersModelName",
    "SoftwareVersions",
    "ConvolutionKernel",
    "KVP",
    "SliceThickness",
    "MagneticFieldStrength",
    "TracerRadionuclide",
    "ReconMethodName",
)
#: More distinct numbers than this are told as their range, lest each be one patient's.
MOST_NUMBERS = 6


class Images(NamedTuple):
    """Images and regions that the features of a model are measured in."""

    protocol: dict[str, dict[str, Any]]  # of each image, what the study wants
    regions: list[str]  # as <image>.<region>

    @classmethod
    def of(
        cls, features: Iterable[Mapping[str, Any]], configuration: Mapping[str, Any]
    ) -> "Images":
        """Images of rows of the dictionary, with the protocol of the configuration."""
        wanted = configuration.get("protocol", {})
        known = configuration.get("images", {})
        regions = [f"{row['image']}.{row['region']}" for row in features]
        protocol = {
            name: wanted.get(name, wanted.get(one.get("modality"), {}))
            for name, one in known.items()
        }
        return cls(protocol, list(dict.fromkeys(regions)))


def facts(
    acquisition: pd.DataFrame,
    subjects: Collection[str],
    session: str,
    protocol: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, list[str]]]:
    """Values of facts in development, by image and name in the acquisition table.

    Parameters
    ----------
    acquisition : DataFrame
        Kind "acquisition".
    subjects : collection of str
        Those that the model was fitted to.
    session : str
        Session that is predicted from.
    protocol : mapping
        Facts that the study wants of each image that counts.
    """
    own = acquisition["subject_id"].isin(set(subjects))
    rows = acquisition[own & (acquisition["session"] == session)]
    found = {}
    for image in sorted(protocol):
        table = rows[rows["image"] == image]
        names = [n for n in dict.fromkeys([*FACTS, *protocol[image]]) if n in table]
        values = {name: values_of(table[name]) for name in names}
        found[image] = {name: listed for name, listed in values.items() if listed}
    return {image: known for image, known in found.items() if known}


def values_of(column: pd.Series) -> list[str]:
    """Distinct known values as text, sorted; of many numbers, their range."""
    known = column.dropna()
    if pd.api.types.is_bool_dtype(known):
        return sorted({str(value).lower() for value in known})
    if not pd.api.types.is_numeric_dtype(known):
        return sorted({str(value) for value in known})
    distinct = sorted({float(value) for value in known})
    if len(distinct) <= MOST_NUMBERS:
        return [f"{value:g}" for value in distinct]
    return [f"{distinct[0]:g} to {distinct[-1]:g}"]


def kinds_of_readers(reader: str, algorithms: Collection[str]) -> list[str]:
    """Kind of the reader whose segmentations are used, as a list of one."""
    if reader == CONSENSUS:
        return ["consensus"]
    return ["algorithm" if reader in algorithms else "human"]


def smallest_regions(
    masks: pd.DataFrame,
    subjects: Collection[str],
    session: str,
    reader: str,
    regions: Sequence[str],
) -> dict[str, float]:
    """Smallest number of voxels of each region in development, as segmented.

    Parameters
    ----------
    masks : DataFrame
        Kind "masks".
    subjects, session
        As for `facts`.
    reader : str
        Reader whose segmentations are used.
    regions : sequence of str
        Regions as ``<image>.<region>``; those made of others have no mask.
    """
    own = masks["subject_id"].isin(set(subjects)) & (masks["session"] == session)
    rows = masks[own & (masks["reader"] == reader)]
    names = rows["image"].astype(str) + "." + rows["region"].astype(str)
    smallest = rows["voxels"].astype(float).groupby(names).min()
    return {name: float(smallest[name]) for name in regions if name in smallest}
