"""Scanner, reconstruction, protocol and reader that development does not know."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ...batch_labels import matched
from ...errors import StudyError
from ...ingest.acquisition import protocol
from ...ingest.acquisition.settings import ProtocolItem
from .applied import Applied
from .flags import Raised
from .settings import Flag

#: Facts that tell a scanner; all others tell how an image was acquired and made.
SCANNER = (
    "Manufacturer",
    "ManufacturersModelName",
    "SoftwareVersions",
    "MagneticFieldStrength",
)
_MOST_LISTED = 6
#: Many numbers of development are told as their range.
_RANGE = re.compile(r"(-?[\d.]+(?:e[+-]?\d+)?) to (-?[\d.]+(?:e[+-]?\d+)?)")


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
                if seen is None or not values or _is_known(value, seen, values):
                    continue
                flag: Flag = "unknown_scanner" if fact in SCANNER else "unknown_kernel"
                yield Raised(flag, f"{image}.{fact}", seen, told_values(values))


def _is_known(value: Any, seen: str, values: Sequence[str]) -> bool:
    """True if development had a fact: the text, the number, or a range around it."""
    if isinstance(value, str):
        return matched(value, values) in values
    if isinstance(value, bool):
        return bool({seen, str(value).lower()} & {*values})
    return any(_holds(float(value), known) for known in values)


def _holds(value: float, known: str) -> bool:
    found = _RANGE.fullmatch(known)
    try:
        ends = [float(one) for one in (found.groups() if found else (known, known))]
    except ValueError:
        return False
    item = ProtocolItem(lowest=ends[0], highest=ends[1])
    return protocol.conforms(value, item) == protocol.CONFORMS


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
        yield Raised("reader_kind", "reader", f"{kind} ({reader})", told_values(known))


def told_values(values: list[str]) -> str:
    """Values that development had, the first few of them."""
    told = " or ".join(values[:_MOST_LISTED])
    more = len(values) - _MOST_LISTED
    return f"{told} or {more} more" if more > 0 else told
