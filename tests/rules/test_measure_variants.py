"""Rule measure_variants on a chunk of two subjects, one of whom is chosen."""

from pathlib import Path

import measure_variants
import pytest

from concord import tables
from concord.features.settings.rules import MeasureVariants
from concord.features.settings.variants import VariantsSection

from ..feature_chunk import SCOPED, make_job, write_chunk

OUTPUTS = {
    "features": "out/A-0_CT.parquet",
    "undefined": "out/A-0_CT_undefined.tsv",
    "exclusions": "out/A-0_CT_exclusions.tsv",
}
VARIANTS = VariantsSection(
    perturbations={"rotations_degrees": [10], "volume_fractions": [0.1]},
    spacings_mm={"CT": [3]},
    bins={"CT": [10]},
).of_image("CT")


@pytest.fixture
def job(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_chunk()
    settings = MeasureVariants(**SCOPED, regions={}, variants=VARIANTS)
    return make_job(OUTPUTS, settings)


def test_the_scans_of_the_chosen_subjects_are_measured_again(job):
    measure_variants.main(job)
    features = tables.read_features(job.output.features)
    assert features["subject_id"].unique().tolist() == ["p1"]
    assert features["session"].tolist() == [
        "baseline::discretization::FBS10",
        "baseline::perturbation::rotate+10",
        "baseline::perturbation::volume+10",
        "baseline::resampling::3mm",
    ]
    by_session = features.set_index("session")
    glcm = by_session["original.glcm.joint_entropy"]
    assert glcm.notna().all()
    assert glcm.nunique() == 4
    # Other bins change no volume, so it is not measured with them.
    volume = by_session["original.morphology.volume_mesh"]
    assert volume.isna().tolist() == [True, False, False, False]
    assert len(tables.read(job.output.exclusions, "exclusions")) == 0


def test_a_second_run_writes_the_same_bytes(job):
    measure_variants.main(job)
    first = [Path(path).read_bytes() for path in OUTPUTS.values()]
    measure_variants.main(job)
    assert [Path(path).read_bytes() for path in OUTPUTS.values()] == first
