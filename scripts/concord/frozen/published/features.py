"""Features of a published equation: their full names, units and recipes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ...config_faults import nearest
from ...feature_import.naming import matrix_columns
from ...features import ibsi
from ...features.dictionary import dictionary
from ...features.dictionary.foreign_names import COMPARABLE, by_name
from ...features.recipe.columns import RecipeColumns, of_study
from ...features.settings import inheritance
from ...image_names import ImageSection
from ..inputs import FeatureInput
from .sections import FeatureTerm, PublishedModel

_MOST_SHOWN = 5
#: Texts that stand in the place of what a table of another tool does not tell.
_AS_GIVEN = "as given by the table"


class TermError(ValueError):
    """A feature that cannot be told, in words that follow its key."""


@dataclass(frozen=True)
class Measurable:
    """Features that the recipes of an equation can measure.

    Attributes
    ----------
    recipes : list of RecipeColumns
    images : mapping of ImageSection
        Images by name, each with its modality.
    """

    recipes: list[RecipeColumns]
    images: Mapping[str, ImageSection]

    @classmethod
    def of(cls, model: PublishedModel) -> "Measurable":
        """Features of the recipes of a published equation."""
        images = dict(inheritance.plain_images(model.recipes)) | dict(model.images)
        complete = inheritance.complete(model.recipes, images)
        return cls(of_study(complete), images)

    def rows(self, term: FeatureTerm) -> list[dict[str, Any]]:
        """Dictionary rows of the recipes that a term may mean."""
        known = {one.image for one in self.recipes}
        if term.image not in known:
            told = f"image {term.image!r} has no recipe{nearest(term.image, known)}"
            raise TermError(told)
        mine = [one for one in self.recipes if one.image == term.image]
        chosen = [
            one
            for one in mine
            if (one.main if term.recipe is None else one.name == term.recipe)
        ]
        if not chosen:
            names = [one.name for one in mine]
            raise TermError(f"recipe {term.recipe!r} is none of {names}")
        found = dictionary.rows_of(chosen[0], term.region, "")
        sources = {row["filter"].partition("@")[0] for row in found}
        kept = [r for r in found if r["filter"].partition("@")[0] == term.filter]
        if not kept:
            hint = nearest(term.filter, sources)
            raise TermError(f"filter {term.filter!r} is not in the recipe{hint}")
        return kept

    def input_of(self, term: FeatureTerm) -> tuple[str, FeatureInput]:
        """Full name of the feature of a term, and what is known of it."""
        wanted, rows = wanted_names(term), self.rows(term)
        found = [r for r in rows if f"{r['family']}.{r['feature']}" in wanted]
        if not found:
            raise TermError(f"the recipe does not give {' or '.join(sorted(wanted))}")
        if len(found) > 1:
            raise TermError(_ambiguous(term, (r["column"] for r in found)))
        return str(found[0]["name"]), _described(found[0], self.images)


def wanted_names(term: FeatureTerm) -> set[str]:
    """Features, as <family>.<feature>, that the name of a term stands for.

    Raises
    ------
    TermError
        If the name is unknown, or stands for another number than ours.
    """
    if term.ibsi_code is not None:
        return _of_code(term.ibsi_code)
    if term.name is not None:
        known = {f"{one.family}.{one.feature}" for one in ibsi.features()}
        if term.name not in known:
            raise TermError(
                f"name {term.name!r} is no feature{_near(term.name, known)}"
            )
        return {term.name}
    tool, name = ("pyradiomics", term.pyradiomics)
    if name is None:
        tool, name = "mirp", term.mirp
    return {_of_tool(tool, str(name))}


def _of_code(code: str) -> set[str]:
    by_code: dict[str, set[str]] = {}
    for one in ibsi.features():
        if one.ibsi_code:
            by_code.setdefault(one.ibsi_code, set()).add(f"{one.family}.{one.feature}")
    if code not in by_code:
        told = f"ibsi_code {code!r} is no code of a known feature"
        raise TermError(told + _near(code, by_code))
    return by_code[code]


def _of_tool(tool: str, name: str) -> str:
    """Our feature for the name of another tool, if both are the same number."""
    known = by_name(tool)
    row = known.get(name)
    if row is None:
        raise TermError(f"{tool} {name!r} is no known name{_near(name, known)}")
    if row.relation not in COMPARABLE:
        why = f" ({row.note})" if row.note else ""
        raise TermError(
            f"{tool} {name!r} is not the same number as any feature here: "
            f"{row.relation}{why}; give the coefficient of the IBSI feature by "
            "ibsi_code, or take tables of that tool (software in place of recipes)"
        )
    return f"{row.family}.{row.feature}"


def of_table(term: FeatureTerm, model: PublishedModel) -> tuple[str, FeatureInput]:
    """Full name of a feature in tables of another tool, and what is known of it."""
    given = term.pyradiomics or term.mirp or term.name
    if given is None:
        raise TermError(
            "ibsi_code cannot tell a column of a table of "
            f"{model.software!r}; give the name that the table has"
        )
    style = "pyradiomics" if term.pyradiomics else "canonical"
    column = matrix_columns([given], style, {})[given]
    parts = dict(zip(("filter", "family", "feature"), column.split("."), strict=True))
    image = model.images.get(term.image)
    modality = image.modality if image and image.modality else term.image
    return f"{term.image}.{term.region}.{column}", FeatureInput(
        image=term.image,
        modality=modality,
        region=term.region,
        column=column,
        **parts,
        ibsi_code=None,
        measurand=f"as {model.software} computes {given}",
        unit=_AS_GIVEN,
        unit_ucum=None,
        recipe="as given",
        recipe_hash=None,
        software=model.software,
    )


def _described(row: Mapping[str, Any], images: Mapping[str, ImageSection]) -> Any:
    keys = set(FeatureInput.model_fields) - {"modality"}
    modality = images[row["image"]].modality or row["image"]
    return FeatureInput(modality=modality, **{key: row[key] for key in keys})


def _ambiguous(term: FeatureTerm, columns: Iterable[str]) -> str:
    names = sorted({_short(one) for one in columns})
    told = ", ".join(names[:_MOST_SHOWN])
    return f"{term.ibsi_code} stands for {told}; give one of them as name"


def _short(column: str) -> str:
    return column.partition(".")[2]


def _near(name: str, known: Iterable[str]) -> str:
    """The nearest known names, of which there are too many to list."""
    close: Iterator[str] = iter(get_close_matches(name, sorted(known), n=1, cutoff=0.5))
    found = next(close, None)
    return f"; did you mean {found!r}?" if found else ""
