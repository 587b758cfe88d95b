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
from concord.figures.catalogue import CATALOGUE
from concord.figures.declaration import Need, legend_document
from concord.figures.lookup import declared, figure_stems
from concord.provenance import SCRIPTS
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.study.rule_page import rules_of
from concord.study.study import Study
from concord.tables import KINDS

PACKAGE = Path(figures.__file__).parent
ROOT = SCRIPTS.parent
BY_NAME = pytest.mark.parametrize("figure", CATALOGUE, ids=lambda one: one.name)


class Traits(SimpleNamespace):
    """A study of one binary and two survival endpoints that lacks some needs."""

    endpoint_kinds = {"relapse": "binary", "death": "survival", "cause": "survival"}  # noqa: RUF012
    endpoint_questions = {  # noqa: RUF012
        "relapse": {"predictive"},
        "death": {"prognostic"},
        "cause": {"competing"},
    }

    def has(self, need):
        return need not in self.lacks


def draws(module: Path) -> bool:
    tree = ast.parse(module.read_text())
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return any(function.name == "draw" for function in functions)


def test_no_file_that_a_figure_needs_has_been_forgotten():
    """The list of CONTRIBUTING: which of the files lacks which figure."""
    declared_in = {one.name: one.rules for one in CATALOGUE}
    known = {
        "scripts/concord/figures/catalogue.py": in_rules(declared_in),
        "scripts/concord/figures/<name>.py with draw": in_rules(
            {
                path.stem: declared_in.get(path.stem, ("no rule",))
                for path in PACKAGE.rglob("*.py")
                # Those of a frozen model lie beside it, drawn with its card.
                if draws(path) and path.parent.name != "frozen"
            }
        ),
        "scripts/plot_<group>.py": named_in(SCRIPTS, r"\b(\w+)\.draw\b"),
        "outputs of scripts/plot_<group>.py": named_in(SCRIPTS, r"\bjob\.output\.(\w+)")
        | named_in(SCRIPTS, r"(?m)^    \"(\w+)\": \("),
        "workflow/rules/figures.smk": {
            (rule.name, name)
            for rule in rules_of(ROOT / "workflow" / "rules" / "figures.smk")
            for name in rule.outputs
        },
        "tests/rules/test_plot_<group>.py": {
            (rule, name)
            for rule, name in named_in(ROOT / "tests" / "rules", r"\"(\w+)\"")
            if rule in declared_in.get(name, ())
        },
    }
    every = set().union(*known.values())
    missing = {place: every - found for place, found in known.items()}
    assert {place: names for place, names in missing.items() if names} == {}


def in_rules(rules: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    """Pairs of a rule and a figure that it draws."""
    return {(rule, name) for name, drawing in rules.items() for rule in drawing}


def named_in(folder: Path, pattern: str) -> set[tuple[str, str]]:
    """Pairs of a rule and a name that its file `*plot_<group>.py` holds."""
    return {
        (path.stem.removeprefix("test_"), name)
        for path in folder.glob("*plot_*.py")
        for name in re.findall(pattern, path.read_text())
    }


@BY_NAME
def test_a_declaration_is_whole(figure):
    empty = {f.name for f in fields(figure) if not getattr(figure, f.name)}
    empty -= {"aggregate"}  # a flag
    assert empty <= {"after", "sources", "needs", "group", "endpoint_kinds"}
    assert bool(figure.group) != bool(figure.endpoint_kinds), "one names its rules"
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
    incidences = [one for one in stems if one.startswith("cumulative_incidence")]
    assert incidences == ["cumulative_incidence_cause"]
    assert {"selection_relapse", "selection_death"} <= set(stems)
    effects = [stem for stem in stems if stem.startswith("treatment_effect")]
    assert effects == ["treatment_effect_relapse"]


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
