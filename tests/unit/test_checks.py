"""What is checked before a commit, by `make check`, and by continuous integration."""

import re
from pathlib import Path

import pytest
import yaml

from ..locks import LOCKS, pinned, text_of

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


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_address(lock):
    assert "://" not in text_of(lock)
    assert "--index" not in text_of(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_hashes(lock):
    text = text_of(lock)
    packages = pinned(text)
    assert len(packages) == len(re.findall(r"^\S", text, re.MULTILINE))
    assert [name for name, _, hashes in packages if not hashes] == []


def test_nothing_is_installed_without_its_hash():
    sync = re.search(r"^SYNC := (.*\\\n.*)$", MAKEFILE, re.MULTILINE)[1]
    assert "--require-hashes" in sync
    assert "--build-constraints requirements-build.lock" in sync
    installs = re.findall(
        r"^\t.*(?:pip (?:install|sync)|SYNC).*$", MAKEFILE, re.MULTILINE
    )
    assert len(installs) == 3
    assert all("$(SYNC)" in one or "--require-hashes" in one for one in installs)
    assert {name for name, _, _ in pinned(text_of("requirements-uv.lock"))} == {"uv"}


def test_a_study_installs_what_the_tests_install_and_less():
    runtime = {name: rest for name, *rest in pinned(text_of("requirements.lock"))}
    whole = {name: rest for name, *rest in pinned(text_of("requirements-dev.lock"))}

    assert runtime.items() <= whole.items()
    assert "pygments" in runtime  # which `snakemake --report` imports
    of_tests = {"pytest", "ruff", "mypy", "sphinx", "opencv-python-headless"}
    assert of_tests <= whole.keys() - runtime.keys()


def test_the_demo_needs_the_runtime_and_the_tests_what_is_added_to_it():
    assert re.search(r"^demo: \$\(RUNTIME\)", MAKEFILE, re.MULTILINE)
    assert re.search(r"^\$\(DEVELOPMENT\):.*\$\(RUNTIME\)", MAKEFILE, re.MULTILINE)
    for target in ("test", "test-slow", "lint", "format", "documents", "hooks"):
        assert re.search(rf"^{target}: \$\(DEVELOPMENT\)", MAKEFILE, re.MULTILINE)
