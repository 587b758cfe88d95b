"""Index of DICOM roots, and drafts of the sheets made from it.

- `ascii_names`: folders and ROIs of any script as ids and regions of ASCII, two names
  staying two
- `bids`: images and masks of a root in BIDS layout, known by their names alone
- `cache`: the facts of all files of a root, kept between two scans
- `drafts`: drafts of the study's sheets from the series found; the user reviews them
- `identity`: parts of a path and names of regions that tell who a patient is, by one
  header
- `listing`: the files of a root, by what the file system tells without opening them
- `naming`: names that drafts propose for images, in the words of a fixed vocabulary
- `regions`: regions by the names of ROIs, one where names differ by image or reader
  alone
- `scan`: facts of every file below a root: read once, in parallel, then only looked at
- `series_table`: every series below a DICOM root, one row each; nothing is skipped
  unseen
- `session_names`: names of sessions that name nobody
- `summary`: counts of the index per root and modality, without any name
- `telling`: parts of paths and names of regions that may become no name in a draft
- `telling_ids`: folders whose names would tell, as subject ids, who somebody is
- `volume_names`: names of the volumes of 4D series, for the drafts of the image sheet
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "cache": ["read_file_facts", "write_file_facts"],
        "drafts": ["image_rows", "linkage_rows", "mask_rows", "named", "unlisted_rows"],
        "series_table": ["require_root", "series_rows"],
        "summary": ["summary_rows"],
    },
)
