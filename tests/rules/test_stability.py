"""Rule stability: the script on files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from stability import main

from concord import tables
from concord.stability.settings import ReliabilitySection, Stability

COLUMNS = ["original.morphology.volume_mesh", "original.statistics.mean"]


@pytest.fixture
def features(tmp_path):
    """Eight subjects, two readers at baseline, five retests."""
    subjects = [f"A-{number:03d}" for number in range(8)]
    truth = np.linspace(10, 80, 8)
    parts = []
    for session, reader, count, shift in (
        ("baseline", "A", 8, np.zeros(8)),
        ("baseline", "B", 8, np.tile([1.0, -1.0], 4)),
        ("retest", "A", 5, np.ones(5)),
    ):
        part = pd.DataFrame({"subject_id": subjects[:count], "site": "A"})
        part = part.assign(session=session, image="CT", region="tumour", reader=reader)
        part[COLUMNS[0]] = truth[:count] + shift[:count]
        part[COLUMNS[1]] = 40.0
        parts.append(part)
    tables.write_features(pd.concat(parts, ignore_index=True), tmp_path / "f.parquet")
    return tmp_path / "f.parquet"


def run(features, output, variants=(), sealed=(), **stability):
    settings = Stability(
        stability=ReliabilitySection(**stability),
        baseline_session="baseline",
        reference_reader="A",
        sealed=list(sealed),
    )
    main(
        SimpleNamespace(
            input=SimpleNamespace(features=features, variants=list(variants)),
            output=SimpleNamespace(
                stability=output, readers=output.with_name(f"pairs_{output.name}")
            ),
            params=SimpleNamespace(spec=settings.model_dump_json()),
        )
    )
    return tables.read(output, "stability").set_index(["column", "axis"])


def test_readers_and_retests_are_judged(features, tmp_path):
    found = run(features, tmp_path / "stability.tsv")

    readers = found.loc[(COLUMNS[0], "reader")]
    assert (readers["n_subjects"], readers["n_raters"]) == (8, 2)
    assert readers["bias"] == pytest.approx(0, abs=1e-12)
    assert readers["icc"] > readers["icc_lower"] > 0.99
    assert readers["stable"]
    retest = found.loc[(COLUMNS[0], "retest")]
    assert (retest["n_subjects"], retest["bias"]) == (5, pytest.approx(1))
    assert retest["within_sd"] == pytest.approx(np.sqrt(0.5))
    # Mean squares: 2 * 250 between, 0.5 within.
    assert retest["icc"] == pytest.approx((500 - 0.5) / (500 + 0.5))


def test_each_two_readers_are_judged_by_themselves(features, tmp_path):
    found = run(features, tmp_path / "stability.tsv")

    pairs = tables.read(tmp_path / "pairs_stability.tsv", "reader_stability")
    assert pairs[["reader", "reader_b"]].to_numpy().tolist() == [["A", "B"]] * 2
    expected = found.xs("reader", level="axis").sort_index()
    assert pairs["icc"].to_numpy() == pytest.approx(expected["icc"], nan_ok=True)
    assert pairs["reason"].isna().tolist() == [True, False]


def test_a_constant_feature_has_a_reason(features, tmp_path):
    found = run(features, tmp_path / "stability.tsv")

    constant = found.loc[COLUMNS[1]]
    assert constant["icc"].isna().all()
    assert not constant["stable"].any()
    assert constant["reason"].str.contains("the subjects do not differ").all()


def test_the_threshold_of_the_study_decides(features, tmp_path):
    found = run(features, tmp_path / "stability.tsv", threshold=1.0)

    assert not found["stable"].any()


def test_a_second_run_gives_equal_bytes(features, tmp_path):
    for name in ("first.tsv", "second.tsv"):
        run(features, tmp_path / name)

    first, second = (tmp_path / name for name in ("first.tsv", "second.tsv"))
    assert first.read_bytes() == second.read_bytes()


def test_variants_of_the_scans_are_an_axis(features, tmp_path):
    scans = tables.read_features(features)
    scans = scans[(scans["session"] == "baseline") & (scans["reader"] == "A")]
    disturbed = scans.assign(session="baseline::perturbation::volume+10")
    disturbed[COLUMNS[0]] *= 1.1
    tables.write_features(disturbed, tmp_path / "v.parquet")

    found = run(features, tmp_path / "s.tsv", variants=[tmp_path / "v.parquet"])

    axis = found.loc[(COLUMNS[0], "perturbation")]
    assert (axis["form"], axis["n_subjects"], axis["n_raters"]) == ("ICC(1,1)", 8, 2)
    assert axis["bias"] == pytest.approx(4.5)  # a tenth of the mean of 10 to 80


def test_measurements_of_sealed_subjects_are_not_looked_at(features, tmp_path):
    sealed = ["A-000", "A-007"]
    found = run(features, tmp_path / "stability.tsv", sealed=sealed)
    every = tables.read_features(features)
    kept = tmp_path / "kept.parquet"
    tables.write_features(every[~every["subject_id"].isin(sealed)], kept)

    assert found.loc[(COLUMNS[0], "reader"), "n_subjects"] == 6
    pd.testing.assert_frame_equal(found, run(kept, tmp_path / "other.tsv"))
