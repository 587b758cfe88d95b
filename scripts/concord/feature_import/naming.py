"""Features that other tools computed: their columns as names of this project.

A feature keeps the word that its tool gave it: the same word does not prove the
same definition. Only filter and family are translated, so that patterns such as
``CT.*.original.glcm.*`` find the features of every source.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from ..file_names import short_hash

#: Families of pyradiomics in the words of the IBSI.
#: Source: https://pyradiomics.readthedocs.io/en/latest/features.html
PYRADIOMICS_FAMILIES = {
    "shape": "morphology",
    "shape2D": "morphology",
    "firstorder": "statistics",
    "glcm": "glcm",
    "glrlm": "glrlm",
    "glszm": "glszm",
    "gldzm": "gldzm",
    "ngtdm": "ngtdm",
    "gldm": "ngldm",
}

#: First-order features of pyradiomics that are made from grey-level bins.
_OF_BINS = frozenset({"Entropy", "Uniformity"})

#: Filter and family of a column about which only its name is known.
UNKNOWN_FILTER = "unknown"
EXTERNAL = "external"

#: A column of a feature matrix: <filter>.<family>.<feature>.
COLUMN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")

_PYRADIOMICS = re.compile(r"(?P<filter>.+?)_(?P<family>[A-Za-z0-9]+)_(?P<name>[^_]+)")
_WORDS = re.compile(r"\d+D(?=[A-Z]|$)|\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def chosen_columns(
    columns: Iterable[str], patterns: Iterable[str], excluded: Iterable[str]
) -> list[str]:
    """Columns that fit one of the patterns and none of the excluded ones."""
    wanted, unwanted = list(patterns), list(excluded)
    return [
        column
        for column in columns
        if any(fnmatchcase(column, pattern) for pattern in wanted)
        and not any(fnmatchcase(column, pattern) for pattern in unwanted)
    ]


def matrix_columns(
    columns: Iterable[str], style: str, names: Mapping[str, str]
) -> dict[str, str]:
    """The column of the feature matrix, <filter>.<family>.<feature>, of each column.

    Parameters
    ----------
    columns : iterable of str
        Columns of a table of features.
    style : str
        ``canonical``: already <filter>.<family>.<feature>; ``pyradiomics``:
        <filter>_<class>_<Feature>; ``as_given``: nothing is known of the names.
        A column that does not follow the style becomes
        ``unknown.external.<its name>``.
    names : mapping
        Columns whose new name is given.
    """
    translate = {"canonical": _canonical, "pyradiomics": _pyradiomics}.get(style)
    found = {}
    for column in columns:
        known = names.get(column) or (translate(column) if translate else None)
        found[column] = known or f"{UNKNOWN_FILTER}.{EXTERNAL}.{safe(column)}"
    return found


def collisions(names: Mapping[str, str]) -> dict[str, list[str]]:
    """New names that several columns would share, with these columns."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for column, name in names.items():
        by_name[name].append(column)
    return {name: shared for name, shared in by_name.items() if len(shared) > 1}


def safe(text: str) -> str:
    """A text of letters, digits, ``_`` and ``-``; what else it holds becomes ``_``.

    Where letters of other scripts go, a hash keeps apart what would be alike.
    """
    plain = re.sub(r"[^A-Za-z0-9-]+", "_", text).strip("_") or "_"
    if any(one.isalpha() and not one.isascii() for one in text):
        return f"{plain.strip('_')}_{short_hash(text)}".lstrip("_")
    return plain


def _canonical(column: str) -> str | None:
    return column if COLUMN.fullmatch(column) else None


def _pyradiomics(column: str) -> str | None:
    """A name of pyradiomics in ours; None if it is none."""
    parts = _PYRADIOMICS.fullmatch(column)
    if parts is None or parts["family"] not in PYRADIOMICS_FAMILIES:
        return None
    family = PYRADIOMICS_FAMILIES[parts["family"]]
    if parts["family"] == "firstorder" and parts["name"] in _OF_BINS:
        family = "histogram"
    words = "_".join(word.lower() for word in _WORDS.findall(parts["name"]))
    return f"{safe(parts['filter'])}.{family}.{words}" if words else None
