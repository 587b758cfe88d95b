"""Where the files of a simulated site are."""

READERS = ("A", "B", "AI")
#: The reader that is an algorithm.
AUTOMATIC = "AI"
CT, PET = "CT", "PT"
MODALITIES = (CT, PET)
#: Region that is segmented.
REGION = "tumour"


def series_folder(subject_id: str, session: str, modality: str) -> str:
    """Folder of a series, below the folder of its site."""
    return f"{subject_id}/{session}/{modality}"


def segmentation_file(subject_id: str, session: str, modality: str, reader: str) -> str:
    """RTSTRUCT or SEG of a reader, below the folder of its site."""
    return f"{subject_id}/{session}/RT/{modality}_reader-{reader}.dcm"
