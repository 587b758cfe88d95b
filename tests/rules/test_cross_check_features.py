"""Rule cross_check_features on two subjects of one site, without Snakemake."""

import json
from types import SimpleNamespace

import cross_check_features
import numpy as np
import pytest

from concord import files, images, tables
from concord.features.settings.crosscheck import CrosscheckSection
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.rules import CrossCheckFeatures

RECIPE = RecipeSection(
    resample_spacing_mm=(2, 2, 2), intensity_range=(-150, 250), bin_width=10
)
KEYS = {"site": "A", "session": "baseline", "image": "CT"}


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Each subject in a chunk of its own."""
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("p1", "p2")):
        array = np.random.default_rng(number).normal(40, 30, (12, 40, 40))
        image = images.Volume(
            array.astype(np.int16), (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3)
        )
        mask = np.zeros(array.shape, bool)
        mask[3:9, 10:28, 12:30] = True
        mask_volume = images.Volume(mask, image.spacing_mm, image.origin_mm, np.eye(3))
        images.write(image, f"{name}.nii.gz")
        images.write(mask_volume, f"{name}_mask.nii.gz")
        row = {"subject_id": name, **KEYS, "digest": images.volume_digest(image)}
        found = row | {"modality": "CT", "path": f"{name}.nii.gz", "sidecar": "none"}
        mask_row = row | {"region": "tumour", "reader": "A", "voxels": 1, "notes": ""}
        mask_row |= {"path": f"{name}_mask.nii.gz", "volume_mm3": 3.0}
        mask_row |= {"digest": images.volume_digest(mask_volume)}
        mask_row |= {"n_components": 1, "touches_border": False}
        tables.write([found], f"{name}_images.tsv", "images")
        tables.write([mask_row], f"{name}_masks.tsv", "masks")
    settings = CrossCheckFeatures(
        baseline_session="baseline",
        reference_reader="A",
        crosscheck=CrosscheckSection(cases_per_site=1),
        regions={},
        recipes=complete({"CT": RECIPE}),
        seed=0,
    )
    return SimpleNamespace(
        input=SimpleNamespace(
            images=["p1_images.tsv", "p2_images.tsv"],
            masks=["p1_masks.tsv", "p2_masks.tsv"],
            consensus=[],
        ),
        output=SimpleNamespace(
            crosscheck="out/crosscheck.tsv", summary="out/crosscheck.json"
        ),
        params=SimpleNamespace(spec=settings.model_dump_json()),
    )


def run(job, **settings):
    spec = json.loads(job.params.spec)
    spec["crosscheck"] |= settings
    job.params.spec = json.dumps(spec)
    cross_check_features.main(job)
    return tables.read(job.output.crosscheck, "feature_crosscheck")


def test_one_subject_of_the_site_is_compared_and_the_counts_are_written(job):
    found = run(job)
    summary = files.read_json(job.output.summary)
    assert found["subject_id"].nunique() == summary["n_subjects"] == 1
    assert summary["n_compared"] == 169
    assert (found["verdict"] != "not_compared").sum() == 169
    assert summary["n_not_compared"] == 5
    assert summary["n_equal"] >= 160
    assert summary["n_unexplained"] == 0
    assert found.loc[found["verdict"] == "explained", "cause"].notna().all()


def test_more_cases_compare_more_subjects(job):
    assert run(job, cases_per_site=2)["subject_id"].unique().tolist() == ["p1", "p2"]


def test_a_second_run_writes_the_same_bytes(job, tmp_path):
    outputs = [tmp_path / path for path in vars(job.output).values()]
    run(job)
    first = [path.read_bytes() for path in outputs]
    run(job)
    assert [path.read_bytes() for path in outputs] == first
