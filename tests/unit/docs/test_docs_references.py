"""Modules and files that texts name are where the texts say."""

import importlib
import importlib.util
import re

import pytest

from .retired_words import ROOT, texts

#: Texts whose names are of modules that the test itself makes, or of pages.
INVENTED = ("tests/unit/test_provenance.py", "tests/unit/docs/")
NAMES = re.compile(r"\bconcord(?:\.[A-Za-z_]\w*)+")
FILES = re.compile(r"\b(?:scripts/)?concord/[a-z_/]+(?:\.py)?")


def exists(name: str) -> bool:
    """True if a dotted name is a module or a public name of one."""
    try:
        if importlib.util.find_spec(name) is not None:
            return True
    except ModuleNotFoundError:
        pass
    parent, _, last = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(parent), last)
    except ModuleNotFoundError:
        return False


def found(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Path of each text and what it names, once."""
    return [
        (path, name)
        for path, text in texts().items()
        if not path.startswith(INVENTED)
        for name in sorted(set(pattern.findall(text)))
    ]


def test_every_module_that_a_text_names_exists():
    known = {name: exists(name) for _, name in found(NAMES)}
    assert len(known) > 100
    assert [use for use in found(NAMES) if not known[use[1]]] == []


def test_every_file_of_the_library_that_a_text_names_exists():
    lost = [
        (path, name)
        for path, name in found(FILES)
        if not (ROOT / "scripts" / name.removeprefix("scripts/")).exists()
        and not (ROOT / "scripts" / f"{name.removeprefix('scripts/')}.py").exists()
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("concord.ingest.pet.suv", True),
        ("concord.ingest.suv", False),
        ("concord.errors.FitError", True),
        ("concord.errors.Other", False),
        ("concord.other.module", False),
    ],
)
def test_a_name_is_of_a_module_or_of_something_in_it(name, is_there):
    assert exists(name) is is_there
