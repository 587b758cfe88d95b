"""Settings of the rules of the ingest: what each of them is given of a study."""

import json

import pytest

from concord.ingest.settings import (
    ConvertImage,
    ConvertMask,
    DraftSheets,
    ImageSettings,
    IndexDicom,
    MaskSettings,
)
from concord.study.documents import ROOT
from concord.study.study import Study

from ...site_secret import write_secret
from ...whole_demo import whole_demo


@pytest.fixture
def raw():
    return whole_demo()


def study(raw, **ingest):
    changed = raw | {"ingest": raw["ingest"] | ingest}
    return Study(changed, ROOT / "config" / "config.yaml")


def settings(raw, kind, **ingest):
    """Settings of the first chunk."""
    changed = study(raw, **ingest)
    chunk, image = changed.chunk_images[0]
    return changed.settings(kind, chunk=chunk, image=image)


@pytest.mark.parametrize(
    ("ingest", "changes"),
    [
        ({"suv": "lbm"}, {ConvertImage}),
        ({"tilt": "resample"}, {ConvertImage}),
        ({"fill_gaps": "nearest"}, {ConvertMask}),
        ({"mask_checks": {"least_voxels": 3}}, {ConvertMask}),
        ({"on_fault": "stop"}, {ConvertImage, ConvertMask}),
        ({"waive": {"HU_RANGE": ["A001"]}}, {ConvertImage, ConvertMask}),
        ({"waive": {"HU_RANGE": ["nobody"]}}, set()),
        ({"chunk_size": 25}, set()),
    ],
)
def test_a_key_changes_the_settings_of_those_who_use_it(raw, ingest, changes):
    changed = {
        kind
        for kind in (ConvertImage, ConvertMask)
        if settings(raw, kind) != settings(raw, kind, **ingest)
    }
    assert changed == changes


def test_images_and_masks_share_what_happens_to_faults_and_grids_alone():
    shared = set(ImageSettings.model_fields) & set(MaskSettings.model_fields)

    common = {"on_fault", "on_fault_codes", "waive", "grid_tolerance", "max_voxels"}
    assert shared == common


def test_the_key_of_the_hashes_is_named_and_never_told(raw, tmp_path):
    secret = tmp_path / "secret"
    first = write_secret(secret)
    kept = study(raw | {"privacy": {"secret_file": str(secret)}})
    found = json.loads(kept.settings(DraftSheets))["privacy"]
    write_secret(secret, "another")
    other = json.loads(kept.settings(DraftSheets))["privacy"]

    assert found["seed"] is None
    assert found["fingerprint"] != other["fingerprint"]
    assert first.decode() not in json.dumps(found)
    assert json.loads(study(raw).settings(DraftSheets))["privacy"] == {
        "data": "simulated",
        "secret_file": None,
        "fingerprint": None,
        "seed": raw["study"]["seed"],
    }


def test_an_index_is_that_of_a_root_in_a_state(raw):
    found = json.loads(study(raw).settings(IndexDicom, root="A", state="0f"))
    assert (found["root"], found["state"]) == ("A", "0f")
