"""The table of features: complete, unambiguous, and right where the engine is not."""

import re

import pytest

from concord.features import ibsi
from concord.features.engines.ibsi_phantom import phantom_recipe, reference_values
from concord.features.families import IBSI_FAMILIES


def test_every_family_of_the_contract_has_its_features():
    counts = {family: len(ibsi.of_families((family,))) for family in IBSI_FAMILIES}
    assert counts == {
        "morphology": 29,
        "local_intensity": 2,
        "statistics": 18,
        "histogram": 23,
        "ivh": 7,
        "glcm": 25,
        "glrlm": 16,
        "glszm": 16,
        "gldzm": 16,
        "ngtdm": 5,
        "ngldm": 17,
    }


def test_names_of_the_table_are_those_of_the_engine():
    from concord.features.engines.setup import require_engine

    features, _ = require_engine()
    known = [name for family in features.FEATURE_NAMES.values() for name in family]
    ours = [feature.engine_name for feature in ibsi.of_families(IBSI_FAMILIES)]
    assert sorted(ours) == sorted(known)


@pytest.mark.parametrize("key", ["column", "engine_name", "ibsi_tag"])
def test_no_two_features_share_a_name(key):
    values = [getattr(feature, key) for feature in ibsi.features()]
    assert len(set(values)) == len(values)
    assert len(ibsi.of_families(IBSI_FAMILIES)) == 174


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("original.glszm.small_zone_emphasis", "5QRC"),
        ("original.histogram.percentile_10", "GPMT"),
        ("original.histogram.percentile_90", "OZ0C"),
    ],
)
def test_codes_that_the_engine_has_wrong_are_those_of_the_manual(column, code):
    feature = ibsi.by_column()[column]
    assert feature.ibsi_code == code
    assert code not in feature.engine_name


def test_codes_are_four_letters_or_digits_and_unique_but_for_volume_fractions():
    codes = [feature.ibsi_code for feature in ibsi.of_families(IBSI_FAMILIES)]
    assert all(re.fullmatch("[0-9A-Z]{4}", code) for code in codes)
    repeated = {code for code in codes if codes.count(code) > 1}
    assert repeated == {"BC2M", "GBPN"}


def test_columns_are_snake_case_in_three_parts():
    for column in ibsi.by_column():
        assert re.fullmatch(r"original\.[a-z]+(_[a-z]+)*\.[a-z0-9_]+", column)


def test_mesh_volume_has_the_name_that_models_ask_for():
    assert "original.morphology.volume_mesh" in ibsi.by_column()


def test_texture_is_merged_over_directions_and_other_families_have_no_aggregation():
    recipe = phantom_recipe()
    aggregation = {f.family: recipe.aggregation_of(f) for f in ibsi.features()}
    assert aggregation["glcm"] == aggregation["glrlm"] == "3D merged"
    assert aggregation["glszm"] == "3D"
    assert aggregation["statistics"] == ""


def test_every_published_value_belongs_to_a_column():
    assert set(reference_values()) < set(ibsi.by_column())


def test_codes_and_tags_agree_with_the_published_reference_values(shared_data):
    import csv

    path = shared_data / "reference/ibsi1/reference_values"
    path /= "ibsi_1_all_reference_values.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == "digital"]
    found = 0
    for row in rows:
        tag = "_".join(filter(None, [row["tag"], row["aggregation"]]))
        feature = ibsi.by_ibsi_tag().get(tag)
        if feature:
            assert feature.ibsi_code == row["ibsi_code"]
            reference = float(row["value"]), float(row["tolerance"])
            assert reference_values()[feature.column] == reference
            found += 1
    assert found == len(reference_values()) == 169
