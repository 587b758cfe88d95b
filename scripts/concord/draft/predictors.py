"""Covariates and factors of a draft, guessed from the columns of a clinical table."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import roles
from .cells import Column
from .naming import label_and_unit, label_of, name_of
from .question import Questions, listed

#: Events that one parameter of a model without penalty takes.
EVENTS_PER_PARAMETER = 5
#: Subjects of a level that a category needs.
_LEAST_PER_LEVEL = 2
#: Levels in an order that is not that of the alphabet.
_ORDERS = (
    ("low", "intermediate", "high"),
    ("low", "medium", "high"),
    ("no", "yes"),
    ("never", "former", "current"),
)


class Predictors(NamedTuple):
    """Sections `covariates` and `factors`, and the covariates that models may take."""

    covariates: dict[str, dict[str, Any]]
    factors: dict[str, dict[str, Any]]
    chosen: list[str]


def guessed(columns: Iterable[Column], events: int, questions: Questions) -> Predictors:
    """Covariates and factors among columns that are no outcome, site or id.

    Only what is normally known before the outcome is a covariate, by its name; the
    names of treatments are factors. Everything else is asked about.

    Parameters
    ----------
    columns : iterable of Column
        Columns that have no other role.
    events : int
        Events of the primary endpoint, which limit the parameters of the models.
    """
    found = Predictors({}, {}, [])
    rest = []
    for one in sorted(columns, key=_rank):
        if roles.baseline_rank(one.name) is not None:
            section = _covariate(one, questions)
            if section:
                found.covariates[name_of(one.name)] = section
        elif roles.has_word(one.name, roles.TREATMENT):
            _add_factor(found, one, questions)
        elif one.kind not in ("empty", "constant") and not roles.is_later(one.name):
            rest.append(one.name)
    if rest:
        questions.ask(
            "covariates",
            f"which of {listed(rest)} are known before the outcome and are to predict "
            "it? None was used",
        )
    found.chosen.extend(_affordable(found.covariates, events, questions))
    return found


def _rank(column: Column) -> float:
    rank = roles.baseline_rank(column.name)
    return float("inf") if rank is None else rank


def _covariate(column: Column, questions: Questions) -> dict[str, Any]:
    """Section of a covariate; empty if its column cannot be one."""
    name, key = column.name, f"covariates.{name_of(column.name)}"
    label, unit = label_and_unit(name)
    section: dict[str, Any] = {"column": name, "label": label}
    if unit:
        section["unit"] = unit
    if column.kind in ("number", "two"):
        questions.check(key, f"{name!r} is a number")
        return section
    if column.kind == "binary" and {"0", "1"} >= set(column.levels):
        questions.check(key, f"{name!r} is 0 or 1, taken as a number")
        return section
    if column.kind not in ("category", "binary"):
        if column.kind != "empty":
            questions.ask(
                "covariates",
                f"{name!r} has {len(column.levels)} different values "
                f"({listed(column.levels[:3])} ...); it was not used",
            )
        return {}
    levels = _ordered(column.levels)
    questions.check(key, f"levels as found in {name!r}; the first is the reference")
    _ask_about_rare(column, questions)
    return section | {"kind": "category", "levels": levels}


def _ordered(levels: Iterable[str]) -> list[str]:
    """Levels in the order of their meaning, if it is known, else of the alphabet."""
    for order in _ORDERS:
        if {level.lower() for level in levels} <= set(order):
            return sorted(levels, key=lambda level: order.index(level.lower()))
    return sorted(levels)


def _ask_about_rare(column: Column, questions: Questions) -> None:
    rare = [
        level
        for level in column.levels
        if column.present.count(level) < _LEAST_PER_LEVEL
    ]
    if rare:
        questions.ask(
            f"covariates.{name_of(column.name)}",
            f"{listed(rare)} of {column.name!r} has one subject only; join it with "
            "another level in the subjects sheet",
        )


def _add_factor(found: Predictors, column: Column, questions: Questions) -> None:
    if column.kind in ("category", "binary", "two"):
        name = name_of(column.name)
        found.factors[name] = {"column": column.name, "label": label_of(column.name)}
        questions.check(
            f"factors.{name}",
            f"{column.name!r} sounds like a treatment, which is chosen by the expected "
            "outcome: no predictor, but compared with sites and outcomes",
        )


def _affordable(
    covariates: Mapping[str, Mapping[str, Any]], events: int, questions: Questions
) -> list[str]:
    """The likeliest covariates that so many events can carry; the first one always."""
    chosen: list[str] = []
    left = max(1, events // EVENTS_PER_PARAMETER)
    for name, section in covariates.items():
        cost = max(1, len(section.get("levels", ())) - 1)
        if cost <= left or not chosen:
            chosen.append(name)
            left -= cost
    if len(chosen) < len(covariates):
        others = [name for name in covariates if name not in chosen]
        questions.check(
            "arms",
            f"{events} events carry about {max(1, events // EVENTS_PER_PARAMETER)} "
            f"clinical parameters without penalty; {listed(others)} declared but not "
            "used in the arms",
        )
    return chosen
