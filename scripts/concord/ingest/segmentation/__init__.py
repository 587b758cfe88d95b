"""Segmentations: RTSTRUCT, DICOM SEG and label maps as masks of an image.

- `checks`: plausibility checks of a mask
- `contour_stack`: from contour planes to the slices of an image: nearest, finer,
  between, gaps
- `contours`: planar contours to a mask on the grid of an image
- `crossing`: polygons of one plane that cross or are copies of each other
- `dicom_seg`: DICOM SEG files: segments of any type, placed on an image by their
  geometry
- `label_map`: NIfTI label maps: the voxels of chosen labels on the grid of an image
- `options`: tolerances for converting the segmentations of one subject
- `polygons`: polygons on a pixel grid: which pixel centres they hold
- `resampling`: masks of another grid on the grid of an image: voxel by voxel, or
  nearest
- `rois`: choice of the region of a source that a row of the mask sheet means
- `rtstruct`: segmentations of an RTSTRUCT file: its ROIs, and what image they belong to
- `seg_elements`: elements of a DICOM SEG: which it must have, and which it may lack
- `seg_frames`: segments and frames of a DICOM SEG file, as it describes them
- `seg_sizes`: sizes of a DICOM SEG: what its header tells, compared before anything is
  decoded
- `sources`: sources of segmentations, whatever their kind: RTSTRUCT, DICOM SEG or NIfTI
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "checks": ["Checked"],
        "options": ["SegmentationOptions", "options_of"],
        "resampling": ["nearest"],
        "rois": ["Listing"],
        "sources": ["source_mask"],
    },
)
