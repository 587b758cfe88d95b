"""The demo study: simulated DICOM with known truth."""
