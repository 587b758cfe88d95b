"""Study of which only its folders are known: what the index and a draft need."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ..config_faults import raise_config_faults
from ..fields import Name, Section
from ..privacy.secret_faults import secret_faults
from ..privacy.secret_file import DEFAULT_PLACE
from ..privacy.settings import WITHOUT_SECRET, PrivacySection, data_of
from ..study import sheets as sh
from ..study.composing import ComposesSettings
from ..study.key_faults import faults_of
from ..study.settings import SheetsSection
from . import request

#: Sections of a configuration that the index reads.
_SECTIONS = ("data_root", "dicom_roots", "privacy", "sheets")


class Seed(Section):
    """The section `study`, as far as the index uses it."""

    seed: int = Field(default=1, ge=0)


class DraftRequest(Section):
    """Sources and wishes of a draft, besides folders of images."""

    entry: Literal["dicom", "nifti", "features"] = "dicom"
    features: str | None = None
    clinical: str | None = None
    sheet: str | None = None
    model: str | None = None
    regions: dict[str, str] = Field(default={})
    settings_from: str | None = None
    match_ids: Literal["exact", "ignore_spelling"] = "exact"
    site: str | None = None
    name: str | None = None


class FoldersConfig(Section):
    """The sections of a configuration that the index and a draft need."""

    study: Seed = Seed()
    data_root: str = "."
    dicom_roots: dict[Name, str] = Field(default={})
    sheets: SheetsSection = SheetsSection()
    privacy: PrivacySection = PrivacySection()
    simulation: dict[str, Any] | None = None
    draft: DraftRequest = DraftRequest()


class FoldersStudy(ComposesSettings):
    """Folders of a study, as the rules of the index and of a draft see them.

    Parameters
    ----------
    configured : mapping
        The configuration, if there is one; it need not be valid elsewhere.
    commanded : mapping
        Values of ``--config`` on the command line.
    folder : Path
        Folder of the configuration; the sheets may lie in it.
    drafts : bool
        A draft is asked for, not only the index.
    makes_secret : bool
        Nothing is asked for but a secret, which may be named and not there.

    Raises
    ------
    ConfigError
        Listing every fault of the request, or of the sections that are read.
    """

    starts_from_table = False

    def __init__(
        self,
        configured: Mapping[str, Any],
        commanded: Mapping[str, Any],
        folder: Path,
        drafts: bool,
        makes_secret: bool = False,
    ) -> None:
        sections = {key: configured[key] for key in _SECTIONS if key in configured}
        asked: dict[str, Any] = {}
        if makes_secret:
            pass
        elif drafts and not _names_images(commanded):
            known = {k: v for k, v in sections.items() if k in request.KEYS}
            asked = request.checked({**known, **commanded}, drafts)
        elif drafts or _names_images(commanded) or not _names_images(configured):
            asked = request.checked(commanded, drafts)
        of_study = _seed(configured) | ({} if asked else _simulation(configured))
        self.config = _parsed(sections | _as_sections(asked) | of_study)
        self.folder = folder
        if not makes_secret:
            self._require_secret(is_request=bool(asked))

    def _require_secret(self, is_request: bool) -> None:
        """Take the secret of the site, if a request names none; refuse a bad one."""
        section, entry = self.config.privacy, self.config.draft.entry
        reads_headers = entry == "dicom"
        if is_request and reads_headers:
            section = _with_own_secret(section)
            self.config = self.config.model_copy(update={"privacy": section})
        data = data_of(self.config)
        faults = secret_faults("configuration", section, data, reads_headers)
        raise_config_faults(list(faults))

    def listed_sources(self) -> list[str]:
        """Sources that the sheets list, relative to the data root, sorted."""
        found = set()
        for name in (self.config.sheets.images, self.config.sheets.masks):
            sheet, _ = sh.read_sheet(self.folder / name)
            found |= {row["source"] for row in sheet.rows if row.get("source")}
        return sorted(found)


def _with_own_secret(section: PrivacySection) -> PrivacySection:
    """The section with the secret that the site made, if there is one to be named."""
    is_named = section.secret_file is not None or section.data in WITHOUT_SECRET
    if is_named or not Path(DEFAULT_PLACE).expanduser().exists():
        return section
    return section.model_copy(update={"secret_file": DEFAULT_PLACE})


def _names_images(given: Mapping[str, Any]) -> bool:
    """True if images, or features in their place, are named."""
    return any(given.get(key) for key in request.ENTRIES)


def _as_sections(asked: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: asked[key] for key in DraftRequest.model_fields if key in asked}
    texts = {k: v if k == "regions" else str(v) for k, v in own.items()}
    rest = {key: asked[key] for key in _SECTIONS if key in asked}
    return rest | {"draft": texts}


def _seed(raw: Mapping[str, Any]) -> dict[str, Any]:
    study = raw.get("study")
    seed = study.get("seed") if isinstance(study, Mapping) else None
    return {} if seed is None else {"study": {"seed": seed}}


def _simulation(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The section by which the folders of a configuration are known as simulated."""
    found = raw.get("simulation")
    return {"simulation": found} if isinstance(found, Mapping) else {}


def _parsed(raw: dict[str, Any]) -> FoldersConfig:
    try:
        return FoldersConfig.model_validate(raw)
    except ValidationError as error:
        raise_config_faults(faults_of(error, "configuration", FoldersConfig))
        raise
