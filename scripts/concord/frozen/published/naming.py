"""Features of a publication: by IBSI code, or by the name that another tool gives."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ...config_faults import nearest
from ...errors import StudyError
from ...features.dictionary import foreign_names
from ...features.dictionary.foreign_names import COMPARABLE, ForeignName
from ...features.ibsi import Feature, features
from .sections import NamedFeature

#: Differences from ours that a formula removes: what is added to ours, and a transform
#: of ours, by tool and name there.
_SHIFTS = {("pyradiomics", "original_firstorder_Kurtosis"): 3.0}
_ROOTS = {
    ("pyradiomics", "original_firstorder_StandardDeviation"): "statistics.variance"
}
_MOST_SHOWN = 6


class Resolved(NamedTuple):
    """A feature here, and how the published value is made of it."""

    feature: Feature
    shift: float = 0.0  # published = ours + shift
    is_root: bool = False  # published = square root of ours
    note: str = ""


def resolve(term: NamedFeature) -> Resolved:
    """The feature of a term.

    Raises
    ------
    StudyError
        If no feature, or more than one, has the name, if names contradict each other,
        or if the other tool's feature is another number that no formula makes of ours.
    """
    found = []
    if term.ibsi is not None or term.feature is not None:
        found.append(_of_ibsi(term))
    for tool in ("pyradiomics", "mirp"):
        name = getattr(term, tool)
        if name is not None:
            found.append(_of_tool(tool, name, term.accept_difference))
    names = {_full(one.feature) for one in found}
    if len(names) > 1:
        raise StudyError(
            f"its names stand for different features: {', '.join(sorted(names))}; "
            "give names of one feature"
        )
    return found[-1]


def _of_ibsi(term: NamedFeature) -> Resolved:
    known = features() if term.ibsi is None else _of_code(term.ibsi)
    chosen = [one for one in known if term.feature in (None, _full(one))]
    if not chosen and term.ibsi is not None:
        raise StudyError(
            f"the IBSI code {term.ibsi} is that of {_listed(known)}, found "
            f"feature: {term.feature}; leave one of them out"
        )
    if not chosen:
        names = [_full(one) for one in known]
        raise StudyError(
            f"{term.feature!r} is no feature{_hint(str(term.feature), names)}"
        )
    if len(chosen) > 1:
        raise StudyError(
            f"the IBSI code {term.ibsi} is that of {_listed(chosen)}; say which by "
            "feature:"
        )
    return Resolved(chosen[0])


def _of_code(ibsi: str) -> tuple[Feature, ...]:
    """Features of an IBSI code; StudyError if there is none."""
    code = ibsi.upper()
    known = tuple(one for one in features() if one.ibsi_code == code)
    if not known:
        codes = [one.ibsi_code for one in features() if one.ibsi_code]
        raise StudyError(
            f"{ibsi!r} is no IBSI code of a feature that is computed here"
            f"{_hint(code, codes)}"
        )
    return known


def _of_tool(tool: str, name: str, accepted: bool) -> Resolved:
    row = _row(tool, name)
    if (tool, row.name) in _ROOTS:
        ours = _by_name(_ROOTS[tool, row.name])
        return Resolved(ours, is_root=True, note=f"{row.name}: {row.note}")
    if row.relation == "extra":
        raise StudyError(
            f"{name!r} of {tool} stands for no feature of the IBSI ({row.note}); the "
            "equation cannot be computed here"
        )
    ours = _by_name(f"{row.family}.{row.feature}")
    note = f"{row.name}: {row.note}" if row.note else ""
    if (tool, row.name) in _SHIFTS:
        return Resolved(ours, shift=_SHIFTS[tool, row.name], note=note)
    if row.relation not in COMPARABLE and not accepted:
        raise StudyError(
            f"{name!r} of {tool} is another number than {_full(ours)} here: "
            f"{row.note}; set accept_difference: true to take it nevertheless, which "
            "the model then says"
        )
    return Resolved(ours, note=note)


def _row(tool: str, name: str) -> ForeignName:
    """Row of the table of a tool for a name, whole or without what stands before."""
    rows = foreign_names.by_name(tool)
    if name in rows:
        return rows[name]
    if tool == "pyradiomics":
        _refuse_filter(name)
    ending = re.compile(rf"(^|_){re.escape(name)}$", re.IGNORECASE)
    found = [one for one in rows if ending.search(one)]
    if len(found) > 1:
        raise StudyError(
            f"{name!r} of {tool} may be {', '.join(found[:_MOST_SHOWN])}; give the "
            "whole name"
        )
    if not found:
        raise StudyError(f"{name!r} is no feature of {tool}{_hint(name, list(rows))}")
    return rows[found[0]]


def _refuse_filter(name: str) -> None:
    """Refuse a name of a filtered image: its filter is one of a recipe here."""
    filtered, separated, rest = name.partition("_")
    plain = f"original_{rest}"
    if separated and plain in foreign_names.by_name("pyradiomics"):
        raise StudyError(
            f"{name!r} is of the image filter {filtered!r} of pyradiomics, whose bins "
            f"may differ here; give {plain} and, as filter:, the response map of the "
            "recipe"
        )


def _by_name(name: str) -> Feature:
    return next(one for one in features() if _full(one) == name)


def _full(feature: Feature) -> str:
    return f"{feature.family}.{feature.feature}"


def _listed(known: Sequence[Feature]) -> str:
    return ", ".join(_full(one) for one in known)


def _hint(name: str, known: Sequence[str]) -> str:
    """The nearest known name; nothing where all of them would be listed."""
    hint = nearest(name, known)
    return hint if hint.startswith("; did") else "; see docs/published_models.md"
