"""Pages name files, columns and keys that exist, and every term has its place."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from concord.study import documents
from concord.study.config import StudyConfig
from concord.study.rule_page import rules_of
from concord.study.table_page import files_of_kinds
from concord.tables import KINDS

ROOT = Path(__file__).resolve().parents[3]
WORKFLOW = ROOT / "workflow"
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("config/**/*.md")])
GLOSSARY = ROOT / "docs" / "glossary.md"

#: A file of tables and its columns, as `path`: `column`, `column`.
PLACE = re.compile(r"`((?:results|private)/[^`]+)`: ((?:`[^`]+`(?:, )?)+)")
FILES = (".tsv", ".csv", ".md", ".smk", ".py", ".json", ".yaml")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")


def kinds_by_file() -> dict[str, str]:
    """Kind of table that each path holds."""
    found = files_of_kinds(WORKFLOW)
    return {path: kind for kind, paths in found.items() for path in paths}


def cells(line: str) -> list[str]:
    """Cells of one row of a Markdown table."""
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def glossary_rows() -> list[list[str]]:
    """Rows of all tables of the glossary, without their heads."""
    lines = GLOSSARY.read_text().splitlines()
    rows = [cells(line) for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] not in ("term", "---")]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("row", glossary_rows(), ids=lambda row: row[0])
def test_a_term_of_the_glossary_appears_where_it_is_said_to(row):
    kinds, place = kinds_by_file(), row[2].rstrip(" |") if len(row) > 2 else ""
    named = PLACE.findall(place)
    assert bool(named) == bool(place), f"no file and columns in {place!r}"
    for path, columns in named:
        assert path in kinds, f"no rule writes {path}"
        assert set(quoted(columns)) <= set(KINDS[kinds[path]]), path


def test_the_glossary_has_every_word_of_the_design():
    terms = {term for row in glossary_rows() for term in row[0].split(", ")}
    wanted = (
        "site subject session image scanner batch region reader segmentation recipe "
        "feature endpoint arm fold estimates measurand repeatability reproducibility"
    )
    assert set(wanted.split()) <= terms
    assert {"leakage test", "null distribution", "perturbed rows"} <= terms
    assert {"collinearity", "imported feature", "region features"} <= terms


def test_terms_stand_once_in_the_glossary():
    terms = [term for row in glossary_rows() for term in row[0].split(", ")]
    assert len(terms) == len(set(terms))


def columns_of_pages() -> list:
    """(page, path, columns) of every row of a table with the head file | columns."""
    found = []
    for page in PAGES:
        inside = False
        for line in page.read_text().splitlines():
            row = cells(line) if line.startswith("|") else []
            inside = bool(row) and (inside or row[:2] == ["file", "columns"])
            if inside and quoted(row[0]):
                found.append(pytest.param(*map(quoted, row[:2]), id=f"{page.stem}"))
    return found


@pytest.mark.parametrize(("paths", "columns"), columns_of_pages())
def test_pages_name_columns_that_tables_have(paths, columns):
    kinds = kinds_by_file()
    for path in paths:
        assert path in kinds, f"no rule writes {path}"
        assert set(columns) <= set(KINDS[kinds[path]]), path


def outputs() -> set[str]:
    """Every path that a rule writes, wildcards in braces."""
    return {
        path
        for file in (WORKFLOW / "rules").glob("*.smk")
        for rule in rules_of(file)
        for paths in rule.output_files().values()
        for path in paths
    }


def pattern(path: str) -> re.Pattern:
    """A path with wildcards, or placeholders in <>, as a regular expression."""
    parts = re.split(r"\{\w+\}|<[\w ]+>", path)
    return re.compile(".+".join(map(re.escape, parts)))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_pages_name_results_that_some_rule_writes(page):
    written, text = outputs(), page.read_text()
    named = re.findall(r"`(results/[^`\s]+\.(?:tsv|json|parquet|html))`", text)
    for path in named:
        wanted = pattern(path)
        assert path in written or any(
            wanted.fullmatch(one) or pattern(one).fullmatch(path) for one in written
        ), f"no rule writes {path}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_pages_name_keys_that_the_configuration_has(page):
    keys = {re.sub(r"<\w+>", "<name>", key) for key, _ in documents.keys(StudyConfig)}
    sections = {key.split(".")[0] for key in keys}
    known = keys | {".".join(key.split(".")[:n]) for key in keys for n in (1, 2, 3)}
    for text in re.findall(r"`([a-z_]+(?:\.(?:[a-z_]+|<\w+>))+)`", page.read_text()):
        key = re.sub(r"<\w+>", "<name>", text)
        if key.split(".")[0] in sections and Path(key).suffix not in FILES:
            assert any(_same(key, one) for one in known), f"no key {text}"


def _same(key: str, known: str) -> bool:
    """Whether a key is a known one, with any name where that has <name>."""
    parts, others = key.split("."), known.split(".")
    return len(parts) == len(others) and all(
        mine == theirs or theirs == "<name>"
        for mine, theirs in zip(parts, others, strict=True)
    )


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("*.md")], ids=lambda p: p.stem)
def test_links_lead_to_files_and_headings_that_exist(page):
    for target in LINK.findall(page.read_text()):
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name} links to {target}"
        if heading:
            assert heading in headings(path), f"{page.name} links to {target}"


def headings(path: Path) -> set[str]:
    """Anchors of the headings of a page, as GitHub makes them."""
    lines = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", line.lower()) for line in lines)
    return {word.replace(" ", "-") for word in words}


def test_every_page_is_listed_in_the_index_of_the_documentation():
    index = (ROOT / "docs" / "README.md").read_text()
    names = {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"}
    assert {name for name in names if f"({name})" not in index} == set()


def test_every_kind_of_table_is_written_by_a_rule():
    files = files_of_kinds(WORKFLOW)
    # A Parquet of the index, which no reader of results ever opens, and a table that
    # stays although its rule fails, so that Snakemake must not know of it.
    unwritten = {kind for kind, paths in files.items() if not paths}
    assert unwritten == {"files", "verification"}


def test_a_file_holds_one_kind_of_table():
    paths = [path for found in files_of_kinds(WORKFLOW).values() for path in found]
    assert len(paths) == len(set(paths))


def test_the_index_of_results_names_rules_that_exist():
    index = (ROOT / "docs" / "README.md").read_text()
    files = (WORKFLOW / "rules").glob("*.smk")
    known = {rule.name for file in files for rule in rules_of(file)}
    rows = [cells(line) for line in index.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in quoted(row[1])}
    assert {name for name in named - known if name != "plot_*"} == set()


def examples() -> list:
    """YAML of every page, as a configuration of these sections alone."""
    return [
        pytest.param(yaml.safe_load(text), id=f"{page.stem}-{number}")
        for page in PAGES
        for number, text in enumerate(
            re.findall(
                r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL
            )
        )
    ]


@pytest.mark.parametrize("sections", examples())
def test_an_example_of_a_page_is_a_valid_configuration(sections):
    demo = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    if "model" in sections:
        # The model tells the kind of the endpoints that it predicts.
        for endpoint in sections.get("endpoints", {}).values():
            endpoint.setdefault("kind", "diagnostic")
    StudyConfig.model_validate(demo | sections)


def test_the_diagram_of_the_readme_shows_rules_that_exist():
    text = (ROOT / "README.md").read_text()
    diagram = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)[1]
    files = (WORKFLOW / "rules").glob("*.smk")
    known = {rule.name for file in files for rule in rules_of(file)}
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", diagram))
    assert named
    assert named <= known


def section_titles() -> set[str]:
    """Titles of the sections of the report that are written out in its code."""
    found = set()
    for path in (ROOT / "scripts" / "concord" / "report").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "section":
                title = node.args[1]
                found |= {title.value} if isinstance(title, ast.Constant) else set()
    return found


def test_the_page_on_the_report_names_every_section():
    page = (ROOT / "docs" / "report.md").read_text()
    titles = section_titles()
    assert len(titles) > 8
    assert {title for title in titles if title not in page} == set()
