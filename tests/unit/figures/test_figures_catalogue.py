"""Every figure is declared once, and nothing is drawn that is not declared."""

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest

from concord import figures
from concord.errors import StudyError
from concord.figures.catalogue import (
    CATALOGUE,
    declared,
    figure_stems,
)
from concord.figures.declaration import Need, legend_document
from concord.provenance import SCRIPTS
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.study.study import Study
from concord.tables import KINDS

PACKAGE = Path(figures.__file__).parent
BY_NAME = pytest.mark.parametrize("figure", CATALOGUE, ids=lambda one: one.name)


class Traits(SimpleNamespace):
    """A study of one binary and one survival endpoint that lacks some needs."""

    endpoint_kinds = {"relapse": "binary", "death": "survival"}  # noqa: RUF012

    def has(self, need):
        return need not in self.lacks


def draws(module: Path) -> bool:
    tree = ast.parse(module.read_text())
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return any(function.name == "draw" for function in functions)


def test_no_file_that_a_figure_needs_has_been_forgotten():
    """The list of CONTRIBUTING: which of the files lacks which figure."""
    root = SCRIPTS.parent
    rules = (root / "workflow" / "rules" / "figures.smk").read_text()
    known = {
        "scripts/concord/figures/catalogue.py": {one.name for one in CATALOGUE},
        "scripts/concord/figures/<name>.py with draw": {
            path.stem for path in PACKAGE.rglob("*.py") if draws(path)
        },
        "scripts/plot_<name>.py": plotting(SCRIPTS, "plot_*.py"),
        "workflow/rules/figures.smk": {*re.findall(r"\brule plot_(\w+):", rules)},
        "tests/rules/test_plot_<name>.py": plotting(
            root / "tests" / "rules", "test_plot_*.py"
        ),
    }
    every = set().union(*known.values())
    missing = {place: every - found for place, found in known.items()}
    assert {place: names for place, names in missing.items() if names} == {}


def plotting(folder: Path, pattern: str) -> set[str]:
    """What stands for the name of a figure in the names of some files."""
    return {path.stem.rpartition("plot_")[2] for path in folder.glob(pattern)}


@BY_NAME
def test_a_declaration_is_whole(figure):
    empty = {f.name for f in fields(figure) if not getattr(figure, f.name)}
    assert empty <= {"after", "sources", "needs", "endpoint_kinds"}
    for text in (figure.legend, figure.caption, figure.alternative):
        assert text.endswith(".")
    assert not figure.title.endswith(".")
    assert {*figure.sources, *filter(None, [figure.after])} <= set(KINDS)


def test_names_and_places_of_figures_are_told_apart():
    names = [figure.name for figure in CATALOGUE]
    assert len(set(names)) == len(names)
    assert all("_".join(one.labels["figure"].split()) == one.name for one in CATALOGUE)


@pytest.mark.parametrize("need", Need)
def test_a_need_is_a_property_of_the_study(need):
    assert isinstance(getattr(Study, need), property)


def test_a_figure_without_its_need_is_not_drawn():
    everything = figure_stems(Traits(lacks=()))
    without_readers = figure_stems(Traits(lacks=(Need.READERS,)))

    assert set(everything) - set(without_readers) == {
        "agreement_matrix",
        "agreement_volumes",
        "gallery",
    }


def test_a_figure_of_an_endpoint_is_drawn_for_endpoints_of_its_kind():
    stems = figure_stems(Traits(lacks=()))

    assert [stem for stem in stems if stem.startswith("roc")] == ["roc_relapse"]
    assert "kaplan_meier_death" in stems
    assert {"selection_relapse", "selection_death"} <= set(stems)


@pytest.mark.parametrize("kind", OUTCOME_KINDS.values(), ids=lambda one: one.name)
def test_the_curve_of_an_outcome_is_a_figure_of_its_kind_alone(kind):
    assert declared(kind.curve).endpoint_kinds == (kind.name,)


def test_an_undeclared_figure_is_named_with_the_place_to_declare_it():
    message = "'nothing' is not declared in scripts/concord/figures/catalogue.py; "
    with pytest.raises(StudyError, match=message):
        declared("nothing")


def test_the_legend_of_a_figure_of_an_endpoint_names_it():
    assert legend_document(declared("roc")).startswith(
        "**ROC curves, {{ snakemake.wildcards.endpoint }}.** Curves of the evaluation"
    )
    assert legend_document(declared("gallery")).startswith(
        "**Worst cases.** The images"
    )


def test_the_catalogue_is_read_without_a_drawing_library():
    code = "import sys, concord.figures.catalogue; print('matplotlib' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=SCRIPTS,
        text=True,
        capture_output=True,
        check=True,
    )
    assert run.stdout.strip() == "False"
