"""From the subject sheet to one checked row per subject."""

import numpy as np
import pandas as pd
import pytest

from concord.errors import ConfigError, TableError
from concord.fields import CohortColumns
from concord.folds import cohort as cohorts
from concord.folds.settings import AssembleCohort

SETTINGS = AssembleCohort(
    sheet=CohortColumns(subject_id_column="id", site_column="hospital"),
    covariates={
        "age": {"column": "years"},
        "stage": {"column": "stage", "kind": "category", "levels": ["I", "II", "III"]},
    },
    factors={},
    endpoints={
        "death": {"kind": "survival", "event": "dead", "time_days": "days"},
        "relapse": {"kind": "binary", "event": "relapse"},
    },
    batch={"CT": ["SoftwareVersions"], "PT": ["site"]},
    group="CT.SoftwareVersions",
    baseline_session="baseline",
    unnamed_subjects="refuse",
    sheet_digest="abc",
)


def assembled(*given) -> pd.DataFrame:
    """The cohort without the spellings of its labels."""
    return cohorts.assemble(*given)[0]


@pytest.fixture
def sheet():
    return pd.DataFrame(
        {
            "id": ["P3", "P1", "P2"],
            "hospital": ["North", "South", "South"],
            "years": ["61", None, "45.5"],
            "stage": ["III", "I", None],
            "dead": ["1", "0", None],
            "days": ["210", "900", None],
            "relapse": ["0", "1", "1"],
        },
        dtype="string",
    )


@pytest.fixture
def acquisition():
    rows = [
        ("P1", "baseline", "CT", " v1.0 beta"),
        ("P1", "retest", "CT", "v9"),
        ("P2", "baseline", "CT", None),
        ("P3", "baseline", "CT", "v2"),
    ]
    columns = ["subject_id", "session", "image", "SoftwareVersions"]
    return pd.DataFrame(rows, columns=columns).assign(KVP=120.0)


def test_every_column_of_the_contract_is_filled(sheet, acquisition):
    table = assembled(sheet, acquisition, SETTINGS).set_index("subject_id")
    assert list(table.index) == ["P1", "P2", "P3"]
    assert table["site"].tolist() == ["South", "South", "North"]
    assert table["batch.PT.site"].tolist() == ["South", "South", "North"]
    assert table["batch.CT.SoftwareVersions"].tolist() == ["v1.0_beta", "unknown", "v2"]
    assert table["group"].tolist() == ["v1.0_beta", "unknown", "v2"]
    assert table["covariate.age"].isna().tolist() == [True, False, False]
    assert table["covariate.stage=II"].dropna().tolist() == [0.0, 0.0]
    assert table["covariate.stage=III"].dropna().tolist() == [0.0, 1.0]
    assert "covariate.stage=I" not in table
    assert table.loc["P3", "time_days.death"] == 210
    assert np.isnan(table.loc["P2", "event.death"])
    assert "time_days.relapse" not in table


def test_all_faults_are_listed_at_once(sheet, acquisition):
    sheet.loc[0, ["years", "dead", "stage"]] = ["old", "2", "IV"]
    sheet.loc[1, "days"] = "-5"
    sheet.loc[2, "dead"] = "1"
    with pytest.raises(ConfigError) as caught:
        assembled(sheet, acquisition, SETTINGS)
    text = str(caught.value)
    assert "column 'years': expected a number, found P3: 'old'." in text
    assert "column 'dead': expected 0 or 1, found P3: '2'." in text
    assert "expected one of ['I', 'II', 'III'], found P3: 'IV'." in text
    assert "expected a time of 0 days or more, found P1: '-5'." in text
    assert "column 'days': expected a value exactly where dead has" in text


def test_missing_columns_are_named_with_their_setting(sheet, acquisition):
    with pytest.raises(ConfigError, match=r"'years' \(of covariates.age\) is missing"):
        assembled(sheet.drop(columns="years"), acquisition, SETTINGS)


def test_subject_twice_and_subject_without_row_are_faults(sheet, acquisition):
    doubled = pd.concat([sheet, sheet.iloc[[0]]])
    with pytest.raises(ConfigError) as caught:
        assembled(doubled, acquisition, SETTINGS, ["P1", "P3", "P9"])
    assert "subject 'P3' stands in 2 rows" in str(caught.value)
    assert "subject 'P9' has no row" in str(caught.value)


def test_labels_that_would_become_equal_are_a_fault(sheet, acquisition):
    acquisition.loc[0, "SoftwareVersions"] = "v 2"
    acquisition.loc[3, "SoftwareVersions"] = "v/2"
    with pytest.raises(ConfigError, match="would all become the label 'v_2'"):
        assembled(sheet, acquisition, SETTINGS)


def test_number_can_be_a_batch_and_one_site_can_be_given(sheet, acquisition):
    sheet_of_one_site = CohortColumns(subject_id_column="id", site="North")
    settings = SETTINGS.model_copy(
        update={"batch": {"CT": ["KVP"]}, "sheet": sheet_of_one_site}
    )
    table = assembled(sheet, acquisition, settings)
    assert set(table["batch.CT.KVP"]) == {"120"}
    assert set(table["site"]) == {"North"}


def test_unknown_acquisition_column_is_named(sheet, acquisition):
    settings = SETTINGS.model_copy(update={"group": "CT.Kernel"})
    with pytest.raises(ConfigError, match=r"CT.Kernel: no such acquisition column"):
        assembled(sheet, acquisition, settings)


def test_a_subject_without_a_named_cluster_is_one_of_its_own(sheet, acquisition):
    sheet["patient"] = ["Q1", None, " Q1 "]
    columns = SETTINGS.sheet.model_copy(update={"cluster_column": "patient"})
    settings = SETTINGS.model_copy(update={"sheet": columns})
    table = assembled(sheet, acquisition, settings).set_index("subject_id")
    assert table["cluster"].to_dict() == {"P1": "P1", "P2": "Q1", "P3": "Q1"}
    alone = assembled(sheet, acquisition, SETTINGS)
    assert alone["cluster"].tolist() == alone["subject_id"].tolist()
    with pytest.raises(
        ConfigError, match=r"'patient' \(of cluster_column\) is missing"
    ):
        assembled(sheet.drop(columns="patient"), acquisition, settings)


def test_a_subject_that_is_left_out_is_not_in_the_cohort(sheet, acquisition):
    columns = SETTINGS.sheet.model_copy(update={"leave_out": {"P2": "copy of P1"}})
    settings = SETTINGS.model_copy(update={"sheet": columns})
    assert list(assembled(sheet, acquisition, settings)["subject_id"]) == [
        "P1",
        "P3",
    ]


def test_subject_without_site_is_a_fault(sheet, acquisition):
    sheet.loc[0, "hospital"] = None
    with pytest.raises(ConfigError, match=r"\['P3'\] have no site"):
        assembled(sheet, acquisition, SETTINGS)


def test_written_cohort_is_read_back_exactly(sheet, acquisition, tmp_path):
    table = assembled(sheet, acquisition, SETTINGS)
    table["covariate.age"] = [1 / 3, np.nan, 0.1 + 0.2]
    cohorts.write(table, tmp_path / "cohort.tsv")
    found = cohorts.read(tmp_path / "cohort.tsv")
    pd.testing.assert_frame_equal(found, table, check_exact=True, check_dtype=False)


def test_other_table_is_not_a_cohort(tmp_path):
    path = tmp_path / "cohort.tsv"
    path.write_text("subject_id\tcolour\nP1\tred\n")
    with pytest.raises(
        TableError, match=r"missing columns \['site', 'group', 'cluster'\]"
    ):
        cohorts.read(path)


def test_unknown_covariate_and_endpoint_are_named(sheet, acquisition):
    table = assembled(sheet, acquisition, SETTINGS)
    expected = ["covariate.stage=II", "covariate.stage=III"]
    assert cohorts.covariate_columns(table, ["stage"]) == expected
    with pytest.raises(ConfigError, match="covariate 'sex' is not in the cohort"):
        cohorts.covariate_columns(table, ["sex"])
    with pytest.raises(ConfigError, match="endpoint 'cure' is not in the cohort"):
        cohorts.outcome(table, "cure")


def test_a_time_that_is_a_date_of_excel_is_refused(sheet, acquisition):
    sheet.loc[0, "days"] = "45321"
    with pytest.raises(ConfigError, match=r"'days'.* found P3: '45321'") as caught:
        cohorts.assemble(sheet, acquisition, SETTINGS)

    assert "Excel writes dates as days" in str(caught.value)


GIVEN = {"column": "operated", "control": "no", "treated": "yes"}


def with_treatment(sheet, cells):
    """The sheet and settings of a study whose relapse asks for whom surgery works."""
    relapse = {"kind": "predictive", "event": "relapse", "treatment": GIVEN}
    settings = SETTINGS.model_dump() | {"endpoints": {"relapse": relapse}}
    sheet = sheet.assign(operated=pd.array(cells, dtype="string"))
    return sheet, AssembleCohort(**settings)


def test_a_treatment_is_0_or_1_and_unknown_without_a_cell(sheet, acquisition, tmp_path):
    sheet, settings = with_treatment(sheet, [" yes ", "no", None])
    table = assembled(sheet, acquisition, settings)
    cohorts.write(table, tmp_path / "cohort.tsv")
    found = cohorts.read(tmp_path / "cohort.tsv").set_index("subject_id")

    given = found["treatment.relapse"]
    assert given["P3"] == 1.0
    assert given["P1"] == 0.0
    assert np.isnan(given["P2"])


def test_a_cell_that_is_neither_treatment_is_a_fault(sheet, acquisition):
    sheet, settings = with_treatment(sheet, ["yes", "nein", None])
    with pytest.raises(ConfigError, match="'operated': expected 'no' or 'yes', as dec"):
        assembled(sheet, acquisition, settings)
    missing = sheet.drop(columns="operated")
    with pytest.raises(
        ConfigError, match=r"'operated' \(of endpoints.relapse.treatment.column\)"
    ):
        assembled(missing, acquisition, settings)


def test_a_sheet_that_names_nobody_is_numbered_if_it_may_be(sheet, acquisition):
    unnamed = sheet.drop(columns="id")
    with pytest.raises(ConfigError, match=r"'id' \(of subject_id_column\) is missing"):
        assembled(unnamed, acquisition, SETTINGS)
    settings = SETTINGS.model_copy(
        update={"unnamed_subjects": "number", "group": "site", "batch": {}}
    )
    table = assembled(unnamed, acquisition, settings).set_index("subject_id")
    assert table["covariate.age"].to_dict() == pytest.approx(
        {"row-1": 61.0, "row-2": np.nan, "row-3": 45.5}, nan_ok=True
    )
