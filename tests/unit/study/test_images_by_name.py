"""Images of a study by name: sheets, configuration, and what cannot be."""

from copy import deepcopy

import pytest

from concord.errors import ConfigError
from concord.features.recipe.columns import of_image
from concord.features.settings.rules import ExtractFeatures
from concord.ingest.settings import ConvertImage, ConvertMask
from concord.study.study import Study

from ...mr_study import CONFIG, UNIT, write_sheet

SUBJECTS = ("P1", "P2")


def image(subject, name, modality="MR", **more):
    keys = {"subject_id": subject, "session": "baseline", "image": name}
    return keys | {"modality": modality, "source": f"{subject}/{name}"} | more


def mask(subject, name="T1", **more):
    keys = {"subject_id": subject, "session": "baseline", "image": name}
    row = {"region": "tumour", "reader": "A", "source": f"{subject}/rs.dcm"}
    return keys | row | {"roi": "GTV", "also_for": ""} | more


@pytest.fixture
def make(tmp_path):
    """Makes a study of two subjects with T1, T2 and ADC; anything may be changed."""

    def made(images=None, masks=None, without=(), declared=None, **changes):
        config = deepcopy(CONFIG)
        config["images"] = config["images"] if declared is None else declared
        for key, value in changes.items():
            *parents, last = key.split("__")
            place = config
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = value
        rows = [image(s, name) for s in SUBJECTS for name in ("T1", "T2", "ADC")]
        rows = rows if images is None else images
        drawn = [mask(s, also_for="T2;ADC") for s in SUBJECTS]
        drawn = drawn if masks is None else masks
        subjects = [
            {"subject_id": s, "site": "N", "age": 60, "dead": k}
            for k, s in enumerate(SUBJECTS)
        ]
        folder = tmp_path / "config"
        write_sheet(folder / "subjects.tsv", subjects)
        for name, sheet in (("images", rows), ("masks", drawn)):
            kept = [{k: v for k, v in r.items() if k not in without} for r in sheet]
            write_sheet(folder / f"{name}.tsv", kept)
        return Study(config, folder / "config.yaml", check_sources=False)

    return made


def rois_of(study):
    rows = [r for pair in study.chunk_images for r in study.mask_rows(*pair)]
    return {(row["subject_id"], row["roi"]) for row in rows}


def test_names_of_rois_are_told_once_for_all_rows_or_by_site(make):
    shared = {"also_for": "T2;ADC"}
    masks = [mask("P1", roi="", **shared), mask("P2", roi="own", **shared)]

    def told(names, masks=masks):
        return rois_of(make(masks=masks, ingest__roi_names={"tumour": names}))

    assert told("GTV;;Tumor") == {("P1", "GTV;;Tumor"), ("P2", "own")}
    assert ("P1", "GTV.*") in told({"N": "GTV.*", "*": "Tumor"})
    assert ("P1", "Tumor") in told({"*": "Tumor"})
    label_map = mask("P1", roi="", source="P1/mask.nii.gz", **shared)
    assert ("P1", "") in told("Tumor", [label_map, masks[1]])


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ({"tumor": "GTV"}, "ingest.roi_names.tumor: is no region of the mask sheet"),
        (
            {"tumour": {"M": "GTV"}},
            "ingest.roi_names.tumour.M: is no site of the study",
        ),
        ({"tumour": "GTV;;(?!x).*"}, "cannot be matched in linear time"),
        ({"tumour": "GTV;;(.*)\\1"}, "cannot be matched in linear time"),
        ({"tumour": "(a{90}){90}"}, "more than 1000 states"),
        ({"tumour": "a" * 1001}, "1001 characters, expected at most 1000"),
    ],
)
def test_names_of_rois_that_fit_nothing_are_refused(make, names, text):
    with pytest.raises(ConfigError, match=text):
        make(ingest__roi_names=names)


def test_a_name_of_an_roi_may_look_like_a_broken_pattern(make):
    for name in ("GTV (left", "GTV [old", "GTV+*", "node (?)"):
        assert make(ingest__roi_names={"tumour": name})


def test_the_unit_of_an_mr_in_the_sheet_is_that_of_the_configuration(make):
    rows = [image(s, n) for s in SUBJECTS for n in ("T1", "T2", "ADC")]
    told = [r | {"unit": UNIT if r["image"] == "ADC" else ""} for r in rows]
    assert make(images=told)
    wrong = [r | {"unit": "ms" if r["image"] == "ADC" else ""} for r in rows]
    with pytest.raises(ConfigError, match=r"unit: is 'ms' of the image 'ADC'"):
        make(images=wrong)


def rows_of(study, name):
    return study.mask_rows("N-0", name)


def test_three_images_of_one_session_are_three_jobs(make):
    assert make().chunk_images == [("N-0", "ADC"), ("N-0", "T1"), ("N-0", "T2")]


def test_an_entry_of_a_modality_is_one_of_all_its_images(make):
    study = make(
        harmonization__batch={"MR": ["site"], "ADC": ["Manufacturer"]},
        protocol={"MR": {"Manufacturer": ["Maker"]}},
        validation__group="T2.Manufacturer",
    )

    batch = study.config.harmonization.batch
    assert batch == {"T1": ["site"], "T2": ["site"], "ADC": ["Manufacturer"]}
    assert set(study.config.protocol) == {"T1", "T2", "ADC"}
    assert study.config.validation.group == "T2.Manufacturer"


def test_the_main_recipe_is_that_of_the_image_or_else_of_its_modality(make):
    study = make()

    mains = {
        image: [
            name
            for name, one in study.recipes.items()
            if one.main and image in one.images
        ]
        for image in study.config.images
    }
    assert mains == {"T1": ["MR"], "T2": ["MR"], "ADC": ["ADC"]}
    found = of_image(study.recipes, "T2")
    assert [plan.suffix for plan in found] == ["", "T2_coarse"]
    (adc,) = of_image(study.recipes, "ADC")
    assert (adc.image, adc.recipe.unit, adc.recipe.discretization.method) == (
        "ADC",
        UNIT,
        "FBS",
    )


def test_a_recipe_for_a_modality_is_for_all_of_its_images(make):
    other = {"like": "MR", "n_bins": 16, "modality": "MR"}
    found = make(recipes__fine=other).recipes["fine"]
    assert set(found.images) == {"T1", "T2", "ADC"}


def test_a_job_knows_its_own_image_alone(make):
    spec = make().settings(ExtractFeatures, chunk="N-0", image="T2")

    assert "T1" not in spec
    assert '"image":"T2"' in spec


def test_the_unit_goes_with_the_rows_of_the_images_that_declare_it(make):
    study = make()

    def settings(kind, image):
        return study.settings(kind, chunk="N-0", image=image)

    assert f'"unit":"{UNIT}"' in settings(ConvertImage, "ADC")
    assert '"unit"' not in settings(ConvertImage, "T1")
    assert '"unit"' not in settings(ConvertMask, "ADC")


def test_a_shared_segmentation_is_a_mask_of_each_image(make):
    study = make()

    assert [row["segmented_on"] for row in rows_of(study, "T2")] == ["T1", "T1"]
    assert "segmented_on" not in rows_of(study, "T1")[0]
    assert study.lending_images("N-0", "ADC") == ["T1"]
    assert study.lending_images("N-0", "T1") == []


def test_a_sheet_without_the_column_image_reads_as_before(make):
    images = [image(s, "x", "CT") for s in SUBJECTS]
    masks = [mask(s) | {"modality": "CT"} for s in SUBJECTS]
    study = make(
        images,
        masks,
        ("image", "also_for"),
        declared={},
        recipes={"CT": {"preset": "ct_oncology"}},
        harmonization__batch={"CT": ["site"]},
        arms__radiomics__features=["CT.*"],
    )

    assert study.chunk_images == [("N-0", "CT")]
    assert rows_of(study, "CT")[0]["image"] == "CT"


def test_an_empty_cell_is_the_modality_too(make):
    rows = [image(s, "", "MR") for s in SUBJECTS] + [image(s, "ADC") for s in SUBJECTS]
    masks = [mask(s, "MR", also_for="ADC") for s in SUBJECTS]
    coarse = CONFIG["recipes"]["ADC"] | {"image": "MR"}
    study = make(
        rows, masks, recipes__T2_coarse=coarse, arms__radiomics__features=["MR.*"]
    )

    assert study.chunk_images == [("N-0", "ADC"), ("N-0", "MR")]


def test_a_declared_modality_stands_for_the_column(make):
    study = make(
        without=("modality",),
        declared={name: {"modality": "MR"} for name in ("T1", "T2", "ADC")},
    )
    assert {one.modality for one in study.config.images.values()} == {"MR"}


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (
            [image("P1", "T1"), image("P2", "T1", "CT")],
            r"'T1' has the modalities CT, MR",
        ),
        ([image(s, "T 1") for s in SUBJECTS], r"'T 1' must be a letter followed by"),
        ([image("P1", "T1"), image("P2", "t1")], "would name the same file"),
        ([image(s, "T1_exclusions") for s in SUBJECTS], "may not end with _exclusions"),
        ([image(s, "T1", "MRI") for s in SUBJECTS], "is 'MRI', expected CT, MR or PT"),
        (
            [image(s, "CT", "MR") for s in SUBJECTS],
            "'CT' has the modality MR, expected CT",
        ),
        (
            [image(s, n) for s in SUBJECTS for n in ("T1", "T1")],
            "image=T1: is listed 2 times",
        ),
        (
            [image(s, n) for s in SUBJECTS for n in ("T1", "ACD")],
            r"images\.ADC: is no image of .*did you mean 'ACD'",
        ),
    ],
)
def test_names_that_cannot_be_are_refused(make, images, message):
    with pytest.raises(ConfigError, match=message):
        make(images)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"harmonization__batch": {"T1": ["site"]}},
            "harmonization.batch: T2 has features but no batch here",
        ),
        (
            {"harmonization__batch": {"MR": ["site"], "T3": ["site"]}},
            "'T3' is neither an image nor a modality; known: ADC, CT",
        ),
        ({"variants": {"spacings_mm": {"ACD": [1]}}}, "did you mean 'ADC'"),
        ({"variants": {"images": ["CT"]}}, "variants.images: CT has no main recipe"),
        ({"protocol": {"T4": {"KVP": [1]}}}, "protocol: 'T4' is neither"),
        ({"validation__group": "MR.Manufacturer"}, "names ADC, T1, T2; give one of"),
        (
            {"validation__group": "T5.Manufacturer"},
            "'T5.Manufacturer' is neither 'site'",
        ),
        (
            {"images__ADC": {"modality": "PT", "unit": UNIT}},
            r"'ADC' has the modality MR, expected PT",
        ),
        (
            {"images__ADC": {"unit": "mm per s"}},
            "must be a unit of UCUM without blanks",
        ),
        (
            {"recipes__x": CONFIG["recipes"]["ADC"] | {"image": "T7"}},
            "recipes.x.image: 'T7' is no image; known: ADC",
        ),
        ({"recipes__x": CONFIG["recipes"]["ADC"]}, "recipes.x.image: is missing"),
        (
            {"recipes__T1": CONFIG["recipes"]["ADC"] | {"modality": "CT"}},
            "the main recipe of T1 is for MR",
        ),
        (
            {"recipes": {"ADC": CONFIG["recipes"]["ADC"]}},
            r"the image 'T1' has no main recipe; known: ADC. Add recipes.T1 or r",
        ),
        ({"arms__radiomics__features": ["T9.*"]}, r"no segmentation fits 'T9\.\*'"),
    ],
)
def test_what_the_configuration_says_of_images_is_checked(make, changes, message):
    with pytest.raises(ConfigError, match=message):
        make(**changes)


def test_a_ct_declares_no_unit(make):
    with pytest.raises(ConfigError, match=r"images\.CT\.unit.*only an MR image"):
        make(
            [image(s, "CT", "CT") for s in SUBJECTS],
            [mask(s, "CT") for s in SUBJECTS],
            declared={"CT": {"unit": UNIT}},
            recipes={"CT": CONFIG["recipes"]["ADC"]},
            harmonization__batch={"CT": ["site"]},
            arms__radiomics__features=["CT.*"],
        )


@pytest.mark.parametrize(
    ("also_for", "message"),
    [
        (
            "T2 ACD",
            r"line 2, also_for: 'ACD' is no image of the study; did you .*'ADC'",
        ),
        ("T1", "'T1' is the image of the row itself"),
        ("T2 T2", "'T2' already has a mask of tumour by reader A"),
    ],
)
def test_images_that_cannot_share_are_refused(make, also_for, message):
    masks = [mask("P1", also_for=also_for), mask("P2")]
    with pytest.raises(ConfigError, match=message):
        make(masks=masks)


def test_a_mask_of_its_own_excludes_a_shared_one(make):
    masks = [mask("P1", also_for="T2"), mask("P1", "T2"), mask("P2")]
    with pytest.raises(ConfigError, match="'T2' already has a mask of tumour"):
        make(masks=masks)


def test_an_image_of_another_session_alone_is_told(make):
    rows = [image(s, n) for s in SUBJECTS for n in ("T1", "T2", "ADC")]
    rows[1]["session"] = "later"
    with pytest.raises(
        ConfigError, match="P1 has no image 'T2' in the session baseline"
    ):
        make(rows)


def test_two_phases_and_two_tracers_are_images_too(make):
    names = {
        "CT_arterial": "CT",
        "CT_venous": "CT",
        "PET_FDG": "PT",
        "PET_FMISO": "PT",
    }
    study = make(
        [
            image(s, name, modality)
            for s in SUBJECTS
            for name, modality in names.items()
        ],
        [mask(s, "CT_venous", also_for="CT_arterial") for s in SUBJECTS],
        declared={},
        recipes={"CT": {"preset": "ct_oncology"}, "PT": {"preset": "pet"}},
        harmonization__batch={"CT": ["site"], "PT": ["site"]},
        arms__radiomics__features=["CT_*"],
        variants={"images": ["CT"], "bins": {"CT": [10], "CT_venous": [50]}},
    )

    assert [name for _, name in study.chunk_images] == sorted(names)
    assert study.variant_images == ["CT_arterial", "CT_venous"]
    assert study.value("variants.bins") == {"CT_arterial": [10], "CT_venous": [50]}


def test_keys_of_earlier_versions_are_understood(make):
    study = make(variants={"modalities": ["MR"], "bins": {"MR": [16]}})
    assert set(study.config.variants.images) == {"T1", "T2", "ADC"}
    assert "modalities" not in study.value("variants").model_dump_json()


@pytest.mark.parametrize("data", ["patients", "pseudonymized"])
def test_dicom_of_patients_needs_a_secret_whatever_else_is_told(make, data):
    with pytest.raises(ConfigError, match=f"secret_file: names no secret.* of {data}"):
        make(privacy={"data": data})


@pytest.mark.parametrize("data", ["public", "simulated"])
def test_other_dicom_needs_none(make, data):
    assert make(privacy={"data": data}).config.privacy.secret_file is None


def test_nifti_of_patients_needs_no_secret_and_dicom_beside_it_does(make):
    names = ("T1", "T2", "ADC")
    rows = [image(s, n, source=f"{s}/{n}.nii.gz") for s in SUBJECTS for n in names]
    maps = [mask(s, also_for="T2;ADC", source=f"{s}/m.nii", roi="1") for s in SUBJECTS]
    found = make(images=rows, masks=maps, privacy={})
    spec = ConvertImage.of(found, chunk=found.chunk_images[0][0], image="T1")
    assert spec.privacy.key() is None

    with pytest.raises(ConfigError, match=r"names no secret.*`snakemake secret`"):
        make(images=rows, privacy={})
