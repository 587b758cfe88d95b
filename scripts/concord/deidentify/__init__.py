"""DICOM that may leave the hospital: the Basic Profile of PS3.15, keyed."""
