"""Names and labels that a draft makes of what others have called something."""

import re

from ..fields import key_fault
from ..file_names import LONGEST_KEY, short_hash


def name_of(text: str) -> str:
    """A text as a name of the configuration: a letter, then letters, digits or _."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
    if len(name) > LONGEST_KEY - 2:
        name = f"{name[: LONGEST_KEY - 11]}_{short_hash(text)}"
    return name if not key_fault(name) else f"x_{name}".rstrip("_")


def label_of(text: str) -> str:
    """A name of a column as a label for figures."""
    label = " ".join(re.sub(r"[_.]+", " ", text).split())
    return label[:1].upper() + label[1:]


#: Short names of outcomes, which figures write in capitals.
_SHORT = frozenset(
    ["os", "pfs", "dfs", "efs", "rfs", "dss", "css", "ttp", "pcr", "bmi"]
)
_UNITS = ("years", "months", "days", "kg", "cm", "ml")


def outcome_of(column: str, is_survival: bool) -> tuple[str, str]:
    """Name and label of an endpoint by its column: `pfs_event` is `pfs`, PFS."""
    words = [w for w in re.split(r"[^A-Za-z0-9]+", column) if w]
    telling = [w for w in words if w.lower() not in ("event", "status", "deadstatus")]
    if not telling:
        told = "survival" if is_survival else "event"
        return told, told.capitalize()
    short = len(telling) == 1 and telling[0].lower() in _SHORT
    label = telling[0].upper() if short else label_of("_".join(telling))
    return name_of("_".join(telling)), label


def label_and_unit(column: str) -> tuple[str, str]:
    """Label and unit of a covariate by its column: `age_years` is Age, years."""
    words = [w for w in re.split(r"[^A-Za-z0-9]+", column) if w]
    unit = words[-1].lower() if len(words) > 1 else ""
    if unit not in _UNITS:
        return label_of(column), ""
    return label_of("_".join(words[:-1])), unit
