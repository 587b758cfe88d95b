"""Rule extract_aggregated on a chunk of two subjects."""

from pathlib import Path

import extract_aggregated
import numpy as np
import pytest

from concord import tables
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.rules import ExtractAggregated

from ..feature_chunk import MEASURED, RECIPE, make_job, write_chunk

OUTPUTS = {
    "features": "out/A-0_CT.parquet",
    "undefined": "out/A-0_CT_undefined.tsv",
}


def recipes(**values):
    slices = RecipeSection(
        like="CT", aggregation="2D averaged", resample_spacing_mm=(2, 2, None), **values
    )
    found = complete({"CT": RECIPE, "CT_slices": slices})
    return {"CT_slices": found["CT_slices"]}


def job_of(chosen):
    settings = ExtractAggregated(**MEASURED | {"recipes": chosen}, regions={})
    return make_job(OUTPUTS, settings)


@pytest.fixture
def job(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_chunk()
    return job_of(recipes())


def test_columns_carry_the_recipe_and_values_are_those_of_slices(job):
    extract_aggregated.main(job)
    features = tables.read_features(job.output.features)
    assert features["subject_id"].tolist() == ["p1", "p2"]
    columns = tables.feature_columns(features)
    assert {name.split(".")[0] for name in columns} == {"original@CT_slices"}
    entropy = features["original@CT_slices.glcm.joint_entropy"]
    assert np.isfinite(entropy).all()
    # Fewer pairs of neighbours in a slice than in a volume: less entropy.
    merged = job_of({"x": recipes()["CT_slices"].model_copy(update=MERGED)})
    extract_aggregated.main(merged)
    whole = tables.read_features(job.output.features)["original@x.glcm.joint_entropy"]
    assert (whole > entropy + 0.1).all()


MERGED = {"aggregation": "3D averaged"}


def test_a_region_that_cannot_be_measured_keeps_its_row_with_the_reason(job):
    job.params.spec = job_of(recipes(min_voxels=10_000)).params.spec
    extract_aggregated.main(job)
    features = tables.read_features(job.output.features)
    assert len(features) == 2
    assert features[tables.feature_columns(features)].isna().all(axis=None)
    undefined = tables.read(job.output.undefined, "undefined")
    assert undefined["reason"].str.startswith("too_small: ").all()


def test_a_second_run_writes_the_same_bytes(job):
    extract_aggregated.main(job)
    first = [Path(path).read_bytes() for path in OUTPUTS.values()]
    extract_aggregated.main(job)
    assert [Path(path).read_bytes() for path in OUTPUTS.values()] == first
