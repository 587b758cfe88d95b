"""The repository says what the glossary says; retired words leave it for good."""

import re

import pytest

from .retired_words import RETIRED, occurrences, remaining, texts

SHRINK = (
    "run python tests/unit/docs/retired_words.py, which takes out what is not needed"
)


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_is_used_nowhere_new(word):
    places = {where for name, where in remaining() if name == word}
    shown = [
        line
        for where, lines in occurrences(word).items()
        for line in lines
        if where not in places
    ]
    retired = RETIRED[word]
    assert shown == [], f"say {retired.instead}: {retired.reason}"


def test_the_list_of_remaining_words_only_shrinks():
    done = [(word, where) for word, where in remaining() if word not in RETIRED]
    done += [
        (word, where)
        for word, where in remaining()
        if word in RETIRED and where not in occurrences(word)
    ]
    assert done == [], SHRINK


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
