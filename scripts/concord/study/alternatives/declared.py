"""Alternatives that a study declares, with what its sheets say of them."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from ...config_faults import Fault
from ...evaluation.multiverse.settings import Analysis, n_chunks
from .. import harmonization_checks, outcome_leakage
from ..config import StudyConfig
from ..images import Images
from ..parsing import parse
from ..sheets import Sheet
from .analyses import Alternatives
from .faults import alternative_faults


class DeclaresAlternatives:
    """Base of a study that may declare a multiverse.

    Attributes
    ----------
    config : StudyConfig
        The configuration.
    subjects, masks : Sheet
        Sheets of subjects and of segmentations.
    """

    config: StudyConfig
    subjects: Sheet
    masks: Sheet
    path: Any
    _raw: dict[str, Any]
    _images: Images

    @property
    def has_multiverse(self) -> bool:
        """True if alternatives of the analysis are declared."""
        return self.config.multiverse is not None

    @cached_property
    def analyses(self) -> list[Analysis]:
        """Combinations of the alternatives, the headline first."""
        return self._alternatives.analyses()

    @property
    def n_combinations(self) -> int:
        """Number of all combinations of alternatives, of which some may be drawn."""
        return self._alternatives.n_combinations

    @property
    def n_multiverse_chunks(self) -> int:
        """Number of jobs of each endpoint that judge all analyses."""
        if self.config.multiverse is None:
            return 0
        return n_chunks(self.config.multiverse, self.n_combinations)

    def _alternative_faults(self, check: bool) -> Iterable[Fault]:
        """Faults of the alternatives; jobs of a run need not `check` them again."""
        if self.config.multiverse is None or not check:
            return []
        readers = {row["reader"] for row in self.masks.rows if "reader" in row}
        return list(alternative_faults(self._alternatives, readers))

    @cached_property
    def _alternatives(self) -> Alternatives:
        """All alternatives, of the configuration as it was read."""
        where = str(self.path)
        config, _ = parse(self._raw, where)
        more = self._changed_faults
        return Alternatives(self._raw, config, where, self._images, more)

    def _changed_faults(self, config: StudyConfig) -> list[Fault]:
        """Faults of a configuration with other values that the sheets tell."""
        where = str(self.path)
        return [
            *harmonization_checks.harmonization_faults(config, where),
            *outcome_leakage.outcome_faults(config, self.subjects, where),
        ]
