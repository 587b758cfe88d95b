"""The conda environments: parsed, pinned as the lock, and sufficient."""

import re
import sys
from pathlib import Path

import pytest
import yaml

from concord.provenance import SCRIPTS, foreign_imports

from ..locks import pinned

ROOT = Path(__file__).resolve().parents[2]
ENVS = sorted((ROOT / "envs").glob("*.yaml"))

#: Import name -> name on conda-forge, where they differ.
CONDA_NAME = {
    "SimpleITK": "simpleitk",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "matplotlib": "matplotlib-base",
    "isal": "python-isal",
    "neuroCombat": "neurocombat",
    "dicomanonymizer": "dicom-anonymizer",
    "zrad": "z-rad",
    "yaml": "pyyaml",
    "pywt": "pywavelets",
}
#: Name on conda-forge -> name in the lock, where they differ.
LOCK_NAME = {"matplotlib-base": "matplotlib", "python-isal": "isal"}


def lock(name: str = "requirements.lock") -> dict[str, str]:
    """Version of each package of a lock."""
    return {
        package: version for package, version, _ in pinned((ROOT / name).read_text())
    }


def pins(env: Path) -> dict[str, str]:
    """Packages of an environment file and their versions."""
    found = {}
    for entry in yaml.safe_load(env.read_text())["dependencies"]:
        for line in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, *version = re.split(r"\s*=+\s*", line)
            found[name.strip()] = version[0] if version else ""
    return found | pins_after(env)


def pins_after(env: Path) -> dict[str, str]:
    """Packages that are installed into a finished environment, without theirs."""
    script = env.with_suffix(".post-deploy.sh")
    text = script.read_text() if script.exists() else ""
    return dict(re.findall(r'install --no-deps "(\S+) ==(\S+)"', text))


def rules_with_envs() -> dict[str, str]:
    """Script of each rule and the environment it names."""
    found = {}
    for file in sorted((ROOT / "workflow" / "rules").glob("*.smk")):
        for block in re.split(r"^ *rule ", file.read_text(), flags=re.MULTILINE)[1:]:
            script = re.search(r'script:\s*"../../scripts/(\w+)\.py"', block)
            env = re.search(r'conda:\s*"../../envs/(\w+)\.yaml"', block)
            if script:
                found[script[1]] = env[1] if env else ""
    return found


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_every_pin_equals_the_lock(env):
    locked = lock()
    for name, version in pins(env).items():
        if name in ("python", "pip"):
            continue
        assert version == locked[LOCK_NAME.get(name, name)], name


def test_the_lock_has_no_windows():
    """Z-Rad declares PyQt5, which is under the GPL, and what comes with it."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert not {"pyqt5", "pyqtgraph"} & set(lock(name))


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_opencv_is_for_the_tests_alone(env):
    """Z-Rad declares it for its filters, which no rule of a study runs."""
    assert "opencv-python-headless" in lock("requirements-dev.lock")
    assert not {name for name in {**pins(env), **lock()} if "opencv" in name}


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_channels_are_the_community_ones_alone(env):
    assert yaml.safe_load(env.read_text())["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.parametrize(("script", "env"), sorted(rules_with_envs().items()))
def test_the_environment_of_a_rule_has_all_that_its_script_imports(script, env):
    imported = foreign_imports(SCRIPTS / f"{script}.py") - set(sys.stdlib_module_names)
    needed = {CONDA_NAME.get(name, name) for name in imported}

    assert needed <= set(pins(ROOT / "envs" / f"{env}.yaml"))


def test_every_environment_is_used():
    assert {env.stem for env in ENVS} == set(rules_with_envs().values())
