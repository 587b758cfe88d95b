"""DICOM that may leave the hospital: the Basic Profile of PS3.15, keyed.

- `actions`: action on each element: the table of PS3.15, and what this study retains
- `export`: the DICOM of one chunk of the sheets, copied without identifiers
- `header`: one header without identifiers: every element decided, at every depth
- `pseudonyms`: pseudonyms of one subject: UIDs, dates and ids, by the key of the study
- `settings`: settings of the de-identified export
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "export": ["converted", "export_images", "export_segmentations"],
        "settings": ["DeidentifyDicom"],
    },
)
