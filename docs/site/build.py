"""Build the documentation site: ``python docs/site/build.py [FOLDER]``.

Sphinx reads a copy of the repository's Markdown files, laid out as in the repository
so that their links hold, beside a home page made of README.md and one page per package
of the library. Nothing is fetched, neither now nor by the pages in a browser.
"""

import re
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "scripts")]

from api_pages import api_pages  # noqa: E402
from policy import add_policies  # noqa: E402

#: Navigation: title of a part and its pages.
PARTS = {
    "Run a study": [
        "docs/tutorial",
        "docs/drafting",
        "config/README",
        "config/sts/README",
        "config/nsclc/README",
        "config/glioma/README",
        "config/gbsg2/README",
        "config/sealed/README",
        "config/next_hospital/README",
        "config/published/README",
    ],
    "Understand results": [
        "docs/glossary",
        "docs/acquisition",
        "docs/segmentations",
        "docs/readers",
        "docs/agreement",
        "docs/features",
        "docs/harmonization",
        "docs/validation",
        "docs/models",
        "docs/treatment",
        "docs/steps",
        "docs/tuning",
        "docs/fusion",
        "docs/endpoints",
        "docs/evaluation",
        "docs/discrimination",
        "docs/calibration",
        "docs/utility",
        "docs/given_predictions",
        "docs/next_hospital",
        "docs/frozen_models",
        "docs/prediction",
        "docs/updating",
        "docs/external_validation",
        "docs/model_card",
        "docs/published_models",
        "docs/registration",
        "docs/multiverse",
        "docs/instability",
        "docs/subgroups",
        "docs/competing",
        "docs/survival_course",
        "docs/report",
        "docs/checklists",
    ],
    "Look up": ["docs/README", "docs/tables", "docs/faults", "docs/rules"],
    "Trust and run": [
        "docs/reliability",
        "docs/provenance",
        "docs/privacy",
        "docs/deidentification",
        "docs/security",
        "SECURITY",
        "docs/performance",
    ],
    "Build on it": ["docs/architecture", "CONTRIBUTING", "docs/api/index", "CHANGELOG"],
}
MERMAID = re.compile(r"^```mermaid\n.*?^```\n", re.MULTILINE | re.DOTALL)
PICTURE = "![Packages and the data that flow between them](pictures/architecture.svg)\n"
#: Target of a Markdown link or picture within the repository.
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def pages(root: Path = ROOT) -> list[Path]:
    """Markdown files of the repository that the site holds, relative to it."""
    found = [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("config/**/*.md")]
    return sorted(path.relative_to(root) for path in found)


def stage(folder: Path) -> None:
    """Write the sources of the site into a folder."""
    for page in pages():
        _put(folder / page, without_mermaid(page, (ROOT / page).read_text("utf-8")))
        for path in linked_files(page):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
    for name, text in api_pages().items():
        _put(folder / "docs" / "api" / f"{name}.md", text)
    home = (folder / "README.md").rename(folder / "index.md")
    _put(home, home.read_text("utf-8") + navigation())


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def without_mermaid(page: Path, text: str) -> str:
    """A page whose diagrams, which need a script from elsewhere, are the picture."""
    picture = PICTURE if page.parent.name == "docs" else PICTURE.replace("(", "(docs/")
    return MERMAID.sub(picture, text)


def linked_files(page: Path) -> set[Path]:
    """Files of the repository, not pages, that a page links to or shows."""
    text = without_mermaid(page, (ROOT / page).read_text("utf-8"))
    targets = (ROOT / page.parent / target for target in LINK.findall(text))
    files = {path.resolve() for path in targets if path.is_file()}
    return {path.relative_to(ROOT) for path in files if path.suffix != ".md"}


def navigation() -> str:
    """Tables of contents that the home page ends with; shown at the side only."""
    blocks = [
        "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *names, "```"])
        for title, names in PARTS.items()
    ]
    return "\n\n" + "\n\n".join(blocks) + "\n"


def build(target: Path) -> int:
    """Build the site into a folder, in place of what was there; the exit status."""
    from sphinx.cmd.build import build_main

    shutil.rmtree(target, ignore_errors=True)
    with TemporaryDirectory() as folder:
        sources, trees = Path(folder, "sources"), Path(folder, "trees")
        stage(sources)
        options = ["--fail-on-warning", "--keep-going", "--quiet", "--builder", "html"]
        options += ["--conf-dir", str(HERE), "--doctree-dir", str(trees)]
        status = build_main([*options, str(sources), str(target)])
    add_policies(target)
    return status


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    sys.exit(build(folder))
