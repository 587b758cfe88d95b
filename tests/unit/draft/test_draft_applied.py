"""Drafts that give the images of a folder to a frozen model: all it needs, no more."""

import pytest

from concord.draft.applying import study as applied
from concord.draft.applying.images import segmented_regions
from concord.draft.drafting import Wishes
from concord.draft.folders import FoldersStudy
from concord.draft.request import checked
from concord.errors import ConfigError, StudyError
from concord.folds.settings import CovariateSection
from concord.frozen.document import FrozenModel

from ...applied_study import feature_input
from .test_draft_studies import SITES, clinical, image_row, mask_row, sources, subjects

TEXTURE = "CT.tumour.original.glcm.joint_entropy"
STAGE = CovariateSection(column="stage", kind="category", levels=["I", "II"])
ANYBODY = subjects()[0]


def model(*features: str, regions: dict | None = None, **covariates) -> FrozenModel:
    """As much of a frozen model as a draft reads."""
    named = features or (TEXTURE,)
    return FrozenModel.model_construct(
        features={
            name: feature_input(name, modality=name.split(".")[0]) for name in named
        },
        covariates=covariates,
        configuration={
            "study": {"baseline_session": "baseline", "reference_reader": "A"},
            "regions": regions or {},
        },
    )


def draft(given=None, of=None, regions=None, images=None, masks=None, table=None):
    """A draft of one subject, or of all, for a model of the texture in CT."""
    if given is None:
        images = images or [image_row(ANYBODY)]
        given = sources(images, masks or [mask_row(ANYBODY)], table or {})
        given = given.__class__(
            images=given.images,
            masks=given.masks,
            names={row["subject_id"]: [row["subject_id"]] for row in given.images},
            clinical=given.clinical,
        )
    wishes = Wishes("Study", "data", SITES, "Here")
    path = "/models/model.json"
    return applied.drafted(given, wishes, of or model(), path, regions or {})


def told(found, kind: str) -> str:
    return "\n".join(f"{one.about}: {one.text}" for one in found.questions.of(kind))


def rois(*names: str, image: str = "CT") -> list[dict]:
    """Segmentations of one image by one reader."""
    return [
        mask_row(ANYBODY, image=image, region=name.replace(" ", "_")) | {"roi": name}
        for name in names
    ]


def test_a_draft_holds_the_model_and_what_it_reads():
    images = [image_row(ANYBODY), image_row(ANYBODY, image="PT", modality="PT")]
    masks = [*rois("GTV"), *rois("GTV", image="PT")]
    found = draft(images=images, masks=masks)

    assert found.config == {
        "study": {"name": "Study"},
        "data_root": "data",
        "dicom_roots": SITES,
        "sheets": {"site_column": None, "site": "Here"},
        "model": {"path": "/models/model.json"},
    }
    assert [row["image"] for row in found.images] == ["CT"]
    assert [(row["image"], row["region"]) for row in found.masks] == [("CT", "tumour")]
    assert found.subjects == [{"subject_id": ANYBODY}]
    assert told(found, "ask") == ""
    assert "'GTV' is what the model calls 'tumour'" in told(found, "check")


@pytest.mark.parametrize(
    ("names", "given", "taken"),
    [
        (["tumour"], {}, "tumour"),
        (["Tumour", "GTV"], {}, "Tumour"),
        (["Organ"], {}, "Organ"),
        (["GTV mass", "Lung", "Spinal cord"], {}, "GTV mass"),
        (["GTV 1", "GTV 2"], {}, None),
        (["Lung", "Heart"], {}, None),
        (["GTV 1", "GTV 2"], {"tumour": "GTV 2"}, "GTV 2"),
        (["GTV 1", "GTV 2"], {"tumour": "gtv_2"}, "GTV 2"),
        (["GTV 1"], {"tumour": "GTV 3"}, None),
    ],
)
def test_a_region_of_the_model_is_taken_only_if_it_is_clear(names, given, taken):
    found = draft(masks=rois(*names), regions=given)

    assert [row["roi"] for row in found.masks] == ([taken] if taken else [])
    asked = told(found, "ask")
    assert ('draft again with regions="{tumour: NAME}"' in asked) == (taken is None)
    if taken is None:
        assert all(name.replace(" ", "_") in asked for name in names)
        assert f"no segmentation was taken of: {ANYBODY} CT tumour" in asked


def test_an_image_of_another_name_is_taken_if_it_is_the_only_one_of_its_modality():
    found = draft(
        images=[image_row(ANYBODY, image="CT_venous")],
        masks=[mask_row(ANYBODY, image="CT_venous")],
    )
    assert [row["image"] for row in [*found.images, *found.masks]] == ["CT", "CT"]
    assert "'CT_venous' is the image 'CT' of the model" in told(found, "check")

    two = [image_row(ANYBODY, image=name) for name in ("CT_venous", "CT_arterial")]
    found = draft(images=two)
    assert found.images == found.masks == []
    assert found.subjects == [{"subject_id": ANYBODY}]
    assert "several and none of that name: CT_arterial, CT_venous" in told(found, "ask")


def test_derived_regions_are_drawn_as_the_regions_that_they_are_made_of():
    derived = {"rim": {"of": ["tumour"], "exclude": ["lung"]}, "shell": {"of": ["rim"]}}
    of = model(TEXTURE, "PT.shell.original.glcm.joint_entropy", regions=derived)

    assert segmented_regions(of) == {"CT": {"tumour"}, "PT": {"tumour", "lung"}}


def test_another_reader_and_session_are_told_to_the_study():
    found = draft(
        images=[image_row(ANYBODY, session="planning")],
        masks=[mask_row(ANYBODY, session="planning", reader="auto")],
    )
    assert found.config["study"] == {
        "name": "Study",
        "baseline_session": "planning",
        "reference_reader": "auto",
        "algorithms": ["auto"],
    }


def test_covariates_are_the_columns_of_their_names_and_no_other_column_is_copied():
    table = clinical(Stage=["I", "II"] * 10, stage=None)
    found = draft(
        sources(table=table),
        model(age=CovariateSection(column="age", unit="years"), stage=STAGE),
    )

    assert found.config["covariates"] == {"stage": {"column": "Stage"}}
    assert found.subjects[0] == {
        "subject_id": "A00",
        "site": "A",
        "age": "50",
        "Stage": "I",
    }
    assert "'Stage' is what the model reads from 'stage'" in told(found, "check")


def test_covariates_that_the_table_lacks_are_missing_and_asked_about():
    weight = CovariateSection(column="weight", unit="kg")
    found = draft(sources(), model(weight=weight))
    assert found.subjects[0]["weight"] == ""
    assert "needs 'weight' in kg" in told(found, "ask")

    found = draft(of=model(weight=weight))
    assert found.subjects == [{"subject_id": ANYBODY, "weight": ""}]
    assert "needs weight and there is no clinical table" in told(found, "ask")


def test_a_model_without_images_is_refused():
    of = FrozenModel.model_construct(features={}, covariates={"stage": STAGE})
    with pytest.raises(StudyError, match=r"model\.json: reads no image, only stage"):
        draft(of=of)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dicom_roots": "dicom", "model": "nowhere"}, "model: does not exist"),
        ({"features": "t.csv", "model": "m.json"}, "model: is given to images"),
        ({"dicom_roots": "dicom", "regions": {"a": "b"}}, "regions: is for a draft"),
        (
            {"dicom_roots": "dicom", "model": "m.json", "regions": "GTV"},
            r"regions: expected \{REGION: NAME\}.*'GTV'",
        ),
    ],
)
def test_a_request_with_a_model_that_cannot_be_is_told(
    tmp_path, monkeypatch, given, message
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    (tmp_path / "dicom").mkdir()
    (tmp_path / "m.json").touch()
    with pytest.raises(ConfigError, match=message):
        checked(given, drafts=True)


def test_a_request_keeps_the_regions_as_they_were_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    (tmp_path / "dicom").mkdir()
    (tmp_path / "m.json").touch()
    asked = {"dicom_roots": "dicom", "model": "m.json", "regions": {"tumour": "GTV 1"}}
    asked |= {"privacy": {"data": "public"}}
    found = FoldersStudy(asked, asked, tmp_path / "config", drafts=True).config.draft

    assert found.regions == {"tumour": "GTV 1"}
    assert found.model == str(tmp_path / "m.json")
