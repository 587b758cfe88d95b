"""The picture of the architecture is what its script draws, of packages that exist."""

import re
import runpy
from pathlib import Path

from ..test_layers import ORDER

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = ROOT / "scripts" / "concord"


def script() -> dict:
    return runpy.run_path(str(ROOT / "docs" / "site" / "picture.py"))


def test_the_committed_picture_is_what_the_script_draws():
    picture = (ROOT / "docs" / "pictures" / "architecture.svg").read_text("utf-8")
    assert picture == script()["svg"]()


def test_the_picture_has_every_package_of_the_library_and_no_other():
    drawn = script()
    below = {"tables", "privacy", "statistics", "simulate"}
    assert all(name in drawn["BASE"] for name in below)
    packages = {path.parent.name for path in LIBRARY.glob("*/__init__.py")}
    assert set(drawn["PACKAGES"]) | below | {"study", "draft"} == packages


def test_the_page_lists_the_packages_in_the_order_of_their_imports():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    _, _, table = page.partition("## Packages and their order")
    table, _, _ = table.partition("## ")
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == ORDER
