"""A study that starts from features: what its configuration may say."""

import gzip
from pathlib import Path

import pandas as pd
import pytest
import yaml

from concord.errors import ConfigError
from concord.feature_import.settings import FeatureTableSection, ImportFeatures
from concord.folds.fold_sets import GROUP
from concord.folds.settings import AssembleCohort, MakeFolds
from concord.study.annotation import annotate
from concord.study.study import Study

from ...table_study import CONFIG, write_study
from ...workbooks import write_workbook


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def study(folder: Path, **changes) -> Study:
    """The small study with dotted keys (dots as __) changed; None removes a key."""
    config = yaml.safe_load(yaml.safe_dump(CONFIG)) | {
        "data_root": str(folder / "data")
    }
    for key, value in changes.items():
        *parents, last = key.split("__")
        place = config
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return Study(config, folder / "config" / "config.yaml")


def faults(folder: Path, **changes) -> str:
    with pytest.raises(ConfigError) as caught:
        study(folder, **changes)
    return str(caught.value)


def test_a_study_without_images_needs_no_sheet_of_them(folder):
    found = study(folder)

    assert found.starts_from_table
    assert not found.repeats_measurements
    assert found.feature_table == str(folder / "data" / "features.csv")
    assert found.chunk_images == []


def test_a_reader_or_session_column_means_repeated_measurements(folder):
    assert study(folder, feature_table__reader_column="vendor").repeats_measurements
    assert study(folder, feature_table__session_column="vendor").repeats_measurements


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("recipes", {"CT": {"intensity_range": [-200, 200], "bin_width": 10}}),
        ("ingest", {"chunk_size": 5}),
        ("agreement", {"headline": "voxel"}),
        ("dicom_roots", {"A": "A"}),
    ],
)
def test_a_section_about_images_is_refused(folder, section, value):
    message = faults(folder, **{section: value})

    assert f"{section}: has no effect in a study with a feature_table" in message


def test_a_study_of_images_still_needs_recipes(folder):
    message = faults(folder, feature_table=None)

    assert "recipes: is missing; a study of images needs one per image" in message


@pytest.mark.parametrize("key", ["image", "region"])
def test_a_constant_and_a_column_exclude_each_other(folder, key):
    both = faults(folder, **{f"feature_table__{key}_column": "vendor"})
    neither = faults(folder, **{f"feature_table__{key}": None})

    assert f"{key}_column is 'vendor'; give exactly one of them" in both
    assert f"{key} is None and {key}_column is None" in neither


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"feature_table__path": "{data_root}/none.csv"},
            "none.csv: the file does not",
        ),
        (
            {"feature_table__subject_id_column": "idd"},
            "subject_id_column: the column 'idd' is missing; did you mean 'id'?",
        ),
        (
            {"feature_table__session_column": "when"},
            "feature_table.session_column: the column 'when' is missing",
        ),
        (
            {"feature_table__features": ["original_*", "gabor_*"]},
            "feature_table.features: 'gabor_*' fits none of",
        ),
        (
            {"feature_table__features": ["*"], "feature_table__exclude": []},
            "would take 'vendor' as a feature, which is a batch variable",
        ),
        (
            {"feature_table__batch_columns": ["vendors"]},
            "the column 'vendors' is neither here nor in the subjects sheet; did you "
            "mean 'vendor'?",
        ),
        (
            {"feature_table__batch_columns": ["CT.vendor"]},
            "a batch variable has no '.' in its name, found 'CT.vendor'",
        ),
        (
            {"feature_table__names": {"original_glcm_Z": "original.glcm.z"}},
            "names: the column 'original_glcm_Z' is missing; did you mean",
        ),
        (
            {"feature_table__names": {"original_glcm_A": "glcm_a"}},
            "must be <filter>.<family>.<feature> of letters, digits, '-' and '_'",
        ),
        (
            {"feature_table__names": {"original_glcm_A": "original.glcm.b"}},
            "['original_glcm_A', 'original_glcm_B'] would all become 'original.glcm.b'",
        ),
        (
            {"feature_table__region": "left lung"},
            "other characters than letters, digits, '-' and '_', found 'left lung'",
        ),
        (
            {"feature_table__unnamed_subjects": "number"},
            "rows of two files do not name one subject",
        ),
        (
            {"arms__radiomics__features": ["CT.tumor.*"]},
            "arms.radiomics.features: 'CT.tumor.*' fits none of 13 features such as",
        ),
        (
            {"harmonization__batch": {"CT": "manufacturer"}},
            "'manufacturer' is no batch variable; known: scanner, site, vendor",
        ),
        ({"harmonization__batch": {"PT": "site"}}, "CT has features but no batch here"),
        ({"validation__group": "PT.vendor"}, "neither 'site' nor an image with"),
        (
            {"factors__treatment__column": "treated"},
            "subjects.tsv: treated: this column is missing; did you mean 'treatment'?",
        ),
        (
            {"factors__treatment__column": "age"},
            "covariates.age.column: 'age' is the factor treatment too",
        ),
    ],
)
def test_a_fault_names_the_key_the_value_and_the_remedy(folder, change, message):
    assert message in faults(folder, **change)


def test_an_outcome_in_the_table_can_be_no_feature(folder):
    path = folder / "data" / "features.csv"
    table = pd.read_csv(path).assign(dead=1, age=60)
    table.to_csv(path, index=False)
    message = faults(folder, feature_table__features=["original_*", "dead", "age"])

    assert "would take 'dead' as a feature, which is an outcome of the endpoint" in (
        message
    )
    assert "would take 'age' as a feature, which is the covariate age" in message


def test_a_repeated_column_is_named(folder):
    path = folder / "data" / "features.csv"
    path.write_text(path.read_text().replace("original_glcm_B", "original_glcm_A", 1))

    assert "original_glcm_A: 2 columns have this name" in faults(folder)


def test_groups_and_batches_may_be_columns_of_the_table_or_of_the_sheet(folder):
    found = study(
        folder,
        harmonization__batch={"CT": ["site", "vendor"]},
        validation__group="CT.scanner",
    )

    assert found.config.batch_variables() == ["vendor", "scanner"]


@pytest.mark.parametrize("kind", ["csv.gz", "parquet", "tsv"])
def test_the_first_line_is_read_from_every_kind_of_file(folder, kind):
    table = pd.read_csv(folder / "data" / "features.csv")
    path = folder / "data" / f"features.{kind}"
    if kind == "parquet":
        table.to_parquet(path)
    elif kind == "tsv":
        table.to_csv(path, sep="\t", index=False)
    else:
        path.write_bytes(gzip.compress(table.to_csv(index=False).encode()))

    assert study(folder, feature_table__path=f"{{data_root}}/features.{kind}")


def test_one_file_may_hold_features_and_subjects_some_without_an_id(folder):
    table = pd.read_csv(folder / "data" / "features.csv")
    sheet = pd.read_csv(folder / "config" / "subjects.tsv", sep="\t")
    whole = table.merge(sheet, left_on="id", right_on="patient").drop(columns="patient")
    whole.loc[2, "id"] = None
    whole.to_csv(folder / "data" / "whole.csv.gz", index=False)
    one = {
        "feature_table__path": "{data_root}/whole.csv.gz",
        "sheets__subjects": "{data_root}/whole.csv.gz",
        "sheets__subject_id_column": "id",
    }

    assert "line 4: id is empty" in faults(folder, **one)
    named = study(folder, feature_table__unnamed_subjects="number", **one)
    assert list(named.site_of)[2] == "row-3"
    absent = one | {"sheets__subject_id_column": "nobody"}
    absent |= {"feature_table__subject_id_column": "nobody"}
    assert "nobody" in faults(folder, **absent)
    numbered = study(folder, feature_table__unnamed_subjects="number", **absent)
    assert list(numbered.site_of)[:2] == ["row-1", "row-2"]


def test_specs_follow_the_cells_that_the_rules_read(folder):
    before = study(folder)
    sheet = folder / "config" / "subjects.tsv"
    table = pd.read_csv(sheet, sep="\t")
    table.assign(scanner="other").to_csv(sheet, sep="\t", index=False)
    scanner = study(folder)
    table.assign(treatment="other").to_csv(sheet, sep="\t", index=False)
    treatment = study(folder)

    assert before.settings(ImportFeatures) != scanner.settings(ImportFeatures)
    assert before.settings(AssembleCohort) == scanner.settings(AssembleCohort)
    assert before.settings(ImportFeatures) == treatment.settings(ImportFeatures)
    assert before.settings(AssembleCohort) != treatment.settings(AssembleCohort)


def test_the_shipped_study_explains_no_key_about_images():
    path = Path(__file__).resolve().parents[3] / "config" / "nsclc" / "config.yaml"
    text = annotate(path.read_text())
    keys = set(yaml.safe_load(text))

    assert not keys & {"ingest", "agreement", "recipes", "dicom_roots", "simulation"}
    assert "images.tsv" not in text


#: A new value of every key of the section but its path, which no spec holds.
KEYS = {
    "subject_id_column": "vendor",
    "unnamed_subjects": "number",
    "session_column": "vendor",
    "reader_column": "vendor",
    "image": "MR",
    "image_column": "vendor",
    "region": "node",
    "region_column": "vendor",
    "features": ["original_*"],
    "exclude": ["wavelet*"],
    "name_style": "as_given",
    "names": {"original_glcm_A": "original.glcm.first"},
    "missing": ["?"],
    "batch_columns": ["vendor"],
    "software": "other",
    "provenance": "other",
}


def test_every_key_of_the_section_is_tried_below():
    assert {*KEYS, "path"} == set(FeatureTableSection.model_fields)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_of_the_section_changes_what_the_import_is_told(folder, key):
    before = study(folder)
    changes = {f"feature_table__{key}": KEYS[key]}
    if key.endswith("_column") and key.removesuffix("_column") in KEYS:
        changes[f"feature_table__{key.removesuffix('_column')}"] = None
    if key == "image":
        changes["harmonization__batch"] = {"MR": "site"}
    if key == "unnamed_subjects":
        changes["sheets__subjects"] = "{data_root}/features.csv"
        changes["feature_table__path"] = "{data_root}/features.csv"
        table = pd.read_csv(folder / "data" / "features.csv")
        sheet = pd.read_csv(folder / "config" / "subjects.tsv", sep="\t")
        pd.concat([table.drop(columns="vendor"), sheet], axis=1).to_csv(
            folder / "data" / "features.csv", index=False
        )
        changes["feature_table__batch_columns"] = []
        changes["harmonization__batch"] = {"CT": "site"}
    after = study(folder, **changes)

    assert before.settings(ImportFeatures) != after.settings(ImportFeatures)
    folds = [one.settings(MakeFolds, fold_set=GROUP) for one in (before, after)]
    assert folds[0] == folds[1]


def test_an_excel_workbook_may_be_the_sheet_and_the_table(folder):
    for path in ("config/subjects.tsv", "data/features.csv"):
        table = pd.read_csv(folder / path, sep=None, engine="python", dtype=object)
        rows = [list(table.columns), *table.fillna("").to_numpy().tolist()]
        write_workbook((folder / path).with_suffix(".xlsx"), {"Data": rows})

    found = study(
        folder,
        sheets__subjects="subjects.xlsx",
        feature_table__path="{data_root}/features.xlsx",
    )

    assert found.subjects.rows == study(folder).subjects.rows


def test_a_brace_in_the_path_of_a_table_is_refused_by_its_key(folder):
    (folder / "data" / "features.csv").rename(folder / "data" / "f{a}.csv")
    text = faults(folder, feature_table__path="{data_root}/f{a}.csv")

    assert "feature_table.path: the path" in text
    assert "holds a brace" in text


def test_a_sheet_of_many_short_rows_is_one_fault(folder):
    path = folder / "config" / "subjects.tsv"
    first, *rest = path.read_text().splitlines()
    path.write_text("\n".join([first, *(row.rpartition("\t")[0] for row in rest)]))
    text = faults(folder)

    assert "1 fault to repair" in text
    assert "cells, the lines below have" in text
