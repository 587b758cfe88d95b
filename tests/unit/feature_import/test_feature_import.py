"""A table of another tool becomes a feature matrix, or every fault of it is told."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError, TableError
from concord.feature_import import batches, dictionary, importing
from concord.feature_import.settings import FeatureColumns, ImportFeatures
from concord.fields import SubjectColumns

TABLE = {
    "subject_id_column": "id",
    "image": "CT",
    "region": "tumour",
    "features": ["original_*"],
    "name_style": "pyradiomics",
    "software": "pyradiomics 3.1.0",
    "provenance": "1 mm voxels",
}
SHEET = SubjectColumns(subject_id_column="patient", site_column="site")


def columns_of(**changes) -> FeatureColumns:
    return FeatureColumns(**TABLE | changes)


def settings_of(**changes) -> ImportFeatures:
    """Settings of the rule; other changes are of the keys of the feature table."""
    study = {"baseline_session": "baseline", "reference_reader": "A", "images": ["CT"]}
    study |= {name: changes.pop(name) for name in study if name in changes}
    table = columns_of(**changes)
    return ImportFeatures(table=table, sheet=SHEET, sheet_digest="", **study)


SITES = {"P1": "North", "P2": "North", "P3": "South"}
MEAN, CONTRAST = "original.statistics.mean", "original.glcm.contrast"


def table(**columns):
    cells = {
        "id": ["P1", "P2", "P3"],
        "original_firstorder_Mean": ["1.5", "2.5", "-3e2"],
        "original_glcm_Contrast": ["0.1", "0.2", "0.3"],
    }
    return pd.DataFrame(cells | columns, dtype=object)


def imported(this=None, sites=SITES, **settings):
    chosen = table() if this is None else this
    return importing.import_features(
        chosen, sites, settings_of(**settings), "given.csv"
    )


def faults(this=None, sites=SITES, **settings) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        imported(this, sites, **settings)
    first, *lines = str(caught.value).splitlines()
    assert first == "The feature table is not valid:"
    assert all(line.startswith("  given.csv: ") for line in lines)
    return [line.removeprefix("  given.csv: ") for line in lines]


def test_rows_become_a_feature_matrix_with_site_session_and_reader(tmp_path):
    found = imported()
    tables.write_features(found.matrix, tmp_path / "features.parquet")
    matrix = tables.read_features(tmp_path / "features.parquet")

    assert matrix["site"].tolist() == ["North", "North", "South"]
    assert set(matrix["session"]) == {"baseline"}
    assert set(matrix["reader"]) == {"A"}
    assert matrix[MEAN].tolist() == [1.5, 2.5, -300.0]
    assert found.columns[CONTRAST] == "original_glcm_Contrast"
    assert found.undefined == found.exclusions == []


def test_numbers_are_read_to_the_last_bit():
    numbers = np.random.default_rng(1).normal(size=3) * 10.0 ** np.array([-12, 0, 12])
    this = table(original_firstorder_Mean=[repr(float(x)) for x in numbers])

    assert imported(this).matrix[MEAN].tolist() == numbers.tolist()


def test_empty_cells_and_infinite_values_are_undefined_with_their_reason():
    this = table(
        original_firstorder_Mean=["NaN", "5", ""],
        original_glcm_Contrast=["0.1", " inf ", "0.3"],
    )
    found = imported(this)

    assert found.matrix[MEAN].isna().tolist() == [True, False, True]
    assert found.matrix[CONTRAST].isna().tolist() == [False, True, False]
    assert [(u["subject_id"], u["column"], u["reason"]) for u in found.undefined] == [
        ("P1", MEAN, "'NaN' in given.csv"),
        ("P2", CONTRAST, "'inf' in given.csv"),
        ("P3", MEAN, "empty in given.csv"),
    ]


def test_a_word_for_missing_can_be_declared():
    this = table(original_glcm_Contrast=["#NAME?", "0.2", "0.3"])
    (fault,) = faults(this)
    found = imported(this, missing=["#NAME?"])

    assert "'original_glcm_Contrast' holds '#NAME?' (P1) where numbers" in fault
    assert "feature_table.missing" in fault
    assert [u["reason"] for u in found.undefined] == ["'#NAME?' in given.csv"]


@pytest.mark.parametrize("cell", ["1,5", "1_000", "high", "0x1A"])
def test_a_cell_that_is_no_number_is_shown_with_its_subject(cell):
    (fault,) = faults(table(original_firstorder_Mean=["1", "2", cell]))

    assert f"column 'original_firstorder_Mean' holds {cell!r} (P3)" in fault


def test_only_the_first_of_many_wrong_cells_are_shown():
    this = pd.DataFrame({"id": list("abcdefgh"), "original_x_y": ["?"] * 8})
    (fault,) = faults(this, dict.fromkeys("abcdefgh", "North"))

    assert "'?' (e) and 3 more where numbers are expected" in fault


def test_a_row_without_any_feature_is_excluded_and_listed():
    this = table(
        original_firstorder_Mean=["", "2.5", "3.5"],
        original_glcm_Contrast=["inf", "0.2", ""],
    )
    found = imported(this)

    assert found.matrix["subject_id"].tolist() == ["P2", "P3"]
    (excluded,) = found.exclusions
    assert excluded["subject_id"] == "P1"
    assert excluded["code"] == "NO_FEATURES"
    assert {u["subject_id"] for u in found.undefined} == {"P3"}


def test_subjects_of_one_file_alone_are_listed(tmp_path):
    found = imported(sites={"P1": "North", "P3": "South", "P9": "South"})
    tables.write(found.exclusions, tmp_path / "exclusions.tsv", "exclusions")

    assert found.matrix["subject_id"].tolist() == ["P1", "P3"]
    assert [(e["subject_id"], e["code"]) for e in found.exclusions] == [
        ("P2", "NOT_IN_SHEET"),
        ("P9", "NOT_IN_TABLE"),
    ]
    assert all(e["stage"] == "import_features" for e in found.exclusions)


def test_a_table_of_other_subjects_is_refused_with_examples():
    (fault,) = faults(sites={"p-1": "North"})

    assert "no subject of the study stands in it" in fault
    assert "['P1', 'P2', 'P3']" in fault
    assert "['p-1']" in fault


def test_a_table_without_a_single_value_is_refused():
    empty = ["", "", ""]
    this = table(original_firstorder_Mean=empty, original_glcm_Contrast=empty)

    assert faults(this) == ["no row of a subject of the study holds any feature."]


def test_repeated_and_empty_keys_are_told_with_their_lines():
    found = faults(table(id=["P1", "P1", ""]))

    assert found[0] == (
        "subject_id is empty in line 4; fill it or, if this table is the subjects "
        "sheet too, set feature_table.unnamed_subjects to 'number'."
    )
    assert found[1].startswith(
        "the key P1, baseline, CT, tumour, A stands in lines 2, 3"
    )


def test_subjects_without_an_id_can_be_named_by_their_row():
    this = table(id=["P1", "", " "])
    sites = {"P1": "North", "row-2": "South", "row-3": "South"}
    found = imported(this, sites, unnamed_subjects="number")

    assert found.matrix["subject_id"].tolist() == ["P1", "row-2", "row-3"]
    subjects = pd.DataFrame({"patient": ["P1", None, None], "site": ["N", "S", "S"]})
    named = settings_of(unnamed_subjects="number")
    assert set(importing.site_of_subjects(subjects, named)) == set(sites)


def test_a_table_that_names_nobody_may_lack_the_column():
    this = table(id=["P1", "", " "]).drop(columns="id")
    sites = {"row-1": "North", "row-2": "South", "row-3": "South"}
    found = imported(this, sites, unnamed_subjects="number")

    assert found.matrix["subject_id"].tolist() == list(sites)
    subjects = pd.DataFrame({"site": ["N", "S", "S"]})
    named = settings_of(unnamed_subjects="number")
    assert set(importing.site_of_subjects(subjects, named)) == set(sites)


def test_missing_and_repeated_columns_are_named():
    this = table()
    this.columns = ["patient", "original_a_b", "original_a_b"]
    found = faults(this, features=["original_*", "wavelet_*"])

    assert found[0].startswith("the column 'id' is missing; the table has 'patient',")
    assert "2 columns are called 'original_a_b'" in found[1]
    assert (
        "the pattern 'wavelet_*' of feature_table.features fits no column" in found[2]
    )


def test_excluding_every_feature_is_refused():
    (fault,) = faults(exclude=["*"])

    assert "feature_table.exclude leaves no column" in fault


def test_columns_that_would_share_a_name_are_refused():
    this = table(**{"original_a b": ["1", "2", "3"], "original_a/b": ["1", "2", "3"]})
    (fault,) = faults(this)

    assert "['original_a b', 'original_a/b'] would all become" in fault
    assert "feature_table.names" in fault


def repeated():
    return pd.DataFrame(
        {
            "id": ["P1", "P1", "P1", "P2"],
            "when": ["baseline", "retest", "baseline", "baseline"],
            "who": ["A", "A", "B", "A"],
            "what": ["CT", "CT", "CT", "PT"],
            "where": ["tumour", "tumour", "tumour", "node"],
            "original_firstorder_Mean": ["1", "2", "3", "4"],
        }
    )


KEYS = {
    "session_column": "when",
    "reader_column": "who",
    "image": None,
    "image_column": "what",
    "region": None,
    "region_column": "where",
    "images": ["CT", "PT"],
}


def test_session_reader_modality_and_region_may_be_columns():
    matrix = imported(repeated(), **KEYS).matrix

    keys = ["subject_id", "session", "image", "region", "reader"]
    assert matrix[keys].to_numpy().tolist() == [
        ["P1", "baseline", "CT", "tumour", "A"],
        ["P1", "baseline", "CT", "tumour", "B"],
        ["P1", "retest", "CT", "tumour", "A"],
        ["P2", "baseline", "PT", "node", "A"],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"baseline_session": "first"}, "no row has session 'first'.*'retest'"),
        ({"reference_reader": "C"}, r"no row has reader 'C'.*\['A', 'B'\]"),
        ({"images": ["CT"]}, "image 'PT' has no batch in harmonization.batch"),
        ({"region_column": "odd"}, "region 'left lung' holds other characters"),
    ],
)
def test_values_that_the_study_cannot_use_are_named(change, message):
    this = repeated().assign(odd="left lung")
    with pytest.raises(ConfigError, match=message):
        imported(this, **{**KEYS, **change})


def test_numbers_of_a_parquet_file_are_taken_as_they_are(tmp_path):
    this = pd.DataFrame(
        {
            "id": [1, 2, 3],
            "original_firstorder_Mean": np.array([0.1, np.nan, np.inf], "float32"),
            "original_glcm_Contrast": [1, 2, 3],
        }
    )
    this.to_parquet(tmp_path / "given.parquet")
    sites = dict.fromkeys("123", "North")
    found = imported(tables.read_feature_table(tmp_path / "given.parquet"), sites)

    assert found.matrix["subject_id"].tolist() == ["1", "2", "3"]
    assert found.matrix[MEAN].tolist()[0] == float(np.float32(0.1))
    assert [u["reason"] for u in found.undefined] == [
        "empty in given.csv",
        "'inf' in given.csv",
    ]


def test_text_and_truth_values_of_a_parquet_file_are_no_numbers():
    this = table(original_glcm_Contrast=[True, False, True]).astype(
        {"original_glcm_Contrast": bool}
    )
    (fault,) = faults(this)

    assert "holds 'True' (P1)" in fault


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_text_files_are_read_by_their_ending(tmp_path, name):
    separator = "," if ".csv" in name else "\t"
    table().to_csv(tmp_path / name, sep=separator, index=False)

    assert tables.read_feature_table(tmp_path / name).equals(table())


def test_a_line_with_too_few_cells_is_refused_with_its_number(tmp_path):
    (tmp_path / "a.csv").write_text("id,x\nP1,1\nP2\n")
    with pytest.raises(
        TableError, match=r"a.csv: line 3 has 1 cells, the first line 2"
    ):
        tables.read_feature_table(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("")
    with pytest.raises(TableError, match=r"b.csv: the file is empty"):
        tables.read_feature_table(tmp_path / "b.csv")


def facts(this, subjects, **settings):
    chosen = settings_of(**settings)
    keys = importing.import_features(this, SITES, chosen, "given.csv").keys
    return batches.batch_facts(this, keys, subjects, SITES, chosen, "given.csv")


SUBJECTS = pd.DataFrame(
    {"patient": ["P1", "P2", "P3"], "vendor": ["x", None, "z"]}, dtype="string"
)


def test_batch_variables_come_from_the_table_or_the_subjects_sheet(tmp_path):
    this = table(kernel=["sharp", "", "soft"])
    found = facts(this, SUBJECTS, batch_columns=["kernel", "vendor"])
    tables.write(found, tmp_path / "batches.tsv", "batch_facts")
    rows = tables.read(tmp_path / "batches.tsv", "batch_facts")

    columns = ["subject_id", "variable", "value"]
    assert rows[columns].fillna("-").to_numpy().tolist() == [
        ["P1", "kernel", "sharp"],
        ["P1", "vendor", "x"],
        ["P2", "kernel", "-"],
        ["P2", "vendor", "-"],
        ["P3", "kernel", "soft"],
        ["P3", "vendor", "z"],
    ]


def test_an_unknown_batch_column_and_contradictory_values_are_faults():
    with pytest.raises(ConfigError, match="'maker' is neither in this table nor in"):
        facts(table(), SUBJECTS, batch_columns=["maker"])
    this = repeated().assign(kernel=["sharp", "sharp", "soft", "soft"])
    with pytest.raises(
        ConfigError, match=r"'kernel' of P1, baseline, CT holds \['sharp', 'soft'\]"
    ):
        facts(this, SUBJECTS, batch_columns=["kernel"], **KEYS)


def test_the_dictionary_claims_no_more_than_the_file_declares(tmp_path):
    found = imported()
    rows = dictionary.describe_columns(
        found.matrix, found.columns, columns_of(), "given.csv"
    )
    tables.write(rows, tmp_path / "dictionary.tsv", "dictionary")
    known = tables.read(tmp_path / "dictionary.tsv", "dictionary").set_index("column")

    row = known.loc[CONTRAST]
    assert row["name"] == "CT.tumour.original.glcm.contrast"
    assert row["family"] == "glcm"
    assert row["measurand"] == "as given by given.csv, column original_glcm_Contrast"
    assert row["unit"] == "as given by given.csv"
    assert not row["standardized"]
    assert pd.isna(row["ibsi_code"])
    document = dictionary.document(
        columns_of(), "given.csv", "abc", found.matrix, (3, 3)
    )
    assert set(document["recipes"]) == {row["recipe_hash"]}
    assert document["source"]["subjects_with_features"] == {"North": 2, "South": 1}


def test_the_hash_of_the_provenance_follows_what_is_declared():
    matrix = imported().matrix

    def hash_of(**change):
        document = dictionary.document(columns_of(**change), "a", "b", matrix, (3, 3))
        (known,) = document["recipes"]
        return known

    assert hash_of() == hash_of(missing=["?"])
    assert len({hash_of(), hash_of(software=""), hash_of(provenance="2 mm")}) == 3


def test_a_subject_that_is_left_out_is_an_exclusion_with_its_reason():
    sheet = SHEET.model_copy(update={"leave_out": {"P2": "copy of P1"}})
    settings = settings_of().model_copy(update={"sheet": sheet})
    subjects = pd.DataFrame({"patient": ["P1", "P2", "P3"], "site": ["N", "N", "S"]})
    sites = importing.site_of_subjects(subjects, settings)
    assert sites == {"P1": "N", "P3": "S"}

    found = importing.import_features(table(), sites, settings, "given.csv")
    assert found.matrix["subject_id"].tolist() == ["P1", "P3"]
    (row,) = found.exclusions
    assert (row["subject_id"], row["code"], row["reason"]) == (
        "P2",
        "LEFT_OUT",
        "copy of P1",
    )


def test_a_site_whose_subjects_are_all_absent_stops_the_import():
    sites = {"P1": "North", "P2": "North", "S1": "South", "S2": "South"}
    (fault,) = faults(table(), sites)

    assert "none of the 2 subjects of site 'South' stands in it: 'S1', 'S2'" in fault
    assert "sheets.leave_out" in fault


def test_ids_that_lost_their_zeros_are_no_exclusions():
    sites = {"001": "North", "P2": "North", "P3": "South"}
    (fault,) = faults(table(id=["1", "P2", "P3"]), sites)

    assert "in two ways, here and in the subjects sheet: '1' and '001'" in fault


def test_names_that_differ_in_case_alone_are_refused():
    this = table(organ=["tumour", "Tumour", "tumour"])
    (fault,) = faults(this, region=None, region_column="organ")

    assert "'Tumour' and 'tumour' would be different names of the region" in fault


def test_lines_are_those_of_the_file(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text("id,original_firstorder_Mean\n\nP1,1\n,\n,2\nP2,1\nP3,1\n")
    (fault,) = faults(tables.read_feature_table(path))

    assert "subject_id is empty in line 5" in fault
