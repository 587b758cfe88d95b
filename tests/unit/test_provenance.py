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
    provenance._parsed.cache_clear()
    yield tmp_path
    provenance._parsed.cache_clear()


def fingerprint() -> str:
    provenance._parsed.cache_clear()
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
