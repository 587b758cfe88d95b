"""What was replaced in place under its old name runs again what read it."""

import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from snakemake.settings.types import ConfigSettings

from .. import mr_study, table_study
from ..site_secret import write_secret
from . import planning
from .conftest import StudyFolder

CHUNK = {"chunk": "N-0", "image": "T1"}
SCAN = "data/N/N01/baseline/T1"
OF_MASKS = {"convert_mask", "deidentify_dicom"}
OF_IMAGES = {"convert_image", "deidentify_dicom"}
#: Entry route -> file that is replaced, rules whose settings must change.
ROUTES = {
    "": ("nothing", set()),
    "folder of DICOM": (f"{SCAN}/000.dcm", OF_IMAGES),
    "folder below the source": (f"{SCAN}/deeper/1.dcm", OF_IMAGES),
    "single DICOM file": ("data/one.dcm", OF_IMAGES),
    "NIfTI file": ("data/one.nii.gz", OF_IMAGES),
    "facts beside a NIfTI file": ("data/one.json", OF_IMAGES),
    "RTSTRUCT": ("data/N/N01/baseline/RT/reader-A.dcm", OF_MASKS),
    "NIfTI label map": ("data/labels.nii.gz", OF_MASKS),
    "row of a sheet": ("config/images.tsv", OF_IMAGES),
}
TABLES = {
    "table of features": ("data/features.csv", {"import_features"}),
    "sheet of subjects": ("config/subjects.tsv", {"assemble_cohort"}),
    "table of a phantom": (
        "config/phantom.csv",
        {"split_folds", "fit_nulls", "leakage_test"},
    ),
}


class Watched(NamedTuple):
    """A study and the settings that its last plan composed, by rule."""

    folder: Path
    planned: dict[str, str]


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> Watched:
    """Images and a mask by every route; nothing of it is read by a plan."""
    folder = mr_study.write_study(tmp_path_factory.mktemp("routes") / "study")
    data = folder / "data"
    (data / "N/N01/baseline/T1/deeper").mkdir()
    (data / "N/N01/baseline/T1/deeper/1.dcm").write_bytes(b"1")
    for name in ("one.dcm", "one.nii.gz", "labels.nii.gz"):
        (data / name).write_bytes(b"1")
    (data / "one.json").write_text('{"a": 1}')
    edit(folder / "config/images.tsv", "N/N02/baseline/T1", "one.dcm")
    edit(folder / "config/images.tsv", "N/N03/baseline/T1", "one.nii.gz")
    edit(folder / "config/masks.tsv", "N/N03/baseline/RT/reader-A.dcm", "labels.nii.gz")
    write_secret(folder / "secret")
    study = StudyFolder(folder)
    study.change("privacy.secret_file", str(folder / "secret"))
    return Watched(folder, settings(folder, OF_IMAGES | OF_MASKS, **CHUNK))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def replace_in_place(path: Path) -> None:
    """Change one byte; the time is earlier than before, the folder's stays."""
    folder, before = path.parent.stat(), path.stat().st_mtime_ns
    content = bytearray(path.read_bytes())
    content[-2 if len(content) > 1 else 0] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before - 10**9, before - 10**9))
    os.utime(path.parent, ns=(folder.st_atime_ns, folder.st_mtime_ns))


class Names(dict):
    """Wildcards as the functions of the workflow see them."""

    __getattr__ = dict.__getitem__


def settings(folder: Path, rules: set[str], **wildcards: str) -> dict[str, str]:
    """Settings of rules for some wildcards, as a plan composes them now."""
    config = folder / "config/config.yaml"
    found = planning.rules(folder, ConfigSettings(configfiles=[config]))
    names = Names(wildcards)
    before = Path.cwd()
    os.chdir(folder)
    try:
        specs = {name: dict(found[name].params.items())["spec"] for name in rules}
        return {n: s(names) if callable(s) else s for n, s in specs.items()}
    finally:
        os.chdir(before)


@pytest.mark.parametrize("route", ROUTES)
def test_a_source_replaced_in_place_changes_the_settings_of_its_rules(watched, route):
    name, concerned = ROUTES[route]
    before = dict(watched.planned)
    if route == "row of a sheet":
        edit(watched.folder / name, "one.dcm", "N/N04/baseline/T2")
    elif route:
        replace_in_place(watched.folder / name)

    after = settings(watched.folder, OF_IMAGES | OF_MASKS, **CHUNK)
    watched.planned.update(after)

    assert {rule for rule in before if before[rule] != after[rule]} == concerned


def test_the_root_of_an_index_is_known_by_its_listing(tmp_path):
    folder = mr_study.write_study(tmp_path / "study")
    StudyFolder(folder).change("dicom_roots", {"N": "N", "S": "S"})
    before = [settings(folder, {"index_dicom"}, root=root) for root in "NS"]
    replace_in_place(folder / SCAN / "000.dcm")
    after = [settings(folder, {"index_dicom"}, root=root) for root in "NS"]

    assert before[0] != after[0]
    assert before[1] == after[1]


@pytest.mark.parametrize("route", TABLES)
def test_a_table_replaced_in_place_changes_the_settings_of_its_rules(tmp_path, route):
    name, concerned = TABLES[route]
    folder = table_study.write_study(tmp_path / "study")
    shutil.copy(folder / "data/features.csv", folder / "config/phantom.csv")
    study = StudyFolder(folder)
    for arm, section in study.config()["arms"].items():
        if section.get("harmonizer", "none") != "none":
            study.change(f"arms.{arm}.harmonizer", "combat")
            study.change(f"arms.{arm}.unseen", "refuse")
    study.change("harmonization.fit_on", "phantom")
    study.change("harmonization.phantom_table", "phantom.csv")
    rules = {rule for _, concerned in TABLES.values() for rule in concerned}
    endpoint = next(iter(study.config()["endpoints"]))
    before = settings(folder, rules, endpoint=endpoint)
    path = folder / name
    if route == "sheet of subjects":
        header, first, *rest = path.read_text().splitlines(keepends=True)
        path.write_text("".join([header, *rest, first]))
    else:
        replace_in_place(path)

    after = settings(folder, rules, endpoint=endpoint)

    assert {rule for rule in before if before[rule] != after[rule]} >= concerned


def test_a_slice_replaced_after_a_run_converts_its_chunk_again(tmp_path):
    study = StudyFolder(mr_study.write_study(tmp_path / "study"))
    masks = [f"results/masks/{site}-0_T1.tsv" for site in "NS"]
    run = study.snakemake(*masks)
    assert run.returncode == 0, run.stdout
    assert study.planned_rules(*masks) == set()
    replace_in_place(study.folder / SCAN / "000.dcm")

    assert study.planned_rules(*masks) == {"convert_image", "convert_mask"}
    assert study.planned_rules(masks[1]) == set()
    run = study.snakemake(*masks)
    assert run.returncode == 0, run.stdout
    assert study.planned_rules(*masks) == set()
    specs = [
        json.loads(path.read_text())["params"]
        for path in (study.folder / ".snakemake/metadata").iterdir()
        if path.is_file()
    ]
    assert any('\\"sources\\"' in json.dumps(one) for one in specs)
