"""Settings of the de-identified export."""

from typing import Self

from ..errors import StudyError
from ..ingest.settings import SheetRow
from ..privacy.secret_file import MAKE
from ..privacy.settings import PrivateSettings
from ..settings import StudyView, from_study


class DeidentifyDicom(PrivateSettings):
    """Settings of rule deidentify_dicom: rows of a chunk of images and masks."""

    merge_rois: bool = from_study("ingest.merge_rois")
    reviewed_images: list[str] = from_study("privacy.reviewed_images")
    images: list[SheetRow]
    masks: list[SheetRow]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one chunk; `names` holds `chunk` and `image`.

        Raises
        ------
        StudyError
            If real data would be pseudonymized with a key that can be guessed.
        """
        _require_secret(study)
        chunk, image = names["chunk"], names["image"]
        images = study.image_rows(chunk, image)
        masks = [r for r in study.mask_rows(chunk, image) if "segmented_on" not in r]
        return cls.composed(study, names, images=images, masks=masks)


def _require_secret(study: StudyView) -> None:
    if study.value("privacy.secret_file") is not None:
        return
    if study.value("simulation") is None and study.value("privacy.data") != "simulated":
        raise StudyError(
            "privacy.secret_file is null, so exported UIDs and dates would be keyed by "
            f"the seed, which anybody can try. Make a secret with `{MAKE}`, which "
            "tells the line for the configuration."
        )
