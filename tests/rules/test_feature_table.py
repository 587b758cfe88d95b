"""Rule feature_table on two chunks, one of them empty."""

from types import SimpleNamespace

import feature_table
import pytest

from concord import tables
from concord.errors import StudyError
from concord.features.extraction.matrix import feature_matrix
from concord.features.ibsi import of_families
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.rules import FeatureTable
from concord.files import read_json

COLUMNS = [feature.column for feature in of_families(("statistics",))]
ROW = {
    "subject_id": "p1",
    "site": "A",
    "session": "baseline",
    "image": "CT",
    "region": "tumour",
    "reader": "A",
}


def job(folder, aggregated=(), **recipes):
    chunks = {
        "A-0": feature_matrix([ROW], COLUMNS),
        "A-1": feature_matrix([], COLUMNS),
    }
    reason = {"column": "original.statistics.mean", "reason": "none"}
    excluded = {key: value for key, value in ROW.items() if key != "site"}
    excluded |= {"stage": "extract_features", "code": "too_small", "reason": "small"}
    for name, chunk in chunks.items():
        tables.write_features(chunk, folder / f"{name}.parquet")
        undefined = [ROW | reason] if len(chunk) else []
        tables.write(undefined, folder / f"{name}_undefined.tsv", "undefined")
        tables.write(
            [] if len(chunk) else [excluded],
            folder / f"{name}_exclusions.tsv",
            "exclusions",
        )
    section = RecipeSection(
        intensity_range=(-200, 200), bin_width=10, families=["statistics"]
    )
    settings = FeatureTable(recipes=complete({"CT": section} | recipes))
    return SimpleNamespace(
        input=SimpleNamespace(
            features=[folder / f"{name}.parquet" for name in chunks],
            aggregated=aggregated,
            undefined=[folder / f"{name}_undefined.tsv" for name in chunks],
            exclusions=[folder / f"{name}_exclusions.tsv" for name in chunks],
        ),
        output=SimpleNamespace(
            features=folder / "out" / "features.parquet",
            dictionary=folder / "out" / "dictionary.tsv",
            dictionary_json=folder / "out" / "dictionary.json",
            undefined=folder / "out" / "undefined.tsv",
            exclusions=folder / "out" / "exclusions.tsv",
        ),
        params=SimpleNamespace(spec=settings.model_dump_json()),
    )


def test_chunks_become_one_described_table(tmp_path):
    this = job(tmp_path)
    feature_table.main(this)
    features = tables.read_features(this.output.features)
    described = tables.read(this.output.dictionary, "dictionary")
    assert described["column"].tolist() == tables.feature_columns(features)
    assert described["unit"][0] == "HU"
    document = read_json(this.output.dictionary_json)
    assert set(document["recipes"]) == set(described["recipe_hash"])
    assert len(tables.read(this.output.undefined, "undefined")) == 1
    assert len(tables.read(this.output.exclusions, "exclusions")) == 1


def test_columns_of_the_second_engine_join_the_rows_they_belong_to(tmp_path):
    slices = RecipeSection(like="CT", aggregation="2D averaged", families=["glcm"])
    columns = [
        feature.column.replace("original.", "original@CT_slices.")
        for feature in of_families(("glcm",))
    ]
    stranger = ROW | {"subject_id": "p9"}
    values = dict.fromkeys(columns, 3.0)
    other = feature_matrix([ROW | values, stranger | values], columns)
    tables.write_features(other, tmp_path / "other.parquet")
    this = job(tmp_path, [tmp_path / "other.parquet"], CT_slices=slices)
    feature_table.main(this)

    features = tables.read_features(this.output.features)
    assert features["subject_id"].tolist() == ["p1"]
    assert tables.feature_columns(features) == [*COLUMNS, *columns]
    assert (features[columns] == 3).all(axis=None)
    described = tables.read(this.output.dictionary, "dictionary")
    named = described.set_index("column").loc[columns[0]]
    assert named["aggregation"] == "2D averaged"
    assert named["software"].startswith("z-rad ")


def test_a_value_without_an_entry_in_the_dictionary_is_refused(tmp_path):
    this = job(tmp_path)
    unknown = feature_matrix(
        [ROW | {"original.glcm.magic": 1.0}], ["original.glcm.magic"]
    )
    tables.write_features(unknown, this.input.features[0])

    with pytest.raises(
        StudyError, match=r"'original\.glcm\.magic' of CT tumour has no"
    ):
        feature_table.main(this)
