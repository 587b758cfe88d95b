"""Candidates: settings of an arm that inner folds compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from ...errors import StudyError
from ..settings.specification import ModelSpecification
from ..settings.tuning import TUNABLE, Tuning

#: Options of steps that see no outcome; those steps are fitted once for all the others.
BLIND = frozenset({"harmonizer", "transform"})
Options = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Candidate:
    """Values of all options that are tuned, but for the penalty."""

    options: Options

    @property
    def blind(self) -> Options:
        """Options of the steps that see no outcome."""
        return tuple(one for one in self.options if one[0] in BLIND)

    def value(self, specification: ModelSpecification, name: str) -> Any:
        """Value of an option: the candidate's or, if it is not tuned, the arm's."""
        found = dict(self.options)
        return found.get(name, getattr(specification.arm, name))

    def applied(
        self, specification: ModelSpecification, penalty: float | None = None
    ) -> ModelSpecification:
        """The specification of an arm that has these options and tunes nothing."""
        return with_options(specification, dict(self.options), penalty)


def with_options(
    specification: ModelSpecification,
    options: Mapping[str, Any],
    penalty: float | None = None,
) -> ModelSpecification:
    """The specification of an arm with other options, which tunes nothing."""
    changed: dict[str, Any] = {**options, "tuning": None}
    if penalty is not None:
        changed["penalty"] = penalty
    arm = specification.arm.model_copy(update=changed)
    harmonization = specification.harmonization if arm.harmonizes else None
    update = {"arm": arm, "harmonization": harmonization}
    return specification.model_copy(update=update)


def tuning_of(specification: ModelSpecification) -> Tuning:
    """Tuning of an arm; StudyError if it has none."""
    tuning = specification.arm.tuning
    if tuning is None:
        raise StudyError(f"arm {specification.name!r} is not tuned.")
    return tuning


def candidates(specification: ModelSpecification) -> list[Candidate]:
    """All combinations of the options that an arm tunes, simple ones first."""
    tried = tuning_of(specification).options()
    names = [name for name in TUNABLE if name in tried]
    values = [tried[name] for name in names]
    return [Candidate(tuple(zip(names, one, strict=True))) for one in product(*values)]
