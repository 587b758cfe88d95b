"""Folders and ROIs of any script as ids and regions of ASCII, two names staying two."""

import re

from ...file_names import folded, is_device
from ...privacy.secret import keyed_hash


def folder_id(name: str) -> str:
    """A folder as an id: letters, digits, underscores and hyphens."""
    found = re.sub(r"[^A-Za-z0-9_-]", "_", folded(name))
    lost = _lost(name, "folder")
    return f"{found.strip('_-')}_{lost}".lstrip("_") if lost else found


def region(name: str) -> str:
    """An ROI name as a region: letters, digits and underscores."""
    found = re.sub(r"[^A-Za-z0-9]+", "_", folded(name)).strip("_")
    lost = _lost(name, "region")
    found = f"{found}_{lost}".strip("_") if lost else found
    usable = found[:1].isalpha() and not is_device(found)
    return found if usable else f"roi_{found}"


def _lost(name: str, purpose: str) -> str:
    """A keyed hash that stands for the letters of other scripts; empty without any."""
    plain = folded(name)
    lost = any(one.isalnum() and not one.isascii() for one in plain)
    return keyed_hash(name, purpose, 8) if lost else ""
