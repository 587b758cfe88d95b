"""Rows of the sheets that belong to sealed subjects, and faults of the seal."""

from collections.abc import Iterator
from functools import cached_property

from ...config_faults import Fault
from ...folds import sealing
from ...frozen.settings import group_faults
from .. import sheets as sh
from .named_files import NamesFiles

_MAX_SHOWN = 5


class SealsSubjects(NamesFiles):
    """Base of a study: whom it seals, known from the subjects sheet alone.

    Attributes
    ----------
    subjects : Sheet
        The subjects sheet.
    """

    subjects: sh.Sheet

    @cached_property
    def sealed(self) -> dict[str, dict[str, str]]:
        """Site, cluster and why of each sealed subject, by its name, sorted."""
        section, columns = self.config.validation.sealed, self.config.sheets
        seed = self.config.study.seed
        return sealing.sealed_subjects(section, self.subjects.rows, columns, seed)

    @property
    def open_subjects(self) -> sh.Sheet:
        """Rows of the subjects sheet whose outcomes may be read."""
        key = self.config.sheets.subject_id_column
        return sh.without(self.subjects, key, self.sealed)

    @property
    def outcome_columns(self) -> set[str]:
        """Columns of the subjects sheet that tell an outcome, or are a proxy of one."""
        return sh.outcome_columns(self.config)

    def rows_without_sealed_outcomes(self) -> list[sh.Row]:
        """Rows of the subjects sheet, empty where they tell a sealed outcome."""
        key = self.config.sheets.subject_id_column
        return sh.hidden(self.subjects, key, self.sealed, self.outcome_columns)

    @property
    def _sites(self) -> set[str]:
        """Sites of the subjects sheet."""
        sheets = self.config.sheets
        if sheets.site_column is None:
            return {str(sheets.site)}
        return {row[sheets.site_column] for row in self.open_subjects.rows}

    def _group_faults(self, where: str) -> Iterator[Fault]:
        """Groups that models are frozen without, and that nobody open belongs to."""
        for fault in group_faults(self.config, self._sites):
            yield Fault(where, *fault)

    def _seal_faults(self, where: str) -> Iterator[Fault]:
        """Faults of who is sealed, and of scans of them that are learnt from."""
        section, columns = self.config.validation.sealed, self.config.sheets
        rows, seed = self.subjects.rows, self.config.study.seed
        for fault in sealing.sealing_faults(
            section, rows, columns, self.outcome_columns, seed
        ):
            yield Fault(where, *fault)
        for path in self.phantom_table if self.sealed else []:
            sheet, _ = sh.read_sheet([path])
            clusters = {
                sealing.cluster_of(row, columns)
                for row in rows
                if row[columns.subject_id_column] in self.sealed
            }
            scanned = {row.get("subject_id", "") for row in sheet.rows}
            if found := sorted(scanned & {*clusters, *self.sealed}):
                shown = ", ".join(found[:_MAX_SHOWN])
                yield Fault(
                    path,
                    "subject_id",
                    f"{len(found)} subjects with scans are sealed ({shown}), but batch "
                    "effects would be learnt from them; leave their rows out",
                )
