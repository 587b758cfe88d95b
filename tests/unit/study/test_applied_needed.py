"""Sheets of a study that applies models: the images that these read, and no others."""

from pathlib import Path

from concord.study.applied.needed import only
from concord.study.sheets import Sheet


def sheet(*rows):
    return Sheet(Path("sheet.tsv"), [dict(row) for row in rows])


def image(name, subject="A1"):
    return {"subject_id": subject, "image": name}


def mask(name, also_for=""):
    return {"subject_id": "A1", "image": name, "also_for": also_for}


def test_images_that_no_model_reads_are_left_out_with_their_segmentations():
    images = sheet(image("CT"), image("PT"), image("PT", "A2"))
    masks = sheet(mask("CT"), mask("PT"))
    kept, drawn = only(images, masks, {"CT": None})

    assert kept.rows == [image("CT")]
    assert drawn.rows == [mask("CT")]
    assert kept.path == images.path


def test_an_image_that_lends_its_segmentation_is_kept_and_lends_to_no_other():
    images = sheet(image("CT"), image("MR"), image("PT"))
    masks = sheet(mask("MR", "CT;PT"), mask("PT"))
    kept, drawn = only(images, masks, ["CT"])

    assert [row["image"] for row in kept.rows] == ["CT", "MR"]
    assert drawn.rows == [mask("MR", "CT")]


def test_rows_without_the_column_have_none_afterwards():
    rows = [{"subject_id": "A1", "image": "CT"}]
    assert only(sheet(*rows), sheet(*rows), ["CT"])[1].rows == rows
