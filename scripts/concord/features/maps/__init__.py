"""Maps of a feature over the voxels of a region, as NIfTI and as pictures."""
