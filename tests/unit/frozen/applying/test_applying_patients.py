"""Tables and documents of patients: hidden scores, hostile texts, one file each."""

import json
from dataclasses import replace

import jsonschema
import pytest

from concord import tables
from concord.errors import StudyError
from concord.frozen.applying import application, patient_documents, patients
from concord.frozen.applying.applied import Applied
from concord.provenance import RESOURCES

from ....applied_study import frozen, meeting, some, world
from ....hostile_names import PATHS, PATTERNS, SIGNS

FAR = "original.glcm.f000"


@pytest.fixture(scope="module")
def found():
    """A model and a study of five subjects, the first far out of range."""
    every = world(95)
    later = meeting(
        frozen(some(every, slice(0, 90)), n_samples=10), some(every, slice(90, None))
    )
    features = later.measured.features.copy()
    first = features["subject_id"] == later.measured.subjects[0]
    features.loc[first, FAR] = 30.0
    return later.but(features=features).with_model(range_margin=1.0)


def outcomes(changed):
    """Outcomes of all subjects."""
    return application.apply(changed.applied, changed.measured, changed.settings)


def test_a_score_that_does_not_apply_is_hidden_and_stays_in_the_table_of_scores(found):
    first = found.measured.subjects[0]
    told = patients.predictions(outcomes(found)).set_index("subject_id").loc[first]
    every = patients.scores(outcomes(found)).set_index("subject_id").loc[first]

    assert set(told["status"]) == {"not applicable"}
    assert told[list(patients.HIDDEN)].isna().all(axis=None)
    assert told["reason"].str.contains("out_of_range: a predictor outside").all()
    assert set(every["status"]) == {"not applicable"}
    assert every[["score", "risk", "lower"]].notna().all(axis=None)


def test_others_are_not_hidden(found):
    told = patients.predictions(outcomes(found)).set_index("subject_id")
    others = told.drop(index=found.measured.subjects[0])

    assert set(others["status"]) == {"scored"}
    assert others[["score", "risk", "lower", "upper"]].notna().all(axis=None)
    assert others["reason"].isna().all()


def test_an_accepted_flag_hides_nothing_and_is_still_told(found):
    changed = found.with_model(accept_flags=["out_of_range", "distance"])

    told = patients.predictions(outcomes(changed)).set_index("subject_id")

    first = told.loc[found.measured.subjects[0]]
    assert set(first["status"]) == {"scored"}
    assert first["risk"].notna().all()
    assert set(first["red_flags"]) == {"out_of_range distance"}
    flags = patients.flags(outcomes(changed))
    assert not flags["voids"].any()


def test_a_refused_amber_flag_hides_the_score(found):
    settings = found.settings.model_copy(update={"algorithms": ["A"]})
    changed = replace(found, settings=settings).with_model(refuse_flags=["reader_kind"])

    assert set(patients.predictions(outcomes(changed))["status"]) == {"not applicable"}


def test_tables_are_of_their_kinds_also_without_any_flag(found, tmp_path):
    calm = found.of(found.measured.subjects[1:])
    for changed in (found, calm):
        all_of = outcomes(changed)
        for kind, make in (
            ("patient_predictions", patients.predictions),
            ("patient_scores", patients.scores),
            ("patient_flags", patients.flags),
        ):
            tables.write(make(all_of), tmp_path / kind, kind)
            tables.read(tmp_path / kind, kind)


def test_a_document_follows_its_schema_and_hides_the_same(found, tmp_path):
    patient_documents.write(outcomes(found), tmp_path / "patients")
    schema = json.loads((RESOURCES / "patient_prediction.schema.json").read_text())

    for subject in found.measured.subjects:
        path = tmp_path / "patients" / f"{subject}.json"
        document = json.loads(path.read_text())
        jsonschema.validate(document, schema)
        (model,) = document["models"]
        assert model["hash"] == found.applied[0].document.hash
        hidden = subject == found.measured.subjects[0]
        assert (model["score"] is None) == hidden
        assert (model["chances"] == []) == hidden
        assert "no medical device" in document["notice"]


def test_inputs_stand_with_units_as_they_were_measured(found):
    first = found.measured.subjects[0]
    (own,) = [one for one in outcomes(found) if one.subject == first]

    (model,) = patient_documents.document([own]).models

    inputs = {one.name: one for one in model.inputs}
    assert inputs[f"CT.tumour.{FAR}"].value == 30.0
    assert inputs[f"CT.tumour.{FAR}"].unit == "mm"
    assert inputs["covariate.age"].unit == "years"
    assert inputs["covariate.age"].lowest < inputs["covariate.age"].highest
    assert [flag.flag for flag in model.flags] == ["out_of_range", "distance"]


def test_no_document_names_a_path_or_a_person(found, tmp_path):
    applied = [replace(found.applied[0], path="/home/doe/model.json")]

    patient_documents.write(outcomes(replace(found, applied=applied)), tmp_path / "p")

    for path in (tmp_path / "p").iterdir():
        assert "doe" not in path.read_text()


@pytest.mark.parametrize("name", [*PATHS, *SIGNS, *PATTERNS, "Ärzte", "Ω" * 80])
def test_hostile_ids_make_safe_names_of_files(found, tmp_path, name):
    victim = found.measured.subjects[1]
    swap = {"subject_id": {victim: name}}
    changed = found.but(
        cohort=found.measured.cohort.replace(swap),
        features=found.measured.features.replace(swap),
    )

    patient_documents.write(outcomes(changed.of([name])), tmp_path / "patients")

    (path,) = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert path.parent == tmp_path / "patients"
    assert path.stem.isascii()
    assert path.stem.isalnum()
    assert json.loads(path.read_text())["subject_id"] == name


def test_two_ids_of_one_file_are_refused(found, tmp_path):
    first, second, *_ = found.measured.subjects
    swap = {"subject_id": {first: "A-1", second: "A1"}}
    changed = found.but(cohort=found.measured.cohort.replace(swap))

    with pytest.raises(StudyError, match="'A-1' and 'A1' would share a file"):
        patient_documents.write(outcomes(changed), tmp_path / "patients")

    assert not (tmp_path / "patients").exists()


def test_every_model_has_its_rows_and_its_place_in_the_document(found, tmp_path):
    second = Applied("clinical", found.applied[0].document, "clinical.json")
    both = outcomes(replace(found, applied=[*found.applied, second]))

    table = patients.predictions(both)
    patient_documents.write(both, tmp_path / "patients")

    assert table.groupby("arm").size().to_dict() == {"clinical": 10, "radiomics": 10}
    paths = sorted((tmp_path / "patients").iterdir())
    assert len(paths) == 5
    for path in paths:
        arms = [one["arm"] for one in json.loads(path.read_text())["models"]]
        assert arms == ["radiomics", "clinical"]


def test_a_subject_who_cannot_be_scored_loses_no_other(found, monkeypatch):
    from concord.models.prediction import Predictor

    victim, scored = found.measured.subjects[2], Predictor.scored

    def breaks(self, rows, seed):
        if victim in rows.by_subject.index:
            raise FloatingPointError("secret text")
        return scored(self, rows, seed)

    monkeypatch.setattr(Predictor, "scored", breaks)
    told = patients.predictions(outcomes(found)).set_index("subject_id")

    assert set(told.loc[victim, "status"]) == {"not scored"}
    assert set(told.loc[victim, "reason"]) == {
        "could not be scored: FloatingPointError"
    }
    assert "scored" in set(told.drop(index=victim)["status"])
