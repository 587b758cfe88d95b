"""Whole drafts: valid, never in the way of what is there, and with common regions."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from concord import tables
from concord.draft import drafting, feature_study, nifti_folders, writing
from concord.draft.cells import column
from concord.draft.drafting import Sources, Wishes
from concord.draft.question import Questions
from concord.draft.settings import FILES
from concord.ingest.index import regions
from concord.study.study import Study

SITES = {"A": "A", "B": "B"}
PER_SITE = 10


def subjects() -> list[str]:
    return [f"{site}{number:02d}" for site in SITES for number in range(PER_SITE)]


def clinical(**changes) -> dict:
    """A clinical table of all subjects; a column may be changed or left out."""
    names = subjects()
    cells = {
        "id": names,
        "age": [str(50 + n) for n in range(len(names))],
        "stage": ["I", "II"] * PER_SITE,
        "event": ["0", "1", "1", "0"] * (len(names) // 4),
        "time_days": [str(100 + 10 * n) for n in range(len(names))],
    } | changes
    return {k: column(k, found) for k, found in cells.items() if found is not None}


def row(subject, image, **cells):
    keys = {"subject_id": subject, "session": "baseline", "image": image}
    return keys | cells


def image_row(subject, image="CT", modality="CT", session="baseline"):
    source = f"{subject[0]}/{subject}/{session}/{image}"
    found = row(subject, image, modality=modality, source=source)
    empty = {"series": None, "volume": None, "backend": None}
    return found | empty | {"session": session}


def mask_row(subject, image="CT", region="GTV", reader="A", session="baseline"):
    source = f"{subject[0]}/{subject}/{session}/{reader}_{image}.dcm"
    found = row(subject, image, region=region, reader=reader, source=source, roi="GTV")
    return found | {"session": session}


def sources(images=None, masks=None, table=None) -> Sources:
    names = subjects()
    return Sources(
        images=images or [image_row(name) for name in names],
        masks=[mask_row(name) for name in names] if masks is None else masks,
        names={name: [name] for name in names},
        clinical=clinical() if table is None else table,
    )


def draft(given: Sources | None = None, folder: str = "data"):
    return drafting.drafted(given or sources(), Wishes("Study", folder, SITES, "Here"))


def checked(found: drafting.Draft, folder: Path) -> Study:
    """The drafted study as the workflow reads it, which refuses what is not valid."""
    if found.images:
        found.config["privacy"] = {"data": "simulated"}
    for one in [*found.images, *found.masks]:
        Path("data", one["source"]).mkdir(parents=True, exist_ok=True)
    writing.write(found, folder, str(folder / "told.txt"))
    raw = yaml.safe_load((folder / "config.yaml").read_text())
    return Study(raw, folder / "config.yaml", check_sources=True)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Drafts are placed below the current folder."""
    monkeypatch.chdir(tmp_path)


def multimodal() -> Sources:
    names = subjects()
    kinds = {"CT": "CT", "PT": "PT", "T1": "MR"}
    return sources(
        images=[image_row(n, i, m) for n in names for i, m in kinds.items()],
        masks=[mask_row(n, i) for n in names for i in kinds],
    )


def with_retests_and_readers() -> Sources:
    names = subjects()
    again = [image_row(name, session="re-test") for name in names[:4]]
    images = [image_row(name) for name in names] + again
    masks = [mask_row(name, reader=r) for name in names for r in ("X", "Y")]
    return sources(images, masks)


def with_organs() -> Sources:
    names = subjects()
    kinds = ("Heart", "GTV_primary", "Lung")
    return sources(masks=[mask_row(n, region=r) for n in names for r in kinds])


CASES = {
    "one image": sources,
    "three images": multimodal,
    "retests and readers": with_retests_and_readers,
    "organs": with_organs,
    "no covariates": lambda: sources(table=clinical(age=None, stage=None)),
    "binary outcome": lambda: sources(table=clinical(time_days=None)),
    "one column empty": lambda: sources(table=clinical(stage=["NA"] * 2 * PER_SITE)),
    "site in the table": lambda: sources(
        table=clinical(centre=["North", "South"] * PER_SITE)
    ),
    "names of persons": lambda: sources(table=clinical(surname=subjects())),
    "a column subject_id": lambda: sources(
        table=clinical(subject_id=[str(n) for n in range(2 * PER_SITE)])
    ),
    "some without a row": lambda: sources(
        table=clinical(id=["other", *subjects()[1:]])
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_drafted_is_valid(case, tmp_path):
    study = checked(draft(CASES[case]()), tmp_path)
    assert study.config.endpoints
    assert {"radiomics", "volume", "site", "harmonized"} <= set(study.config.arms)
    assert (tmp_path / "told.txt").read_text().count("not complete") == 0


def test_only_what_is_no_default_is_written(tmp_path):
    raw = draft().config
    assert set(raw) == {
        "study",
        "data_root",
        "dicom_roots",
        "recipes",
        "harmonization",
        "covariates",
        "endpoints",
        "arms",
        "evaluation",
    }
    assert raw["study"] == {"name": "Study"}
    assert raw["recipes"] == {"CT": {"preset": "ct_oncology"}}
    assert raw["evaluation"] == {
        "headline_arm": "radiomics",
        "reference_arm": "clinical",
    }


def test_every_section_has_its_comment_and_every_guess_its_mark():
    text = draft().text()
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if line and line[0].isalpha():
            assert lines[place - 1].startswith("#"), line
    assert "  # check: 1 of 'event' is the event, 'time_days' its time" in text


def test_sessions_readers_and_regions_are_chosen_and_told():
    found = draft(with_retests_and_readers())
    assert found.config["study"]["reference_reader"] == "X"
    assert found.config["stability"] == {"retest_sessions": ["re-test"]}
    found = draft(with_organs())
    assert found.config["recipes"]["CT"]["regions"] == ["GTV_primary"]
    assert "Not measured: Heart, Lung" in found.questions.page()


def test_an_image_that_few_have_is_left_out_and_told():
    names = subjects()
    images = [image_row(name) for name in names]
    images += [image_row(name, "CT_2") for name in names[:3]]
    found = draft(sources(images=images))
    assert {one["image"] for one in found.images} == {"CT"}
    assert "CT_2 (3 subjects)" in found.questions.page()


def test_other_sessions_are_left_out_and_told():
    images = [image_row(name) for name in subjects()]
    images.append(image_row("A00", session="week6"))
    found = draft(sources(images=images))
    assert {one["session"] for one in found.images} == {"baseline"}
    assert "the sessions week6 were left out" in found.questions.page()


def test_two_files_of_one_region_are_two_readers_and_asked_about():
    masks = [mask_row(name) for name in subjects()]
    again = [m | {"source": m["source"].replace(".dcm", "_2.dcm")} for m in masks]
    found = draft(sources(masks=masks + again))
    assert {one["reader"] for one in found.masks} == {"A", "A2"}
    assert "20 regions were segmented more than once" in found.questions.page()


def test_an_id_of_two_folders_is_left_out_and_told():
    images = [image_row(name) for name in subjects()]
    images.append(images[0] | {"source": "B/A00/baseline/CT"})
    found = draft(sources(images=images))
    assert "A00" not in {one["subject_id"] for one in found.subjects}
    assert "A00 occur in several folders" in found.questions.page()


def test_without_an_outcome_the_draft_tells_that_it_is_not_complete(tmp_path):
    writing.write(draft(sources(table={})), tmp_path, str(tmp_path / "told.txt"))
    told = (tmp_path / "told.txt").read_text()
    assert "The draft is not complete:" in told
    assert "endpoints: this key is missing: Outcomes" in told
    assert "draft again with clinical=TABLE" in told


def test_names_of_persons_and_ids_of_the_table_stay_outside():
    found = draft(sources(table=clinical(surname=subjects(), birth_date=subjects())))
    assert "not copied, as they may tell who somebody is: birth_date, surname" in (
        found.questions.page()
    )
    assert list(found.subjects[0]) == [
        "subject_id",
        "site",
        "age",
        "stage",
        "event",
        "time_days",
    ]


@pytest.mark.parametrize("name", FILES)
def test_nothing_that_is_there_is_overwritten(tmp_path, name):
    config = tmp_path / "config"
    config.mkdir()
    (config / name).write_text("mine")
    drafts = tmp_path / "private" / "draft"
    writing.write(draft(), drafts, str(tmp_path / "told.txt"))

    assert [path.name for path in config.iterdir()] == [name]
    assert (config / name).read_text() == "mine"
    assert {path.name for path in drafts.iterdir()} == set(FILES)
    told = (tmp_path / "told.txt").read_text()
    assert f"Nothing was overwritten: config/{name} exist" in told


def test_a_draft_is_placed_where_nothing_is(tmp_path):
    writing.write(draft(), tmp_path / "drafts", str(tmp_path / "told.txt"))
    assert {path.name for path in (tmp_path / "config").iterdir()} == set(FILES)
    sheet = tables.read(tmp_path / "config" / "masks.tsv", "masks_sheet")
    assert set(sheet["region"]) == {"GTV"}


def test_questions_quote_no_name_of_an_roi_that_tells_who_a_patient_is():
    names = {"X": "GTV", "Y": "GTV Smith", "Z": "GTV Z"}
    masks = [
        mask_row(subject, reader=reader) | {"roi": roi}
        for subject in subjects()
        for reader, roi in names.items()
    ]
    given = replace(sources(masks=masks), telling_rois=frozenset({"GTV Smith"}))
    found = draft(given)
    assert "Smith" not in found.questions.page() + found.text()
    assert "X: GTV; Y: GTV; Z: GTV Z" in found.questions.page()
    assert {row["roi"] for row in found.masks} == set(names.values())


def rois(*names, image="CT", reader="A"):
    return [mask_row("A00", image, regions.region(name), reader) for name in names]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([*rois("GTV_CT"), *rois("GTV_PT", image="PT")], {"GTV"}),
        (
            [*rois("GTV mass CT"), *rois("GTV_Mass_MR_T1", image="MR")],
            {"GTV_Mass"},
        ),
        ([*rois("GTV"), *rois("gtv", image="PT")], {"GTV"}),
        ([*rois("GTV_CT", "Lung"), *rois("GTV_PET", image="PT")], {"GTV", "Lung"}),
        (rois("GTV_CT", "GTV_PET"), {"GTV_CT", "GTV_PET"}),
        ([*rois("GTV-1", "GTV-2")], {"GTV_1", "GTV_2"}),
        ([*rois("CT"), *rois("PET", image="PT")], {"CT", "PET"}),
        (rois("GTV_CT"), {"GTV_CT"}),
    ],
)
def test_regions_whose_names_differ_by_the_image_alone_are_one(rows, wanted):
    assert {row["region"] for row in regions.in_common(rows)} == wanted


def test_nifti_files_are_known_by_their_names(tmp_path):
    for name in (
        "P1/P1_CT.nii.gz",
        "P1/P1_CT_GTV_mask.nii.gz",
        "P1/P1_PET.nii.gz",
        "P1/P1_pet_gtv_seg.nii.gz",
        "P2/ct.nii",
        "P2/tumor.nii",
        "P2/dose.nii",
    ):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    questions = Questions()
    images, masks = nifti_folders.sheet_rows(tmp_path / "data", {"A": "."}, questions)
    assert [(r["subject_id"], r["image"], r["modality"]) for r in images] == [
        ("P1", "CT", "CT"),
        ("P1", "PT", "PT"),
        ("P2", "CT", "CT"),
    ]
    assert images[0]["source"] == "P1/P1_CT.nii.gz"
    assert [(r["subject_id"], r["image"], r["region"]) for r in masks] == [
        ("P1", "CT", "gtv"),
        ("P1", "PT", "gtv"),
        ("P2", "CT", "tumor"),
    ]
    assert "P2/dose.nii" in questions.of("ask")[0].text


def features(folder: Path, **more) -> Path:
    """A table of features of pyradiomics with clinical columns."""
    cells = {
        "ID": subjects(),
        "site": ["North", "South"] * PER_SITE,
        "dead": ["0", "1", "1", "0"] * (PER_SITE // 2),
        "age": [str(50 + n) for n in range(2 * PER_SITE)],
        "diagnostics_Versions_PyRadiomics": ["v3.0.1"] * 2 * PER_SITE,
        "original_shape_MeshVolume": ["1.5"] * 2 * PER_SITE,
        "original_glcm_Contrast": ["2.5"] * 2 * PER_SITE,
        "wavelet-LLH_firstorder_Mean": ["3.5"] * 2 * PER_SITE,
    } | more
    path = folder / "features.csv"
    lines = [
        ",".join(cells),
        *(",".join(row) for row in zip(*cells.values(), strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_table_of_features_is_drafted(tmp_path):
    path = features(tmp_path, scanner=["x", "y"] * PER_SITE)
    wishes = Wishes("Study", str(tmp_path), {}, "Here")
    found = feature_study.drafted(path, {}, wishes)
    assert found.config["feature_table"] == {
        "path": "{data_root}/features.csv",
        "subject_id_column": "ID",
        "image": "CT",
        "region": "tumour",
        "features": ["original_*", "wavelet-*"],
        "batch_columns": ["scanner"],
        "software": "pyradiomics 3.0.1",
    }
    study = checked(found, tmp_path / "drafts")
    volume = "CT.tumour.original.morphology.mesh_volume"
    assert study.config.arms["volume"].features == [volume]
    assert list(found.subjects[0])[:4] == ["subject_id", "site", "dead", "age"]
    assert sorted(p.name for p in (tmp_path / "config").iterdir()) == [
        "config.yaml",
        "draft_questions.md",
        "subjects.tsv",
    ]
