"""Maps of a feature over the voxels of a region, as NIfTI and as pictures.

- `feature_maps`: feature maps: the value of a feature in a ball around every voxel of a
  region
- `writing`: maps of features for some regions of a chunk, as volumes and as pictures
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "writing": ["mapped"],
    },
)
