"""Expressions of the program end soon on any text: cells, headers, names of files.

Every regular expression that the sources hold as a literal is tried on texts that make
expressions try again and again. The time of a sound one grows with the text alone.
"""

import ast
import re
import time
import warnings
from fnmatch import fnmatchcase

import pytest

from concord.batch_labels import _without_last_zeros
from concord.draft import cells
from concord.ingest.index import naming
from concord.provenance import SCRIPTS

LENGTHS = (300, 3_000, 30_000)
#: Seconds that one expression may take on one text of the last length.
LONGEST_S = 0.5
FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "split", "findall"}

#: Expressions that may take longer, and what keeps outside texts from them.
GUARDED = {
    r"(\d+)\s*i(?:t\w*)?[\s,]*(\d+)\s*s": "the text is cut to 256 characters",
    r'"[^"]*"|\[[^\]]*\]|\\.': "the number format is cut to 255 characters",
}
#: Modules whose expressions see nothing but the program's own sources.
OF_SOURCES = {"rule_page.py", "module_lists.py", "provenance.py"}

UNITS = (
    *("0", "1", "9", ".", "0.", ".0", "1.", "1,", ",1", "-", "+", "e", "a", "A", "aA"),
    *("_", "a_", "_a", " ", " 1", "1 ", "\t", "\n", ";", ";A", ";AAAA", '"', "[", "]"),
    *("(", ")", "\\", "/", "T", "1i", "1it", "psma", "tof", "gauss", "é", "sub-", "ct"),
    *("retest", "1 | ", "T1", "a.b.", "volume_", "{", "%", "\u2010", "\u00c3", "1D"),
)
TEXTS = [(unit, end) for unit in UNITS for end in ("", "x", "!", "1", "+")]


def literals() -> dict[tuple[str, str], str]:
    """Expressions that the sources hold, how they are used, and where."""
    paths = sorted((SCRIPTS / "concord").rglob("*.py"))
    sources = {path: path.read_text() for path in paths if path.name not in OF_SOURCES}
    everything = "\n".join(sources.values())
    found = {}
    for path, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            call = node.value if isinstance(node, ast.Assign) else node
            if not _is_expression(call):
                continue
            used = {call.func.attr} - {"compile"}
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                used |= set(re.findall(rf"\b{name}\.(\w+)\(", everything))
            for use in used:
                whole = use if use in ("fullmatch", "match") else "search"
                found[call.args[0].value, whole] = path.name
    return found


def _is_expression(node: object) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def seconds(run, *told) -> float:
    start = time.process_time()
    run(*told)
    return time.process_time() - start


def slowest(run) -> tuple[float, str]:
    """The longest time of a function of a text, and the text that took it."""
    worst = (0.0, "")
    for unit, end in TEXTS:
        for length in LENGTHS:
            text = unit * (length // len(unit)) + end
            worst = max(worst, (seconds(run, text), f"{unit!r} and {end!r}"))
            if worst[0] > LONGEST_S:
                return worst
    return worst


LITERALS = literals()


@pytest.mark.parametrize(("text", "use"), sorted(LITERALS))
def test_an_expression_of_the_sources_takes_as_long_as_the_text_and_no_longer(
    text, use
):
    if text in GUARDED:
        pytest.skip(GUARDED[text])
    took, told = slowest(getattr(re.compile(text, re.IGNORECASE), use))
    assert took < LONGEST_S, f"{LITERALS[text, use]}: {text} on {told}"


def test_all_expressions_of_the_sources_are_found():
    assert len(LITERALS) > 70
    assert set(GUARDED) <= {text for text, _ in LITERALS}


@pytest.mark.parametrize(
    "run",
    [
        _without_last_zeros,
        lambda text: cells.column("x", [text] * 3),
        lambda text: naming.proposed({"modality": "PT", "description": text}),
        lambda text: naming.proposed({"modality": "MR", "description": text}),
        lambda text: naming.proposed({"modality": "PT", "tracer": text}),
    ],
)
def test_a_function_of_an_outside_text_takes_as_long_as_the_text(run):
    took, told = slowest(run)
    assert took < LONGEST_S, told


@pytest.mark.parametrize(
    "pattern", ["*a*a*a*a*a*a*b", "a*" * 30 + "b", "*" * 50 + "b", "[ab]*" * 20 + "?c"]
)
def test_patterns_of_columns_end_soon_on_any_name(pattern):
    """Patterns with stars may take as long as both lengths multiplied."""
    assert seconds(fnmatchcase, "a" * 2_000, pattern) < 2


def test_zeros_at_the_end_of_decimals_are_left_out():
    told = {"1.50": "1.5", "2.0": "2", "2.": "2", "10": "10", "a.100": "a.1"}
    told |= {"1.5x": "1.5x", "0.0100": "0.01", ".0": "", "": "", "v.": "v"}
    assert {text: _without_last_zeros(text) for text in told} == told


def test_texts_that_were_expressions_of_python_raise_no_warnings():
    from concord.ingest.patterns import compiled

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled("[[a]").fits("[")
