"""From DICOM series and segmentations to volumes, masks and acquisition facts.

- `image`: one image of the study: read, checked, written with its acquisition facts
- `mask`: one mask of the study: a segmentation on the grid of its image
- `nifti`: NIfTI files as an alternative to DICOM: checked, never resampled
- `roi_names`: ROI names that the configuration gives for a region, in place of each
  row's cell
- `settings`: settings of the ingest: from DICOM to NIfTI
- `shared_mask`: masks that several images of a session share: made on one, taken for
  another
- `sizes`: sizes that are refused before anything is decoded or unpacked
- `subject_faults`: subject ids of sheets that tell who a patient is, before any file is
  converted
- `telling_labels`: names of sessions, images, regions and readers that tell who a
  patient is
- `voxel_units`: units of voxel values that come without a header: declared, or taken
  with care
- `acquisition/`: acquisition facts of images: sidecars, protocol, drift and proposed
  batches
- `dcm2niix/`: reader of mosaics and 4D MR by dcm2niix, checked against the headers
- `dicom/`: DICOM files: headers, series, frames and pixels, and their faults
- `faults/`: faults and notes of images and masks: codes, collecting, tables
- `geometry/`: geometry of a volume: slices, grid, volumes of a series, resampling
- `index/`: index of DICOM roots, and drafts of the sheets made from it
- `patterns/`: patterns of names: regular expressions that are matched in linear time
- `pet/`: standardized uptake values of PET, and what they need of the header
- `segmentation/`: segmentations: RTSTRUCT, DICOM SEG and label maps as masks of an
  image
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "image": ["write_image"],
        "mask": ["image_key", "write_mask"],
        "nifti": ["is_nifti", "read_volume"],
        "settings": [
            "ConvertImage",
            "ConvertMask",
            "DraftSheets",
            "FaultSettings",
            "GatherIngest",
            "GridSettings",
            "ImageSettings",
            "IndexDicom",
            "IngestSection",
            "MaskChecks",
            "MaskSettings",
            "ProposeBatches",
            "SegmentationSettings",
            "SheetRow",
        ],
    },
)
