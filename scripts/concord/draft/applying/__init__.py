"""Draft of a study that applies a frozen model to images of other patients.

- `images`: images and segmentations that a frozen model needs, among those found in
  folders
- `regions`: regions of a frozen model among the segmentations that were found in
  folders
- `study`: draft of a study that applies a frozen model to the images of other patients
"""
