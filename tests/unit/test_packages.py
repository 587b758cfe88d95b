"""Packages of the library: what is inside, and public names that cost no import."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from concord import provenance
from concord.study.module_lists import module_lists

LIBRARY = Path(provenance.__file__).parent
PACKAGES = sorted(
    ".".join(path.parent.relative_to(LIBRARY.parent).parts)
    for path in LIBRARY.rglob("__init__.py")
)
#: Packages whose names are imported with them, as every script uses them, and what is
#: inside.
EAGER = {
    "concord.tables",
    "concord.tables.declared",
    "concord.tables.declared.transfer",
}
HEAVY = {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "SimpleITK", "pydicom"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_is_inside(package):
    folder = LIBRARY.parent.joinpath(*package.split("."))
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    modules |= {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}
    listed = re.findall(r"^- `([^`]+)`", import_module(package).__doc__ or "", re.M)

    assert sorted(listed) == sorted(modules), "run `make documents`"


def test_the_list_of_a_package_is_made_of_the_first_sentences_of_its_modules(tmp_path):
    (tmp_path / "one.py").write_text('"""ComBat, by hand.\n\nMore of it.\n"""\n')
    (tmp_path / "two.py").write_text('"""Figure: ages by site."""\n')
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "__init__.py").write_text('"""Inner rooms."""\n')
    (tmp_path / "__init__.py").write_text('"""All.\n\n- `old`: a\n  b\n"""\n\nx = 1\n')

    assert module_lists(tmp_path) == {
        tmp_path / "__init__.py": '"""All.\n\n- `one`: ComBat, by hand\n'
        '- `two`: ages by site\n- `inner/`: inner rooms\n"""\n\nx = 1\n',
        tmp_path / "inner" / "__init__.py": '"""Inner rooms."""\n',
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_each_public_name_of_a_package_is_there(package):
    module = import_module(package)
    for name in getattr(module, "__all__", []):
        assert getattr(module, name) is not None
        assert name in dir(module)


def test_a_name_that_a_package_does_not_have_is_an_attribute_error():
    package = import_module("concord.agreement")
    with pytest.raises(
        AttributeError, match=r"concord\.agreement' has no .* 'nothing'"
    ):
        package.nothing  # noqa: B018


def test_importing_packages_imports_nothing_heavy():
    names = [name for name in PACKAGES if name not in EAGER]
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(LIBRARY.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not HEAVY & set(done.stdout.split())
