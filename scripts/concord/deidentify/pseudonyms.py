"""Pseudonyms of one subject: UIDs, dates and ids, by the key of the study."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from pydicom.uid import UID_dictionary

from ..privacy.secret import keyed_bytes

#: UIDs of the standard itself, such as those of storage classes; the last ones are
#: newer than the dictionary.
STANDARD_UIDS = frozenset(UID_dictionary) | {
    "1.2.840.10008.5.1.4.1.1.66.7",
    "1.2.840.10008.5.1.4.1.1.66.8",
}
#: Dates move back by one to ten years.
LEAST_DAYS, MOST_DAYS = 366, 3650
#: Above this age, in years, few people are alike.
OLDEST = 89

_DATE = re.compile(
    r"((?:19|20)\d\d)(\d\d)(\d\d)"
    r"((?:[01]\d|2[0-3])(?:[0-5]\d(?:[0-5]\d(?:\.\d{1,6})?)?)?)?([+-][01]\d[0-5]\d)?",
    re.ASCII,
)
_ZONE = re.compile(r"[+-][01]\d[0-5]\d", re.ASCII)


@dataclass(frozen=True)
class Pseudonyms:
    """Pseudonyms for the identifiers of a subject in exported files.

    Equal UIDs get equal ones in all files of the study; the dates of a subject all
    move by the same number of days, so intervals are kept.
    """

    subject_id: str
    shift_days: int = field(init=False)

    def __post_init__(self) -> None:
        number = int.from_bytes(keyed_bytes(self.subject_id, "days")[:8])
        days = LEAST_DAYS + number % (MOST_DAYS - LEAST_DAYS + 1)
        object.__setattr__(self, "shift_days", days)

    def uid(self, original: str) -> str:
        """A UID in place of another; those of the standard stay."""
        original = original.strip("\0 ")
        if not original or original in STANDARD_UIDS:
            return original
        number = int.from_bytes(keyed_bytes(original, "exported uid")[:16])
        return f"2.25.{number}"

    def moment(self, original: str) -> str:
        """A date (DA) or date with time (DT), moved; empty if it is no date."""
        found = _DATE.fullmatch(original.strip("\0 "))
        if found is None:
            return ""
        try:
            then = date(int(found[1]), int(found[2]), int(found[3]))
            moved = then - timedelta(days=self.shift_days)
        except (ValueError, OverflowError):
            return ""
        return f"{moved.year:04d}{moved:%m%d}{found[4] or ''}{found[5] or ''}"

    def zone(self, original: str) -> str:
        """A zone such as +0100 as it is; empty if it is none."""
        return original.strip() if _ZONE.fullmatch(original.strip()) else ""

    def age(self, original: str) -> str:
        """An age (AS); those above 89 years become 90 years."""
        found = re.fullmatch(r"(\d{3})([DWMY])", original.strip())
        if found is None:
            return ""
        old = found[2] == "Y" and int(found[1]) > OLDEST
        return "090Y" if old else original.strip()
