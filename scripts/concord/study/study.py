"""The study as the workflow sees it: checked and split into chunks."""

from collections.abc import Iterable
from functools import cached_property

from ..batch_labels import Spellings, is_unknown
from ..errors import StudyError
from ..features.ibsi import RECIPE_SIGN
from ..features.recipe.columns import settings_hashes
from ..features.settings import inheritance
from ..features.settings.recipe import CompleteRecipe
from ..ingest.roi_names import with_names
from ..models.settings.fusion import features_of
from ..provenance import digest
from . import sheets as sh
from .chunks import ChunkRows, chunks_of, first_subjects, rows_by_chunk
from .composing import ComposesSettings
from .reading import CheckedStudy


class Study(CheckedStudy, ComposesSettings):
    """A checked study, with the settings of each rule and the chunks of its jobs."""

    @property
    def repeats_measurements(self) -> bool:
        """True if a subject may have been measured more than once."""
        if self.applies_models:
            return False
        table = self.config.feature_table
        return self.starts_from_images if table is None else table.repeats

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of each sheet, by what they are."""
        sheets = {"subjects": self.subjects, "images": self.images}
        sheets["segmentations"] = self.masks
        return {what: len(sheet.rows) for what, sheet in sheets.items()}

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
        return self.starts_from_images

    @property
    def has_features(self) -> bool:
        """True if models are fitted to features, of images or of a table."""
        return self.fits_models

    @property
    def maps_features(self) -> bool:
        """True if features are mapped for a figure."""
        return self.config.feature_maps is not None

    @property
    def predicts_by_readers(self) -> bool:
        """True if fitted models score the segmentations of every reader."""
        return self.has_readers and any(a.features for a in self.config.arms.values())

    @property
    def pools_groups(self) -> bool:
        """True if the values of groups left out are pooled with random effects."""
        return self.config.validation.internal_external

    @property
    def tunes(self) -> bool:
        """True if inner folds choose options of an arm."""
        return any(arm.tuning is not None for arm in self.config.arms.values())

    @property
    def tells_instability(self) -> bool:
        """True if models of bootstrap samples are compared with the original one."""
        return bool(self.config.instability_arms)

    @property
    def judges_subgroups(self) -> bool:
        """True if subgroups are declared."""
        return bool(self.config.evaluation.subgroups)

    @property
    def endpoint_kinds(self) -> dict[str, str]:
        """Kind of the outcome of each endpoint, by its name."""
        return {
            name: section.outcome_kind
            for name, section in self.config.endpoints.items()
        }

    @property
    def endpoint_questions(self) -> dict[str, set[str]]:
        """Questions asked of each endpoint, by its name, such as competing."""
        endpoints = self.config.endpoints.items()
        return {name: section.questions for name, section in endpoints}

    def has(self, need: str) -> bool:
        """True if the study has a property that a figure needs (`figures.Need`)."""
        return bool(getattr(self, need))

    @cached_property
    def recipes(self) -> dict[str, CompleteRecipe]:
        """Complete recipes by name."""
        return inheritance.complete(self.config.recipes, self.config.images)

    @property
    def recipe_settings(self) -> dict[str, str]:
        """Hash of each recipe without versions of software, by its complete hash."""
        return settings_hashes(self.recipes) if self.starts_from_images else {}

    @cached_property
    def site_of(self) -> dict[str, str]:
        """Site of each subject, in the order of the subjects sheet."""
        sheets = self.config.sheets
        found = {
            row[sheets.subject_id_column]: sheets.site or row[str(sheets.site_column)]
            for row in self.subjects.rows
        }
        spelt = Spellings.of(found.values(), safe=False)
        return {
            subject: site if is_unknown(site) else spelt.label(site)
            for subject, site in found.items()
        }

    @cached_property
    def chunks(self) -> dict[str, str]:
        """The chunk of each subject, such as ``A-2``."""
        return chunks_of(self.site_of, self.config.ingest.chunk_size)

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
    def noise_arms(self) -> list[str]:
        """Arms that see nothing but noise in place of the image."""
        controls = [
            f"{RECIPE_SIGN}{name}."
            for name, recipe in self.recipes.items()
            if recipe.control == "noise"
        ]
        arms = self.config.arms
        return [
            name
            for name in arms
            if features_of(arms, name)
            and all(any(c in p for c in controls) for p in features_of(arms, name))
        ]

    @property
    def aggregated_images(self) -> list[str]:
        """Images with a recipe of the second engine."""
        if not self.starts_from_images:
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
        """Those of a chunk among the first subjects of each site, sorted."""
        known = {name: s for name, s in self.site_of.items() if name not in self.sealed}
        chosen = first_subjects(known, most)
        return sorted(name for name in chosen if self.chunks[name] == chunk)

    def subjects_digest(self) -> str:
        """Hash of the columns of the subjects sheet that the study uses."""
        return self.sheet_digest(sh.subject_columns(self.config))

    def sheet_digest(self, columns: Iterable[str]) -> str:
        """Hash of some columns of the subjects sheet; those it lacks are left out.

        Outcomes of sealed subjects count as empty, so that nothing runs again, and
        nobody learns that something changed, as they change.
        """
        present = set(self.subjects.rows[0])
        chosen = sorted(present.intersection(columns))
        rows = self.rows_without_sealed_outcomes()
        return digest([[row[c] for c in chosen] for row in rows], 16)

    def plan_digests(self) -> dict[str, str]:
        """Hash of each sheet, of the subjects sheet without any outcome."""
        columns = sh.subject_columns(self.config) - self.outcome_columns
        found = {"subjects": self.sheet_digest(columns)}
        if not self.starts_from_table:
            sheets = {"images": self.images, "masks": self.masks}
            found |= {name: digest(sheet.rows, 16) for name, sheet in sheets.items()}
        return found

    def require_sheets(self) -> None:
        """Raise StudyError if the image sheet has yet to be drafted."""
        if self.awaits_sheets:
            path = self._sheet_path(self.config.sheets.images)
            raise StudyError(
                f"{path}: the file does not exist. Run `snakemake index`, review "
                "private/index/images.tsv and masks.tsv, and copy them beside the "
                "configuration."
            )

    @cached_property
    def _image_rows(self) -> ChunkRows:
        units = {name: one.voxel_unit for name, one in self.config.images.items()}
        return self._by_chunk(
            row | ({"unit": units[row["image"]]} if units[row["image"]] else {})
            for row in self.images.rows
        )

    @cached_property
    def _mask_rows(self) -> ChunkRows:
        names, sites = self.config.ingest.roi_names, self.site_of
        return self._by_chunk(
            with_names(row, names, sites[row["subject_id"]]) for row in self.masks.rows
        )

    def _by_chunk(self, rows: Iterable[sh.Row]) -> ChunkRows:
        usable = (row | {"source": self.source(row["source"])} for row in rows)
        return rows_by_chunk(usable, self.chunks, self.site_of)
