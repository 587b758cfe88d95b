"""concord.agreement.volumes: ICC and limits of agreement of log volumes."""

import math

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.agreement.volumes import limits_of_agreement, volume_agreement
from concord.statistics.icc import intraclass_correlation


def pairs(n=12, factor=1.2, noise=0.05, site="A", seed=1, **other):
    """Rows of an agreement table, as far as volumes are concerned."""
    random = np.random.default_rng(seed)
    volume = np.exp(random.normal(9, 1, n))
    second = volume * factor * np.exp(random.normal(0, noise, n))
    keys = {
        "subject_id": [f"{site}-{number}" for number in range(n)],
        "site": site,
        "session": "baseline",
        "image": "CT",
        "region": "tumour",
        "reader": "A",
        "reader_b": "B",
        "status": "ok",
        "volume_mm3": volume,
        "volume_b_mm3": second,
    }
    rows = pd.DataFrame(keys | other)
    return pd.concat([rows.assign(definition=d) for d in ("mesh", "voxel")])


def by_form(rows, site="all"):
    return {row["form"]: row for row in rows if row["site"] == site}


def test_ratios_are_geometric_means_with_their_limits():
    # ln 2 and ln 8: mean ln 4, SD ln 4 / root 2.
    found = limits_of_agreement(np.array([1.0, 1.0]), np.array([2.0, 8.0]))

    spread = 1.96 * math.log(4) / math.sqrt(2)
    assert found["ratio"] == pytest.approx(4)
    assert found["ratio_lower"] == pytest.approx(math.exp(math.log(4) - spread))
    assert found["ratio_upper"] == pytest.approx(math.exp(math.log(4) + spread))
    assert found["bias_log"] == pytest.approx(math.log(4))


def test_a_constant_factor_lowers_absolute_agreement_alone():
    found = by_form(volume_agreement(pairs(factor=2.0), "baseline"))

    assert found["ICC(C,1)"]["icc"] > 0.99
    assert found["ICC(A,1)"]["icc"] < found["ICC(C,1)"]["icc"] - 0.05
    assert found["ICC(A,1)"]["ratio"] == pytest.approx(2.0, rel=0.05)


def test_the_icc_is_that_of_the_logarithms():
    rows = pairs()
    volumes = rows[rows["definition"] == "voxel"][["volume_mm3", "volume_b_mm3"]]
    expected = intraclass_correlation(np.log(volumes.to_numpy())[..., None], "ICC(A,1)")

    found = by_form(volume_agreement(rows, "baseline"))["ICC(A,1)"]
    assert (found["n"], found["icc"]) == (12, expected.estimate[0])
    assert (found["lower"], found["upper"]) == (expected.lower[0], expected.upper[0])


def test_the_unit_of_the_volumes_does_not_matter():
    rows = pairs()
    litres = rows.assign(
        volume_mm3=rows["volume_mm3"] / 1e6, volume_b_mm3=rows["volume_b_mm3"] / 1e6
    )

    first, second = (volume_agreement(r, "baseline") for r in (rows, litres))
    for one, other in zip(first, second, strict=True):
        assert one["icc"] == pytest.approx(other["icc"], abs=1e-9)
        assert one["ratio_upper"] == pytest.approx(other["ratio_upper"])


def test_sites_have_rows_of_their_own_if_there_are_several():
    one_site = volume_agreement(pairs(), "baseline")
    two_sites = volume_agreement(
        pd.concat([pairs(), pairs(site="B", factor=0.8, seed=2)]), "baseline"
    )

    assert [row["site"] for row in one_site] == ["all", "all"]
    assert {row["site"]: row["n"] for row in two_sites} == {"A": 12, "B": 12, "all": 24}
    ratios = {row["site"]: row["ratio"] for row in two_sites}
    assert ratios["B"] < 1 < ratios["A"]


def test_other_sessions_and_empty_segmentations_are_left_out():
    empty = pairs(n=2, status="one_empty", volume_b_mm3=0.0)
    retest = pairs(n=5, session="retest")

    found = by_form(volume_agreement(pd.concat([pairs(), empty, retest]), "baseline"))
    assert (found["ICC(A,1)"]["n"], found["ICC(A,1)"]["n_empty"]) == (12, 2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("n", [0, 1])
def test_too_few_subjects_have_a_reason_and_no_icc(n, tmp_path):
    empty = pairs(n=2, status="one_empty", volume_b_mm3=0.0)
    rows = volume_agreement(pd.concat([pairs(n=n), empty]), "baseline")

    tables.write(rows, tmp_path / "v.tsv", "volume_agreement")
    found = tables.read(tmp_path / "v.tsv", "volume_agreement")
    assert found["icc"].isna().all()
    assert found["reason"].str.startswith("fewer than 2 subjects").all()
    assert found["bias_log"].isna().all() == (n == 0)


def test_a_study_of_one_reader_has_no_rows(tmp_path):
    tables.write([], tmp_path / "a.tsv", "agreement")

    assert (
        volume_agreement(tables.read(tmp_path / "a.tsv", "agreement"), "baseline") == []
    )
