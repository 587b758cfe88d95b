"""Names of sessions that name nobody."""

import re
from collections.abc import Mapping
from typing import Any

from .telling import folders

#: Words that sessions of any study are called by; they name nobody.
_WORDS = """
    after base baseline before chemo cycle day during follow followup fraction fu mid
    month op point post pre radiotherapy re repeat rescan restaging retest scan ses
    session staging surgery test therapy time timepoint tp treatment up visit week year
"""
_SESSION_WORDS = frozenset(_WORDS.split())
_PARTS = re.compile(r"[^\W\d_]+|\d+")


def is_common(name: str) -> bool:
    """True if the name of a folder is of common words and short numbers alone."""
    parts = _PARTS.findall(name.casefold())
    return bool(parts) and all(
        len(part) < 4 if part.isdigit() else part in _SESSION_WORDS for part in parts
    )


def is_called_as_usual(row: Mapping[str, Any]) -> bool:
    """True if the folder of a session, of a row of series, is of common words alone."""
    parts = folders(row)
    return len(parts) > 2 and is_common(parts[1])
