"""DICOM that may leave the hospital: the Basic Profile of PS3.15, keyed.

- `actions`: action on each element: the table of PS3.15, and what this study retains
- `export`: the DICOM of one chunk of the sheets, copied without identifiers
- `gathering`: lists of what the copies of all chunks hold, put together
- `header`: one header without identifiers: every element decided, at every depth
- `kept_codes`: code strings, and texts used like them, that are kept by their defined
  terms
- `kept_numbers`: numbers that are kept, each within a plausible range
- `lookup_table`: entries of a Modality LUT: as many as its descriptor says, and no more
- `markings`: marks of burned-in text and faces, by every element that the standard
  offers
- `numbering`: numbers that count things, counted anew over all files of a series
- `options`: options of the profile that the copies follow, as the files state them
- `pixels`: pixels of a copy: written anew from their numbers, and nothing beside them
- `pseudonyms`: pseudonyms of one subject: UIDs, dates and ids, by the key of the study
- `review`: every element that the copies hold, with its values, and what went
- `settings`: settings of the de-identified export
- `values`: values of elements that are kept: each by its kind, or with the reason why
  not
- `walk`: walk over the elements of a header, at every depth
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "export": ["converted", "export_images", "export_segmentations"],
        "gathering": ["gathered"],
        "review": ["Review"],
        "settings": ["DeidentifyDicom"],
    },
)
