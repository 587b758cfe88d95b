"""Every column says what it measures, in which unit, by which recipe."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import StudyError
from concord.features import ibsi
from concord.features.dictionary import dictionary
from concord.features.dictionary.conditions import conditions
from concord.features.extraction import matrix
from concord.features.families import IBSI_FAMILIES
from concord.features.ibsi import by_column, features, of_families
from concord.features.recipe.columns import of_study
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection

CT = {"intensity_range": (-200, 200), "bin_width": 10}
MR = {"discretization": "FBN", "n_bins": 32}


def plans(**by_name):
    chosen = by_name or {"CT": CT, "MR": MR}
    sections = {name: RecipeSection(**chosen[name]) for name in chosen}
    return of_study(complete(sections))


def recipes(**by_name):
    return {plan.name: plan.recipe for plan in plans(**by_name)}


def rows_of(*keys, families=("statistics",)):
    names = ("subject_id", "site", "session", "image", "region", "reader")
    return matrix.feature_matrix(
        [dict(zip(names, key, strict=True)) for key in keys],
        [feature.column for feature in of_families(families)],
    )


FEATURES = rows_of(
    ("p1", "A", "baseline", "CT", "tumour", "A"),
    ("p2", "A", "baseline", "CT", "liver", "A"),
    ("p1", "A", "baseline", "MR", "tumour", "A"),
)


def test_there_is_one_row_per_modality_region_and_column(tmp_path):
    rows = dictionary.describe_columns(FEATURES, plans())
    assert len(rows) == 3 * len(ibsi.features())
    assert rows[0]["name"] == "CT.liver.original.morphology.volume_mesh"
    tables.write(rows, tmp_path / "dictionary.tsv", "dictionary")
    table = tables.read(tmp_path / "dictionary.tsv", "dictionary")
    assert table["name"].is_unique
    assert (table["ibsi_code"].str.len() == 4).all()


def test_only_features_with_a_published_value_count_as_standardized():
    rows = dictionary.describe_columns(FEATURES.iloc[:1], plans())
    rows = [row for row in rows if row["family"] in IBSI_FAMILIES]
    open_ones = {row["feature"] for row in rows if not row["standardized"]}
    assert open_ones == {
        "volume_density_oriented_minimum_bounding_box",
        "area_density_oriented_minimum_bounding_box",
        "volume_density_minimum_volume_enclosing_ellipsoid",
        "area_density_minimum_volume_enclosing_ellipsoid",
        "area_under_curve",
    }


@pytest.mark.parametrize(
    ("column", "ct", "pt", "mr", "standardized"),
    [
        ("statistics.mean", "HU", "SUV", "arbitrary", "1"),
        ("statistics.variance", "HU2", "SUV2", "arbitrary2", "1"),
        ("statistics.skewness", "1", "1", "1", "1"),
        ("morphology.volume_mesh", "mm3", "mm3", "mm3", "mm3"),
        (
            "morphology.integrated_intensity",
            "HU mm3",
            "SUV mm3",
            "arbitrary mm3",
            "mm3",
        ),
        ("ivh.intensity_at_volume_fraction_10", "HU", "SUV", "1", "1"),
        ("glcm.joint_entropy", "bit", "bit", "bit", "bit"),
    ],
)
def test_units_follow_modality_and_normalization(column, ct, pt, mr, standardized):
    feature = by_column()[f"original.{column}"]
    known = recipes(CT=CT, PT={"intensity_range": (0, None), "bin_width": 0.25}, MR=MR)
    assert dictionary.unit(feature, known["CT"]) == ct
    assert dictionary.unit(feature, known["PT"]) == pt
    assert dictionary.unit(feature, known["MR"]) == mr
    scaled = recipes(MR=MR | {"normalization": {"method": "zscore"}})["MR"]
    assert dictionary.unit(feature, scaled) == standardized


def test_no_unit_keeps_a_placeholder():
    for recipe in recipes().values():
        assert not any("{" in dictionary.unit(f, recipe) for f in features())


def test_the_document_holds_every_recipe_in_full_under_its_hash():
    known = recipes()
    rows = dictionary.describe_columns(FEATURES, plans())
    document = dictionary.document(plans(), rows)
    entry = document["recipes"][known["CT"].hash()]
    assert entry["settings"]["intensity_range"] == (-200.0, 200.0)
    assert entry["settings"]["software"]["pictologics"] == "0.9.0"
    assert entry["settings"]["software"]["numba"]
    assert entry["methods"].startswith("CT: images were resampled")
    assert document["recipe_by_name"]["MR"] == known["MR"].hash()
    assert {row["recipe_hash"] for row in rows} == set(document["recipes"])
    column = document["columns"]["MR.tumour.original.glcm.joint_entropy"]
    assert column["ibsi_code"] == "TU9B"
    assert column["recipe_hash"] in document["recipes"]


def test_features_without_a_recipe_are_refused():
    with pytest.raises(StudyError, match=r"image 'MR' have no recipe.*\['CT'\]"):
        dictionary.describe_columns(FEATURES, plans(CT=CT))


def test_matrices_of_chunks_are_sorted_and_missing_families_are_nan():
    first = rows_of(("p2", "B", "baseline", "CT", "tumour", "A"))
    second = rows_of(
        ("p1", "A", "baseline", "MR", "tumour", "A"), families=("glcm", "morphology")
    )
    first["original.statistics.mean"] = 5.0
    whole = matrix.concatenated([first, second])
    assert whole["subject_id"].tolist() == ["p1", "p2"]
    assert np.isnan(whole["original.statistics.mean"].tolist()[0])
    order = [name.split(".")[1] for name in tables.feature_columns(whole)]
    assert list(dict.fromkeys(order)) == ["morphology", "statistics", "glcm"]
    swapped = matrix.concatenated([second, first])
    pd.testing.assert_frame_equal(swapped, whole)


def test_empty_chunks_keep_their_columns(tmp_path):
    empty = rows_of()
    whole = matrix.concatenated([empty, empty])
    tables.write_features(whole, tmp_path / "features.parquet")
    assert len(tables.feature_columns(whole)) == 18
    filled = matrix.concatenated([empty, FEATURES])
    pd.testing.assert_frame_equal(filled, matrix.concatenated([FEATURES]))


def test_units_are_told_in_the_notation_of_ucum_too():
    assert dictionary.ucum("HU2") == "[hnsf'U]2"
    assert dictionary.ucum("mm-1") == "/mm"
    assert dictionary.ucum("SUV mm3") == "g/ml.mm3"
    assert dictionary.ucum("mm3") == "mm3"


def test_a_column_says_what_must_hold_and_how_it_departs():
    rows = dictionary.describe_columns(FEATURES, plans(CT=CT, MR=MR))
    by_name = {row["name"]: row for row in rows}
    texture = by_name["CT.tumour.original.glcm.normalised_inverse_difference"]
    assert texture["conditions"] == (
        "CT images in HU; at least 64 voxels; more than one grey level"
    )
    percentile = by_name["MR.tumour.original.statistics.percentile_90"]
    assert "percentiles are nearest ranks" in percentile["conditions"]
    assert "only as far as the normalization holds" in percentile["conditions"]
    volume = by_name["CT.liver.original.morphology.volume_mesh"]
    assert volume["conditions"] == "CT images in HU; at least 64 voxels"
    assert (volume["readers"], volume["recipe"]) == ("A", "CT")


def test_a_histogram_of_decimal_bins_says_that_others_add_up_their_width():
    feature = by_column()["original.ivh.volume_at_intensity_fraction_10"]
    pet = {"intensity_range": (0, None), "bin_width": 0.25}
    words = "software that adds up a bin width"
    assert words in conditions(feature, recipes(PT=pet)["PT"])
    for width in (0.25, 1.0):
        known = recipes(PT=pet | {"ivh_bin_width": width})
        assert words not in conditions(feature, known["PT"])


def test_a_response_map_and_a_control_say_so_in_their_measurand():
    filters = {"w": {"kind": "wavelet", "wavelet": "haar", "subbands": ["HHL"]}}
    noise = {"like": "CT", "control": "noise", "filters": {}}
    known = plans(CT=CT | {"filters": filters}, CT_noise=noise)
    rows = dictionary.describe_columns(FEATURES.iloc[:1], known)
    by_column_ = {row["column"]: row for row in rows}
    response = by_column_["w-HHL.statistics.mean"]
    assert "response map (haar wavelet" in response["measurand"]
    assert not response["standardized"]
    control = by_column_["original@CT_noise.statistics.mean"]
    assert control["measurand"].endswith(
        "negative control: of noise in place of the image"
    )
    assert control["name"] == "CT.tumour.original@CT_noise.statistics.mean"
