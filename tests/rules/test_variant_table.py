"""Rule variant_table on two chunks of other columns."""

from types import SimpleNamespace

import variant_table

from concord import tables
from concord.features.extraction.matrix import feature_matrix

COLUMNS = ["original.morphology.volume_mesh", "original.statistics.mean"]


def row(subject, modality):
    keys = {"subject_id": subject, "site": "A", "image": modality}
    return keys | {
        "session": "baseline::perturbation::noise-1",
        "region": "tumour",
        "reader": "A",
    }


def test_chunks_become_one_table_sorted_by_their_keys(tmp_path):
    chunks = {"b": ("p2", "PT", COLUMNS[:1]), "a": ("p1", "CT", COLUMNS)}
    for name, (subject, modality, columns) in chunks.items():
        values = dict.fromkeys(columns, 2.0)
        matrix = feature_matrix([row(subject, modality) | values], columns)
        tables.write_features(matrix, tmp_path / f"{name}.parquet")
        reason = {"column": COLUMNS[0], "reason": "small"}
        rows = [row(subject, modality) | reason]
        tables.write(rows, tmp_path / f"{name}_undefined.tsv", "undefined")
        tables.write([], tmp_path / f"{name}_exclusions.tsv", "exclusions")
    job = SimpleNamespace(
        input=SimpleNamespace(
            features=[tmp_path / f"{name}.parquet" for name in chunks],
            undefined=[tmp_path / f"{name}_undefined.tsv" for name in chunks],
            exclusions=[tmp_path / f"{name}_exclusions.tsv" for name in chunks],
        ),
        output=SimpleNamespace(
            features=tmp_path / "all.parquet",
            undefined=tmp_path / "undefined.tsv",
            exclusions=tmp_path / "exclusions.tsv",
        ),
    )
    variant_table.main(job)

    found = tables.read_features(tmp_path / "all.parquet")
    assert found["subject_id"].tolist() == ["p1", "p2"]
    assert tables.feature_columns(found) == COLUMNS
    assert found[COLUMNS[1]].isna().tolist() == [False, True]
    assert len(tables.read(tmp_path / "undefined.tsv", "undefined")) == 2
    assert len(tables.read(tmp_path / "exclusions.tsv", "exclusions")) == 0
