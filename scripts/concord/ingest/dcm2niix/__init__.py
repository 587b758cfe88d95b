"""Reader of mosaics and 4D MR by dcm2niix, checked against the headers.

- `expected`: voxels that a series must give by its own headers: number, place and sum
- `output`: output of dcm2niix: its volumes on lattices that run like the slices of
  DICOM
- `reader`: dcm2niix as another reader, for mosaics and 4D MR that vendors store their
  own way
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "reader": ["NAME"],
    },
)
