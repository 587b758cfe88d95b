"""The configuration and the sheets of a study, read and checked as a whole."""

from collections.abc import Collection, Iterable
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any

from ..config_faults import Fault, raise_config_faults
from ..files import sha256
from ..image_names import MODALITIES
from ..planned import Frozen, SourceStates
from ..privacy.secret_faults import secret_faults
from ..privacy.settings import data_of
from ..subject_ids import numbered
from . import (
    company,
    harmonization_checks,
    outcome_leakage,
    shared_masks,
    sheet_consistency,
)
from . import images as by_name
from . import sheets as sh
from .alternatives.declared import DeclaresAlternatives
from .applied.composing import composed
from .config import StudyConfig
from .entry import names, sources
from .entry.sealed_rows import SealsSubjects
from .feature_table_checks import table_faults
from .given import table as given
from .parsing import parse


class CheckedStudy(SealsSubjects, DeclaresAlternatives):
    """A checked study.

    Parameters
    ----------
    raw : dict
        The configuration as read from its YAML file.
    path : Path
        Where it was read from; the sheets are looked for beside it.
    check_sources : bool, default=True
        Look whether every source exists. Off in the jobs of a cluster, which
        read the same configuration again.
    frozen : Frozen, optional
        The sheets, and the states of sources, as the run that a job belongs to read
        them; `raw` is its configuration.

    Raises
    ------
    ConfigError
        Listing every fault of the configuration and its sheets at once.
    """

    _frozen: Frozen | None = None

    def __init__(
        self,
        raw: dict[str, Any],
        path: Path,
        check_sources: bool = True,
        frozen: Frozen | None = None,
    ):
        # A job of a run is given the configuration as the run completed it.
        whole, of_models = (raw, []) if frozen else composed(raw, path)
        self._raw, self._frozen = deepcopy(whole), frozen
        self._sheets_read: dict[str, list[Any]] = {}
        self.hashes: dict[str, str] = {}  # of the files of the sheets, by path
        self.config, faults = parse(whole, str(path))
        faults += of_models
        self.path, self.folder = path, path.parent
        listed = self._sheet_path(self.config.sheets.images).exists()
        self.awaits_sheets = bool(self.config.dicom_roots) and not listed
        self.subjects, subject_faults = self._read_subjects()
        self.images, self.masks = sh.Sheet(Path(), []), sh.Sheet(Path(), [])
        self.images_are_known = not self.starts_from_images
        faults += subject_faults or self._subject_faults()
        faults += self._brace_faults()
        faults += self._modelling_faults(check_sources)
        faults += self._entry_faults(check_sources)
        faults += self._image_faults()
        faults += [*self._secret_faults(), *self._alternative_faults(check_sources)]
        if not self.applies_models:
            faults += company.company_faults(self.config, str(path))
        raise_config_faults(faults)
        self.config = self._completed()

    def _completed(self) -> StudyConfig:
        """The configuration with what its images, features or models add to it."""
        if self.starts_from_predictions:
            place, kept = given.names_of(self, self._frozen)
            self._sheets_read[place] = kept
            return given.with_models(self.config, kept)
        whole = by_name.with_images(self.config, self._images)
        if self.applies_models:
            return whole
        return company.with_company(whole, self._features_of(whole), len(self._sites))

    def _entry_faults(self, check_sources: bool) -> list[Fault]:
        """Faults of what the study starts from: a table, or the sheets of images."""
        if self.starts_from_images:
            none_yet = self.awaits_sheets
            return [] if none_yet else self._read_image_sheets(check_sources)
        if not check_sources:
            return []
        if self.starts_from_predictions:
            return given.table_faults(self.config, self.prediction_tables)
        return self._table_faults()

    def _features_of(self, config: StudyConfig) -> Iterable[str]:
        """Full names, or patterns, of the features that the study will have."""
        if self.starts_from_table:
            return company.table_features(config, [*map(Path, self.feature_tables)])
        return company.image_features(config, self.masks)

    def as_read(self, codes: dict[str, str], sources: Iterable[str]) -> Frozen:
        """Record of what the study was made of, for the jobs of its run.

        Parameters
        ----------
        codes : dict of str
            Fingerprints by script.
        sources : iterable of str
            Paths whose states the jobs are handed.
        """
        for path in sources:
            self.source_states.of(path)
        states = self.source_states.known
        return Frozen(self._raw, self._sheets_read, states, codes)

    @cached_property
    def source_states(self) -> SourceStates:
        """States of what the study reads, each looked up once in a run."""
        return SourceStates(self._frozen.states if self._frozen else None)

    def _read_sheet(
        self,
        *names: str,
        missing: Collection[str] = (),
        everywhere: Collection[str] = (),
    ) -> tuple[sh.Sheet, list[Fault]]:
        """A sheet and what is wrong with it; in a job of a run, as the run read it."""
        paths = [self._sheet_path(name) for name in names]
        place = sh.place_of(paths)
        kept = self._frozen.sheets.get(str(place)) if self._frozen else None
        if kept is not None:
            rows, *rest = kept
            # JSON knows no tuples.
            return sh.Sheet(place, rows, *map(tuple, rest)), []
        sheet, faults = sh.read_sheet(paths, missing, everywhere)
        for path in paths:
            self.hashes[str(path)] = sha256(path) if path.is_file() else ""
        self._sheets_read[str(place)] = deepcopy(list(sheet[1:]))
        return sheet, faults

    def _read_subjects(self) -> tuple[sh.Sheet, list[Fault]]:
        """The subjects sheet; subjects without an id named by their row, if so set."""
        table, own = self.config.feature_table, self.config.sheets
        key, site = own.subject_id_column, own.site_column
        words = (
            table.missing if table is not None and table.path == own.subjects else ()
        )
        sheet, faults = self._read_sheet(
            *own.subjects, missing=words, everywhere={key, site or key}
        )
        if self.unnamed_subjects == "number":
            for row in sheet.rows:
                row.setdefault(key, "")
        if sheet.rows and key in sheet.rows[0]:
            ids = ["" if row[key] in sh.MISSING else row[key] for row in sheet.rows]
            names = numbered(ids, self.unnamed_subjects, self.unnamed_words)
            for row, name in zip(sheet.rows, names, strict=True):
                row[key] = name or ""
            faults = [*faults, *sh.leave_out_faults(self.config, sheet, self.path)]
        return sh.without(sheet, key, self.config.sheets.leave_out), faults

    def _table_faults(self) -> list[Fault]:
        """Faults that the first line of the feature table shows."""
        columns = self.subjects.rows[0] if self.subjects.rows else None
        return table_faults(self.config, [*map(Path, self.feature_tables)], columns)

    def _secret_faults(self) -> Iterable[Fault]:
        """A secret that cannot be used or, where DICOM is read, is not named."""
        sources = {row.get("source", "") for row in self.images.rows + self.masks.rows}
        reads_headers = self.starts_from_images and (
            bool(self.config.dicom_roots) or not all(map(_is_nifti_name, sources))
        )
        section, data = self.config.privacy, data_of(self.config)
        return secret_faults(str(self.path), section, data, reads_headers)

    def _brace_faults(self) -> list[Fault]:
        """Paths of inputs that Snakemake would take for patterns."""
        paths = {"sheets.subjects": self.subject_sheets}
        if self.starts_from_table:
            paths["feature_table.path"] = self.feature_tables
        if self.starts_from_predictions:
            paths["predictions.path"] = self.prediction_tables
        paths["harmonization.phantom_table"] = self.phantom_table
        return [*sources.brace_faults(paths, str(self.path))]

    def _subject_faults(self) -> list[Fault]:
        """Faults of the subjects sheet; cells only if its columns are right."""
        sheets = self.config.sheets
        faults = sh.column_faults(self.subjects, sh.subject_columns(self.config))
        if faults:
            return faults
        key = sheets.subject_id_column
        columns = {key, sheets.site_column or key}
        faults = [*sh.cell_faults(self.subjects, columns, [key])]
        faults += sh.id_faults(self.subjects, key)
        site = sheets.site_column
        return [*faults, *(names.sheet_faults(self.subjects, [site]) if site else ())]

    def _modelling_faults(self, check_sources: bool) -> list[Fault]:
        """Harmonization that cannot be, and covariates that give an outcome away."""
        where = str(self.path)
        faults = [*harmonization_checks.harmonization_faults(self.config, where)]
        faults += [
            Fault(where, "harmonization.phantom_table", f"{path} does not exist")
            for path in self.phantom_table
            if check_sources and not Path(path).is_file()
        ]
        if sh.column_faults(self.subjects, sh.subject_columns(self.config)):
            return faults
        faults += self._seal_faults(where)
        if not (known := self.open_subjects).rows:
            return faults
        faults += self._group_faults(where)
        return [*faults, *outcome_leakage.outcome_faults(self.config, known, where)]

    def _read_image_sheets(self, check_sources: bool) -> list[Fault]:
        """Read the image and mask sheets; return what is wrong with them."""
        own = self.config.sheets
        self.images, image_faults = self._read_sheet(own.images)
        self.masks, mask_faults = self._read_sheet(own.masks)
        left_out = own.leave_out
        self.images = sh.without(self.images, "subject_id", left_out)
        self.masks = sh.without(self.masks, "subject_id", left_out)
        self._name_images()
        kinds = [
            (self.images, sh.sheet_columns("images_sheet"), sh.IMAGE_KEY),
            (self.masks, sh.sheet_columns("masks_sheet"), sh.MASK_KEY),
        ]
        faults = image_faults + mask_faults
        if not faults:
            for sheet, columns, _ in kinds:
                faults += sh.column_faults(sheet, columns)
        if faults:
            return faults
        for sheet, columns, key in kinds:
            faults += sh.cell_faults(sheet, columns, key)
            faults += names.sheet_faults(sheet, [k for k in key[1:] if k != "image"])
        faults += sources.listed_faults([self.images, self.masks])
        faults += by_name.sheet_faults(self.config, self.images)
        self.images_are_known = not faults
        return faults + self._faults_between_sheets(check_sources)

    def _faults_between_sheets(self, check_sources: bool) -> list[Fault]:
        """Share the masks of several images; return what the sheets disagree about."""
        faults = [*shared_masks.shared_faults(self.images, self.masks)]
        self.masks = shared_masks.with_shared(self.masks)
        faults += names.region_faults(self.config, self.masks)
        sheets = self.images, self.masks
        faults += sheet_consistency.membership_faults(
            self.config, self.subjects, *sheets
        )
        if check_sources and self.config.simulation is None:
            faults += sources.source_faults(self.config, *sheets)
        return faults

    def _name_images(self) -> None:
        """Name the image of every row, as sheets without the column `image` do not."""
        declared = {
            name: image.modality
            for name, image in self.config.images.items()
            if image.modality is not None
        }
        known = {name: name for name in MODALITIES} | declared
        self.images = sh.named_images(self.images, known)
        self.masks = sh.named_masks(self.masks)

    def _image_faults(self) -> list[Fault]:
        """Faults of what the configuration says of images that the study has not."""
        self._images = by_name.images_of(self.config, self.images)
        if not self.images_are_known:
            return []
        where = str(self.path)
        found = [*by_name.config_faults(self.config, self._images)]
        found += sheet_consistency.repeat_faults(self.config, self.images, self.masks)
        return [Fault(where, *fault) for fault in found]


def _is_nifti_name(source: str) -> bool:
    """True if a source is a NIfTI file by its name, and so without identifiers."""
    return source.lower().endswith((".nii", ".nii.gz"))
