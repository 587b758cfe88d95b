"""Counts of people in sentences and cells, and what stands in their place."""

import re

#: Stands for a count that would tell a smaller one by a total.
HIDDEN = "hidden"
_PEOPLE = (
    "(?:evaluation |development |more )?"
    "(?:subject|patient|person|event|image|case|scan|segmentation|exclusion|lesion|"
    "no event|of the rarer|of them|more|missing|not stated|without|no |not )"
)
_NUMBER = r"(?<![\w.,\N{MINUS SIGN}-])(\d+)(?![\w.]|,\d| %)"
#: A count of a whole, with its percentage or without.
OF = re.compile(r"(?<![\w.])(\d+) of (\d+)(?: \([<>]? ?\d+ %\))?")
#: What is counted in "2 of 90 fits" is no person.
_THINGS = re.compile(
    r" (?:\(\S+ \S+ \S+\) )?(?:fits|features|columns|facts|values|IBSI|folds|"
    r"comparisons|permutations|lines|files|rows|perturb\w*|pairs)"
)
_COUNTED = re.compile(rf"{_NUMBER}(?= {_PEOPLE})")
_N = re.compile(r"(?<![\w.])n = (\d+)(?![\d.])")
_IN_BRACKETS = re.compile(r"\((\d+)\)")
#: A count before the one in brackets: "56 (30 events)".
_BEFORE_BRACKETS = re.compile(rf"{_NUMBER}(?= \(\d+ (?!to |%))")
#: Counts of a list: "20 A, 3 B and 1 C".
_OF_LIST = re.compile(
    r"(?:^|(?<=\()|(?<=, )|(?<= and ))(\d+)(?= (?!to |of |by |values?\b)[A-Za-z])"
)
#: What comes before a number that bounds others and counts nobody.
_BOUND = re.compile(r"(?:up to|at most|at least|than|the|Of each site,) $")
#: A count and what a colon ends: "metastasis: 4".
_LISTED = re.compile(r"(?<=: )(\d+)(?=[;)]|$)")
_PATTERNS = (*(OF, _N, _COUNTED, _BEFORE_BRACKETS, _IN_BRACKETS, _LISTED, _OF_LIST),)


def is_small(count: int, smallest: int) -> bool:
    """True of one to `smallest` - 1 people; nobody is no person."""
    return 0 < count < smallest


def is_telling(part: int, whole: int, smallest: int) -> bool:
    """True if a part of a whole, or what it leaves of it, is a small cell."""
    return is_small(part, smallest) or is_small(whole - part, smallest)


def told(text: str, smallest: int) -> str:
    """A sentence without small counts of people.

    If it holds one, its other counts are hidden too, as their sum may be known.
    """
    counts = list(_counts(text))
    if not any(_is_bad(found, smallest) for found in counts):
        return text
    for found in sorted(counts, key=lambda one: -one.start()):
        text = text[: found.start()] + _said(found, smallest) + text[found.end() :]
    return text


def _counts(text: str) -> list[re.Match[str]]:
    """Counts of people, none inside another."""
    found: list[re.Match[str]] = []
    taken: set[int] = set()
    for pattern in _PATTERNS:
        for one in pattern.finditer(text):
            of_things = pattern is OF and _THINGS.match(text, one.end())
            if of_things or _BOUND.search(text, 0, one.start()):
                taken.update(range(*one.span()))
            if taken.isdisjoint(range(*one.span())):
                taken.update(range(*one.span()))
                found.append(one)
    return found


def _is_bad(found: re.Match[str], smallest: int) -> bool:
    if found.re is OF:
        return is_telling(int(found[1]), int(found[2]), smallest)
    return is_small(int(found[1]), smallest)


def _said(found: re.Match[str], smallest: int) -> str:
    """Words in the place of a count: that it is small, or that it is hidden."""
    number = int(found[1])
    small = f"fewer than {smallest}" if is_small(number, smallest) else HIDDEN
    if found.re is _N:
        return f"n {'< ' + str(smallest) if is_small(number, smallest) else HIDDEN}"
    if found.re is _IN_BRACKETS:
        return f"({small})"
    return small
