"""The repository says what the glossary says; retired words have left it for good."""

import re

import pytest

from .retired_words import RETIRED, is_allowed, texts, uses


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_is_used_nowhere(word):
    retired = RETIRED[word]
    shown = [
        f"{path}: {line}"
        for path, line in uses(word)
        if not any(is_allowed(one, path, line) for one in retired.allowed)
    ]
    assert shown == [], f"say {retired.instead}: {retired.reason}"


@pytest.mark.parametrize("word", RETIRED)
def test_every_exception_is_still_needed_and_has_a_reason(word):
    for one in RETIRED[word].allowed:
        assert one.text, f"{one.path}: an exception is made for lines, not for files"
        assert one.reason, one.path
        assert any(is_allowed(one, *use) for use in uses(word)), f"{one}: take it out"


def test_every_retired_word_has_a_reason_and_something_to_say_instead():
    for word, retired in RETIRED.items():
        assert retired.instead, word
        assert retired.reason, word
        re.compile(retired.pattern)


def test_the_search_sees_code_workflow_documents_and_tests():
    names = set(texts())
    assert {"Snakefile", "README.md", "docs/glossary.md"} <= names
    assert {"workflow/rules/common.smk", "workflow/report/report.rst"} <= names
    assert any(name.startswith("tests/unit/models/") for name in names)
    assert any(name.startswith("scripts/concord/report/") for name in names)
