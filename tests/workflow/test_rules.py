"""Every rule keeps the house rules; read through Snakemake's own parser."""

import ast
import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from snakemake.api import SnakemakeApi
from snakemake.io import strip_wildcard_constraints
from snakemake.settings.types import ConfigSettings, ResourceSettings, StorageSettings

from concord.figures.catalogue import CATALOGUE
from concord.figures.declaration import Need
from concord.provenance import SCRIPTS
from concord.report.results import DOCUMENTS
from concord.tables import KINDS

from ..competing_study import write_competing_study
from ..external_study import write_applied_study
from ..foreign_study import CONFIG as GIVEN
from ..foreign_study import write_given_study
from ..table_study import BENEFIT, CONFIG, write_config, write_study
from .planning import own_environment

ROOT = Path(__file__).resolve().parents[2]
#: Rules whose script tests/unit runs.
TESTED_ELSEWHERE = {"deidentify_dicom", "gather_deidentified"}
TARGETS = {
    "all",
    "check",
    "crate",
    "draft",
    "index",
    "deidentify",
    "features",
    "models",
    "predict",
    "secret",
    "register",
    "unseal",
}
#: Rules that write what stays when results are removed.
KEPT = {"register_plan", "open_sealed"}

#: An arm of the demo study, and inner folds for it.
HEADLINE, TUNED = "radiomics", {"n_penalties": 3}


def rules_of(settings: ConfigSettings) -> dict:
    """The rules of the workflow for one configuration, by name."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        with own_environment(), SnakemakeApi() as api:
            workflow = api.workflow(
                resource_settings=ResourceSettings(cores=1),
                config_settings=settings,
                storage_settings=StorageSettings(),
                snakefile=ROOT / "Snakefile",
            )
            return {rule.name: rule for rule in workflow._workflow.rules}
    finally:
        os.chdir(before)


def validate_in_every_way(folder: Path) -> None:
    """Have a study pool its groups, draw samples, and declare subgroups."""
    config = yaml.safe_load((folder / "config" / "config.yaml").read_text())
    config["validation"] |= {"internal_external": True, "bootstrap": 10}
    config["validation"]["leave_one_group_out"] = True
    asked = {"instability": {"samples": 5}, "subgroups": {"site": {}}}
    config["evaluation"] |= asked
    write_config(folder, config)


@pytest.fixture(scope="module")
def rules_of_a_table(tmp_path_factory):
    """The rules of a study that starts from features."""
    folder = write_study(tmp_path_factory.mktemp("table"))
    write_config(folder, CONFIG | {"data_root": str(folder / "data")})
    return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


@pytest.fixture(scope="module")
def rules_of_competing(tmp_path_factory):
    """The rules of a study whose causes compete, validated in every way."""
    folder = write_competing_study(tmp_path_factory.mktemp("competing"))
    validate_in_every_way(folder)
    return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


def write_treatment_study(folder: Path) -> Path:
    """Write the study of a table, asked for whom surgery works; the folder again."""
    write_study(folder)
    root = {"data_root": str(folder / "data")}
    write_config(folder, CONFIG | root | {"endpoints": {"death": BENEFIT}})
    return folder


@pytest.fixture(scope="module")
def rules_of_a_treatment(tmp_path_factory):
    """The rules of a study that asks for whom a treatment works."""
    folder = write_treatment_study(tmp_path_factory.mktemp("treatment"))
    return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


@pytest.fixture(scope="module")
def rules_of_given(tmp_path_factory):
    """The rules of a study of predictions that another tool made."""
    folder = write_given_study(tmp_path_factory.mktemp("given"))
    write_config(folder, GIVEN | {"data_root": str(folder / "data")})
    return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


@pytest.fixture(scope="module")
def rules_of_applied(tmp_path_factory):
    """The rules of a study that applies a frozen model to subjects with outcomes."""
    folder = write_applied_study(tmp_path_factory.mktemp("applied"))
    return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


@pytest.fixture(scope="module")
def rules_of_published(tmp_path_factory):
    """The rules of the shipped study that applies a published equation."""
    folder = tmp_path_factory.mktemp("published") / "config"
    shutil.copytree(ROOT / "config" / "published", folder)
    return rules_of(ConfigSettings(configfiles=[folder / "config.yaml"]))


def write_simulated_hospital(folder: Path) -> Path:
    """Write the demo's next hospital, for a published equation; the folder again."""
    shutil.copytree(ROOT / "config" / "next_hospital", folder / "config")
    file = folder / "config" / "config.yaml"
    config = yaml.safe_load(file.read_text())
    config["model"] = str(ROOT / "config" / "published" / "equation.yaml")
    config["simulation"]["expected_scores"] = None
    file.write_text(yaml.safe_dump(config, sort_keys=False))
    return folder


@pytest.fixture(scope="module")
def rules_of_a_simulated_hospital(tmp_path_factory):
    """The rules of a simulated study that applies a model."""
    folder = write_simulated_hospital(tmp_path_factory.mktemp("hospital") / "own")
    return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


@pytest.fixture(scope="module")
def rules_of_a_draft(tmp_path_factory):
    """The rules of a study that has no configuration yet."""
    folder = str(tmp_path_factory.mktemp("a"))
    given = {"dicom_roots": folder, "privacy": {"data": "public"}}
    request = ConfigSettings(config=given)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["snakemake", "draft"])
        return rules_of(request)


@pytest.fixture(scope="module")
def rules_of_a_secret():
    """The rules that make a secret, whatever the study is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["snakemake", "secret"])
        return rules_of(ConfigSettings())


def write_sealed_study(folder: Path) -> Path:
    """Write the study of a table with a sealed site; the folder again."""
    write_study(folder)
    validation = CONFIG["validation"] | {"sealed": {"group": "West"}}
    root = {"data_root": str(folder / "data"), "validation": validation}
    write_config(folder, CONFIG | root)
    return folder


@pytest.fixture(scope="module")
def rules_of_a_seal(tmp_path_factory):
    """The rules of a study that registers its plan and opens a sealed site."""
    folder = write_sealed_study(tmp_path_factory.mktemp("sealed"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["snakemake", "register", "unseal"])
        return rules_of(ConfigSettings(configfiles=[folder / "config" / "config.yaml"]))


@pytest.fixture(scope="module")
def rules_of_tables(
    rules_of_a_table, rules_of_competing, rules_of_a_treatment, rules_of_a_seal
):
    """The rules of studies that start from features, whatever they ask."""
    asked = rules_of_a_seal | rules_of_competing | rules_of_a_treatment
    return asked | rules_of_a_table


@pytest.fixture(scope="module")
def rules(
    rules_of_tables,
    rules_of_a_draft,
    rules_of_a_secret,
    rules_of_given,
    rules_of_applied,
    rules_of_published,
    rules_of_a_simulated_hospital,
):
    """All rules of the workflow, by name."""
    found = (
        rules_of_a_simulated_hospital
        | rules_of_published
        | rules_of_applied
        | rules_of_given
        | rules_of_a_secret
        | rules_of_a_draft
        | rules_of_tables
    )
    found |= rules_of(ConfigSettings())
    # Of an arm that is tuned, the same rules write a figure more.
    tuned = rules_of(ConfigSettings(config={"arms": {HEADLINE: {"tuning": TUNED}}}))
    return found | {name: tuned[name] for name in ("plot_binary", "plot_survival")}


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


def test_every_script_is_tested_under_its_own_name(working):
    tests = {path.stem for path in (ROOT / "tests" / "rules").glob("test_*.py")}
    wanted = {f"test_{name}" for name in {*working} - TESTED_ELSEWHERE}
    assert tests == wanted, "a test of tests/rules is named after its rule"


def test_a_table_of_features_takes_the_place_of_the_rules_about_images(
    rules, rules_of_tables
):
    assert set(rules) - set(rules_of_tables) == {
        "import_predictions",
        "permute_outcomes",
        "apply_model",
        "import_model",
        "join_outcomes",
        "compare_expected",
        "update_model",
        "describe_updates",
        "secret",
        "make_secret",
        "draft",
        "draft_study",
        "index",
        "index_dicom",
        "draft_sheets",
        "convert_image",
        "convert_mask",
        "gather_ingest",
        "deidentify_dicom",
        "gather_deidentified",
        "protocol",
        "drift",
        "propose_batches",
        "consensus_mask",
        "segmentation_agreement",
        "gather_agreement",
        "gallery_tiles",
        "review_list",
        "plot_protocol",
        "plot_readers",
        "plot_features",
        "predict_readers",
        "prediction_agreement",
        "prime_engine",
        "extract_features",
        "cross_check_features",
        "extract_aggregated",
        "measure_variants",
        "variant_table",
        "map_features",
        "feature_table",
        # Of a simulated study that applies a model.
        "recover_applied",
        # The table study declares no alternatives.
        "multiverse",
        "gather_multiverse",
    }
    outputs = {str(path) for path in rules["feature_table"].output}
    assert outputs < {str(path) for path in rules["import_features"].output}


def test_every_declared_figure_is_what_its_rules_write(rules, rules_of_applied):
    plotting = {name for name in rules if name.startswith("plot_")}
    assert plotting == {rule for figure in CATALOGUE for rule in figure.rules}
    for figure in CATALOGUE:
        for rule in figure.rules:
            applied = Need.EXTERNAL in figure.needs
            known = rules_of_applied if applied else rules
            files = known[rule].output[figure.name]
            paths = [strip_wildcard_constraints(str(file)) for file in files]
            assert paths == [
                f"results/figures/{figure.stem}.{ending}"
                for ending in ("svg", "pdf", "png")
            ], figure.name
            legend = files[0].flags["report"].caption.get_path_or_uri(secret_free=True)
            assert Path(legend).resolve() == (
                ROOT / "workflow" / "report" / f"{figure.name}.rst"
            ), figure.name


def test_the_report_reads_kinds_of_tables_and_documents(rules):
    inputs = set(rules["report"].input.keys())
    assert inputs <= {*KINDS, *DOCUMENTS}


def test_a_target_reaches_every_rule(rules, new_study, study_in, tmp_path, monkeypatch):
    table = write_study(tmp_path / "table")
    write_config(table, CONFIG | {"data_root": str(table / "data")})

    reached = new_study.planned_rules(
        "all", "check", "index", "deidentify", "verify", "crate"
    )
    reached |= study_in(table).planned_rules("all")
    competing = write_competing_study(tmp_path / "competing")
    validate_in_every_way(competing)
    reached |= study_in(competing).planned_rules("all")
    treatment = write_treatment_study(tmp_path / "treatment")
    reached |= study_in(treatment).planned_rules("all")
    given = write_given_study(tmp_path / "given")
    write_config(given, GIVEN | {"data_root": str(given / "data")})
    reached |= study_in(given).planned_rules("all")
    applied = write_applied_study(tmp_path / "applied")
    reached |= study_in(applied).planned_rules("all")
    shutil.copytree(ROOT / "config" / "published", tmp_path / "published" / "config")
    reached |= study_in(tmp_path / "published").planned_rules("all")
    hospital = write_simulated_hospital(tmp_path / "hospital")
    reached |= study_in(hospital).planned_rules("all")
    sealed = write_sealed_study(tmp_path / "sealed")
    reached |= study_in(sealed).planned_rules("register", "unseal")
    monkeypatch.setattr("sys.argv", ["snakemake", "draft"])
    (tmp_path / "new" / "config").mkdir(parents=True)
    folders = {"data_root": str(tmp_path / "new"), "dicom_roots": {"A": "config"}}
    folders |= {"privacy": {"data": "public"}}
    write_config(tmp_path / "new", folders)
    reached |= study_in(tmp_path / "new").planned_rules("draft")
    monkeypatch.setattr("sys.argv", ["snakemake", "secret"])
    reached |= study_in(tmp_path / "new").planned_rules("secret")

    assert set(rules) - TARGETS - reached == set()


def test_rules_have_exactly_the_two_string_parameters(working):
    for name, rule in working.items():
        params = dict(rule.params.items())
        assert set(params) == {"spec", "code"}, name
        assert isinstance(params["code"], str), name
        assert callable(params["spec"]) or json.loads(params["spec"]) is not None, name


def test_no_rule_retries_by_itself():
    for file in (ROOT / "workflow" / "rules").glob("*.smk"):
        assert "retries:" not in file.read_text(), file.name


def test_outputs_lie_in_results_are_private_or_kept(working):
    for name, rule in working.items():
        own = ("registered/",) if name in KEPT else ("results/", "private/")
        assert all(str(path).startswith(own) for path in rule.output), name


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


def test_the_final_fit_is_made_and_nothing_judges_it(rules):
    final = "results/models/recurrence/radiomics/final_estimates.json"
    assert rules["fit_arms"].is_producer(final)
    predicted = {"predict_arms": "predictions", "predict_readers": "reader_predictions"}
    for name, table in predicted.items():
        path = f"results/models/recurrence/{{part}}_{table}.tsv"
        assert not rules[name].is_producer(path.format(part="final"))
        assert rules[name].is_producer(path.format(part="loso"))
    readers = {
        name
        for name, rule in rules.items()
        if any("/final_" in str(file) for file in rule.input)
    }
    # The sealed subjects are in no development set; see test_sealed_study. A checklist
    # tells where something stands, the manifest the hash of every file.
    assert readers == {"all", "models", "open_sealed", "checklists", "manifest"}


def test_no_file_that_a_rule_makes_is_ancient():
    """Of a consumer of such a file, Snakemake sees no change if the file is made."""
    for path in (ROOT / "workflow").rglob("*.smk"):
        assert not re.search(r"ancient\(\s*f?\"results/", path.read_text()), path.name
