"""Dates in the forms in which people write them, within names and other texts."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

_RUN = re.compile(r"\d+")
_PARTS = re.compile(
    r"(?<!\d)(\d{1,4})\s*[-_./ ]\s*(\d{1,2})\s*[-_./ ]\s*(\d{4}|\d{1,2})(?!\d)"
)
#: First letters of the months in English, German and French.
_MONTHS = (
    "jan|janv",
    "feb|fev",
    "mar|maer|mrz",
    "apr|avr",
    "may|mai",
    "jun|juin",
    "jul|juil",
    "aug|aou",
    "sep",
    "oct|okt",
    "nov",
    "dec|dez",
)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CENTURIES = (1900, 2000)
_FIRST_YEAR, _LAST_YEAR = 1880, 2100


def is_date(word: str) -> bool:
    """True for eight digits that are year, month and day of somebody's life."""
    whole = len(word) == 8 and word.isascii() and word.isdigit()
    return whole and _day(word[:4], word[4:6], word[6:]) is not None


def dates_in(text: str) -> set[str]:
    """Dates that a text may be read to hold, as YYYYMMDD.

    Day, month and year are looked for in each usual order, with two or four digits of
    the year; a text gives several dates if it can be read in several ways.

    Parameters
    ----------
    text : str
        Folded, see `folding.folded`.
    """
    found = {*_separate(text), *_with_months(text)}
    for run in _RUN.findall(text):
        found |= {*_whole(run), *_short(run)}
    return found


def full_dates_in(text: str) -> set[str]:
    """Dates of a text that have separators, month names or eight digits."""
    found = {*_separate(text), *_with_months(text)}
    for run in _RUN.findall(text):
        found |= set(_whole(run)) if len(run) == 8 else set()
    return found


def _whole(run: str) -> Iterator[str]:
    for start in range(len(run) - 7):
        one = run[start : start + 8]
        yield from _readings(one[:4], one[4:6], one[6:])
        yield from _readings(one[:2], one[2:4], one[4:])


def _short(run: str) -> Iterator[str]:
    """Six digits, alone or at the start of a number, as of Nordic registers."""
    if len(run) >= 6:
        yield from _readings(run[:2], run[2:4], run[4:6])


def _separate(text: str) -> Iterator[str]:
    for parts in _PARTS.finditer(text):
        yield from _readings(*parts.groups())


def _with_months(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    triples = zip(words, pairwise(words[1:]), strict=False)
    for first, (second, third) in triples:
        for word, others in ((second, (first, third)), (first, (second, third))):
            month = _month(word)
            if month and all(part.isdigit() for part in others):
                yield from _readings(others[0], month, others[1])


def _month(word: str) -> str:
    if word.isdigit() or len(word) < 3:
        return ""
    for number, starts in enumerate(_MONTHS, 1):
        if any(word.startswith(start) for start in starts.split("|")):
            return str(number)
    return ""


def _readings(first: str, second: str, third: str) -> Iterator[str]:
    """Dates of three parts: year first, or day or month first."""
    for year, month, day in (
        (first, second, third),
        (third, second, first),
        (third, first, second),
    ):
        yield from _day(year, month, day) or ()


def _day(year: str, month: str, day: str) -> list[str] | None:
    """Dates that year, month and day are, one for each century; None if they are none.

    A year has two or four digits.
    """
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        return None
    years = [int(year)] if len(year) == 4 else [c + int(year) for c in _CENTURIES]
    found = []
    for each in years:
        try:
            one = date(each, int(month), int(day))
        except ValueError:
            continue
        if _FIRST_YEAR <= each <= _LAST_YEAR:
            found.append(one.strftime("%Y%m%d"))
    return found or None
