"""The consensus of readers in the DAG: there if three readers segmented, else not."""

import csv

import pytest

from concord import tables

from .conftest import small_demo

CONSUMERS = {"segmentation_agreement", "extract_features"}

#: The agreement and the features of one chunk.
CHUNK = [
    "results/agreement/chunks/A-0_CT.tsv",
    "results/features/chunks/A-0_CT.parquet",
]


def rewrite_masks(study, change):
    """Replace the rows of the mask sheet by what a function makes of them."""
    sheet = study.folder / "config" / "masks.tsv"
    with sheet.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def add_reader(study, name):
    """Let a further reader have the segmentations of reader B."""
    rewrite_masks(
        study,
        lambda rows: rows + [r | {"reader": name} for r in rows if r["reader"] == "B"],
    )


def only_readers(study, *names):
    """Leave the masks of some readers alone in the sheet."""
    rewrite_masks(study, lambda rows: [row for row in rows if row["reader"] in names])
    study.change("agreement.review", None)


def test_two_readers_have_no_rule_for_a_consensus(new_study):
    only_readers(new_study, "A", "B")

    planned = new_study.planned_rules()
    assert planned >= CONSUMERS
    assert "consensus_mask" not in planned


def test_three_readers_have_a_consensus_that_both_consumers_read(new_study):
    add_reader(new_study, "C")

    assert new_study.planned_rules() >= CONSUMERS | {"consensus_mask"}


def test_no_rule_makes_a_consensus_that_nobody_wants(new_study):
    add_reader(new_study, "C")
    new_study.change("agreement.consensus", "none")

    planned = new_study.planned_rules()
    assert planned >= CONSUMERS
    assert "consensus_mask" not in planned


def test_the_consensus_may_be_the_reader_of_the_models(new_study):
    add_reader(new_study, "C")
    new_study.change("study.reference_reader", "consensus")
    new_study.change("stability.readers", None)

    assert new_study.planned_rules() >= CONSUMERS | {"consensus_mask", "fit_arms"}


def test_a_consensus_of_two_readers_cannot_be_the_reader_of_the_models(new_study):
    only_readers(new_study, "A", "B")
    new_study.change("study.reference_reader", "consensus")

    run = new_study.snakemake("--quiet", "rules", "--dry-run")
    assert run.returncode
    assert "no row has 'consensus', which study.reference_reader asks" in run.stdout


@pytest.fixture(scope="module")
def chunk_study(tmp_path_factory):
    """A study of three readers of which the tables of one chunk are made."""
    study = small_demo(tmp_path_factory.mktemp("three") / "study")
    only_readers(study, "A", "B")
    add_reader(study, "C")
    run = study.snakemake(*CHUNK)
    assert run.returncode == 0, run.stdout
    return study


@pytest.mark.slow
def test_the_consensus_has_features_and_is_compared_with_all(chunk_study):
    features = tables.read_features(chunk_study.folder / CHUNK[1])
    pairs = tables.read(chunk_study.folder / CHUNK[0], "agreement")

    assert set(features["reader"]) == {"A", "B", "C", "consensus"}
    assert set(pairs["reader"] + pairs["reader_b"]) == {
        *("AB", "AC", "BC"),
        *("Aconsensus", "Bconsensus", "Cconsensus"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("agreement.consensus", "staple", CONSUMERS | {"consensus_mask"}),
        ("agreement.consensus", "none", CONSUMERS),
        ("agreement.consensus_of", ["A", "B", "C"], CONSUMERS | {"consensus_mask"}),
        ("agreement.tolerances_mm", [2.0], {"segmentation_agreement"}),
        ("stability.threshold", 0.8, set()),
    ],
)
def test_a_changed_key_makes_exactly_the_consensus_and_its_consumers_again(
    chunk_study, tmp_path, key, value, expected
):
    study = chunk_study.copy(tmp_path / "study")
    study.change(key, value)

    assert study.planned_rules(*CHUNK) == expected
