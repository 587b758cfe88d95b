"""Refusals of a study whose inputs are not those of its models, before any score."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ...config_faults import nearest
from ...errors import ConfigError
from ...feature_import.dictionary import AS_GIVEN, nothing_stated
from ...features.feature_name import image_of
from ..inputs import FeatureInput
from .applied import Applied, Measured
from .covariate_checks import column_faults, covariate_faults
from .settings import ApplyModel

_ANOTHER_ENGINE = "Use that engine: values of two engines may differ."
_ANOTHER_VERSION = "Install that version, or say so in model.engine_versions."
_MEASURE_ANEW = (
    "Extract the features by the recipe of the model, which stands in its "
    "`configuration`."
)
_NAME_RECIPE = (
    " If this table was made by that recipe, name this hash in "
    "feature_table.provenance."
)
#: What the dictionary says of columns that were imported as they are.
_AS_GIVEN, _NO_UNIT = "as given", "as given by "
_MOST_TOLD = 3
_VERSION = re.compile(r"v?(\d[\w.+-]*)")


class Key(NamedTuple):
    """Fault of a feature as far as others may share it."""

    what: str
    seen: str
    wanted: str


class Engine(NamedTuple):
    """Name and version of a feature engine."""

    name: str
    version: str

    @classmethod
    def parse(cls, software: str) -> "Engine":
        """Engine of a cell of the dictionary, such as "pictologics 0.9.0 (...)".

        What stands in parentheses, and behind the version, is not compared.
        """
        words = software.casefold().split()
        for place, word in enumerate(words):
            version = _VERSION.match(word)
            if place and version is not None:
                return cls(" ".join(words[:place]), version[1])
        return cls(" ".join(words), "")

    def is_taken(self, other: "Engine", versions: str) -> bool:
        """True if features of the other engine are taken for those of this one."""
        if self.name != other.name:
            return False
        if versions == "any" or self.version == other.version:
            return True
        mine, theirs = (one.version.split(".") for one in (self, other))
        both = len(mine) == len(theirs) > 1
        return versions == "minor" and both and mine[:-1] == theirs[:-1]


def require_applicable(
    applied: Sequence[Applied], measured: Measured, settings: ApplyModel
) -> None:
    """Raise ConfigError that tells all that keeps the models from being applied."""
    faults = [*_endpoint_faults(applied)]
    for one in applied:
        faults += _feature_faults(one, measured, settings)
        faults += covariate_faults(one, settings)
        faults += column_faults(one, measured.cohort)
    if faults:
        lines = [f"  {fault}" for fault in dict.fromkeys(faults)]
        first = "The models cannot be applied to this study:"
        raise ConfigError("\n".join([first, *lines]))


def _endpoint_faults(applied: Sequence[Applied]) -> Iterator[str]:
    first, *others = applied
    own = first.document
    for one in others:
        other = one.document
        seen = f"{other.endpoint} ({other.outcome.kind})"
        wanted = f"{own.endpoint} ({own.outcome.kind})"
        if seen != wanted:
            yield (
                f"{one.path}: predicts {seen}, expected {wanted}, which {first.path} "
                "predicts. Compare models of one endpoint, or apply them in studies "
                "apart."
            )


def _feature_faults(
    one: Applied, measured: Measured, settings: ApplyModel
) -> Iterator[str]:
    rows = measured.dictionary.drop_duplicates("name").to_dict("records")
    table = {str(row["name"]): row for row in rows}
    absent = [name for name in one.features if name not in table]
    yield from _absent_faults(one, absent, measured)
    told: set[Key] = set()
    for name in one.features:
        wanted = one.document.features.get(name)
        if wanted is None or name in absent:
            continue
        row = table[name]
        declared = _is_declared(one, wanted, row)
        differences = _declaration_faults if declared else _differences
        for fault, key in differences(wanted, row, settings):
            # Of a thousand features of one recipe, the first tells it.
            if key not in told:
                told.add(key)
                yield f"{one.path}: {name}: {fault}"


def _is_declared(one: Applied, wanted: FeatureInput, row: Mapping[Any, Any]) -> bool:
    """True for a feature of a table that a published equation describes by a recipe.

    The table has a declaration in words in place of a recipe and units, so that a
    reader compares them. What was fitted here is compared by its hashes alone.
    """
    published = one.document.origin.source == "published"
    imported = str(row["recipe"]) == AS_GIVEN and wanted.recipe != AS_GIVEN
    return published and imported and wanted.software is None


def _declaration_faults(
    wanted: FeatureInput, row: Mapping[Any, Any], settings: ApplyModel
) -> Iterator[tuple[str, Key]]:
    """The fault of a table that says nothing of its features."""
    if nothing_stated(str(row["recipe_hash"]), str(row["software"])):
        yield (
            "comes from a table that does not say how it was computed, expected "
            f"{wanted.unit} by the recipe {wanted.recipe} of the model. Say in "
            "feature_table.provenance how the features were computed.",
            Key("provenance", "", ""),
        )


def _differences(
    wanted: FeatureInput, row: Mapping[Any, Any], settings: ApplyModel
) -> Iterator[tuple[str, Key]]:
    """Faults of one feature, each with what others may share."""
    versions = settings.engine_versions
    seen, own = str(row["software"]), wanted.software
    if own is not None and not Engine.parse(own).is_taken(Engine.parse(seen), versions):
        another = Engine.parse(own).name != Engine.parse(seen).name
        said = _ANOTHER_ENGINE if another else _ANOTHER_VERSION
        yield (
            f"was computed by {seen!r}, expected {own!r} (model.engine_versions: "
            f"{versions}). {said}",
            Key("software", seen, own),
        )
        if another:
            # Its recipe is another one for the same reason.
            return
    yield from _unit_faults(wanted.unit, str(row["unit"]))
    seen_settings = settings.recipe_settings.get(str(row["recipe_hash"]))
    if versions == "same" or seen_settings is None:
        yield from _recipe_faults(wanted.recipe_hash, row, settings)
    elif seen_settings != wanted.settings_hash:
        # Versions may differ, so that the complete hashes do, and settings may not.
        yield from _recipe_faults(wanted.recipe_hash, row, settings)


def _unit_faults(wanted: str, seen: str) -> Iterator[tuple[str, Key]]:
    """The fault of another unit; that of an imported column is not known."""
    unknown = any(unit.startswith(_NO_UNIT) for unit in (wanted, seen))
    if seen != wanted and not unknown:
        yield (
            f"has the unit {seen!r}, expected {wanted!r}. Convert the table to that "
            "unit, or correct the unit that is declared.",
            Key("unit", seen, wanted),
        )


def _recipe_faults(
    wanted: str | None, row: Mapping[Any, Any], settings: ApplyModel
) -> Iterator[tuple[str, Key]]:
    """The fault of another recipe; that of an imported table is what it declares."""
    seen = str(row["recipe_hash"])
    imported = row["recipe"] == _AS_GIVEN
    named = re.findall(r"\w+", settings.provenance) if imported else []
    if wanted is None or wanted in (seen, *named):
        return
    advice = _MEASURE_ANEW + (_NAME_RECIPE if imported else "")
    yield (
        f"has the recipe {seen!r}, expected {wanted!r}. {advice}",
        Key("recipe", seen, wanted),
    )


def _absent_faults(
    one: Applied, absent: Sequence[str], measured: Measured
) -> Iterator[str]:
    """Faults of images, regions and features that the study does not have at all."""
    known = measured.dictionary
    left_out = _left_out(measured.exclusions)
    for image in one.images:
        if image not in set(known["image"]):
            if (image, None) not in left_out:
                yield _of_name(one, "image", image, known["image"])
            continue
        regions = known.loc[known["image"] == image, "region"]
        for region in one.regions(image):
            if region in set(regions):
                yield from _features_faults(one, absent, f"{image}.{region}.")
            elif (image, region) not in left_out:
                yield _of_name(one, f"region of {image}", region, regions)


def _left_out(exclusions: pd.DataFrame) -> set[tuple[str, str | None]]:
    """Images, and regions of them, that some subject was to have."""
    rows = exclusions[["image", "region"]].dropna(subset="image")
    pairs = {(str(i), str(r)) for i, r in rows.dropna().itertuples(index=False)}
    return {(str(image), None) for image in rows["image"]} | pairs


def _of_name(one: Applied, what: str, name: str, known: pd.Series) -> str:
    names = sorted(set(map(str, known)))
    return (
        f"{one.path}: needs the {what} {name!r}, the study has {names}"
        f"{nearest(name, names)}. Give it that name in the sheets, or in "
        "feature_table."
    )


def _features_faults(one: Applied, absent: Sequence[str], place: str) -> Iterator[str]:
    lacking = [name for name in absent if name.startswith(place)]
    if not lacking:
        return
    told = ", ".join(lacking[:_MOST_TOLD])
    more = len(lacking) - _MOST_TOLD
    yield (
        f"{one.path}: needs {len(lacking)} features of {image_of(place)} that the "
        f"study has not: {told}{f' and {more} more' if more > 0 else ''}; expected a "
        "column of each. Add them to the table, or have them computed by the recipe "
        "of the model."
    )
