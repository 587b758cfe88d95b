"""Lesions that a reader missed, from the file to the report, script by script."""

from dataclasses import replace
from types import SimpleNamespace

import extract_features
import gather_agreement
import numpy as np
import pandas as pd
import pytest
import review_list
import segmentation_agreement
from convert_image import main as convert_image
from convert_mask import main as convert_mask

from concord import images, tables
from concord.agreement.settings import (
    GatherAgreement,
    ReviewList,
    ReviewSection,
    SegmentationAgreement,
)
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.rules import ExtractFeatures
from concord.report.blocks import Table
from concord.report.results import Results
from concord.report.sections.agreement import agreement_section

from ... import synthetic_results as synthetic
from ...dicom_factory import rectangle, write_rtstruct, write_series
from ...rules.test_convert_image import job as image_job
from ...rules.test_convert_image import row as image_row
from ...rules.test_convert_mask import job as mask_job
from ...rules.test_convert_mask import row as mask_row

SUBJECTS = ("P1", "P2", "P3")
BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), z_mm) for z_mm in (-27.0, -24.0)]


def task(settings, output, **given):
    return SimpleNamespace(
        input=SimpleNamespace(**given),
        output=SimpleNamespace(**output),
        params=SimpleNamespace(spec=settings.model_dump_json(), code="-"),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A study in which B misses the lesion of P2 and delivers nothing of P3."""
    folder = tmp_path_factory.mktemp("missed")
    rows = []
    for subject in SUBJECTS:
        write_series(folder / subject)
        rows.append(image_row(subject, folder / subject))
    converted = image_job(folder / "images", rows)
    convert_image(converted)
    write_rtstruct(folder / "a.dcm", {"GTV": BOX})
    name = "images/A-0_CT/sub-P1_ses-baseline_CT.nii.gz"
    grid = images.read(folder / name)
    nothing = replace(grid, array=np.zeros(grid.array.shape, np.uint8))
    images.write(nothing, folder / "b.nii.gz")
    masks = [mask_row(folder / "a.dcm", subject) for subject in SUBJECTS]
    masks += [
        mask_row(folder / "a.dcm", "P1", "B"),
        mask_row(folder / "b.nii.gz", "P2", "B", "1"),
        mask_row(folder / "a.dcm", "P3", "B", "never drawn"),
    ]
    study = SimpleNamespace(folder=folder, images=converted.output.images)
    job = mask_job(study, masks)
    convert_mask(job)
    _compare(folder, job.output.masks)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # where the cache of features lies
        _measure(folder, study.images, job.output.masks)
    return folder


def _compare(folder, masks):
    """Agreement of the chunk, gathered, and the review list."""
    names = ("agreement", "surface_dice", "group")
    chunk = {name: str(folder / f"chunk_{name}.tsv") for name in names}
    settings = SegmentationAgreement(tolerances_mm=[1.0], reference_reader="A")
    segmentation_agreement.main(task(settings, chunk, masks=masks, consensus=[]))
    gathered = {
        name: str(folder / f"{name}.tsv") for name in (*names, "volumes", "readings")
    }
    gather_agreement.main(
        task(
            GatherAgreement(baseline_session="baseline"),
            gathered,
            masks=[masks],
            **{name: [path] for name, path in chunk.items()},
        )
    )
    review = ReviewSection(readers=["B"], against="A")
    known = {name: gathered[name] for name in ("agreement", "surface_dice")}
    output = {"review": str(folder / "review.tsv")}
    settings = ReviewList(headline="mesh", review=review)
    review_list.main(task(settings, output, masks=[masks], **known))


def _measure(folder, image_table, masks):
    recipe = RecipeSection(
        resample_spacing_mm=(1, 1, 1),
        intensity_range=(-1000, 3000),
        bin_width=25,
        min_voxels=2,
    )
    settings = ExtractFeatures(
        image="CT", recipes=complete({"CT": recipe}), regions={}, seed=0
    )
    output = {
        "features": str(folder / "features.parquet"),
        "undefined": str(folder / "undefined.tsv"),
        "exclusions": str(folder / "exclusions.tsv"),
    }
    given = {"images": image_table, "masks": masks, "consensus": [], "primed": "-"}
    extract_features.main(task(settings, output, **given))


def read(folder, name, kind):
    return tables.read(folder / f"{name}.tsv", kind)


def test_a_missed_lesion_is_a_pair_of_dice_zero(folder):
    pairs = read(folder, "agreement", "agreement").set_index("definition").loc["mesh"]

    assert pairs["subject_id"].tolist() == ["P1", "P2"]
    assert pairs["status"].tolist() == ["ok", "one_empty"]
    assert pairs["dice"].tolist() == [1, 0]
    assert pairs["hd95_mm"].isna().tolist() == [False, True]
    assert read(folder, "surface_dice", "surface_dice")["surface_dice"].min() == 0
    assert read(folder, "group", "agreement_group")["generalized_dice"].min() == 0
    assert read(folder, "volumes", "volume_agreement")["n_empty"].tolist() == [1, 1]


def test_what_was_never_delivered_has_a_count_of_its_own(folder):
    row = read(folder, "readings", "readings").set_index("reader").loc["B"]

    assert row["n_cases"] == 3
    assert row["n_segmented"] == 1
    assert (row["n_empty"], row["n_missed"]) == (1, 1)
    assert row["n_not_delivered"] == 1


def test_a_missed_lesion_heads_the_review_list(folder):
    listed = read(folder, "review", "review_list")

    assert listed["subject_id"].tolist() == ["P2", "P3", "P1"]
    assert listed["status"].tolist() == ["one_empty", "missing", "ok"]
    assert listed["reason"][0] == "B found nothing where A segmented 0.0389 ml"


def test_only_the_reader_who_found_nothing_has_no_features(folder):
    excluded = read(folder, "exclusions", "exclusions")
    measured = tables.read_features(folder / "features.parquet")

    assert excluded[["subject_id", "reader", "code"]].to_numpy().tolist() == [
        ["P2", "B", "empty_mask"]
    ]
    assert measured[["subject_id", "reader"]].to_numpy().tolist() == [
        ["P1", "A"],
        ["P1", "B"],
        ["P2", "A"],
        ["P3", "A"],
    ]


def test_the_report_counts_the_missed_and_the_absent(folder):
    kinds = {"agreement": "agreement", "readings": "readings", "review": "review_list"}
    given = {kind: read(folder, name, kind) for name, kind in kinds.items()}
    results = Results(given, pd.DataFrame(), {}, {}, {}, (), synthetic.SETTINGS)
    blocks = agreement_section(results).blocks
    by_title = {block.caption: block for block in blocks if isinstance(block, Table)}

    pairs = by_title["Agreement by pair of readers"].rows
    assert {row[2:5] for row in pairs} == {("2", "1 / 0", "0.500 (0.250 to 0.750)")}
    readings = by_title["What each reader found"].rows
    assert readings[1][1:] == ("B", "3", "1", "1", "1 of 2 (50 %)", "1")
    worst = by_title["Review list: the worst cases of each site"].rows
    assert worst[0][0] == "P2"
