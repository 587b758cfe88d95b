"""Drift and dates: order of scanning without any date."""

from itertools import groupby, permutations

import numpy as np
import pandas as pd
import pytest
from pydicom.dataset import Dataset

from concord import tables
from concord.ingest.acquisition import dates
from concord.ingest.acquisition.drift import drift, few_runs_p
from concord.ingest.dicom import header as hd


def scans(values, name="SoftwareVersions", shuffle=True):
    """Acquisition and dates of one site, one scan a day; rows in another order."""
    n = len(values)
    keys = pd.DataFrame(
        {"subject_id": [f"P{k:02d}" for k in range(n)], "site": "A"}
        | {"session": "baseline", "image": "CT"}
    )
    days = pd.date_range("2001-03-04", periods=n).strftime("%Y%m%d")
    order = np.random.default_rng(1).permutation(n) if shuffle else np.arange(n)
    facts = keys.assign(**{name: values}).iloc[order].reset_index(drop=True)
    facts = facts.reindex(columns=list(tables.KINDS["acquisition"]))
    return facts, keys.assign(scanned=days + "101500")


def test_a_change_of_software_is_found_whatever_the_order_of_the_rows(tmp_path):
    (row,) = drift(*scans(["v1"] * 12 + ["v2"] * 8))
    tables.write([row], tmp_path / "drift.tsv", "drift")

    assert row["pattern"] == "switched"
    assert row["course"] == "v1 (1 to 12), v2 (13 to 20)"
    assert row["p_value"] < 1e-4
    assert "2001" not in (tmp_path / "drift.tsv").read_text()


def test_values_that_alternate_are_no_drift():
    (row,) = drift(*scans(["v1", "v2"] * 10))
    assert row["pattern"] == "alternating"
    assert row["n_changes"] == 19
    assert row["course"] is None
    assert row["p_value"] > 0.99


def test_a_number_that_rises_has_a_trend():
    (row,) = drift(*scans(np.arange(20.0), "XRayTubeCurrent"))
    assert row["pattern"] == "varying"
    assert row["trend"] == pytest.approx(1)
    assert row["p_value"] < 1e-6


def test_facts_that_never_change_and_facts_of_the_patient_are_left_out():
    assert drift(*scans(["v1"] * 20)) == []
    assert drift(*scans(np.arange(20.0), "BodyWeight")) == []


def test_scans_without_a_date_have_no_place_in_the_order():
    facts, scanned = scans(["v1"] * 12 + ["v2"] * 8)
    scanned.loc[19, "scanned"] = None
    (row,) = drift(facts, scanned)
    assert row["n"] == 19
    assert row["course"] == "v1 (1 to 12), v2 (13 to 19)"
    scanned["scanned"] = pd.Series(pd.NA, index=scanned.index, dtype="string")
    assert drift(facts, scanned) == []


def test_a_few_scans_have_a_course_but_no_p_value():
    (row,) = drift(*scans(["v1", "v1", "v2"]))
    assert row["course"] == "v1 (1 to 2), v2 (3)"
    assert np.isnan(row["p_value"])


@pytest.mark.parametrize("values", ["aaaabbbbcc", "aabbcccbaa", "abcabcabcc"])
def test_the_chance_of_few_runs_is_near_that_over_all_orders(values):
    def runs(order):
        return sum(1 for _ in groupby(order))

    rng = np.random.default_rng(1)
    counts = np.array([runs(rng.permutation(list(values))) for _ in range(4000)])
    exact = np.mean(counts <= runs(values))
    assert few_runs_p(list(values)) == pytest.approx(exact, abs=0.04)


def test_the_mean_number_of_runs_is_exact():
    orders = list(permutations("aabc"))
    mean = np.mean([sum(1 for _ in groupby(order)) for order in orders])
    assert mean == 1 + (16 - (4 + 1 + 1)) / 4


def headers(**values):
    header = Dataset()
    with hd.tolerant():
        for keyword, value in values.items():
            setattr(header, keyword, value)
    return [header]


def test_the_time_of_a_scan_is_its_earliest_acquisition():
    later = headers(AcquisitionDate="20200102", AcquisitionTime="100001")
    first = headers(AcquisitionDate="20200101", AcquisitionTime="235959.9")
    assert dates.scanned(later + first) == "20200101235959"
    study = headers(StudyDate="20200101", StudyTime="08")
    assert dates.scanned(study) == "20200101080000"
    series = headers(SeriesDate="20200101", SeriesTime="0815")
    assert dates.scanned(series) == "20200101081500"
    assert dates.scanned(headers(AcquisitionTime="100000")) is None
    assert dates.scanned(headers(AcquisitionDate="2020", AcquisitionTime="1")) is None


def test_days_count_from_the_first_scan_of_the_baseline():
    rows = [
        ("P1", "baseline", "CT", "20200228100000"),
        ("P1", "baseline", "PT", "20200229100000"),
        ("P1", "retest", "CT", "20200301000000"),
        ("P1", "before", "CT", "20200227235959"),
        ("P2", "retest", "CT", "20200301000000"),
        ("P3", "baseline", "CT", None),
    ]
    names = ["subject_id", "session", "image", "scanned"]
    table = pd.DataFrame(rows, columns=names).astype("string")
    found = dates.days_since_baseline(table, "baseline")
    assert found.tolist() == [0, 1, 2, -1, pd.NA, pd.NA]


def test_the_time_of_the_scan_is_taken_out_of_the_rows():
    keys = {"subject_id": "P1", "site": "A", "session": "baseline", "image": "CT"}
    images, private = dates.separated([keys | {"path": "x", "scanned": "20200101"}])
    assert images == [keys | {"path": "x"}]
    assert private == [keys | {"scanned": "20200101"}]
