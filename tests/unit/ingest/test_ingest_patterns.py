"""Patterns of names mean what Python means by them, and are matched in linear time."""

import random
import re
import time
import warnings

import pytest

from concord.ingest.patterns import PatternError, compiled
from concord.ingest.patterns.automaton import LONGEST_NAME, Pattern

_PARTS = ("a", "b", "_", "-", "A", ".", "*", "+", "?", "|", "(", ")", "[ab]", "[^a]")
_PARTS += (r"\d", r"\w", "{2}", "{1,3}", "{2,}", "{,2}", "(?:", "^", "$", r"\b", r"\.")
_PARTS += ("(?i)", " ", "1", "]", "{", "??", "é", "(?P<n>", r"[\]a-c]", "[]x]", r"\x41")
_LETTERS = "abA_-1 .éx"


def python_of(text):
    """The expression as Python compiles it; None if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(text)
    except re.error:
        return None


def test_random_patterns_fit_exactly_the_names_that_they_fit_in_python():
    source = random.Random(5)
    compared = 0
    for _ in range(6000):
        text = "".join(source.choices(_PARTS, k=source.randint(1, 8)))
        expression = python_of(text)
        try:
            pattern = Pattern(text)
        except PatternError:
            continue
        assert expression is not None, text
        compared += 1
        for _ in range(8):
            name = "".join(source.choices(_LETTERS, k=source.randint(0, 6)))
            assert pattern.fits(name) == bool(expression.fullmatch(name)), (text, name)
    assert compared > 1500


@pytest.mark.parametrize(
    ("text", "fitting", "other"),
    [
        ("(?i)gtv[-_ ]?(t|p)?\\d*", ["GTV", "gtv-t1", "Gtv_P"], ["GTVn", "xGTV"]),
        ("GTV.*|.*tumou?r", ["GTV 1", "my tumor"], ["tumors"]),
        (r"\bgtv\b.*", ["gtv (1)"], ["gtvx"]),
        ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
        ("", [""], ["x"]),
    ],
)
def test_usual_patterns_fit_whole_names(text, fitting, other):
    pattern = compiled(text)
    assert all(map(pattern.fits, fitting))
    assert not any(map(pattern.fits, other))


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("(?!PTV).*", True),
        ("(?<=a)b", True),
        (r"(a)\1", True),
        ("a++", True),
        ("(?i:a)", True),
        ("(?x)a", True),
        ("a{101}", True),
        ("((a{50}){50}){50}", True),
        ("(" * 21 + ")" * 21, True),
        ("a" * 1001, True),
        ("GTV (1", False),
        ("GTV [1", False),
        ("*GTV", False),
        ("a**", False),
        ("GTV)", False),
        ("GTV\\", False),
        (r"\q", False),
        ("a{3,2}", False),
        ("node (?)", False),
        ("[b-a]", False),
    ],
)
def test_what_is_no_pattern_and_what_is_refused_are_told_apart(text, is_refused):
    with pytest.raises(PatternError) as caught:
        compiled(text)
    assert caught.value.is_refused == is_refused


@pytest.mark.parametrize(
    "text", ["(a*)*b", "(a|aa)+b", "(.*)(.*)(.*)(.*)b", "(a?){99}b"]
)
def test_twice_the_name_takes_about_twice_the_time(text):
    """Python would need longer than anybody lives for the first of these."""
    took = []
    for length in (LONGEST_NAME // 4, LONGEST_NAME):
        start = time.process_time()
        for _ in range(20):
            assert not Pattern(text).fits("a" * length)
        took.append(time.process_time() - start)
    assert took[1] < 12 * took[0] + 0.1
    assert took[1] < 10


def test_longer_names_than_the_limit_fit_no_pattern():
    assert compiled("a*").fits("a" * LONGEST_NAME)
    assert not compiled("a*").fits("a" * (LONGEST_NAME + 1))
