"""concord.ingest.acquisition.batches: what the headers say were made alike."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from concord import tables
from concord.ingest.acquisition.batches import adjusted_rand_index, batches, members


def acquisition(rows, modality="CT"):
    """One image per dict of facts; subjects P00, P01, ..."""
    keys = [
        {"subject_id": f"P{k:02d}", "site": "A", "session": "baseline"}
        | {"image": modality, "modality": modality}
        for k in range(len(rows))
    ]
    table = pd.DataFrame([key | row for key, row in zip(keys, rows, strict=True)])
    return table.reindex(columns=list(tables.KINDS["acquisition"]))


def proposed(rows, least=3, modality="CT"):
    table = acquisition(rows, modality)
    found = members(table, least)
    return found, batches(table, found, least)


def test_each_software_with_enough_subjects_is_a_batch(tmp_path):
    old, new = {"SoftwareVersions": "v1"}, {"SoftwareVersions": "v2"}
    found, (first, second) = proposed([new] * 5 + [old] * 8)

    tables.write([first, second], tmp_path / "batches.tsv", "batches")
    tables.write(found, tmp_path / "members.tsv", "batch_members")
    assert found["batch"].tolist() == ["CT-2"] * 5 + ["CT-1"] * 8
    assert first["facts"] == "SoftwareVersions v1"
    assert (first["n_images"], first["n_subjects"]) == (8, 8)
    assert (first["column"], first["agreement"]) == ("SoftwareVersions", 1)
    assert first["advice"] is None
    assert second["sites"] == "A (5)"


def test_a_small_group_joins_the_one_it_differs_from_least():
    base = {"Manufacturer": "X", "SoftwareVersions": "v1", "ConvolutionKernel": "SOFT"}
    other = base | {"SoftwareVersions": "v2", "ConvolutionKernel": "STANDARD"}
    odd = base | {"ConvolutionKernel": "STANDARD"}  # differs by kernel, or by software
    found, rows = proposed([base] * 6 + [other] * 7 + [odd])

    assert found["batch"].tolist() == ["CT-1"] * 6 + ["CT-2"] * 7 + ["CT-1"]
    assert rows[0]["facts"] == (
        "SoftwareVersions v1; ConvolutionKernel SOFT (6), STANDARD (1)"
    )
    assert rows[0]["n_combinations"] == 2


def test_another_manufacturer_is_never_joined_and_comes_with_advice():
    _, rows = proposed([{"Manufacturer": "X"}] * 6 + [{"Manufacturer": "Y"}])
    assert [row["n_images"] for row in rows] == [6, 1]
    assert rows[1]["advice"].startswith(
        "1 subject, fewer than harmonization.min_batch_size (3)"
    )


def test_a_blank_is_a_value_of_its_own():
    known, blank = {"Manufacturer": "X"}, {"Manufacturer": None}
    _, rows = proposed([known] * 6 + [blank] * 4)
    assert [row["facts"] for row in rows] == ["Manufacturer X", "Manufacturer blank"]


def test_facts_of_single_images_tell_no_batches():
    rows = [{"KVP": 80.0 + 10 * k} for k in range(12)]
    _, (only,) = proposed(rows)
    assert only["n_images"] == 12
    assert only["facts"] is None
    assert only["advice"] == "one batch: the headers give no reason to harmonize"
    assert only["column"] is None


def test_numbers_that_round_to_two_digits_alike_are_equal():
    rows = [{"SliceThickness": 3.27}] * 5 + [{"SliceThickness": 3.2699}] * 5
    rows += [{"SliceThickness": 5.0}] * 5
    _, found = proposed(rows)
    assert [row["facts"] for row in found] == ["SliceThickness 3.3", "SliceThickness 5"]


def test_the_order_of_the_images_changes_nothing():
    kinds = [
        {"Manufacturer": m, "SoftwareVersions": s, "EchoTime": t}
        for m in "XY"
        for s in ("v1", "v2")
        for t in (10.0, 20.0)
    ]
    rng = np.random.default_rng(1)
    rows = [kinds[k] for k in rng.choice(8, 60, p=[0.3, 0.02, 0.2, 0.2] + [0.07] * 4)]
    table = acquisition(rows, "MR")
    shuffled = table.sample(frac=1, random_state=1)
    a, b = members(table, 4), members(shuffled.reset_index(drop=True), 4)
    merged = a.merge(b, on="subject_id")
    assert (merged["batch_x"] == merged["batch_y"]).all()
    assert batches(table, a, 4) == batches(shuffled.reset_index(drop=True), b, 4)


@pytest.mark.parametrize("seed", range(5))
def test_the_adjusted_rand_index_equals_that_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 3, 40).astype(str), rng.integers(0, 4, 40).astype(str)
    expected = adjusted_rand_score(a, b)
    assert adjusted_rand_index(a.tolist(), b.tolist()) == pytest.approx(expected)
    assert adjusted_rand_index(a.tolist(), a.tolist()) == 1


def test_no_images_give_no_batches():
    table = acquisition([{"KVP": 120.0}]).head(0)
    assert batches(table, members(table, 3), 3) == []
