"""A chunk is measured region by region; the cache changes time, never bytes."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from concord import images as volumes
from concord import tables
from concord.errors import ChangedFileError, MachineFault
from concord.features import ibsi
from concord.features.extraction import cache, chunk, region_features
from concord.features.extraction.matrix import concatenated
from concord.features.preparation import scan
from concord.features.preparation.responses import responses
from concord.features.recipe.columns import of_image
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.regions import RegionSection
from concord.tables.kinds import FEATURE_KEYS

RECIPE = {
    "resample_spacing_mm": None,
    "intensity_range": (-200, 200),
    "bin_width": 20,
    "min_voxels": 20,
}


def recipe(**values):
    """The main recipe alone."""
    return study_plans(CT=RECIPE | values)


def study_plans(**recipes):
    sections = {name: RecipeSection(**values) for name, values in recipes.items()}
    return of_image(complete(sections), "CT")


def volume(array, spacing_mm=(2.0, 1.0, 1.0)):
    return volumes.Volume(array, spacing_mm, (0.0, 0.0, 0.0), np.eye(3))


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Three subjects read by two readers, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return Study(tmp_path)


class Study:
    def __init__(self, folder):
        self.folder = folder
        self.images, self.masks = [], []
        for number, name in enumerate(("p3", "p1", "p2")):
            self.add_subject(name, number)

    def add_subject(self, name, seed):
        rng = np.random.default_rng(seed)
        image = volume(rng.integers(-100, 150, (12, 20, 22)).astype(np.int16))
        keys = {
            "subject_id": name,
            "site": "A",
            "session": "baseline",
            "image": "CT",
        }
        path = self.folder / f"{name}.nii.gz"
        volumes.write(image, path)
        digest = volumes.volume_digest(image)
        self.images.append(
            keys | {"path": str(path), "sidecar": "none", "digest": digest}
        )
        for reader, size in (("B", 5), ("A", 6)):
            mask = np.zeros(image.array.shape, bool)
            mask[3 : 3 + size, 5 : 5 + size, 6 : 6 + size] = True
            self.add_mask(keys, reader, volume(mask))

    def add_mask(self, keys, reader, mask, region="tumour"):
        path = self.folder / f"{keys['subject_id']}_{region}_{reader}.nii.gz"
        volumes.write(mask, path)
        digest = volumes.volume_digest(mask)
        self.masks.append(
            keys
            | {"region": region, "reader": reader, "path": str(path)}
            | {"digest": digest, "voxels": 1, "volume_mm3": 1.0, "notes": ""}
        )

    def extract(self, chosen=None, code="code"):
        return chunk.extract(
            pd.DataFrame(self.images),
            pd.DataFrame(self.masks),
            chosen or recipe(),
            code,
        )

    def keys(self, number=0):
        names = ("subject_id", "site", "session", "image")
        return {name: self.images[number][name] for name in names}


def cached():
    return sorted(cache.FOLDER.rglob("*.json"))


def count_calls(monkeypatch, module=region_features, name="_of_source"):
    calls = []
    original = getattr(module, name)

    def counted(*arguments):
        calls.append(arguments)
        return original(*arguments)

    monkeypatch.setattr(module, name, counted)
    return calls


def test_rows_are_sorted_by_key_and_complete(study):
    matrix = study.extract().matrix()
    keys = matrix[["subject_id", "reader"]].to_numpy().tolist()
    assert keys == [[p, r] for p in ("p1", "p2", "p3") for r in ("A", "B")]
    assert matrix.shape == (6, len(FEATURE_KEYS) + len(ibsi.features()))
    voxels = matrix["original.morphology.volume_voxel_counting"]
    assert voxels.tolist() == [432.0, 250.0] * 3


def test_a_second_run_computes_nothing_and_gives_the_same_bytes(study, monkeypatch):
    first = study.extract()
    tables.write_features(first.matrix(), "first.parquet")
    assert len(cached()) == 6
    calls = count_calls(monkeypatch)
    monkeypatch.setattr(volumes, "read", None)  # no image is opened either
    second = study.extract()
    tables.write_features(second.matrix(), "second.parquet")
    assert calls == []
    first_bytes = Path("first.parquet").read_bytes()
    assert Path("second.parquet").read_bytes() == first_bytes
    assert second.undefined == first.undefined


def test_an_added_subject_is_the_only_one_computed(study, monkeypatch):
    before = study.extract().matrix()
    calls = count_calls(monkeypatch)
    study.add_subject("p0", 9)
    after = study.extract().matrix()
    assert len(calls) == 2
    pd.testing.assert_frame_equal(after.iloc[2:].reset_index(drop=True), before)


@pytest.mark.parametrize(
    ("chosen", "code"), [(recipe(bin_width=25), "code"), (recipe(), "other code")]
)
def test_another_recipe_or_other_code_computes_anew(study, monkeypatch, chosen, code):
    study.extract()
    calls = count_calls(monkeypatch)
    study.extract(chosen, code)
    assert len(calls) == 6


def test_a_changed_mask_computes_its_region_anew(study, monkeypatch):
    study.extract()
    calls = count_calls(monkeypatch)
    path = study.masks[0]["path"]
    mask = volumes.read_mask(path)
    mask.array[8, 7, 7] = True
    volumes.write(mask, path)
    study.masks[0]["digest"] = volumes.volume_digest(mask)
    study.extract()
    assert len(calls) == 1


def test_a_damaged_cache_file_is_replaced(study, monkeypatch):
    first = study.extract().matrix()
    damaged = cached()[0]
    damaged.write_text('{"values"')
    calls = count_calls(monkeypatch)
    pd.testing.assert_frame_equal(study.extract().matrix(), first)
    assert len(calls) == 1
    assert json.loads(damaged.read_text())["exclusion"] is None


def test_a_row_does_not_depend_on_the_other_masks_of_the_image(study):
    both = study.extract().matrix()
    study.masks = [row for row in study.masks if row["reader"] == "A"]
    alone = study.extract(code="fresh").matrix()
    expected = both[both["reader"] == "A"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, expected, check_exact=True)


def test_each_image_is_read_once(study, monkeypatch):
    paths = []
    read = volumes.read
    monkeypatch.setattr(
        volumes,
        "read",
        lambda path, **told: paths.append(Path(path).name) or read(path, **told),
    )
    study.extract()
    images = [path for path in paths if "tumour" not in path]
    assert sorted(images) == ["p1.nii.gz", "p2.nii.gz", "p3.nii.gz"]


def faulty(study, kind):
    keys = study.keys()
    shape = (12, 20, 22)
    if kind == "grid_mismatch":
        study.add_mask(keys, "C", volume(np.ones(shape, bool), (2.0, 1.0, 1.1)))
    elif kind == "empty_mask":
        study.add_mask(keys, "C", volume(np.zeros(shape, bool)))
    elif kind == "too_small":
        mask = np.zeros(shape, bool)
        mask[4, 4, 4] = True
        study.add_mask(keys, "C", volume(mask))
    elif kind == "failed":
        study.add_mask(keys, "C", volume(np.ones(shape, bool)))
        study.masks[-1]["digest"] = ""  # a table that tells none
        Path(study.masks[-1]["path"]).write_bytes(b"not a NIfTI file")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("grid_mismatch", "spacing_mm is"),
        ("empty_mask", "holds no voxel"),
        ("too_small", "1 voxels after resampling, expected at least 20"),
        ("failed", "not a complete gzip file"),
    ],
)
def test_one_bad_region_costs_only_itself(study, kind, text):
    good = study.extract().matrix()
    faulty(study, kind)
    found = study.extract()
    pd.testing.assert_frame_equal(found.matrix(), good)
    (excluded,) = found.exclusions
    assert excluded["code"] == kind
    assert text in excluded["reason"]
    assert (excluded["subject_id"], excluded["reader"]) == ("p3", "C")
    assert excluded["stage"] == "extract_features"
    tables.write(found.exclusions, "exclusions.tsv", "exclusions")


@pytest.mark.parametrize("kind", ["failed", "grid_mismatch"])
def test_a_file_that_was_repaired_is_not_excluded_from_the_cache(study, kind):
    faulty(study, kind)
    assert len(study.extract().exclusions) == 1
    repaired = volume(np.ones((12, 20, 22), bool))
    volumes.write(repaired, study.masks[-1]["path"])
    study.masks[-1]["digest"] = volumes.volume_digest(repaired)
    assert study.extract().exclusions == []


@pytest.mark.parametrize("edited", ["images", "masks"])
def test_an_edited_file_fails_the_job_and_never_enters_the_cache(study, edited):
    row = getattr(study, edited)[0]
    path = Path(row["path"])
    good, content = study.extract().matrix(), path.read_bytes()
    clear_cache()
    found = volumes.read(path)
    array = found.array.copy()
    array[4, 7, 7] = 1 - array[4, 7, 7]
    volumes.write(replace(found, array=array), path)

    with pytest.raises(ChangedFileError, match="was changed after it was written"):
        study.extract()
    path.write_bytes(content)
    pd.testing.assert_frame_equal(study.extract().matrix(), good)


@pytest.mark.parametrize("lost", ["cut", "deleted"])
def test_a_listed_file_that_cannot_be_read_fails_the_job(study, lost):
    path = Path(study.masks[0]["path"])
    path.write_bytes(path.read_bytes()[:-9])
    if lost == "deleted":
        path.unlink()
    with pytest.raises(ChangedFileError, match="it cannot be read"):
        study.extract()


def clear_cache():
    shutil.rmtree(cache.FOLDER)


def test_a_mask_without_its_image_is_excluded(study):
    study.images = study.images[1:]
    found = study.extract()
    assert len(found.matrix()) == 4
    assert {row["subject_id"] for row in found.exclusions} == {"p3"}
    assert "not in the table of images" in found.exclusions[0]["reason"]


def test_running_out_of_memory_is_no_fault_of_a_subject(study, monkeypatch):
    def exhausted(*arguments):
        raise MemoryError

    monkeypatch.setattr(scan, "resampled", exhausted)
    with pytest.raises(MachineFault, match="the memory does not suffice"):
        study.extract()


def test_an_undefined_value_is_nan_with_one_reason(study):
    mask = np.zeros((12, 20, 22), bool)
    mask[5, 5:11, 5:11] = True
    study.add_mask(study.keys(), "C", volume(mask))
    Path(study.images[0]["path"]).unlink()
    flat = volume(np.full((12, 20, 22), 30, np.int16))
    volumes.write(flat, study.images[0]["path"])
    study.images[0]["digest"] = volumes.volume_digest(flat)
    found = study.extract()
    matrix = found.matrix().set_index(["subject_id", "reader"])
    row = matrix.loc[("p3", "C")]
    assert math.isnan(row["original.glcm.joint_entropy"])
    reasons = {
        entry["column"]: entry["reason"]
        for entry in found.undefined
        if entry["reader"] == "C"
    }
    assert "one bin" in reasons["original.glcm.joint_entropy"]
    assert set(reasons) == {name for name in row.index if row.isna()[name]} - {"site"}
    tables.write(found.undefined, "undefined.tsv", "undefined")


def test_a_chunk_without_masks_gives_a_valid_empty_matrix(study):
    study.masks = []
    empty = chunk.extract(
        pd.DataFrame(study.images),
        pd.DataFrame(columns=[*FEATURE_KEYS, "path", "digest"]),
        recipe(),
        "code",
    )
    tables.write_features(empty.matrix(), "empty.parquet")
    matrix = tables.read_features("empty.parquet")
    assert matrix.shape == (0, len(FEATURE_KEYS) + len(ibsi.features()))


def test_an_outcome_survives_the_cache_bit_for_bit(tmp_path):
    values = {"a": 0.1 + 0.2, "b": math.nan, "c": -0.0, "d": 5e-324, "e": 1e308}
    outcome = cache.Outcome(values, {"b": "why"}, None)
    cache.save(outcome, "abcdef", tmp_path)
    loaded = cache.load("abcdef", tmp_path)
    assert [repr(v) for v in loaded.values.values()] == [
        repr(v) for v in values.values()
    ]
    assert loaded.undefined == outcome.undefined
    assert (tmp_path / "ab" / "abcdef.json").exists()


def test_an_exclusion_survives_the_cache(tmp_path):
    outcome = cache.Outcome(exclusion=("too_small", "3 voxels"))
    cache.save(outcome, "ff", tmp_path)
    assert cache.load("ff", tmp_path) == outcome


def test_every_part_of_the_key_counts():
    parts = ["image", "mask", "recipe", "code"]
    keys = {cache.key(*parts)}
    for number in range(4):
        changed = list(parts)
        changed[number] = "other"
        keys.add(cache.key(*changed))
    assert len(keys) == 5


COARSE = {"like": "CT", "bin_width": 50, "families": ["statistics", "glcm"]}


def test_another_recipe_adds_columns_that_carry_its_name(study):
    alone = study.extract().matrix()
    both = study.extract(study_plans(CT=RECIPE, CT_coarse={**COARSE, "modality": "CT"}))
    matrix = both.matrix()
    pd.testing.assert_frame_equal(matrix[alone.columns], alone)
    added = [name for name in matrix if name not in alone]
    assert {name.split(".")[0] for name in added} == {"original@CT_coarse"}
    assert {name.split(".")[1] for name in added} == {"statistics", "glcm"}
    same, other = "statistics.mean", "glcm.joint_entropy"
    np.testing.assert_array_equal(
        matrix[f"original.{same}"], matrix[f"original@CT_coarse.{same}"]
    )
    entropy = matrix[f"original.{other}"] - matrix[f"original@CT_coarse.{other}"]
    assert (entropy > 0.5).all()


def test_recipes_of_one_grid_resample_once(study, monkeypatch):
    calls = count_calls(monkeypatch, scan, "resampled")
    study.extract(study_plans(CT=RECIPE, CT_coarse={**COARSE, "modality": "CT"}))
    assert len(calls) == 6


def test_a_recipe_for_other_regions_leaves_a_region_alone(study):
    other = {**COARSE, "modality": "CT", "regions": ["liver"]}
    found = study.extract(study_plans(CT=RECIPE, CT_coarse=other))
    assert found.matrix()["original@CT_coarse.statistics.mean"].isna().all()
    assert found.undefined == []


def test_what_another_recipe_cannot_use_is_undefined_and_keeps_the_row(study):
    strict = {**COARSE, "modality": "CT", "min_voxels": 200}
    found = study.extract(study_plans(CT=RECIPE, CT_strict=strict))
    matrix = found.matrix().set_index("reader")
    assert found.exclusions == []
    assert matrix.loc["A", "original@CT_strict.statistics.mean"].notna().all()
    assert matrix.loc["B", "original@CT_strict.statistics.mean"].isna().all()
    reasons = {(e["reader"], e["reason"].split(":")[0]) for e in found.undefined}
    assert reasons == {("B", "too_small")}


def test_a_family_with_too_few_voxels_is_undefined_with_the_numbers(study):
    found = study.extract(recipe(min_voxels_of={"glszm": 200, "glcm": 100}))
    matrix = found.matrix().set_index("reader")
    (reason,) = {entry["reason"] for entry in found.undefined}
    assert reason.startswith("125 voxels in the intensity mask, glszm needs at least")
    assert {entry["reader"] for entry in found.undefined} == {"B"}
    small = matrix["original.glszm.small_zone_emphasis"]
    assert small.loc["B"].isna().all()
    assert small.loc["A"].notna().all()
    assert matrix["original.glcm.contrast"].notna().all()


def test_a_chunk_of_one_gives_the_rows_of_a_chunk_of_all(study):
    whole = study.extract()
    tables.write_features(whole.matrix(), "whole.parquet")
    images, masks = study.images, study.masks
    parts = []
    for row in images:
        study.images = [row]
        study.masks = [m for m in masks if m["subject_id"] == row["subject_id"]]
        parts.append(study.extract(code="alone").matrix())
    tables.write_features(concatenated(parts), "parts.parquet")
    assert Path("parts.parquet").read_bytes() == Path("whole.parquet").read_bytes()


RIM = {"rim": RegionSection(of="tumour", kind="shell", outer_mm=2)}


def with_regions(study, regions, chosen=None, code="code"):
    return chunk.extract(
        pd.DataFrame(study.images),
        pd.DataFrame(study.masks),
        chosen or recipe(),
        code,
        regions,
    )


def test_a_region_made_of_others_is_measured_for_every_reader(study):
    found = with_regions(study, RIM).matrix()
    found = found.set_index(["subject_id", "reader"]).sort_index()
    volume = "original.morphology.volume_voxel_counting"
    for reader, side in (("A", 6), ("B", 5)):
        rows = found.loc[("p1", reader)].set_index("region")[volume]
        assert rows["tumour"] == side**3 * 2
        # One slice of 2 mm above and below, two voxels of 1 mm around; edges rounded.
        outer = (side + 2) * (side + 4) ** 2 * 2
        assert 0.75 * outer < rows["rim"] + rows["tumour"] < outer


def test_a_changed_region_is_computed_anew_and_the_segmented_one_is_not(
    study, monkeypatch
):
    with_regions(study, RIM)
    calls = count_calls(monkeypatch)
    wider = {"rim": RIM["rim"].model_copy(update={"outer_mm": 3.0})}
    with_regions(study, wider)
    assert len(calls) == 6


def test_a_region_that_cannot_be_made_costs_only_itself(study):
    beyond = {"intensity_range": {"CT": (5000.0, 6000.0)}}
    nothing = {"rim": RIM["rim"].model_copy(update=beyond)}
    found = with_regions(study, nothing)
    assert set(found.matrix()["region"]) == {"tumour"}
    assert {row["code"] for row in found.exclusions} == {"empty_region"}
    assert {row["region"] for row in found.exclusions} == {"rim"}


def test_the_reference_region_sets_the_scale(study):
    keys = study.keys(1)
    mask = np.zeros((12, 20, 22), bool)
    mask[1:3, 1:19, 1:19] = True
    study.add_mask(keys, "A", volume(mask), region="muscle")
    scaled = {"method": "zscore", "scale_from": "reference"}
    scaled["reference_region"] = "muscle"
    chosen = recipe(normalization=scaled, intensity_range=(-9, 9), bin_width=0.5)
    found = with_regions(study, {}, chosen)
    matrix = found.matrix().set_index(["subject_id", "reader", "region"])
    mean = matrix["original.statistics.mean"]
    assert mean["p1", "A", "muscle"] == pytest.approx(0, abs=1e-9)
    assert abs(mean["p1", "A", "tumour"]) > 1e-3
    without = {(row["subject_id"], row["reader"]) for row in found.exclusions}
    assert without == {(p, r) for p in ("p1", "p2", "p3") for r in "AB"} - {("p1", "A")}
    assert {row["code"] for row in found.exclusions} == {"missing_reference"}


FILTERS = {
    "log": {"kind": "log", "sigma_mm": [3.0]},
    "wavelet": {"kind": "wavelet", "wavelet": "haar", "subbands": ["HHL", "LLL"]},
}
FILTERED = {
    "resample_spacing_mm": (2, 2, 2),
    "filters": FILTERS,
    "families": ["statistics", "glcm"],
    "response_families": ["statistics", "glrlm"],
}


def test_response_maps_add_columns_that_name_the_filter(study):
    matrix = study.extract(recipe(**FILTERED)).matrix()
    sources = list(dict.fromkeys(name.rsplit(".", 2)[0] for name in matrix))[6:]
    responses = ["log-sigma-3mm", "wavelet-HHL", "wavelet-LLL"]
    assert sources == ["original", *responses]
    families = {n.split(".")[1] for n in matrix if n.startswith("log-sigma-3mm")}
    assert families == {"statistics", "glrlm"}
    smooth = matrix["wavelet-LLL.statistics.mean"]
    assert smooth.notna().all()
    # The low-pass band follows the image, the high-pass band is centred on 0.
    assert (matrix["wavelet-HHL.statistics.mean"].abs() < 10).all()
    plain = study.extract(recipe(**FILTERED | {"filters": {}})).matrix()
    for name in (name for name in plain if name.startswith("original")):
        np.testing.assert_allclose(matrix[name], plain[name], rtol=1e-7)


def test_a_response_equals_that_of_the_whole_image(study):
    """The crop around the region changes nothing."""
    (plan,) = recipe(**FILTERED | {"resample_spacing_mm": (1, 1, 1)})
    rng = np.random.default_rng(4)
    whole = volume(rng.normal(0, 50, (60, 70, 70)), (1.0, 1.0, 1.0))
    mask = np.zeros(whole.array.shape, bool)
    mask[25:35, 30:42, 28:41] = True
    segmentation = scan.Segmentation(scan.Scan(lambda: whole), lambda: mask)
    found = region_features.region_features(segmentation, plan.recipe)
    named = dict(responses(np.rint(whole.array), (1.0,) * 3, plan.recipe.filters))
    for name, response in named.items():
        in_range = mask & (np.abs(np.rint(whole.array)) <= 200)
        expected = response[in_range].mean()
        value = found.values[f"{name}.statistics.mean"]
        assert value == pytest.approx(expected, rel=1e-5, abs=1e-4)


def test_shuffled_voxels_keep_the_histogram_and_the_shape_alone(study):
    image = volumes.read(study.images[0]["path"])
    smooth = np.zeros(image.array.shape)
    smooth += np.arange(22) * 10 - 100  # a ramp: neighbours are alike
    ramp = volume(smooth.astype(np.int16))
    volumes.write(ramp, study.images[0]["path"])
    study.images[0]["digest"] = volumes.volume_digest(ramp)
    other = {"like": "CT", "control": "shuffled", "modality": "CT"}
    found = study.extract(study_plans(CT=RECIPE, CT_control=other)).matrix()
    row = found[found["subject_id"] == "p3"].iloc[0]
    for kept in ("morphology.volume_mesh", "statistics.variance", "histogram.entropy"):
        assert row[f"original@CT_control.{kept}"] == pytest.approx(
            row[f"original.{kept}"], rel=1e-12
        )
    assert row["original.glcm.correlation"] > 0.5
    assert abs(row["original@CT_control.glcm.correlation"]) < 0.2


def test_noise_keeps_the_shape_alone_and_depends_on_the_seed(study):
    other = {"like": "CT", "control": "noise", "noise_mean": 0.0, "noise_sd": 30.0}
    chosen = study_plans(CT=RECIPE, CT_noise=other | {"modality": "CT"})

    def matrix(seed):
        return chunk.extract(
            pd.DataFrame(study.images), pd.DataFrame(study.masks), chosen, "c", {}, seed
        ).matrix()

    first, mean = matrix(1), "original@CT_noise.statistics.mean"
    assert (first[mean].abs() < 10).all()
    assert first[mean].nunique() == len(first)  # each region has its own noise
    pd.testing.assert_frame_equal(matrix(1), first)
    assert (matrix(2)[mean] != first[mean]).all()
    shape = "morphology.surface_area"
    assert (first[f"original@CT_noise.{shape}"] == first[f"original.{shape}"]).all()


def test_what_divides_by_a_mean_made_zero_is_undefined(study):
    chosen = recipe(
        normalization={"method": "zscore"}, intensity_range=(-9, 9), bin_width=0.5
    )
    found = study.extract(chosen)
    lost = ["statistics.coefficient_of_variation", "morphology.centre_of_mass_shift"]
    for name in lost:
        assert found.matrix()[f"original.{name}"].isna().all()
    assert {e["reason"] for e in found.undefined} == {
        "divides by the mean, which is made 0"
    }
    plain = study.extract().matrix()
    assert plain[[f"original.{name}" for name in lost]].notna().all().all()
