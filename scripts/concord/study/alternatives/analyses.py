"""All analyses of a multiverse: combinations of alternatives, each as a study."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import prod
from typing import Any, cast

from ...config_faults import Fault
from ...evaluation.multiverse.settings import Analysis
from ...settings import StudyView
from ..composing import ComposesSettings
from ..config import StudyConfig
from ..images import Images, with_images
from ..parsing import parsed
from .overlay import RECIPES, text_of, with_values

#: Faults of a contradiction that its reason tells.
_TOLD = 2


class ChangedStudy(ComposesSettings):
    """A study with another configuration, as far as settings of models need it."""

    def __init__(self, config: StudyConfig) -> None:
        self.config = config


@dataclass(frozen=True)
class Alternatives:
    """Alternatives of a configuration, and what makes a study of each combination.

    Attributes
    ----------
    raw : mapping
        The configuration as read.
    config : StudyConfig
        The same, checked.
    where : str
        Its file.
    images : dict
        All images of the study.
    more_faults : callable
        Faults of a changed configuration that the sheets tell.
    """

    raw: Mapping[str, Any]
    config: StudyConfig
    where: str
    images: Images
    more_faults: Callable[[StudyConfig], Sequence[Fault]]

    @cached_property
    def values(self) -> dict[str, list[Any]]:
        """Values by key besides that of the configuration itself, each once."""
        section = self.config.multiverse
        found: dict[str, list[Any]] = {}
        for key, values in (section.alternatives if section else {}).items():
            own = self.own(key)
            known = [own]
            for value in values:
                if value not in known:
                    known.append(value)
            found[key] = known[1:]
        return found

    @property
    def n_combinations(self) -> int:
        """Number of all combinations, with those that cannot be."""
        return prod(1 + len(values) for values in self.values.values())

    def own(self, key: str) -> Any:
        """Value of the configuration itself; of a recipe, the name of the main one."""
        first, _, rest = key.partition(".")
        if first == RECIPES:
            image = self.images.get(rest)
            modality = image.modality if image else None
            return rest if rest in self.config.recipes else modality or rest
        found: Any = self.config.model_dump(mode="json")
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def analyses(self) -> list[Analysis]:
        """The combinations that are run, the headline first."""
        section = self.config.multiverse
        if section is None:
            return []
        places = drawn(self.n_combinations, section.at_most, self.config.study.seed)
        return [self._analysis(number, place) for number, place in enumerate(places, 1)]

    def changes(self, place: int) -> dict[str, Any]:
        """Values of the combination at a place; without those of the configuration."""
        found = {}
        for key, values in reversed(self.values.items()):
            place, chosen = divmod(place, 1 + len(values))
            if chosen:
                found[key] = values[chosen - 1]
        return {key: found[key] for key in self.values if key in found}

    def tried(
        self, changes: Mapping[str, Any]
    ) -> tuple[StudyConfig | None, list[Fault]]:
        """Configuration with other values, and what they contradict.

        Faults that the study has without them are its own.
        """
        config, found = self._read(changes)
        faults = [fault for fault in found if fault not in self._own_faults]
        return (None if faults else config), faults

    def _read(
        self, changes: Mapping[str, Any]
    ) -> tuple[StudyConfig | None, list[Fault]]:
        """Configuration with other values, if it can be read, and all its faults."""
        raw = with_values(self.raw, changes)
        config, of_keys, between = parsed(raw, self.where)
        more = [] if config is None else self.more_faults(config)
        return config, [*of_keys, *between, *more]

    @cached_property
    def _own_faults(self) -> frozenset[Fault]:
        """Faults of the configuration itself."""
        return frozenset(self._read({})[1])

    def places_with(self, key: str, value: Any) -> Iterator[int]:
        """Places of combinations that choose a value, simplest first."""
        for place in range(self.n_combinations):
            if self.changes(place).get(key) == value:
                yield place

    def ever_possible(self, key: str, value: Any, most: int = 1000) -> bool:
        """True if one of the first combinations with a value contradicts nothing."""
        return any(
            self.tried(self.changes(place))[0] is not None
            for place in islice(self.places_with(key, value), most)
        )

    def _view(self, config: StudyConfig) -> StudyView:
        return cast("StudyView", ChangedStudy(with_images(config, self.images)))

    def _analysis(self, number: int, place: int) -> Analysis:
        changes = self.changes(place)
        choices = {key: text_of(changes.get(key, self.own(key))) for key in self.values}
        if not changes:
            return Analysis(number, choices, self._view(self.config))
        config, faults = self.tried(changes)
        if config is None:
            told = [f"{one.key} {one.message}" for one in faults[:_TOLD]]
            return Analysis(number, choices, None, "; ".join(told))
        return Analysis(number, choices, self._view(config))


def drawn(n: int, at_most: int, seed: int) -> list[int]:
    """Places of the combinations that are run, ascending; the first always is."""
    if n <= at_most:
        return list(range(n))
    others = random.Random(seed).sample(range(1, n), at_most - 1)
    return [0, *sorted(others)]
