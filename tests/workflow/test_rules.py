"""Every rule keeps the house rules; read through Snakemake's own parser."""

import ast
import json
import os
from pathlib import Path

import pytest
from snakemake.api import SnakemakeApi
from snakemake.settings.types import ConfigSettings, ResourceSettings, StorageSettings

from concord.provenance import SCRIPTS

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"all", "index", "deidentify", "features", "models"}


@pytest.fixture(scope="module")
def rules():
    """All rules of the workflow, by name."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        with SnakemakeApi() as api:
            workflow = api.workflow(
                resource_settings=ResourceSettings(cores=1),
                config_settings=ConfigSettings(),
                storage_settings=StorageSettings(),
                snakefile=ROOT / "Snakefile",
            )
            return {rule.name: rule for rule in workflow._workflow.rules}
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def working(rules):
    """The rules that run a script."""
    return {name: rule for name, rule in rules.items() if name not in TARGETS}


def test_every_rule_says_in_one_sentence_what_it_does(rules):
    for name, rule in rules.items():
        assert rule.docstring, name
        assert rule.docstring.strip().endswith("."), name
        assert "\n" not in rule.docstring.strip(), name


def test_every_rule_has_log_benchmark_environment_threads_and_resources(working):
    for name, rule in working.items():
        assert rule.log, name
        assert str(rule.benchmark).startswith(f"results/benchmarks/{name}/"), name
        assert rule.conda_env, name
        assert {"mem_mb", "runtime"} <= set(rule.resources), name
        assert rule.resources["mem_mb"].value >= 500, name


def test_rule_script_and_log_have_one_name(working):
    for name, rule in working.items():
        assert rule.script.endswith(f"scripts/{name}.py"), name
        assert str(rule.log[0]).startswith(f"logs/{name}"), name


def test_every_script_belongs_to_a_rule(working):
    assert {path.stem for path in SCRIPTS.glob("*.py")} == set(working)


def test_rules_have_exactly_the_two_string_parameters(working):
    for name, rule in working.items():
        params = dict(rule.params.items())
        assert set(params) == {"spec", "code"}, name
        assert isinstance(params["code"], str), name
        assert callable(params["spec"]) or json.loads(params["spec"]) is not None, name


def test_no_rule_retries_by_itself():
    for file in (ROOT / "workflow" / "rules").glob("*.smk"):
        assert "retries:" not in file.read_text(), file.name


def test_outputs_lie_in_results_or_are_private(working):
    places = ("results/", "private/")
    for name, rule in working.items():
        assert all(str(path).startswith(places) for path in rule.output), name


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.py")), ids=lambda p: p.stem)
def test_a_script_is_short_documented_and_never_reads_the_configuration(script):
    text = script.read_text()
    tree = ast.parse(text)

    docstring = ast.get_docstring(tree)
    assert docstring.startswith(f"Rule {script.stem}: ")
    assert "Reads" in docstring
    assert "Writes" in docstring
    assert "snakemake.config" not in text
    assert len(text.splitlines()) <= 60
