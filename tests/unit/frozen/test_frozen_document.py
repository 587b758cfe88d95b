"""The document of a frozen model: read as it was written, or refused by name."""

import json

import pytest

from concord.errors import StudyError
from concord.frozen import document
from concord.provenance import RESOURCES

from ...frozen_study import frozen
from ...modelling_study import make_specification, make_tables

BETTER = {"metric": "auc", "scheme": "cv", "estimate": 0.99}


@pytest.fixture(scope="module")
def model():
    (found,), _ = frozen(make_tables(n=60), [make_specification(max_features=2)])
    return found


@pytest.fixture
def path(model, tmp_path):
    found = tmp_path / "model.json"
    document.write(model, found)
    return found


def refused(path, change):
    """What is said of a document with other values."""
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    with pytest.raises(StudyError) as error:
        document.read(path)
    assert str(path) in str(error.value)
    return str(error.value)


def test_a_document_that_nobody_touched_is_read(path, model):
    assert document.read(path).hash == model.hash


def test_an_edited_number_is_told_by_the_hashes(path, model):
    def change(found):
        found["model"]["estimates"]["pipeline"]["model"]["coefficients"][0] += 1e-9

    told = refused(path, change)
    assert f"has the hash {model.hash[:12]!r}, its content" in told
    assert "it was edited or damaged" in told


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found["expected"].append(BETTER),
        lambda found: found.update(intended_use="Everybody."),
        lambda found: found["population"].update(n=6000),
        lambda found: found["applicability"].update(distance_limit=1e9),
        lambda found: found.update(hash=""),
    ],
)
def test_no_part_can_be_edited(path, change):
    assert "it was edited or damaged" in refused(path, change)


def test_a_damaged_file_is_told(path):
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    with pytest.raises(StudyError, match="cannot be read as JSON") as error:
        document.read(path)
    assert "expected a model.json that rule freeze_model wrote" in str(error.value)
    with pytest.raises(StudyError, match="cannot be read as JSON"):
        document.read(path.with_name("absent.json"))


def test_a_newer_schema_asks_for_a_newer_concord(path):
    told = refused(path, lambda found: found.update(schema_version=2))
    assert "of schema version 2, expected 1" in told
    assert "Update Concord" in told


@pytest.mark.parametrize("version", [0, "1", None])
def test_any_other_schema_asks_to_freeze_again(path, version):
    told = refused(path, lambda found: found.update(schema_version=version))
    assert f"of schema version {version!r}, expected 1" in told
    assert "Freeze the model again" in told


def test_another_document_is_no_frozen_model(path):
    told = refused(path, lambda found: found.update(format="pmml"))
    assert "is no frozen model (format 'pmml')" in told
    path.write_text("[1, 2]")
    with pytest.raises(StudyError, match="is no frozen model"):
        document.read(path)


def test_a_key_that_lacks_or_is_unknown_is_named(path):
    told = refused(path, lambda found: found["origin"].pop("study"))
    assert "not a frozen model: origin.study: Field required" in told
    told = refused(path, lambda found: found["origin"].update(study="x", more=1))
    assert "origin.more" in told


def test_the_hash_is_of_everything_but_itself(model):
    assert len(model.hash) == document.LENGTH
    assert model.model_copy(update={"hash": "other"}).content_hash() == model.hash
    other = model.model_copy(update={"label": "Another"})
    assert other.content_hash() != model.hash
    assert other.hashed().hash == other.content_hash()


def test_the_schema_that_is_shipped_describes_it():
    shipped = (RESOURCES / "frozen_model.schema.json").read_text(encoding="utf-8")
    assert shipped == document.json_schema()
    assert json.loads(shipped)["properties"]["schema_version"]["const"] == 1
