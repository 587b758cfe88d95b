"""Files that a configuration names, and subjects that they do not."""

from pathlib import Path
from typing import cast

from ...evaluation.given.settings import PredictionsSection
from ...feature_import.settings import FeatureTableSection
from ...frozen.naming import is_published
from ..config import StudyConfig


class NamesFiles:
    """Base of a study: paths of the files of its sheets and tables.

    Attributes
    ----------
    config : StudyConfig
        The configuration.
    folder : Path
        Its folder, beside which files are looked for.
    """

    config: StudyConfig
    folder: Path

    @property
    def starts_from_table(self) -> bool:
        """True if features come from a table and not from images."""
        return self.config.feature_table is not None

    @property
    def starts_from_predictions(self) -> bool:
        """True if another tool made the predictions that are judged."""
        return self.config.predictions is not None

    @property
    def applies_models(self) -> bool:
        """True if frozen models are applied, and none is fitted."""
        return self.config.model is not None

    @property
    def fits_models(self) -> bool:
        """True if models are fitted here."""
        return not (self.starts_from_predictions or self.applies_models)

    @property
    def model_files(self) -> list[str]:
        """Paths of the frozen models in the order of the arms, if any is applied."""
        section = self.config.model
        if section is None:
            return []
        named = [section.path, *section.compare_with.values()]
        return [str(self._sheet_path(name)) for name in named]

    @property
    def published_models(self) -> dict[str, str]:
        """Paths of the applied models that are published equations, by arm."""
        named = zip(self.config.arms, self.model_files, strict=False)
        return {arm: path for arm, path in named if is_published(path)}

    @property
    def expected_scores(self) -> list[str]:
        """Path of the scores that frozen models must repeat here, if it is given."""
        planted = self.config.simulation
        if planted is None or planted.expected_scores is None:
            return []
        return [str(self._sheet_path(planted.expected_scores))]

    @property
    def starts_from_images(self) -> bool:
        """True if features are computed from images."""
        return not (self.starts_from_table or self.starts_from_predictions)

    @property
    def unnamed_subjects(self) -> str:
        """Rule for subjects without an id: "refuse" or "number"."""
        table = self.config.feature_table
        return "refuse" if table is None else table.unnamed_subjects

    @property
    def unnamed_words(self) -> list[str]:
        """Words that stand for no id, where subjects without one are numbered."""
        table = self.config.feature_table
        numbers = table is not None and table.unnamed_subjects == "number"
        return list(table.missing) if table is not None and numbers else []

    @property
    def feature_tables(self) -> list[str]:
        """Paths of the table of features; only of a study that starts from one."""
        table = cast(FeatureTableSection, self.config.feature_table)
        return [str(self._sheet_path(name)) for name in table.path]

    @property
    def prediction_tables(self) -> list[str]:
        """Paths of the table of predictions; only of a study that starts from one."""
        table = cast(PredictionsSection, self.config.predictions)
        return [str(self._sheet_path(name)) for name in table.path]

    @property
    def subject_sheets(self) -> list[str]:
        """Paths of the files of the subjects sheet."""
        return [str(self._sheet_path(name)) for name in self.config.sheets.subjects]

    @property
    def phantom_table(self) -> list[str]:
        """Path of the table to estimate batch effects from, if not the patients."""
        settings = self.config.harmonization
        if settings.fit_on != "phantom" or settings.phantom_table is None:
            return []
        return [str(self._sheet_path(settings.phantom_table))]

    def _sheet_path(self, name: str) -> Path:
        """Path of a sheet: beside the configuration, or below the data root."""
        named = name.replace("{data_root}", self.config.data_root)
        return Path(named) if name.startswith("{data_root}") else self.folder / named
