"""Settings that others wrote are data: no object, no bomb, no key that stands twice."""

import time
from itertools import pairwise

import pytest
import yaml

from concord.errors import ConfigError
from concord.tables import yaml_text

NAMES = "abcdefghi"


def laughs() -> str:
    """Nine lists of nine references to the list before: 9 to the power of 9 texts."""
    lines = [f"a: &a [{', '.join(['lol'] * 9)}]"]
    for before, name in pairwise(NAMES):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


def squares() -> str:
    """A list of a thousand references to a list of a thousand numbers."""
    return f"a: &a {[0] * 1000}\nb: [{', '.join(['*a'] * 1000)}]"


def merged() -> str:
    """Mappings that merge the mapping before them twice over, under other keys."""
    lines = ["a0: &a0 {x: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}"]
    for n in range(1, 30):
        lines.append(f"a{n}: &a{n} {{l: *a{n - 1}, r: *a{n - 1}}}")
    return "\n".join(lines)


@pytest.mark.parametrize("bomb", [laughs, squares, merged])
def test_references_that_fill_the_memory_are_refused_at_once(bomb):
    start = time.process_time()
    with pytest.raises(ConfigError, match=r"study\.yaml: .* 200000 values, with refer"):
        yaml_text.parsed(bomb(), "study.yaml")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &a [*a]", "a reference to what holds it"),
        ("a: &a {b: {c: *a}}", "a reference to what holds it"),
        ("[" * 5000, "more than 30 levels"),
        ('{"a":' * 5000, "more than 30 levels"),
        ("a: !!python/object/apply:os.system ['touch marker']", "python/object/apply"),
        ("a: !!python/name:os.system", "python/name"),
        ("a: !!python/tuple [1]", "python/tuple"),
        ("!!python/object/new:subprocess.Popen [[touch, marker]]", "python/object/new"),
        ("a: 1\nb: 2\na: 3", "the key 'a' twice"),
        ("a: {b: 1, 'b': 2}", "the key 'b' twice"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ("? [a, b]\n: 1", "a key that is no text"),
        ("a: " + "1" * 5000, "no data"),
        ("a: 2026-99-99", "no data"),
        ("a: !!int x", "no data"),
        ("a: 'b", "is no YAML or JSON"),
        ("--- a\n--- b", "a single document"),
        ("a: \x1b[31m", "special characters"),
    ],
)
def test_what_is_no_data_is_refused_with_the_file(text, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^study\.yaml: ") as caught:
        yaml_text.parsed(text, "study.yaml")
    assert told in str(caught.value)
    assert not any(tmp_path.iterdir())


def test_data_are_what_they_are_to_other_readers():
    text = "a: &x {b: [1, 2.5, true, null]}\nc: {<<: *x, d: 'e'}\nf: *x\n1: 2"
    assert yaml_text.parsed(text, "") == yaml.safe_load(text)
    assert yaml_text.parsed('{"a": [1, {"b": null}]}', "") == {"a": [1, {"b": None}]}
    assert yaml_text.parsed("{a: 1}", "") == {"a": 1}
    assert yaml_text.parsed("", "") is None


def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "study.yaml"
    with pytest.raises(ConfigError, match="no such file"):
        yaml_text.read_settings_file(path)
    path.write_bytes(b"a: \xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read as text"):
        yaml_text.read_settings_file(path)
    path.write_text("a: 1")
    assert yaml_text.read_settings_file(path) == {"a": 1}
    monkeypatch.setattr(yaml_text, "MOST_CHARACTERS", 3)
    with pytest.raises(ConfigError, match="has 4 bytes, expected at most 3"):
        yaml_text.read_settings_file(path)
