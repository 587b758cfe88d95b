"""Rule apply_model on a small study of another hospital, without Snakemake."""

import json
from types import SimpleNamespace

import apply_model
import pytest

from concord import tables
from concord.errors import ConfigError, StudyError
from concord.frozen.applying.patient_documents import PatientPrediction

from ..applied_study import frozen, meeting, some, world, write

SUBJECTS = 90


@pytest.fixture(scope="module")
def study():
    """All subjects of the world, and the model of the first of them."""
    found = world(SUBJECTS + 8)
    return found, frozen(some(found, slice(0, SUBJECTS)), n_samples=10)


@pytest.fixture
def job(study, tmp_path):
    """The job of a study of eight subjects, one of whom has no images."""
    every, document = study
    later = meeting(document, some(every, slice(SUBJECTS, None)))
    lost = later.measured.subjects[0]
    features = later.measured.features
    later = later.but(features=features[features["subject_id"] != lost])
    return SimpleNamespace(
        input=SimpleNamespace(**write(later, tmp_path)),
        output=SimpleNamespace(
            predictions=tmp_path / "predictions.tsv",
            scores=tmp_path / "scores.tsv",
            flags=tmp_path / "flags.tsv",
            patients=tmp_path / "patients",
        ),
        params=SimpleNamespace(spec=later.settings.model_dump_json()),
    )


def test_every_subject_and_horizon_has_a_row_and_every_subject_a_document(job):
    apply_model.main(job)

    found = tables.read(job.output.predictions, "patient_predictions")
    assert found.groupby("subject_id")["horizon_days"].apply(list).tolist() == (
        8 * [[365.0, 730.0]]
    )
    assert set(found["arm"]) == {"radiomics"}
    scored = found[found["status"] == "scored"]
    assert len(scored) >= 10
    assert (scored["lower"] <= scored["upper"]).all()
    assert set(scored["n_samples"]) == {10}
    files = sorted(job.output.patients.iterdir())
    assert [path.stem for path in files] == sorted(set(found["subject_id"]))
    for path in files:
        PatientPrediction.model_validate(json.loads(path.read_text()))


def test_a_subject_without_images_is_a_row_with_its_reason(job):
    apply_model.main(job)

    first = tables.read(job.output.predictions, "patient_predictions").iloc[0]
    assert first["status"] == "not scored"
    assert "no features" in first["reason"]
    assert "no sheet lists it" in first["reason"]
    flags = tables.read(job.output.flags, "patient_flags")
    mine = flags[flags["subject_id"] == first["subject_id"]]
    assert mine["flag"].tolist() == ["missing_image"]
    assert mine["item"].tolist() == ["CT"]


def test_a_second_run_writes_the_same_bytes(job):
    apply_model.main(job)
    folder = job.output.patients.parent
    files = [p for p in folder.rglob("*") if p.is_file()]
    first = {path: path.read_bytes() for path in files}

    apply_model.main(job)

    assert {path: path.read_bytes() for path in files} == first


def test_a_study_with_another_unit_writes_nothing(job):
    text = job.input.dictionary.read_text()
    job.input.dictionary.write_text(text.replace("\tmm\t", "\tcm\t"))

    with pytest.raises(ConfigError, match="has the unit 'cm', expected 'mm'"):
        apply_model.main(job)

    assert not job.output.predictions.exists()


def test_an_edited_model_is_refused_before_any_score(job):
    path = job.input.models[0]
    path.write_text(path.read_text().replace('"Radiomics"', '"Radiomix"'))

    with pytest.raises(StudyError, match="edited or damaged"):
        apply_model.main(job)

    assert not job.output.predictions.exists()
