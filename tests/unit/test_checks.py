"""What is checked before a commit, by `make check`, and by continuous integration."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


def recipe(target: str) -> str:
    """Commands of a target of the Makefile."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    return found[1].replace("$(BIN)", ".venv/bin")


def test_continuous_integration_runs_make_check():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "make check"
    assert "set -euo pipefail" in lines


def test_make_check_runs_the_tests_last():
    assert re.search(r"^check: lint test\b", MAKEFILE, re.MULTILINE)
    assert ".NOTPARALLEL:" in MAKEFILE
    assert recipe("check") == ""
    assert "pytest" in recipe("test").splitlines()[-1]


def test_hooks_before_a_commit_fetch_nothing_and_are_part_of_lint():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    lint = recipe("lint")
    for hook in config["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].removeprefix("env ") in lint, hook["id"]


def test_make_docs_writes_the_generated_documents_before_the_site():
    assert re.search(r"^docs: documents\b", MAKEFILE, re.MULTILINE)
    assert "docs/site/build.py" in recipe("docs")
    assert "concord.study.documents" in recipe("documents")


def test_the_lock_names_no_index_and_no_address():
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "--index" not in lock
