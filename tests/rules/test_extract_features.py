"""Rule extract_features on a chunk of two subjects."""

from types import SimpleNamespace

import extract_features
import numpy as np
import pytest

from concord import images, tables
from concord.features import ibsi
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.rules import ExtractFeatures

RECIPE = RecipeSection(
    resample_spacing_mm=(2, 2, 2), intensity_range=(-150, 250), bin_width=10
)
KEYS = {"site": "A", "session": "baseline", "image": "CT"}


@pytest.fixture
def job(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found, masks = [], []
    for number, name in enumerate(("p1", "p2")):
        rng = np.random.default_rng(number)
        array = rng.normal(40, 30, (12, 40, 40)).astype(np.int16)
        image = images.Volume(array, (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
        mask = np.zeros(array.shape, bool)
        mask[3:9, 10:28, 12:28] = number == 0  # the second subject's is empty
        mask_volume = images.Volume(mask, image.spacing_mm, image.origin_mm, np.eye(3))
        images.write(image, f"{name}.nii.gz")
        images.write(mask_volume, f"{name}_mask.nii.gz")
        row = {"subject_id": name, **KEYS}
        digest = images.volume_digest(image)
        found.append(
            row
            | {
                "modality": "CT",
                "path": f"{name}.nii.gz",
                "sidecar": "none",
                "digest": digest,
            }
        )
        masks.append(
            row
            | {"region": "tumour", "reader": "A", "path": f"{name}_mask.nii.gz"}
            | {"digest": images.volume_digest(mask_volume), "voxels": int(mask.sum())}
            | {"volume_mm3": 3.0 * mask.sum(), "notes": ""}
            | {"n_components": 1, "touches_border": False}
        )
    tables.write(found, "images.tsv", "images")
    tables.write(masks, "masks.tsv", "masks")
    settings = ExtractFeatures(
        image="CT", recipes=complete({"CT": RECIPE}), regions={}, seed=0
    )
    return SimpleNamespace(
        input=SimpleNamespace(
            images="images.tsv", masks="masks.tsv", consensus=[], primed="-"
        ),
        output=SimpleNamespace(
            features="out/A-0_CT.parquet",
            undefined="out/A-0_CT_undefined.tsv",
            exclusions="out/A-0_CT_exclusions.tsv",
        ),
        params=SimpleNamespace(spec=settings.model_dump_json(), code="c0de"),
    )


def test_a_chunk_gives_its_matrix_and_its_exclusions(job):
    extract_features.main(job)
    features = tables.read_features(job.output.features)
    assert features["subject_id"].tolist() == ["p1"]
    volume = features["original.morphology.volume_mesh"].item()
    assert volume == pytest.approx(18 * 18 * 16, rel=0.1)
    assert len(tables.read(job.output.undefined, "undefined")) == 0
    excluded = tables.read(job.output.exclusions, "exclusions")
    assert excluded[["subject_id", "code"]].to_numpy().tolist() == [
        ["p2", "empty_mask"]
    ]


def test_a_second_run_writes_the_same_bytes(job, tmp_path):
    extract_features.main(job)
    outputs = [tmp_path / path for path in vars(job.output).values()]
    first = [path.read_bytes() for path in outputs]
    for path in outputs:
        path.unlink()
    extract_features.main(job)
    assert [path.read_bytes() for path in outputs] == first


def test_an_empty_chunk_gives_valid_tables(job):
    tables.write([], job.input.masks, "masks")
    extract_features.main(job)
    features = tables.read_features(job.output.features)
    assert len(features) == 0
    assert len(tables.feature_columns(features)) == len(ibsi.features())


def test_masks_by_consensus_have_features_like_any_reader(job):
    rows = tables.read(job.input.masks, "masks")
    consensus = rows[rows["subject_id"] == "p1"].assign(reader="consensus")
    tables.write(consensus, "consensus.tsv", "masks")
    job.input.consensus = ["consensus.tsv"]
    extract_features.main(job)

    features = tables.read_features(job.output.features)
    assert features["reader"].tolist() == ["A", "consensus"]
    names = tables.feature_columns(features)
    assert features[names].iloc[0].equals(features[names].iloc[1])
