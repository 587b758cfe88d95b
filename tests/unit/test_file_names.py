"""Labels of names in files: plain, short, stable, and never shared."""

import re
import unicodedata
from hashlib import sha256

import pytest

from concord import file_names

from ..hostile_names import CONTROLS, DEVICES, NAMES, PATTERNS, SIGNS, UNSEEN


def test_names_of_ascii_keep_their_letters_and_digits():
    assert file_names.label("P-001_b") == "P001b"
    assert file_names.label("baseline") == "baseline"


@pytest.mark.parametrize(
    ("name", "start"),
    [("病院", ""), ("Zürich", "Zurich"), ("a" * 33, "a" * 24), ("--", "")],
)
def test_a_hash_stands_for_what_a_label_loses(name, start):
    found = file_names.label(name)
    assert re.fullmatch(f"{start}[0-9a-f]{{8}}", found)
    assert found == f"{start}{sha256(name.encode()).hexdigest()[:8]}"


def test_composed_and_decomposed_names_have_one_label():
    assert file_names.label("e\u0301") == file_names.label("é")


def test_every_label_is_plain_and_only_alike_names_share_one():
    labels = {name: file_names.label(name) for name in NAMES}
    assert all(re.fullmatch("[A-Za-z0-9]{1,32}", one) for one in labels.values())
    shared = file_names.shared_labels(NAMES)
    for one, other in shared:
        plain = [unicodedata.normalize("NFC", text).lower() for text in (one, other)]
        alike = [[c for c in text if c.isalnum()] for text in plain]
        assert alike[0] == alike[1], (one, other)


def test_names_that_would_share_a_file_are_pairs():
    names = ["pre-op", "PreOp", "a", "pre op", "a"]
    assert file_names.shared_labels(names) == [
        ("pre-op", "PreOp"),
        ("pre-op", "pre op"),
    ]


def test_longest_names_of_files_fit_every_file_system():
    row = dict.fromkeys(("subject_id", "session", "region", "reader"), "病" * 100)
    row["image"] = "i" * file_names.LONGEST_KEY
    assert len(file_names.mask_name(row)) < 210


@pytest.mark.parametrize(
    "name", ["baseline", "S 1", "Ελλάδα", "हिन्दी", "A&B", "1", "pré-op (2)", "a.b"]
)
def test_ordinary_names_have_no_fault(name):
    assert file_names.name_fault(name) == ""


def test_what_a_terminal_obeys_is_written_as_an_escape():
    assert file_names.on_one_line("a\x1b[31m\nb\u202ec病") == "a\\x1b[31m\\nb\\u202ec病"


#: Odd, but neither hidden nor a sign of anything.
HARMLESS = {"a%2fb", "\ufffd", "a[0]"}


@pytest.mark.parametrize(
    "name",
    sorted({*CONTROLS, *UNSEEN, *SIGNS, *PATTERNS, *DEVICES} - HARMLESS),
    ids=ascii,
)
def test_names_that_hide_something_or_mean_something_to_a_program_are_refused(name):
    assert file_names.name_fault(name)
