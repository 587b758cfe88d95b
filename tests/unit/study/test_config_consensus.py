"""What the configuration asks of a consensus, and what the sheets allow."""

import pytest
import yaml

from concord.errors import ConfigError
from concord.study.consensus import consensus_faults, segmented_regions
from concord.study.documents import ROOT
from concord.study.parsing import parse
from concord.study.sheet_consistency import membership_faults
from concord.study.sheets import Sheet

IMAGE = {"subject_id": "A001", "session": "baseline", "image": "CT"}


def config(reference_reader="A", **agreement):
    raw = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    raw["agreement"] |= agreement
    raw["study"]["reference_reader"] = reference_reader
    return parse(raw, "config.yaml")[0]


def sheet(*readers, region="tumour"):
    rows = [IMAGE | {"region": region, "reader": reader} for reader in readers]
    return Sheet(ROOT / "masks.tsv", rows)


def faults(masks, **settings):
    return [str(fault) for fault in consensus_faults(config(**settings), masks)]


def test_three_readers_of_one_image_have_a_consensus():
    assert segmented_regions(config(), sheet("A", "B", "C"), "consensus") == {
        ("CT", "tumour")
    }
    assert segmented_regions(config(), sheet("A", "B"), "consensus") == set()


def test_readers_of_different_images_have_none():
    masks = sheet("A", "B")
    masks.rows.append(sheet("C").rows[0] | {"session": "retest"})

    assert segmented_regions(config(), masks, "consensus") == set()


def test_no_region_has_a_consensus_if_none_is_wanted():
    masks = sheet("A", "B", "C")

    assert segmented_regions(config(consensus="none"), masks, "consensus") == set()


def test_only_readers_who_vote_count():
    masks, chosen = sheet("A", "B", "AI", "C"), ["A", "B", "C"]

    assert segmented_regions(config(consensus_of=chosen), masks, "consensus")
    masks.rows.pop()
    assert not segmented_regions(config(consensus_of=chosen), masks, "consensus")


def test_the_name_of_the_consensus_is_reserved():
    (fault,) = faults(sheet("A", "consensus"))

    assert "'consensus' is reserved" in fault
    assert "give the reader another name" in fault


def test_an_unknown_voter_gets_the_nearest_reader():
    (fault,) = faults(sheet("A", "B", "reader_c"), consensus_of=["A", "B", "reader_d"])

    assert "no row has 'reader_d', which agreement.consensus_of asks for" in fault
    assert "reader_c" in fault


def test_two_voters_are_too_few():
    (fault,) = faults(sheet("A", "B", "C"), consensus_of=["A", "B"])

    assert "agreement.consensus_of" in fault
    assert "expected 3 readers or more" in fault


def test_the_consensus_may_be_the_reference_reader_where_there_is_one():
    settings = config("consensus")
    images = Sheet(ROOT / "images.tsv", [IMAGE])
    subjects = Sheet(ROOT / "subjects.tsv", [{"subject_id": "A001"}])

    def of_reader(*readers):
        found = membership_faults(settings, subjects, images, sheet(*readers))
        return [str(f) for f in found if "reader" in str(f)]

    assert not any("no row has 'consensus'" in f for f in of_reader("A", "B", "C"))
    assert not any("fits 'CT.tumour" in f for f in of_reader("A", "B", "C"))
    assert any("fits 'CT.tumour" in f for f in of_reader("A", "B"))
    assert any("no row has 'consensus'" in f for f in of_reader("A", "B"))


@pytest.mark.parametrize("tolerances", [[3.0, 1.0], [0.0, 1.0], [1.0, 1.0], []])
def test_tolerances_ascend_from_above_zero(tolerances):
    with pytest.raises(ConfigError, match=r"agreement\.tolerances_mm"):
        config(tolerances_mm=tolerances)
