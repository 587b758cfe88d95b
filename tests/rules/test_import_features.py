"""Rule import_features on a small table of another tool."""

import json
from types import SimpleNamespace

import import_features
import pytest

from concord import tables
from concord.errors import ConfigError
from concord.feature_import.settings import ImportFeatures
from concord.files import read_json, sha256
from concord.ingest.acquisition import facts
from concord.study.study import Study

from ..table_study import CONFIG, FEATURES, PER_SITE, in_two_files, write_study

KINDS = ("dictionary", "undefined", "exclusions", "batches")


def job(folder, **table):
    config = json.loads(json.dumps(CONFIG)) | {"data_root": str(folder / "data")}
    config["feature_table"] |= table
    config["harmonization"]["batch"] = {"CT": "site"}
    study = Study(config, folder / "config" / "config.yaml")
    out = folder / "out"
    return SimpleNamespace(
        input=SimpleNamespace(
            table=study.feature_tables, subjects=study.subject_sheets
        ),
        output=SimpleNamespace(
            features=out / "features.parquet",
            dictionary_json=out / "dictionary.json",
            **{kind: out / f"{kind}.tsv" for kind in KINDS},
        ),
        params=SimpleNamespace(spec=study.settings(ImportFeatures)),
    )


def test_a_table_becomes_what_images_would_have_become(tmp_path):
    this = job(write_study(tmp_path))
    import_features.main(this)

    features = tables.read_features(this.output.features)
    columns = tables.feature_columns(features)
    assert len(features) == 3 * PER_SITE
    assert len(columns) == len(FEATURES)
    assert "original.morphology.volume" in columns
    assert "unknown.external.Expert_score_1-5" in columns
    described = tables.read(this.output.dictionary, "dictionary")
    assert described["column"].tolist() == columns
    document = read_json(this.output.dictionary_json)
    assert set(document["recipes"]) == set(described["recipe_hash"])
    assert document["source"]["rows_used"] == 3 * PER_SITE
    assert not len(tables.read(this.output.undefined, "undefined"))
    assert not len(tables.read(this.output.exclusions, "exclusions"))


def test_batch_variables_are_facts_of_the_baseline_images(tmp_path):
    this = job(write_study(tmp_path))
    import_features.main(this)
    wide = facts.read_facts(this.output.batches)

    assert len(wide) == 3 * PER_SITE
    assert set(wide["vendor"]) == {"Alpha", "Beta"}
    assert set(wide["scanner"]) == {"unit 0", "unit 1"}


def test_a_study_without_batch_variables_has_no_facts_but_their_keys(tmp_path):
    this = job(write_study(tmp_path), batch_columns=[])
    import_features.main(this)
    wide = facts.read_facts(this.output.batches)

    assert wide.empty
    assert {"subject_id", "session", "image"} <= set(wide.columns)


def test_equal_tables_give_equal_bytes_whatever_the_order_of_their_rows(tmp_path):
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        this = job(write_study(folder))
        path = folder / "data" / "features.csv"
        if folder.name == "b":
            first, *rows = path.read_text().splitlines()
            path.write_text("\n".join([first, *reversed(rows)]) + "\n")
        import_features.main(this)
        written.append([this.output.features, this.output.dictionary])
        written[-1] += [getattr(this.output, kind) for kind in KINDS]

    assert [p.read_bytes() for p in written[0]] == [p.read_bytes() for p in written[1]]


def test_two_files_give_the_bytes_of_the_one_that_holds_their_rows(tmp_path):
    written = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        names = in_two_files(write_study(folder))
        path = {"path": names["feature_table.path"]} if folder.name == "two" else {}
        this = job(folder, **path)
        if path:
            this.input.subjects = [
                folder / "config" / name for name in names["sheets.subjects"]
            ]
        import_features.main(this)
        written.append(this.output)

    one, two = written
    for name in ("features", "undefined", "exclusions", "batches"):
        assert getattr(one, name).read_bytes() == getattr(two, name).read_bytes()
    files = read_json(two.dictionary_json)["source"]["files"]
    assert [file["name"] for file in files] == [
        "features_first.csv",
        "features_second.csv",
    ]
    assert files[1]["sha256"] == sha256(tmp_path / "two/data/features_second.csv")
    source = read_json(one.dictionary_json)["source"]
    assert source["files"] == [
        {
            "name": "features.csv",
            "sha256": sha256(tmp_path / "one/data/features.csv"),
        }
    ]


def test_an_empty_cell_names_its_own_file_and_a_subject_in_both_names_both(tmp_path):
    names = in_two_files(write_study(tmp_path))
    path = tmp_path / "data" / "features_second.csv"
    header, first, *rest = path.read_text().splitlines()
    cells = first.split(",")
    cells[3] = ""
    path.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    this = job(tmp_path, path=names["feature_table.path"])
    import_features.main(this)
    undefined = tables.read(this.output.undefined, "undefined")
    assert undefined["reason"].tolist() == ["empty in features_second.csv"]

    path.write_text("\n".join([header, first.replace("S07", "N01"), *rest]) + "\n")
    both = "lines 2 of features_first.csv, 2 of features_second.csv; keep one"
    with pytest.raises(ConfigError, match=both):
        import_features.main(this)


def test_a_faulty_table_writes_nothing(tmp_path):
    this = job(write_study(tmp_path))
    path = tmp_path / "data" / "features.csv"
    path.write_text(path.read_text().replace("N02,", "N01,"))
    with pytest.raises(ConfigError, match="N01, baseline, CT, tumour, A stands in"):
        import_features.main(this)

    assert not (tmp_path / "out").exists()
