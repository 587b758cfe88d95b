"""Pseudonyms of one subject: UIDs, dates and ids, by the key of the study."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from ..privacy.secret import keyed_bytes

#: UIDs of the standard itself, such as those of storage classes.
_STANDARD = "1.2.840.10008."
#: Dates move back by one to ten years.
LEAST_DAYS, MOST_DAYS = 366, 3650
#: Above this age, in years, few people are alike.
OLDEST = 89

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(.*)", re.DOTALL)
_ZONE = re.compile(r"[+-]\d{4}")
_DIGITS_OF_TIME = re.compile(r"[\d.+-]*")


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
        if not original or original.startswith(_STANDARD):
            return original
        number = int.from_bytes(keyed_bytes(original, "exported uid")[:16])
        return f"2.25.{number}"

    def moment(self, original: str) -> str:
        """A date (DA) or date with time (DT), moved; empty if it is no date."""
        found = _DATE.fullmatch(original.strip())
        if found is None or not _DIGITS_OF_TIME.fullmatch(found[4]):
            return ""
        try:
            then = date(int(found[1]), int(found[2]), int(found[3]))
            moved = then - timedelta(days=self.shift_days)
        except (ValueError, OverflowError):
            return ""
        return f"{moved.year:04d}{moved:%m%d}{found[4]}"

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
