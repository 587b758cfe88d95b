"""Readers of a draft: one region of theirs by several names, or a question."""

import pytest

from concord.draft import nifti_folders
from concord.draft.drafting import Draft, Sources
from concord.draft.question import Questions
from concord.ingest.index import regions

from .test_draft_studies import draft, mask_row, rois, sources, subjects


def by_readers(**names):
    """Segmentations of one image, of each reader with one name or several."""
    return [
        row
        for reader, called in names.items()
        for row in rois(
            *([called] if isinstance(called, str) else called), reader=reader
        )
    ]


READERS = {
    "the demo": ({"A": "GTV_A", "AI": "GTV automatic", "B": "gtv reader B"}, {"GTV"}),
    "methods": ({"A": "GTV manual", "AI": "GTV"}, {"GTV"}),
    "numbered people": ({"A": "radiologist 1 GTV", "B": "GTV_Radiologist2"}, {"GTV"}),
    "numbered readers": ({"1": "GTV_1", "2": "GTV_2"}, {"GTV"}),
    "two structures": (
        {"A": ["GTV_A", "Lung_A"], "B": ["GTV", "lung"]},
        {"GTV", "Lung"},
    ),
    "image and reader": ({"A": "GTV_CT_A", "B": "GTV_B"}, {"GTV"}),
    "lesions of all": ({"1": ["GTV_1", "GTV_2"], "2": ["GTV_1", "GTV_2"]}, None),
    "lesions of one": ({"1": ["GTV_1", "GTV_2"], "2": ["GTV_2"]}, None),
    "two of one reader": ({"A": ["GTV manual", "GTV auto"], "B": "GTV"}, None),
    "one reader": ({"A": ["GTV_A", "Lung"]}, None),
    "another's name": ({"A": "GTV_B", "B": "GTV"}, None),
    "another's number": ({"1": "GTV reader 2", "2": "GTV"}, None),
    "nothing else": ({"A": "reader_A", "B": "reader_B"}, None),
    "one name of all": ({"A": "GTV_manual", "B": "GTV_manual"}, None),
}


@pytest.mark.parametrize("case", READERS)
def test_regions_whose_names_differ_by_the_reader_alone_are_one(case):
    names, wanted = READERS[case]
    rows = by_readers(**names)
    found = {row["region"] for row in regions.in_common(rows)}
    assert found == (wanted or {row["region"] for row in rows})


def test_what_one_reader_made_in_two_ways_stays_two_regions():
    manual, automatic = rois("GTV manual"), rois("GTV auto", image="PT")
    for others in ([], rois("GTV", reader="B")):
        rows = [*manual, *automatic, *others]
        assert regions.in_common(rows) == rows


def test_one_reader_has_no_names_in_common_with_others():
    rows = [*rois("GTV_A"), *rois("GTV", image="PT")]
    assert regions.in_common(rows) == rows


def of_readers(**names) -> Sources:
    """Segmentations of all subjects; of each reader one name of an ROI."""
    rows = [
        mask_row(subject, region=regions.region(name), reader=reader) | {"roi": name}
        for subject in subjects()
        for reader, name in names.items()
    ]
    return sources(masks=regions.in_common(rows))


def asked(found: Draft, kind: str = "ask") -> list[str]:
    return [q.text for q in found.questions.of(kind) if q.about == "masks.tsv"]


def test_names_that_became_one_region_are_told_by_reader():
    found = draft(of_readers(A="GTV_A", AI="GTV automatic", B="gtv reader B"))
    assert asked(found, "check") == [
        "'GTV' is one region of several names (A: GTV_A; AI: GTV automatic; "
        "B: gtv reader B)"
    ]
    assert not asked(found)
    assert "stability" not in {q.about for q in found.questions.of("ask")}
    assert found.config["arms"]["radiomics"]["features"] == ["*.GTV.original.*"]


def test_readers_whose_regions_have_other_names_are_asked_about():
    found = draft(of_readers(A="GTV", B="Mass", C="GTV"))
    assert asked(found) == [
        "B did not segment 'GTV', so is not compared with 'A' (regions of each reader: "
        "A: GTV; B: Mass; C: GTV); where names mean the same, write one into the "
        "column region"
    ]
    found = draft(of_readers(A="GTV", B="Mass"))
    assert asked(found)[0].startswith("B did not segment 'GTV'")
    assert "stability" in {q.about for q in found.questions.of("ask")}


def test_readers_who_share_no_image_are_asked_about():
    masks = [mask_row(name, reader="XY"[n % 2]) for n, name in enumerate(subjects())]
    found = draft(sources(masks=masks))
    assert "no image has 'GTV' by two of the readers X, Y" in asked(found)[0]
    assert "stability" in {q.about for q in found.questions.of("ask")}


def test_readers_of_nifti_masks_are_in_the_names_of_the_files(tmp_path):
    for name in ("CT", "CT_GTV_reader-A_mask", "CT_GTV_reader-B_mask", "reader-C_mask"):
        path = tmp_path / "data" / "P1" / f"P1_{name}.nii.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    _, masks = nifti_folders.sheet_rows(tmp_path / "data", {"A": "."}, Questions())
    found = {(row["reader"], row["region"]) for row in masks}
    assert found == {("A", "gtv"), ("B", "gtv"), ("C", "region")}
