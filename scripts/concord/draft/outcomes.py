"""Endpoints of a draft, guessed from the columns of a clinical table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..statistics.outcome_kinds import BINARY, SURVIVAL
from . import roles
from .cells import Column, event_cells
from .naming import name_of, outcome_of
from .question import Questions, listed

#: Endpoints with fewer subjects with, or without, the event are left out.
LEAST_EVENTS = 4
#: Times without a unit whose largest value is smaller may be months or years.
_FEW_DAYS = 250.0


class Outcomes(NamedTuple):
    """Endpoints of a study, and the columns that they need.

    Attributes
    ----------
    sections : dict of dict
        Section `endpoints` of the configuration.
    columns : dict of list of str
        Columns of the subjects sheet that hold other cells than the table.
    used : set of str
        Columns of the table that an endpoint is made of.
    events : dict of int
        Events that a model can learn from, by endpoint: of a binary one, the rarer
        of its two outcomes.
    """

    sections: dict[str, dict[str, Any]]
    columns: dict[str, list[str]]
    used: set[str]
    events: dict[str, int]

    @property
    def primary(self) -> str | None:
        """The endpoint with most events; None if there is no endpoint."""
        return max(self.events, key=lambda name: self.events[name], default=None)


def guessed(table: Mapping[str, Column], questions: Questions) -> Outcomes:
    """Endpoints by the names and cells of columns; what is not clear is asked."""
    found = Outcomes({}, {}, set(), {})
    times = [c for c in table.values() if roles.is_time(c)]
    events = [c for c in table.values() if roles.is_event(c)]
    _ask_about_codes(table.values(), questions)
    for event in events:
        if roles.has_word(event.name, roles.REVERSED) and _is_0_or_1(event):
            questions.ask(
                "endpoints",
                f"does a 1 of {event.name!r} mean that the event happened, or that it "
                "did not? Write a column in which 1 is the event",
            )
            continue
        time = _time_of(event, times, events)
        _add(found, event, time, questions)
        found.used.update(c.name for c in (event, time) if c is not None)
    _ask_about_times(times, found.used, questions)
    _ask_if_none(found, table.values(), questions)
    return found


def _add(
    found: Outcomes, event: Column, time: Column | None, questions: Questions
) -> None:
    """Add an endpoint, unless it has too few events to learn from."""
    cells, said = event_cells(event)
    times = list(time.cells) if time is not None else []
    if time is not None:
        cells, times = _both_or_neither(event, cells, times, questions)
    happened, rest = cells.count("1"), cells.count("0")
    kind = BINARY if time is None else SURVIVAL
    effective = int(kind.effective_events(happened, happened + rest))
    if effective < LEAST_EVENTS:
        text = f"{event.name!r} has {happened} events in {happened + rest} subjects"
        questions.ask("endpoints", f"{text}, too few to learn from; it was left out")
        return
    if cells != list(event.cells):
        found.columns[event.name] = cells
    if said:
        questions.changed(event.name, said)
    name, label = outcome_of(event.name, time is not None)
    name = _free(name, found.sections)
    section = {"kind": kind.name, "event": event.name, "label": label}
    its_time = ""
    if time is not None:
        section["time_days"] = _days(found, name, time, times, questions)
        its_time = f", {time.name!r} its time"
    found.sections[name], found.events[name] = section, effective
    said = f"1 of {event.name!r} is the event{its_time}; {happened} events"
    questions.check(f"endpoints.{name}", said)


def _days(
    found: Outcomes, endpoint: str, time: Column, times: list[str], questions: Questions
) -> str:
    """Column of the subjects sheet with the times in days."""
    factor = roles.days_per_unit(time.name)
    if factor in (None, 1.0):
        if times != list(time.cells):
            found.columns[time.name] = times
        if factor is None:
            most = max(time.numbers)
            doubt = "; they look like months or years" if most < _FEW_DAYS else ""
            kind = questions.ask if doubt else questions.check
            kind(
                f"endpoints.{endpoint}",
                f"{time.name!r} does not tell its unit and was taken as days (up to "
                f"{most:g}){doubt}",
            )
        return time.name
    name = f"{name_of(time.name)}_in_days"
    found.columns[name] = [f"{float(t) * factor:.6g}" if t else "" for t in times]
    questions.changed(name, f"{time.name!r} times {factor:g} days")
    return name


def _both_or_neither(
    event: Column, cells: Sequence[str], times: Sequence[str], questions: Questions
) -> tuple[list[str], list[str]]:
    """Event and time of each row, both empty where one is missing."""
    whole = [bool(c) and bool(t) for c, t in zip(cells, times, strict=True)]
    half = sum(bool(c) != bool(t) for c, t in zip(cells, times, strict=True))
    if half:
        questions.changed(
            event.name,
            f"{half} rows have either the event or its time; both were emptied",
        )
    return (
        [c if there else "" for c, there in zip(cells, whole, strict=True)],
        [t if there else "" for t, there in zip(times, whole, strict=True)],
    )


def _time_of(
    event: Column, times: Sequence[Column], events: Sequence[Column]
) -> Column | None:
    """The column of times of an event: of the same words, or the only one there is."""
    own = roles.stem(event.name)
    same = [time for time in times if roles.stem(time.name) == own]
    if len(same) == 1:
        return same[0]
    alone = len(times) == 1 and len(events) == 1
    return times[0] if alone and not same else None


def _ask_about_codes(columns: Iterable[Column], questions: Questions) -> None:
    """Ask which of two numbers, or of several texts, is the event."""
    for one in columns:
        if not roles.has_word(one.name, roles.EVENT | roles.REVERSED):
            continue
        if one.kind == "two" and not roles.has_word(one.name, roles.TIME):
            questions.ask(
                "endpoints",
                f"which of {' and '.join(sorted(one.levels))} of {one.name!r} is the "
                "event? Write a column of 0 and 1",
            )
        elif one.kind in ("category", "text"):
            questions.ask(
                "endpoints",
                f"{one.name!r} sounds like an outcome; which of its values "
                f"({listed(sorted(one.levels))}) is an event? Write a column of 0 and "
                "1 if it is to be an endpoint",
            )


def _ask_about_times(
    times: Iterable[Column], used: set[str], questions: Questions
) -> None:
    for time in times:
        if time.name not in used:
            questions.ask(
                "endpoints",
                f"{time.name!r} may be a time of follow-up; of which event? It was "
                "not used",
            )


def _ask_if_none(
    found: Outcomes, columns: Iterable[Column], questions: Questions
) -> None:
    if found.sections:
        return
    dates = [one.name for one in columns if one.kind == "date"]
    more = f"; of dates ({listed(dates)}), give the days between them" if dates else ""
    questions.ask(
        "endpoints",
        "no column was recognized as an outcome: name a column of 0 and 1, and for "
        f"survival one of days{more}",
    )


def _is_0_or_1(column: Column) -> bool:
    return {float(c) for c in column.levels if c.replace(".", "").isdigit()} == {0, 1}


def _free(name: str, taken: Iterable[str]) -> str:
    known, number, free = set(taken), 1, name
    while free in known:
        number += 1
        free = f"{name}_{number}"
    return free
