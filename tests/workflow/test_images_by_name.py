"""T1, T2 and ADC of one session, from DICOM to the report."""

import pytest

from concord import tables
from concord.files import read_json

from ..mr_study import GRIDS, PER_SITE, SITES, UNIT, write_study
from .conftest import StudyFolder, finished_once


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> StudyFolder:
    """The small study of three images, run to its end; do not change it."""

    def small_study(folder):
        return StudyFolder(write_study(folder))

    return finished_once(tmp_path_factory, "finished_mr", small_study)


@pytest.fixture(scope="module")
def results(finished):
    return finished.folder / "results"


def test_three_images_of_one_session_run_to_the_report(finished, results):
    page = (results / "report" / "report.html").read_text()

    assert all(name in page for name in GRIDS)
    assert "Nothing to be done" in finished.snakemake("--dry-run").stdout


def test_each_image_has_features_of_its_own_name(results):
    matrix = tables.read_features(results / "features/features.parquet")
    assert set(matrix["image"]) == set(GRIDS)
    assert len(matrix) == 3 * len(SITES) * PER_SITE
    table = tables.read(results / "features/dictionary.tsv", "dictionary")
    starts = {name.partition(".")[0] for name in table["name"]}
    assert starts == set(GRIDS)
    known = table.set_index("name")
    mean = "tumour.original.statistics.mean"
    assert known.loc[f"ADC.{mean}", "unit"] == UNIT
    assert known.loc[f"T1.{mean}", "unit"] == "1"
    variance = known.loc["ADC.tumour.original.statistics.variance"]
    assert variance["unit_ucum"] == f"({UNIT})2"
    recipes = table.groupby("image")["recipe"].unique().map(sorted).to_dict()
    assert recipes == {"ADC": ["ADC"], "T1": ["MR"], "T2": ["MR", "T2_coarse"]}


def test_one_segmentation_is_that_of_all_three_images(results):
    t1, t2, adc = (
        tables.read(results / f"masks/N-0_{name}.tsv", "masks") for name in GRIDS
    )
    assert t1["voxels"].tolist() == t2["voxels"].tolist()
    assert (adc["voxels"] < t1["voxels"]).all()
    assert not t1["notes"].str.contains("MASK_SHARED").any()
    drawn = "MASK_SHARED the segmentation was made on the image T1"
    assert t2["notes"].str.contains(drawn).all()
    assert adc["notes"].str.contains(f"{drawn};MASK_RESAMPLED nearest").all()


def test_the_sidecar_and_the_acquisition_table_say_modality_and_unit(results):
    facts = read_json(results / "images/N-0_ADC/sub-N01_ses-baseline_ADC.json")
    assert (facts["modality"], facts["Units"]) == ("MR", UNIT)
    table = tables.read(results / "ingest/acquisition.tsv", "acquisition")
    units = table.groupby("image")["Units"].unique().map(list).to_dict()
    assert units == {"ADC": [UNIT], "T1": ["arbitrary"], "T2": ["arbitrary"]}
    assert set(table["modality"]) == {"MR"}


def test_one_batch_for_the_modality_is_one_for_each_image(results):
    page = tables.read(results / "harmonization/batch_estimates.tsv", "batch_estimates")
    assert set(page["image"]) == set(GRIDS)
