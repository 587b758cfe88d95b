"""Features of a chunk: segmentations, cached values of each recipe, feature matrix.

`chunk` is the entry; `engine_crosscheck` compares both engines along the same way.

- `cache`: content-addressed cache of feature values, keyed by image, mask, recipe and
  code
- `chunk`: features of all regions of a chunk of subjects, by all recipes of an image
- `engine_crosscheck`: features of some subjects by two engines, from the same prepared
  regions
- `matrix`: feature matrices: one row per image, region and reader, one column per
  feature
- `region_features`: features of one segmentation by one recipe: values, and why some
  have none
- `scans`: segmentations of a chunk with their scans, read when they are first needed
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "cache": ["Outcome", "cached"],
        "chunk": ["Extraction", "extract"],
        "engine_crosscheck": ["cross_check"],
        "matrix": ["concatenated", "joined"],
        "scans": ["segmentations"],
    },
)
