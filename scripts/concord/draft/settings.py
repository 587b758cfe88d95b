"""Settings of rule draft_study."""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from ..privacy.settings import PrivacySection, PrivateSettings
from ..settings import StudyView, from_study
from .folders import DraftRequest

#: Files of a study that a draft makes, in the folder of the configuration.
FILES = ("config.yaml", "subjects.tsv", "images.tsv", "masks.tsv", "draft_questions.md")
PLACE = "config"


class DraftStudy(PrivateSettings):
    """Settings of rule draft_study: the request, and the files that are there."""

    request: DraftRequest = from_study("draft")
    data_root: str = from_study("data_root")
    roots: dict[str, str] = from_study("dicom_roots")
    section: PrivacySection = from_study("privacy")
    seed: int = from_study("study.seed")
    present: list[str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the files of a configuration that a draft must not touch."""
        return cls.composed(study, names, present=present(FILES))


def present(names: Iterable[str]) -> list[str]:
    """Those of some files that the folder of the configuration holds already."""
    return [name for name in names if Path(PLACE, name).exists()]
