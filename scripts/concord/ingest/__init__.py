"""From DICOM series and outlines to volumes, masks and acquisition facts."""
