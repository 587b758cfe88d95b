"""A scan measured again: which variants there are, and whose scans they are of."""

import numpy as np
import pandas as pd
import pytest

from concord import images as volumes
from concord.features.recipe.columns import of_image
from concord.features.repeats import variants
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.variants import VariantsSection

RECIPE = RecipeSection(
    resample_spacing_mm=(2, 2, 2),
    intensity_range=(-200, 300),
    bin_width=20,
    min_voxels=20,
    families=["morphology", "statistics", "glcm"],
)


def plan(**values):
    section = RecipeSection.model_validate(RECIPE.model_dump() | values)
    (found,) = of_image(complete({"CT": section}), "CT")
    return found


def settings(**values):
    return VariantsSection(**values).of_image("CT")


def names(found):
    return [(one.axis, one.name) for one in found]


def test_each_value_of_the_section_is_one_variant():
    found = variants.variants_of(
        settings(
            perturbations={"volume_fractions": [-0.1, 0.1], "noise_repetitions": 1},
            spacings_mm={"CT": [1, 3], "PT": [4]},
            bins={"CT": [10, 40]},
        ),
        plan().recipe,
    )
    assert names(found) == [
        ("perturbation", "noise-1"),
        ("perturbation", "volume-10"),
        ("perturbation", "volume+10"),
        ("resampling", "1mm"),
        ("resampling", "3mm"),
        ("discretization", "FBS10"),
        ("discretization", "FBS40"),
    ]
    assert found[4].recipe.resample_spacing_mm == (3, 3, 3)
    assert found[6].recipe.discretization.width == 40


def test_other_bins_measure_only_what_depends_on_them():
    number = plan(discretization="FBN", bin_width=None, n_bins=32)
    (found,) = variants.variants_of(settings(bins={"CT": [16]}), number.recipe)
    assert found.name == "FBN16"
    assert (found.recipe.discretization.n_bins, found.recipe.families) == (
        16,
        ("glcm",),
    )


def test_other_bins_leave_response_maps_alone():
    filtered = plan(filters={"mean": {"kind": "mean", "support_voxels": [3]}})
    (bins,) = variants.variants_of(settings(bins={"CT": [40]}), filtered.recipe)
    (grid,) = variants.variants_of(settings(spacings_mm={"CT": [3]}), filtered.recipe)
    assert [len(one.recipe.filters) for one in (bins, grid)] == [0, 1]


@pytest.fixture
def chunk(tmp_path, monkeypatch):
    """Two subjects segmented by two readers, one of them scanned twice."""
    monkeypatch.chdir(tmp_path)
    found, masks = [], []
    for number, (name, session) in enumerate(
        [("p1", "baseline"), ("p2", "baseline"), ("p1", "retest")]
    ):
        rng = np.random.default_rng(number)
        array = rng.normal(40, 40, (12, 30, 30)).astype(np.int16)
        image = volumes.Volume(array, (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
        mask = np.zeros(array.shape, bool)
        mask[3:9, 8:22, 8:22] = True
        stem = f"{name}_{session}"
        volumes.write(image, f"{stem}.nii.gz")
        row = {"subject_id": name, "site": "A", "session": session, "image": "CT"}
        digest = volumes.volume_digest(image)
        found.append(row | {"path": f"{stem}.nii.gz", "digest": digest})
        for reader in ("A", "B"):
            mask_volume = volumes.Volume(
                mask, (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3)
            )
            volumes.write(mask_volume, f"{stem}_{reader}.nii.gz")
            masks.append(
                row
                | {"region": "tumour", "reader": reader}
                | {"path": f"{stem}_{reader}.nii.gz"}
                | {"digest": volumes.volume_digest(mask_volume)}
            )
    return pd.DataFrame(found), pd.DataFrame(masks)


def measure(chunk, seed=1, subjects=("p1", "p2"), recipe=None, **values):
    scope = variants.Scope(frozenset(subjects), "baseline", "A", seed)
    chosen = settings(**values)
    return variants.measure_variants(*chunk, recipe or plan(), chosen, scope, "code")


def test_only_the_reference_reader_and_the_baseline_are_measured_again(chunk):
    found = measure(chunk, spacings_mm={"CT": [3]}, subjects=("p1",))
    (row,) = found.matrix().to_dict("records")
    assert (row["subject_id"], row["reader"]) == ("p1", "A")
    assert row["session"] == "baseline::resampling::3mm"


def test_a_grown_region_has_the_volume_that_was_asked_for(chunk):
    on_scan = plan(resample_spacing_mm=None)
    volume = "original.morphology.volume_voxel_counting"
    fractions = {"volume_fractions": [-0.2, 0.2]}
    found = measure(chunk, recipe=on_scan, perturbations=fractions).matrix()
    ratio = found.groupby("session")[volume].mean() / (6 * 14 * 14 * 3)
    assert ratio.to_list() == pytest.approx([1.2, 0.8], abs=1e-3)  # + before -


def test_noise_depends_on_the_seed_and_not_on_the_cache_or_the_chunk(chunk):
    noisy = {"perturbations": {"noise_repetitions": 1}}
    first = measure(chunk, **noisy).matrix()
    pd.testing.assert_frame_equal(measure(chunk, **noisy).matrix(), first)
    alone = measure((chunk[0], chunk[1][chunk[1]["subject_id"] == "p2"]), **noisy)
    expected = first[first["subject_id"] == "p2"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.matrix(), expected)
    other = measure(chunk, seed=2, **noisy).matrix()
    mean = "original.statistics.mean"
    assert (other[mean] != first[mean]).all()


def test_a_variant_that_cannot_be_measured_is_listed(chunk):
    found = measure(chunk, spacings_mm={"CT": [15]})
    assert len(found.rows) == 0
    assert {row["stage"] for row in found.exclusions} == {"measure_variants"}
    assert "expected at least 20" in found.exclusions[0]["reason"]
