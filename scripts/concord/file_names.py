"""BIDS-style names of image and mask files."""

import re
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]


def image_name(row: Row) -> str:
    """BIDS-style name of an image, without ending."""
    subject, session = label(row["subject_id"]), label(row["session"])
    return f"sub-{subject}_ses-{session}_{row['image']}"


def mask_name(row: Row) -> str:
    """BIDS-style name of a mask, without ending."""
    region, reader = label(row["region"]), label(row["reader"])
    return f"{image_name(row)}_label-{region}_desc-{reader}_mask"


def label(identifier: str) -> str:
    """An id as a BIDS label: letters and digits only."""
    return re.sub(r"[^A-Za-z0-9]", "", identifier)
