"""The study as the workflow sees it: checked and split into chunks."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from ..config_faults import Fault, raise_config_faults
from ..errors import StudyError
from ..features.ibsi import RECIPE_SIGN
from ..features.settings import inheritance
from ..features.settings.recipe import CompleteRecipe
from ..image_names import MODALITIES
from ..provenance import canonical_json, digest
from ..settings import RuleSettings
from ..subject_ids import numbered
from . import (
    harmonization_checks,
    outcome_leakage,
    shared_masks,
    sheet_consistency,
)
from . import images as by_name
from . import sheets as sh
from .feature_table_checks import table_faults
from .parsing import parse


class Study:
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

    Raises
    ------
    ConfigError
        Listing every fault of the configuration and its sheets at once.
    """

    def __init__(self, raw: dict[str, Any], path: Path, check_sources: bool = True):
        self.config, faults = parse(raw, str(path))
        self.path, self.folder = path, path.parent
        listed = self._sheet_path(self.config.sheets.images).exists()
        self.awaits_sheets = bool(self.config.dicom_roots) and not listed
        self.subjects, subject_faults = self._read_subjects()
        self.images, self.masks = sh.Sheet(Path(), []), sh.Sheet(Path(), [])
        self.images_are_known = self.starts_from_table
        faults += subject_faults or self._subject_faults()
        faults += sheet_consistency.secret_faults(self.config)
        faults += self._modelling_faults(check_sources)
        if self.starts_from_table:
            faults += self._table_faults() if check_sources else []
        elif not self.awaits_sheets:
            faults += self._read_image_sheets(check_sources)
        faults += self._image_faults()
        raise_config_faults(faults)
        self.config = by_name.with_images(self.config, self._images)

    @property
    def starts_from_table(self) -> bool:
        """True if features come from a table and not from images."""
        return self.config.feature_table is not None

    @property
    def repeats_measurements(self) -> bool:
        """True if a subject may have been measured more than once."""
        table = self.config.feature_table
        return table is None or table.repeats

    @property
    def has_readers(self) -> bool:
        """True if regions may have been segmented by more than one reader."""
        table = self.config.feature_table
        if table is not None:
            return table.reader_column is not None
        return len({row["reader"] for row in self.masks.rows}) > 1

    @property
    def has_images(self) -> bool:
        """True if features are computed from images."""
        return not self.starts_from_table

    @property
    def maps_features(self) -> bool:
        """True if features are mapped for a figure."""
        return self.config.feature_maps is not None

    @property
    def predicts_by_readers(self) -> bool:
        """True if fitted models score the segmentations of every reader."""
        return self.has_readers and any(a.features for a in self.config.arms.values())

    @property
    def endpoint_kinds(self) -> dict[str, str]:
        """Kind of each endpoint, by its name."""
        return {name: section.kind for name, section in self.config.endpoints.items()}

    def has(self, need: str) -> bool:
        """True if the study has a property that a figure needs (`figures.Need`)."""
        return bool(getattr(self, need))

    @property
    def unnamed_subjects(self) -> str:
        """Rule for subjects without an id: "refuse" or "number"."""
        table = self.config.feature_table
        return "refuse" if table is None else table.unnamed_subjects

    @property
    def feature_table(self) -> str:
        """Path of the table of features; only of a study that starts from one."""
        return str(self._sheet_path(self.setting("feature_table.path")))

    def settings(self, kind: type[RuleSettings], **names: str) -> str:
        """Canonical JSON of the settings of one job of a rule.

        Parameters
        ----------
        kind : type of RuleSettings
            Settings of the rule.
        **names
            Wildcards of the job.
        """
        return canonical_json(kind.of(self, **names).model_dump(mode="json"))

    def settings_of(self, kind: type[RuleSettings]) -> Callable[[Any], str]:
        """Function of the wildcards that gives the settings of a job."""
        return lambda wildcards: self.settings(kind, **dict(wildcards.items()))

    def value(self, key: str, **names: str) -> Any:
        """Value at a dotted key of the configuration, sections as typed objects."""
        found: Any = self.config
        for part in key.split("."):
            name = part.format(**names)
            found = found[name] if isinstance(found, dict) else getattr(found, name)
        return found

    def setting(self, key: str) -> Any:
        """The value of one dotted key, defaults filled in, as plain JSON types."""
        value: Any = self._plain
        for part in key.split("."):
            value = value[part]
        return value

    @cached_property
    def _plain(self) -> dict[str, Any]:
        plain = self.config.model_dump(mode="json")
        recipes = {
            name: recipe.model_dump(mode="json", exclude={"image"})
            for name, recipe in self.recipes.items()
        }
        return plain | {"recipes": recipes}

    @cached_property
    def recipes(self) -> dict[str, CompleteRecipe]:
        """Complete recipes by name."""
        return inheritance.complete(self.config.recipes, self.config.images)

    @cached_property
    def site_of(self) -> dict[str, str]:
        """Site of each subject, in the order of the subjects sheet."""
        sheets = self.config.sheets
        return {
            row[sheets.subject_id_column]: sheets.site or row[str(sheets.site_column)]
            for row in self.subjects.rows
        }

    @cached_property
    def chunks(self) -> dict[str, str]:
        """The chunk of each subject, such as ``A-2``.

        A site is halved by further bits of a hash of the subject id until no
        part exceeds `chunk_size`; so a new subject moves no other one, except
        when its part must be halved.
        """
        parts: dict[str, list[str]] = defaultdict(list)
        for subject, site in self.site_of.items():
            parts[sh.label(site)].append(subject)
        size = self.config.ingest.chunk_size
        return {
            subject: f"{site}-{bits}"
            for site, members in parts.items()
            for bits, part in _halved(members, "0", size).items()
            for subject in part
        }

    @cached_property
    def chunk_images(self) -> list[tuple[str, str]]:
        """All pairs of chunk and image that there are, sorted."""
        return sorted(
            {(self.chunks[r["subject_id"]], r["image"]) for r in self.images.rows}
        )

    def image_rows(self, chunk: str, image: str) -> list[sh.Row]:
        """Rows of the image sheet of one chunk, with site and usable source."""
        return self._image_rows[chunk, image]

    def mask_rows(self, chunk: str, image: str) -> list[sh.Row]:
        """Rows of the mask sheet of one chunk, with site and usable source."""
        return self._mask_rows[chunk, image]

    def lending_images(self, chunk: str, image: str) -> list[str]:
        """Other images of a chunk that masks of an image were made on, sorted."""
        rows = self.mask_rows(chunk, image)
        return sorted({row["segmented_on"] for row in rows if "segmented_on" in row})

    def listed_sources(self) -> list[str]:
        """Sources of all images and masks, relative to the data root, sorted."""
        return sorted({r["source"] for s in (self.images, self.masks) for r in s.rows})

    @property
    def phantom_table(self) -> list[str]:
        """Path of the table to estimate batch effects from, if not the patients."""
        settings = self.config.harmonization
        if settings.fit_on != "phantom" or settings.phantom_table is None:
            return []
        return [str(self._sheet_path(settings.phantom_table))]

    @property
    def noise_arms(self) -> list[str]:
        """Arms that see nothing but noise in place of the image."""
        controls = [
            f"{RECIPE_SIGN}{name}."
            for name, recipe in self.recipes.items()
            if recipe.control == "noise"
        ]
        return [
            name
            for name, arm in self.config.arms.items()
            if arm.features
            and all(any(c in pattern for c in controls) for pattern in arm.features)
        ]

    @property
    def aggregated_images(self) -> list[str]:
        """Images with a recipe of the second engine."""
        if self.starts_from_table:
            return []
        aggregated = [one for one in self.recipes.values() if not one.first_engine]
        return [
            name
            for name in self.config.images
            if any(name in recipe.images for recipe in aggregated)
        ]

    @property
    def variant_images(self) -> list[str]:
        """Images whose scans are measured again under other conditions."""
        section = self.config.variants
        if section is None:
            return []
        gridded = {*section.spacings_mm, *section.bins}
        disturbed = section.perturbations.number() > 0
        chosen = section.images or list(self.config.images)
        return [name for name in chosen if disturbed or name in gridded]

    @property
    def varied(self) -> list[tuple[str, str]]:
        """Chunks and images whose scans are measured again."""
        known = self.variant_images
        return [p for p in self._of(known) if self.varied_subjects(p[0])]

    @property
    def mapped(self) -> list[tuple[str, str]]:
        """Chunks and images with scans whose features are mapped."""
        section = self.config.feature_maps
        known = section.features if section else ()
        return [p for p in self._of(known) if self.mapped_subjects(p[0])]

    @property
    def aggregated(self) -> list[tuple[str, str]]:
        """Chunks and images with a recipe of the second engine."""
        return self._of(self.aggregated_images)

    def _of(self, images: Iterable[str]) -> list[tuple[str, str]]:
        known = set(images)
        return [pair for pair in self.chunk_images if pair[1] in known]

    def varied_subjects(self, chunk: str) -> list[str]:
        """Subjects of a chunk whose scans are measured again, sorted."""
        section = self.config.variants
        return self._first(chunk, section.subjects_per_site if section else 0)

    def mapped_subjects(self, chunk: str) -> list[str]:
        """Subjects of a chunk whose features are mapped, sorted."""
        section = self.config.feature_maps
        return self._first(chunk, section.cases_per_site if section else 0)

    def _first(self, chunk: str, most: int | None) -> list[str]:
        """Those of a chunk among the first subjects of each site by a hash of the id;
        all if there is no limit."""
        by_site: dict[str, list[str]] = defaultdict(list)
        for subject, site in self.site_of.items():
            by_site[site].append(subject)
        chosen = {
            subject
            for members in by_site.values()
            for subject in sorted(members, key=digest)[:most]
        }
        return sorted(name for name in chosen if self.chunks[name] == chunk)

    def source(self, relative: str) -> str:
        """Path of a source of the sheets."""
        return str(Path(self.config.data_root, relative))

    def subjects_digest(self) -> str:
        """Hash of the columns of the subjects sheet that the study uses."""
        return self.sheet_digest(sh.subject_columns(self.config))

    def sheet_digest(self, columns: Iterable[str]) -> str:
        """Hash of some columns of the subjects sheet; those it lacks are left out."""
        present = set(self.subjects.rows[0])
        chosen = sorted(present.intersection(columns))
        return digest([[row[c] for c in chosen] for row in self.subjects.rows], 16)

    def require_sheets(self) -> None:
        """Raise StudyError if the image sheet has yet to be drafted."""
        if self.awaits_sheets:
            path = self._sheet_path(self.config.sheets.images)
            raise StudyError(
                f"{path}: the file does not exist. Run `snakemake index`, review "
                "private/index/images.tsv and masks.tsv, and copy them beside the "
                "configuration."
            )

    def _sheet_path(self, name: str) -> Path:
        """Path of a sheet: beside the configuration, or below the data root."""
        named = name.replace("{data_root}", self.config.data_root)
        return Path(named) if name.startswith("{data_root}") else self.folder / named

    @cached_property
    def _image_rows(self) -> dict[tuple[str, str], list[sh.Row]]:
        units = {name: one.voxel_unit for name, one in self.config.images.items()}
        rows = [
            row | ({"unit": units[row["image"]]} if units[row["image"]] else {})
            for row in self.images.rows
        ]
        return self._by_chunk(sh.Sheet(self.images.path, rows))

    @cached_property
    def _mask_rows(self) -> dict[tuple[str, str], list[sh.Row]]:
        return self._by_chunk(self.masks)

    def _by_chunk(self, sheet: sh.Sheet) -> dict[tuple[str, str], list[sh.Row]]:
        """Completed rows of a sheet by chunk and image; none for other pairs."""
        found: dict[tuple[str, str], list[sh.Row]] = defaultdict(list)
        for row in sorted(
            sheet.rows, key=lambda r: [r.get(k, "") for k in sh.MASK_KEY]
        ):
            subject = row["subject_id"]
            place = {
                "site": self.site_of[subject],
                "source": self.source(row["source"]),
            }
            found[self.chunks[subject], row["image"]].append(row | place)
        return found

    def _read_subjects(self) -> tuple[sh.Sheet, list[Fault]]:
        """The subjects sheet; subjects without an id named by their row, if so set."""
        sheet, faults = sh.read_sheet(self._sheet_path(self.config.sheets.subjects))
        key = self.config.sheets.subject_id_column
        if sheet.rows and key in sheet.rows[0]:
            ids = ["" if row[key] in sh.MISSING else row[key] for row in sheet.rows]
            names = numbered(ids, self.unnamed_subjects)
            for row, name in zip(sheet.rows, names, strict=True):
                row[key] = name or ""
        return sheet, faults

    def _table_faults(self) -> list[Fault]:
        """Faults that the first line of the feature table shows."""
        columns = self.subjects.rows[0] if self.subjects.rows else None
        return table_faults(self.config, Path(self.feature_table), columns)

    def _subject_faults(self) -> list[Fault]:
        """Faults of the subjects sheet; cells only if its columns are right."""
        sheets = self.config.sheets
        faults = sh.column_faults(self.subjects, sh.subject_columns(self.config))
        if faults:
            return faults
        key = sheets.subject_id_column
        columns = {key, sheets.site_column or key}
        faults = [*sh.cell_faults(self.subjects, columns, [key])]
        return [*faults, *sh.id_faults(self.subjects, key)]

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
        return [
            *faults,
            *outcome_leakage.outcome_faults(self.config, self.subjects, where),
        ]

    def _read_image_sheets(self, check_sources: bool) -> list[Fault]:
        """Read the image and mask sheets; return what is wrong with them."""
        names = self.config.sheets
        self.images, image_faults = sh.read_sheet(self._sheet_path(names.images))
        self.masks, mask_faults = sh.read_sheet(self._sheet_path(names.masks))
        faults = image_faults + mask_faults
        self._name_images()
        kinds = [
            (self.images, "images_sheet", sh.IMAGE_KEY),
            (self.masks, "masks_sheet", sh.MASK_KEY),
        ]
        if not faults:
            for sheet, kind, _ in kinds:
                faults += sh.column_faults(sheet, sh.sheet_columns(kind))
        if faults:
            return faults
        for sheet, kind, key in kinds:
            faults += sh.cell_faults(sheet, sh.sheet_columns(kind), key)
        faults += by_name.sheet_faults(self.config, self.images)
        self.images_are_known = not faults
        faults += shared_masks.shared_faults(self.images, self.masks)
        self.masks = shared_masks.with_shared(self.masks)
        faults += sheet_consistency.membership_faults(
            self.config, self.subjects, self.images, self.masks
        )
        if check_sources and self.config.simulation is None:
            faults += sheet_consistency.source_faults(
                self.config, self.images, self.masks
            )
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
        found = by_name.config_faults(self.config, self._images)
        return [Fault(where, *fault) for fault in found]


def _halved(members: Iterable[str], bits: str, size: int) -> dict[str, list[str]]:
    """Members by chunk; a chunk larger than `size` is halved by the next bit."""
    members = sorted(members)
    depth = len(bits) - 1
    if len(members) <= size or depth >= 32:
        return {bits: members}
    halves: dict[str, list[str]] = {"0": [], "1": []}
    for member in members:
        number = int(hashlib.sha256(member.encode()).hexdigest()[:8], 16)
        halves[str(number >> depth & 1)].append(member)
    return {
        name: part
        for bit, half in halves.items()
        if half
        for name, part in _halved(half, bits + bit, size).items()
    }
