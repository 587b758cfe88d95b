"""Pages of rules and tables are read from rule files and declared columns."""

from concord.study import rule_page, table_page
from concord.tables.columns import count, flag, number, text

RULES = '''\
"""A stage."""


rule first:
    """Make one table of two."""
    input:
        "results/a/{chunk}.tsv",
        expand("results/b/{{chunk}}_{part}.tsv", part=PARTS),
        more=helper("c"),
    output:
        table="results/d/{chunk}.tsv",
        folder=directory("results/d/{chunk}"),
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    script:
        "../../scripts/first.py"


if MAPS:

    rule second:
        """Read nothing."""
        output:
            "private/e.tsv",
        conda:
            "../../envs/report.yaml"
'''


def rules(folder):
    path = folder / "stage.smk"
    path.write_text(RULES)
    return rule_page.rules_of(path)


def test_rules_are_read_with_docstring_condition_and_environment(tmp_path):
    first, second = rules(tmp_path)
    assert (first.name, second.name) == ("first", "second")
    assert first.docstring == "Make one table of two."
    assert (first.condition, second.condition) == ("", "MAPS")
    assert (first.environment, second.environment) == ("imaging", "report")


def test_outputs_are_paths_by_name_and_wildcards_stay(tmp_path):
    first, second = rules(tmp_path)
    assert first.output_files() == {
        "table": ["results/d/{chunk}.tsv"],
        "folder": ["results/d/{chunk}"],
    }
    assert second.output_files() == {"0": ["private/e.tsv"]}


def test_inputs_are_paths_or_the_expression_that_gives_them(tmp_path):
    first, second = rules(tmp_path)
    assert [rule_page.paths(value) for value in first.inputs.values()] == [
        ["results/a/{chunk}.tsv"],
        ["results/b/{chunk}_{part}.tsv"],
        [],
    ]
    assert second.inputs == {}


def test_the_page_shows_a_rule_under_its_stage(tmp_path):
    (tmp_path / "workflow" / "rules").mkdir(parents=True)
    (tmp_path / "workflow" / "rules" / "stage.smk").write_text(RULES)
    include = 'include: "workflow/rules/stage.smk"\n'
    (tmp_path / "Snakefile").write_text(include)
    page = rule_page.rule_page(tmp_path / "workflow")
    assert "## Stage\n\nA stage. (`stage.smk`)" in page
    assert "- reads: `results/a/{chunk}.tsv`" in page
    assert "`helper('c')`" in page
    assert "- only if: `MAPS`" in page
    assert "- reads: nothing" in page


def test_a_rule_that_a_loop_makes_has_the_name_of_its_part(tmp_path):
    text = RULES.replace("rule first:\n", "rule:\n", 1).replace(
        "    input:\n", '    name:\n        f"first{SUFFIX}"\n    input:\n', 1
    )
    path = tmp_path / "stage.smk"
    path.write_text(text)
    assert [rule.name for rule in rule_page.rules_of(path)] == ["first", "second"]


def test_a_target_without_files_of_its_own_is_no_rule_of_the_page(tmp_path):
    path = tmp_path / "stage.smk"
    path.write_text(RULES + '\n\nrule all:\n    """All."""\n    input:\n        "x",\n')
    assert [rule.name for rule in rule_page.rules_of(path)] == ["first", "second"]


def test_cells_of_a_column_say_type_unit_range_and_need():
    cells = {
        "share": number("a share", "1", 0, 1),
        "n": count("subjects"),
        "icc": number("correlation", "1", high=1),
        "name": text("a|b", required=True),
        "series": text("which", optional=True),
        "good": flag("it is"),
    }
    assert {name: list(table_page._cells(name, c)) for name, c in cells.items()} == {
        "share": ["`share`", "decimal", "1", "0 to 1", "", "a share"],
        "n": ["`n`", "whole", "", "≥ 0", "", "subjects"],
        "icc": ["`icc`", "decimal", "1", "≤ 1", "", "correlation"],
        "name": ["`name`", "text", "", "", "always", "a\\|b"],
        "series": ["`series`", "text", "", "", "may be absent", "which"],
        "good": ["`good`", "flag", "", "", "", "it is"],
    }
