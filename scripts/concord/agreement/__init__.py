"""Agreement of readers on a segmentation."""
