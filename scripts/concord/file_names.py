"""BIDS-style names of image and mask files."""

import re
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]


def image_name(row: Row) -> str:
    """BIDS-style name of an image, without ending."""
    subject, session = _label(row["subject_id"]), _label(row["session"])
    return f"sub-{subject}_ses-{session}_{row['image']}"


def mask_name(row: Row) -> str:
    """BIDS-style name of a mask, without ending."""
    region, reader = _label(row["region"]), _label(row["reader"])
    return f"{image_name(row)}_label-{region}_desc-{reader}_mask"


def _label(identifier: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", identifier)
