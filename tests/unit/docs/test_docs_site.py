"""The documentation site is built from the repository and loads nothing else."""

import base64
import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
#: Attributes by which a page loads something; a link that a reader follows is none.
LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
    "object": "data",
}
#: What style sheets and scripts load.
IN_STYLE = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:https?:)?//[^'\")\s]+)")
IN_SCRIPT = re.compile(
    r"(?:fetch|importScripts|import|\.src\s*=)\s*\(?\s*['\"`]((?:https?:)?//[^'\"`]+)"
)


class Loaded(HTMLParser):
    """Addresses that a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "link" and values.get("rel") in ("canonical", "author", "license"):
            return
        if tag in LOADS and values.get(LOADS[tag]):
            self.found.append(values[LOADS[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, built as `make docs` builds it; a warning of Sphinx fails it."""
    pytest.importorskip("sphinx", reason="the dependency group docs is not installed")
    folder = tmp_path_factory.mktemp("site") / "site"
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "site" / "build.py"), str(folder)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert run.returncode == 0, run.stdout
    return folder


def external(text: str) -> bool:
    return text.startswith(("http:", "https:", "//"))


def test_pages_load_nothing_from_outside(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        parser = Loaded()
        parser.feed(page.read_text(encoding="utf-8"))
        assert parser.found, page
        assert [one for one in parser.found if external(one)] == [], page


@pytest.mark.parametrize(("ending", "loads"), [("css", IN_STYLE), ("js", IN_SCRIPT)])
def test_styles_and_scripts_load_nothing_from_outside(site, ending, loads):
    files = sorted(site.rglob(f"*.{ending}"))
    assert files
    for file in files:
        assert loads.findall(file.read_text(encoding="utf-8")) == [], file.name


def test_the_site_has_a_page_of_each_document_and_package(site):
    documents = {path.stem for path in ROOT.glob("docs/*.md")}
    assert documents <= {path.stem for path in site.glob("docs/*.html")}
    library = ROOT / "scripts" / "concord"
    packages = {
        ".".join(path.parent.relative_to(library.parent).parts)
        for path in library.rglob("__init__.py")
    }
    assert packages <= {path.stem for path in site.glob("docs/api/*.html")}


def test_a_package_page_documents_the_names_that_it_exports(site):
    page = (site / "docs" / "api" / "concord.tables.html").read_text(encoding="utf-8")
    assert 'id="concord.tables.read"' in page
    assert 'id="concord.tables.write"' in page


def test_pages_show_a_picture_where_the_repository_has_a_diagram(site):
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "flowchart LR" not in home
    assert "architecture.svg" in home


def test_every_page_has_a_policy_that_knows_its_scripts(site):
    for page in sorted(site.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        found = re.findall(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', html
        )
        assert len(found) == 1, page
        scripts = re.findall(
            r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", html, re.DOTALL
        )
        for text in scripts:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in found[0], page
        assert "default-src 'none'" in found[0]
        assert "://" not in found[0]
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", html), page
