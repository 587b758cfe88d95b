"""Scanner, reconstruction, protocol and reader that development does not know."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...batch_labels import matched
from ...errors import StudyError
from ...ingest.acquisition import protocol
from ...ingest.acquisition.settings import ProtocolItem
from .applied import Applied
from .flags import Raised
from .settings import Flag

#: Facts that tell a scanner; all others in a model tell a reconstruction.
SCANNER = (
    "Manufacturer",
    "ManufacturersModelName",
    "SoftwareVersions",
    "MagneticFieldStrength",
)
_MOST_LISTED = 6


def unknown_facts(applied: Applied, acquisition: pd.DataFrame) -> Iterator[Raised]:
    """Flags of facts of one subject's images that development had not.

    Parameters
    ----------
    applied : Applied
        The model.
    acquisition : DataFrame
        Rows of kind "acquisition" of the subject in the session of the study. A fact
        that the header does not state raises no flag.
    """
    for image in applied.images:
        known = applied.document.applicability.acquisition.get(image, {})
        rows = acquisition[acquisition["image"] == image]
        for fact, values in known.items():
            if fact not in rows:
                continue
            for value in rows[fact]:
                seen = protocol.shown(value)
                if seen is None or not values or matched(seen, values) in values:
                    continue
                flag: Flag = "unknown_scanner" if fact in SCANNER else "unknown_kernel"
                yield Raised(flag, f"{image}.{fact}", seen, listed(values))


def protocol_items(configuration: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Items of the protocol of a model, by image and acquisition fact."""
    found = configuration.get("protocol") or {}
    try:
        return {
            image: {
                name: ProtocolItem.model_validate(item) for name, item in items.items()
            }
            for image, items in found.items()
        }
    except ValueError as error:
        raise StudyError(
            "configuration.protocol of the model is not valid. Freeze the model again."
        ) from error


def departures(applied: Applied, acquisition: pd.DataFrame) -> Iterator[Raised]:
    """Flags of images of one subject that depart from the protocol of the model."""
    items = protocol_items(applied.document.configuration)
    rows = acquisition[acquisition["image"].isin(applied.images)]
    for row in protocol.conformance(rows, items):
        if row["conforms"] == protocol.DEPARTS:
            yield Raised(
                "protocol_departure",
                f"{row['image']}.{row['item']}",
                str(row["found"]),
                str(row["expected"]),
            )


def reader_kind(applied: Applied, kind: str, reader: str) -> Iterator[Raised]:
    """The flag of regions by a kind of reader that development had not."""
    known = applied.document.applicability.readers
    if applied.features and known and kind not in known:
        yield Raised("reader_kind", "reader", f"{kind} ({reader})", listed(known))


def listed(values: list[str]) -> str:
    """Values that development had, the first few of them."""
    told = " or ".join(values[:_MOST_LISTED])
    more = len(values) - _MOST_LISTED
    return f"{told} or {more} more" if more > 0 else told
