"""Faults and notes of images and masks: codes, collecting, tables.

- `codes`: every code of a fault or note of the ingest, and what it means
- `collecting`: faults of one image or mask: gathered, waived where the study says so,
  raised
- `report_table`: every finding about images and segmentations as one table, for review
- `rows`: rows of the sheets: their file names, and what happens to a faulty one
- `same_images`: images that are the same to the last voxel, under several subjects or
  sessions
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "codes": ["CODES", "Code", "WAIVED"],
        "collecting": [
            "is_waived",
            "raise_ingest_faults",
            "raise_unwaived",
            "waived_note",
        ],
        "report_table": ["report_rows"],
        "rows": [
            "EXCLUDED_KEYS",
            "IMAGE_KEYS",
            "MASK_KEYS",
            "convert_rows",
            "require_distinct",
        ],
    },
)
