"""Fingerprints follow imports and ignore what does not change behaviour."""

import pytest

from concord import provenance


@pytest.fixture
def project(monkeypatch, tmp_path):
    """A script that imports one module, which imports another."""
    package = tmp_path / "concord"
    (package / "deep").mkdir(parents=True)
    files = {
        "step.py": "import json\nfrom concord.deep import outer\n",
        "concord/__init__.py": "",
        "concord/deep/__init__.py": "",
        "concord/deep/outer.py": "import numpy as np\nfrom .. import inner\n",
        "concord/inner.py": "from scipy import ndimage\nVALUE = 1\n",
        "concord/stranger.py": "VALUE = 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(provenance, "SCRIPTS", tmp_path)
    clear_caches()
    yield tmp_path
    clear_caches()


def clear_caches() -> None:
    provenance._fingerprint.cache_clear()
    provenance._parsed.cache_clear()
    provenance._attached.cache_clear()


def fingerprint() -> str:
    clear_caches()
    return provenance.code_fingerprint("step.py")


@pytest.mark.parametrize(
    "name", ["step.py", "concord/deep/outer.py", "concord/inner.py"]
)
def test_a_change_in_any_imported_module_changes_the_fingerprint(project, name):
    before = fingerprint()
    (project / name).write_text((project / name).read_text() + "MORE = 2\n")

    assert fingerprint() != before


def test_a_module_that_is_not_imported_does_not_count(project):
    before = fingerprint()
    (project / "concord/stranger.py").write_text("VALUE = 2\n")

    assert fingerprint() == before


LAZY = """from ..lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, {"first": ["one"], "second": ["two"]})
"""


@pytest.fixture
def lazy(project):
    """The project with a package of two modules that it imports lazily."""
    package = project / "concord" / "lazily"
    package.mkdir()
    (project / "concord" / "lazy.py").write_text("def attach(*names): ...\n")
    (package / "__init__.py").write_text(LAZY)
    (package / "first.py").write_text("one = 1\n")
    (package / "second.py").write_text("two = 2\n")
    return project


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("from concord.lazily import one", {"first"}),
        ("from concord.lazily import second", {"second"}),
        ("from concord.lazily.first import one", {"first"}),
        ("from concord import lazily", {"first", "second"}),
        ("import concord.lazily", {"first", "second"}),
    ],
)
def test_lazy_names_count_with_the_modules_that_define_them(lazy, statement, seen):
    (lazy / "step.py").write_text(f"{statement}\n")
    files = {path.stem for path in provenance.module_closure(lazy / "step.py")}
    before = fingerprint()

    assert files & {"first", "second"} == seen
    for name in seen:
        (lazy / "concord" / "lazily" / f"{name}.py").write_text("changed = 3\n")
        assert fingerprint() != before
        before = fingerprint()


def test_another_list_of_public_names_reruns_nothing(lazy):
    (lazy / "step.py").write_text("from concord.lazily.first import one\n")
    before = fingerprint()
    init = lazy / "concord" / "lazily" / "__init__.py"
    init.write_text(LAZY.replace('["two"]', '["two", "three"]'))

    assert fingerprint() == before
    init.write_text(LAZY + "CONSTANT = 1\n")
    assert fingerprint() != before


def test_an_edit_of_how_tables_are_read_reruns_what_reads_them(monkeypatch):
    source = provenance.SCRIPTS / "concord" / "tables" / "io.py"
    clear_caches()
    before = provenance.code_fingerprint("protocol.py")
    text = source.read_text(encoding="utf-8")
    read = type(source).read_text

    def edited(path, *arguments, **named):
        return (
            text + "MORE = 1\n" if path == source else read(path, *arguments, **named)
        )

    monkeypatch.setattr(type(source), "read_text", edited)
    clear_caches()
    assert provenance.code_fingerprint("protocol.py") != before
    monkeypatch.undo()
    clear_caches()


def test_comments_docstrings_and_layout_do_not_count(project):
    before = fingerprint()
    (project / "concord/inner.py").write_text(
        '"""What for."""\nfrom scipy import ndimage\n\n# why\nVALUE   =   1\n'
    )

    assert fingerprint() == before


def test_the_content_of_a_named_resource_counts(project, monkeypatch):
    resource = project / "names.tsv"
    resource.write_text("a")
    monkeypatch.setattr(provenance, "RESOURCES", project)
    (project / "concord/inner.py").write_text('NAMES = "names.tsv"\n')
    before = fingerprint()
    resource.write_text("b")

    assert fingerprint() != before


def test_foreign_imports_are_found_through_all_modules(project):
    found = provenance.foreign_imports(project / "step.py")

    assert found == {"json", "numpy", "scipy"}


def test_canonical_json_ignores_the_order_of_keys():
    a, b = {"x": 1, "y": [1, {"b": 2, "a": 1}]}, {"y": [1, {"a": 1, "b": 2}], "x": 1}

    assert provenance.canonical_json(a) == provenance.canonical_json(b)
    assert provenance.digest(a) == provenance.digest(b)
