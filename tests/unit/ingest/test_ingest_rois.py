"""ROIs: the region of a source that a row means."""

import time

import pytest

from concord.errors import IngestFault
from concord.ingest.segmentation.rois import Candidate, Listing, choose


def candidates(*names):
    return [Candidate(n, 10 * (n + 1), name, n + 3) for n, name in enumerate(names)]


SOURCE = candidates("GTV", "gtv", "GTV_node", "Heart (1")


def names(cell, merge=False, source=SOURCE):
    return [found.name for found in choose(source, cell, merge)]


def fault_of(cell, merge=False, source=SOURCE):
    with pytest.raises(IngestFault) as caught:
        choose(source, cell, merge)
    return caught.value


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("GTV", "GTV"),
        ("gtv", "gtv"),
        ("GTV_.*", "GTV_node"),
        ("Heart (1", "Heart (1"),
        ("30", "GTV_node"),
    ],
)
def test_an_exact_name_comes_before_a_number_and_a_number_before_a_pattern(cell, name):
    assert names(cell) == [name]
    assert names("20", source=candidates("20", "b", "c")) == ["20"]
    assert names("10|20", source=candidates("b", "c", "10")) == ["b", "c"]
    assert names("8|9", source=candidates("b", "9")) == ["9"]


@pytest.mark.parametrize(
    ("cell", "code", "text"),
    [
        ("Lung", "ROI_NOT_FOUND", "The source has 4 regions; private/rois lists"),
        ("(?i)gtv.*", "ROI_AMBIGUOUS", "3 regions fit the column `roi`"),
        ("", "ROI_AMBIGUOUS", "4 regions fit"),
        (None, "ROI_AMBIGUOUS", "4 regions fit"),
        ("GT", "ROI_NOT_FOUND", "no region fits"),
        ("GTV.*;;(?i)gtv.*", "ROI_AMBIGUOUS", "2, 3 regions fit"),
        ("Lung;;Lung (2", "ROI_NOT_FOUND", "Alternative 2 of 2 in the column `roi`"),
        ("50", "ROI_NOT_FOUND", "no region fits"),
    ],
)
def test_no_or_several_fitting_regions_are_refused_without_their_names(
    cell, code, text
):
    fault = fault_of(cell)
    assert fault.code == code
    assert text in str(fault)
    assert not any(word in str(fault) for word in ("GTV", "gtv", "Heart", "Lung"))


def test_the_first_alternative_that_fits_exactly_one_region_wins():
    assert names("Lung;;gtv;;GTV") == ["gtv"]
    assert names("GTV.*;;Heart.*") == ["Heart (1"]


@pytest.mark.parametrize("sign", ["(", ")", "+", "[", "|", "*", "?", "\\", "{2}", ";;"])
def test_a_name_matches_itself_whatever_signs_it_holds(sign):
    source = candidates("GTV", f"GTV {sign} left", f"{sign}x", "1|2")
    for name in (f"GTV {sign} left", f"{sign}x"):
        assert names(name, source=source) == [name]
        assert names(f"{name};;GTV", source=candidates("GTV")) == ["GTV"]


@pytest.mark.parametrize(
    "cell",
    ["(a+)+b", "(a|a)*b", "(a*)*b", ".*.*.*.*.*.*b", "(.|a)+b", "(?i)(a?){100}a{100}b"],
)
def test_no_pattern_and_no_name_stall(cell):
    source = candidates(*("a" * n for n in range(900, 1020)), "a" * 1_000_000)
    start = time.process_time()
    assert fault_of(cell, source=source).code == "ROI_NOT_FOUND"
    assert time.process_time() - start < 20


def test_a_name_of_a_megabyte_matches_itself():
    name = "GTV (" * 200_000
    assert names(name, source=candidates("GTV", name)) == [name]
    assert fault_of(name).code == "ROI_NOT_FOUND"
    assert fault_of("GTV;;" * 200_000 + "x").code == "ROI_NOT_FOUND"
    assert fault_of("9" * 5000).code == "ROI_NOT_FOUND"


def test_several_fitting_regions_are_united_if_the_study_says_so():
    assert names("Lung;;GTV.*;;Heart.*", merge=True) == ["GTV", "GTV_node"]
    assert fault_of("Lung", merge=True).code == "ROI_NOT_FOUND"


def test_numbers_in_a_list_are_united_without_further_ado():
    assert names("10|40") == ["GTV", "Heart (1"]
    assert names("10 | 99") == ["GTV"]
    assert fault_of("98|99").code == "ROI_NOT_FOUND"


def test_the_cell_may_be_empty_if_there_is_one_region():
    assert names("", source=candidates("x")) == ["x"]
    assert fault_of("", source=[]).code == "ROI_NOT_FOUND"


def row(reader, roi, source="a.dcm", region="tumour"):
    image = {"subject_id": "P1", "site": "A", "session": "baseline", "image": "CT"}
    return image | {"region": region, "reader": reader, "source": source, "roi": roi}


def test_the_listing_tells_what_every_row_took_and_what_none_did():
    listing = Listing()
    listing.add(row("A", "GTV"), SOURCE, False)
    listing.add(row("B", "gtv"), SOURCE, False)
    listing.add(row("C", "(?i)gtv"), SOURCE, False)
    listing.add(row("A", "none", "b.dcm"), candidates("x"), False)
    keys = ("source", "number", "name", "pieces", "reader", "status")
    found = [tuple(line.get(key) for key in keys) for line in listing.table()]
    assert found == [
        ("a.dcm", 10, "GTV", 3, "A", "matched"),
        ("a.dcm", 10, "GTV", 3, "C", "ambiguous"),
        ("a.dcm", 20, "gtv", 4, "B", "matched"),
        ("a.dcm", 20, "gtv", 4, "C", "ambiguous"),
        ("a.dcm", 30, "GTV_node", 5, None, "unmatched"),
        ("a.dcm", 40, "Heart (1", 6, None, "unmatched"),
        ("b.dcm", 10, "x", 3, None, "unmatched"),
    ]
