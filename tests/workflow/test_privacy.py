"""No name, id, date, UID or path of a patient reaches what may leave the hospital."""

import base64
import csv
import gzip
import zlib
from pathlib import Path

import nibabel as nib
import pandas as pd
import pytest
import yaml

from concord import tables

from .. import canary
from ..site_secret import write_secret

ROOT = Path(__file__).resolve().parents[2]
N_SUBJECTS = 6
ARMS = ("clinical", "unharmonized")


@pytest.fixture(scope="module")
def planter():
    return canary.Planter()


@pytest.fixture(scope="module")
def study(planter, tmp_path_factory, study_class):
    """A study of patients with tokens everywhere, run from its index to its report."""
    folder = tmp_path_factory.mktemp("study")
    data = folder / "data" / f"clinic {planter.word('root')}"
    for number in range(N_SUBJECTS):
        canary.write_patient(data, number, planter)
    canary.write_oddities(data, planter)
    (folder / "config").mkdir()
    write_secret(folder / "secret")
    study = study_class(folder)
    study.config_file.write_text(yaml.safe_dump(settings(data.name)))
    write_subjects(folder, ["x"])
    outputs = [study.snakemake("index")]
    adopt_drafts(folder)
    outputs.append(study.snakemake("all", "deidentify"))
    for run in outputs:
        assert run.returncode == 0, run.stdout
    return study


@pytest.fixture(scope="module")
def study_class():
    from .conftest import StudyFolder

    return StudyFolder


def settings(root: str) -> dict:
    """The demo's configuration for real files of one site, as small as can be."""
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    del config["simulation"]
    config |= {"data_root": "data", "dicom_roots": {"H1": root}}
    config["privacy"] = {"secret_file": "secret", "subject_ids": "keyed_hash"}
    for recipe in config["recipes"].values():
        recipe["families"] = ["morphology", "statistics"]
    config["stability"]["readers"] = config["agreement"]["review"] = None
    config["endpoints"] = {"recurrence": {"kind": "diagnostic", "event": "recurrence"}}
    known = ("age", "stage")
    config["covariates"] = {name: config["covariates"][name] for name in known}
    config["arms"] = {name: config["arms"][name] for name in ARMS}
    for arm in config["arms"].values():
        arm |= {"covariates": list(known)} if arm.get("covariates") else {}
    config["evaluation"] |= {"headline_arm": "unharmonized", "null_permutations": 10}
    config["evaluation"]["subgroups"], config["multiverse"] = {}, None
    config["validation"] |= {"folds": 2, "repeats": 1}
    config["validation"]["leave_one_group_out"] = False
    config["freeze"] = {"samples": 2}
    return config


def write_subjects(folder: Path, subjects: list[str]) -> None:
    header = ["subject_id", "site", "age", "stage", "recurrence"]
    rows = [
        [subject, "H1", 50 + 7 * number % 30, "I" * (1 + number % 3), number % 2]
        for number, subject in enumerate(subjects)
    ]
    with (folder / "config" / "subjects.tsv").open("w", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([header, *rows])


def adopt_drafts(folder: Path) -> None:
    """The drafts as sheets, reviewed: region and reader as the study calls them."""
    drafts = folder / "private" / "index"
    images = tables.read(drafts / "images.tsv", "images_sheet")
    masks = tables.read(drafts / "masks.tsv", "masks_sheet")
    masks["region"], masks["reader"] = "tumour", "A"
    tables.write(images, folder / "config" / "images.tsv", "images_sheet")
    tables.write(masks, folder / "config" / "masks.tsv", "masks_sheet")
    write_subjects(folder, sorted(set(images["subject_id"])))


def test_nothing_that_may_leave_the_hospital_holds_a_token(study, planter):
    results, logs = (study.folder / name for name in ("results", "logs"))
    exported = results / "deidentified"
    assert len(planter.tokens) > 1500
    assert len(list(exported.rglob("*.dcm"))) > 100

    # Exported DICOM keeps its times of day, which SUV needs.
    assert canary.leaks([exported], planter.tokens, with_times=False) == {}
    others = [path for path in results.iterdir() if path != exported]
    assert canary.leaks([*others, logs], planter.tokens) == {}


def test_the_study_used_the_files_that_carry_the_tokens(study, planter):
    results = study.folder / "results"
    acquisition = tables.read(results / "ingest/acquisition.tsv", "acquisition")
    assert set(acquisition["image"]) == {"CT", "PT"}
    assert len(acquisition) == 2 * N_SUBJECTS + 1
    assert acquisition["Manufacturer"].isna().all()
    masks = tables.read_all(sorted(results.glob("masks/*_??.tsv")), "masks")
    assert len(masks) == 2 * N_SUBJECTS + 1
    report = tables.read(results / "ingest/ingest_report.tsv", "ingest_report")
    removed = report[report["code"] == "IDENTIFIER_REMOVED"]
    assert len(removed) == 2 * N_SUBJECTS + 1
    assert removed["text"].str.contains("Manufacturer, ManufacturersModelName").all()
    faults = set(report.loc[report["severity"] == "fault", "code"])
    assert {"TRUNCATED_FILE", "IMAGE_EXCLUDED"} <= faults
    summary = tables.read(results / "index/summary.tsv", "index_summary")
    assert summary["problems"].str.contains("UNUSED_MODALITY 1").any()
    private = canary.leaks([study.folder / "private"], planter.tokens)
    assert any("linkage" in path for path in private)


def test_nothing_that_a_draft_names_holds_a_token(study, planter):
    """Names of sessions, images, regions and readers become names of files."""
    drafts = study.folder / "private" / "index"
    images = tables.read(drafts / "images.tsv", "images_sheet")
    masks = tables.read(drafts / "masks.tsv", "masks_sheet")

    assert set(images["session"]) == {"baseline"}
    assert set(images["image"]) == {"CT", "PT"}
    assert set(masks["region"]) == {"GTV"}
    assert set(masks["reader"]) == {"A", "reader1"}
    assert masks["roi"].str.contains(canary.GIVEN).all()
    assert images["subject_id"].str.fullmatch("P[0-9a-f]{12}").all()
    # The folders, which the sources keep, hold each spelling and each kind of name.
    for name in (*canary.SPELLINGS, *canary.VISITS):
        assert images["source"].str.contains(name, regex=False).any()


def test_nifti_headers_have_empty_text_fields(study):
    paths = sorted((study.folder / "results").rglob("*.nii.gz"))
    assert len(paths) > 2 * N_SUBJECTS
    for path in paths:
        header = nib.load(path).header
        for field in ("descrip", "aux_file", "db_name", "intent_name"):
            assert header[field].item() == b"", (path.name, field)


def test_new_files_below_a_root_run_the_index_and_nothing_else(study):
    assert study.planned_rules("index") == set()
    (root,) = (study.folder / "data").iterdir()
    patient = min(root.iterdir())
    (patient / "new.dcm").write_bytes(b"")

    followed = {"checklists", "manifest"}
    known = {"index_dicom", "draft_sheets", "report"}
    assert study.planned_rules() == known | followed
    assert {"index_dicom", "draft_sheets"} <= study.planned_rules("index")


def test_a_job_that_fails_tells_no_token_either(study, planter):
    study.change("ingest.on_fault", "stop")
    run = study.snakemake("results/images/H1-0_CT.tsv")

    assert run.returncode != 0
    log = (study.folder / "logs/convert_image/H1-0_CT.log").read_text()
    assert "baseline CT; ingest.on_fault is 'stop'" in log
    assert canary.leaks([study.folder / "logs"], planter.tokens) == {}


@pytest.mark.parametrize(
    ("sheet", "column", "rule"),
    [("images", "session", "convert_image"), ("masks", "region", "convert_mask")],
)
def test_a_name_that_a_sheet_takes_stops_its_job_untold(
    study, planter, sheet, column, rule
):
    path = study.folder / "config" / f"{sheet}.tsv"
    before = path.read_text()
    table = tables.read(path, f"{sheet}_sheet")
    table.loc[0, column] = f"{canary.SPELLINGS[1]}2"
    tables.write(table, path, f"{sheet}_sheet")
    masks = study.folder / "config" / "masks.tsv"
    of_masks = masks.read_text()
    if sheet == "images":
        kept = tables.read(masks, "masks_sheet")
        other = kept["subject_id"] != table.loc[0, "subject_id"]
        tables.write(kept[other], masks, "masks_sheet")
    study.change("ingest.on_fault", "exclude")
    try:
        run = study.snakemake(f"results/{sheet}/H1-0_{table.loc[0, 'image']}.tsv")
    finally:
        masks.write_text(of_masks)
        path.write_text(before)

    assert run.returncode != 0
    logs = study.folder / "logs"
    log = (logs / rule / f"H1-0_{table.loc[0, 'image']}.log").read_text()
    assert "LABEL_TELLS" in log
    assert f"({column})" in log
    assert canary.leaks([logs, study.folder / "results"], planter.tokens, False) == {}


def leaky_png(text: bytes) -> bytes:
    chunk = b"zTXt" + b"Title\0\0" + zlib.compress(text)
    length = (len(chunk) - 4).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + length + chunk + b"\0\0\0\0"


LEAKS = {
    "a.log": lambda text: text,
    "a.nii.gz": lambda text: gzip.compress(b"\0" * 148 + text),
    "a.pdf": lambda text: b"stream\n" + zlib.compress(text) + b"\nendstream",
    "a.png": leaky_png,
    "a.html": lambda text: b"data:image/svg+xml;base64," + base64.b64encode(text),
}


@pytest.mark.parametrize("name", sorted(LEAKS))
def test_the_search_finds_a_token_in_every_kind_of_file(tmp_path, name):
    (tmp_path / name).write_bytes(LEAKS[name](b"made by Zq00001KW"))

    assert canary.leaks([tmp_path], ["zq00001kw"]) == {
        str(tmp_path / name): {"zq00001kw"}
    }


def test_the_search_finds_numbers_and_names_in_every_spelling(tmp_path):
    texts = {
        "a.tsv": "x\t97531000017",
        "b.log": canary.IDEOGRAPHS,
        "c.json": canary.SURNAME.upper(),
        "d.txt": "zqsuername",
        "e.txt": "97531000018",  # the number of nobody
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    found = canary.leaks([tmp_path], ["97531000017"])
    assert sorted(Path(path).name for path in found) == sorted(texts)[:4]


def test_the_search_finds_a_token_in_names_tables_and_plain_hashes(tmp_path):
    (tmp_path / "zq00001kw").mkdir()
    pd.DataFrame({"zq00001kw": ["x"]}).to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"x": ["zq00001kw"]}).to_parquet(tmp_path / "b.parquet")
    digest = __import__("hashlib").sha256(b"zq00001kw").hexdigest()
    (tmp_path / "c.tsv").write_text(digest)
    (tmp_path / "d.tsv").write_text("1947-02-13")

    assert len(canary.leaks([tmp_path], ["zq00001kw"])) == 5
