"""Recipes made of the settings of another tool, and a note on each setting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ...config_faults import Fault
from ...errors import ConfigError
from ..settings.filters import FilterSection
from ..settings.inheritance import recipe_faults
from ..settings.recipe import RecipeSection

#: Name of the recipe that others take their settings from.
MAIN = "main"


@dataclass(frozen=True)
class Note:
    """One setting of the other tool, and its place here or the reason why none."""

    setting: str  # as in the file, with its section: setting.binWidth
    value: Any
    mapped_to: str | None  # key of the recipe, or another place of the study
    reason: str  # why there is none, or what sets the two apart; may be empty
    same: bool  # the numbers are those of the other tool, as far as it depends on this


@dataclass(frozen=True)
class ForeignSettings:
    """The settings of a file of another tool, in words of the configuration.

    Attributes
    ----------
    tool : str
        pyradiomics or mirp.
    path : str
        The file.
    recipes : dict
        Keys of each recipe by its name. The first is called ``main``; others take
        what they do not give from it (``like``) or stand for themselves.
    notes : tuple of Note
        One for each setting of the file, and for defaults that make a difference.
    """

    tool: str
    path: str
    recipes: dict[str, dict[str, Any]]
    notes: tuple[Note, ...]

    def of_image(self, image: str) -> dict[str, dict[str, Any]]:
        """The section `recipes` for an image, or a modality: T1, T1_averaged."""
        names = {
            name: image if name == MAIN else f"{image}_{name}" for name in self.recipes
        }
        found = {}
        for name, recipe in self.recipes.items():
            own = dict(recipe)
            if "like" in own:
                own["like"] = names[own["like"]]
            elif name != MAIN:
                own["image"] = image
            found[names[name]] = own
        return found


@dataclass
class Translation:
    """Recipe and notes while a file is read; faults are gathered, not raised."""

    tool: str
    path: str
    recipe: dict[str, Any] = field(default_factory=dict)
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def keep(
        self, setting: str, value: Any, key: str, reason: str = "", *, same: bool = True
    ) -> None:
        """Note a setting that stands in the recipe, under a key of it."""
        self.notes.append(Note(setting, value, key, reason, same))

    def drop(
        self, setting: str, value: Any, reason: str, *, same: bool = False
    ) -> None:
        """Note a setting that has no place here, with the reason."""
        self.notes.append(Note(setting, value, None, reason, same))

    def fault(self, setting: str, message: object) -> None:
        """Note a value that makes no sense."""
        self.faults.append(Fault(self.path, setting, str(message)))

    def add_filter(
        self, setting: str, value: Any, name: str, section: Mapping[str, Any]
    ) -> bool:
        """Add a filter to the recipe if it is one; else note why not."""
        try:
            FilterSection.model_validate(section)
        except ValidationError as error:
            self.drop(setting, value, f"no filter here: {_first(error)}")
            return False
        self.recipe.setdefault("filters", {})[name] = dict(section)
        return True

    def result(self) -> ForeignSettings:
        """The settings, if nothing was wrong.

        Raises
        ------
        ConfigError
            With every fault of the file.
        """
        recipes = {MAIN: self.recipe} | self.others
        if not self.faults:
            self.faults += _recipe_faults(self.path, recipes)
        if self.faults:
            count = f"{len(self.faults)} fault" + "s" * (len(self.faults) > 1)
            lines = [f"  {fault}" for fault in dict.fromkeys(self.faults)]
            raise ConfigError(
                "\n".join([f"No settings of {self.tool}, {count} to repair:", *lines])
            )
        return ForeignSettings(self.tool, self.path, recipes, tuple(self.notes))


#: A function that reads one setting, with its value, and all others.
Handler = Callable[[Translation, str, Any, Mapping[str, Any]], None]


def idle(reason: str) -> Handler:
    """A setting that changes no number."""

    def handle(
        found: Translation, setting: str, value: Any, every: Mapping[str, Any]
    ) -> None:
        found.drop(setting, value, reason, same=True)

    return handle


def only(*expected: Any, reason: str) -> Handler:
    """A setting of which one value alone, or a few, can be had here."""

    def handle(
        found: Translation, setting: str, value: Any, every: Mapping[str, Any]
    ) -> None:
        same = value in expected
        found.drop(setting, value, "as here" if same else reason, same=same)

    return handle


def _recipe_faults(path: str, recipes: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """Values that no recipe takes."""
    sections, faults = {}, []
    for name, recipe in recipes.items():
        try:
            sections[name] = RecipeSection.model_validate(recipe)
        except ValidationError as error:
            faults.append(
                Fault(path, "", f"gives a recipe that cannot be: {_first(error)}")
            )
    if faults:
        return faults
    return [
        Fault(path, "", f"gives a recipe that cannot be: {key}: {message}")
        for key, message in recipe_faults(sections)
    ]


def _first(error: ValidationError) -> str:
    """The first fault of a section, with its key and the value seen."""
    entry = error.errors()[0]
    message = entry["msg"].removeprefix("Value error, ")
    key = ".".join(map(str, entry["loc"]))
    return f"{key} is {entry['input']!r}: {message}" if key else message
