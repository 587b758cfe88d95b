"""Protocol: each image has, or has not, what the protocol wants."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.ingest.acquisition.protocol import conformance, conforms, expected, summary
from concord.ingest.acquisition.settings import ProtocolItem


def item(lowest=None, highest=None, allowed=None):
    return ProtocolItem(lowest=lowest, highest=highest, allowed=allowed)


def acquisition(**columns):
    """Images of one subject each, two per site; other facts are blank."""
    n = len(next(iter(columns.values())))
    keys = {
        "subject_id": [f"P{k}" for k in range(n)],
        "site": ["A", "B"] * (n // 2),
        "session": "baseline",
        "image": "CT",
    }
    names = list(tables.KINDS["acquisition"])
    return pd.DataFrame(keys | columns).reindex(columns=names)


@pytest.mark.parametrize(
    ("value", "wanted", "result"),
    [
        (120.0, item(allowed=[100.0, 120.0]), "yes"),
        (140.0, item(allowed=[100.0, 120.0]), "no"),
        ("Standard ", item(allowed=["STANDARD"]), "yes"),
        ("STANDARD+", item(allowed=["STANDARD"]), "no"),
        (True, item(allowed=[False]), "no"),
        (False, item(allowed=[False]), "yes"),
        (3.2699999, item(lowest=3.27, highest=3.27), "yes"),
        (3.3, item(lowest=3.27, highest=3.27), "no"),
        (5.0, item(highest=3.0), "no"),
        (2.0, item(lowest=3.0), "no"),
        (3.0, item(lowest=3.0), "yes"),
        (-5.0, item(lowest=-5.0), "yes"),
        (np.nan, item(lowest=3.0), "blank"),
        (pd.NA, item(allowed=["STANDARD"]), "blank"),
        (None, item(allowed=[False]), "blank"),
    ],
)
def test_a_value_conforms_departs_or_is_blank(value, wanted, result):
    assert conforms(value, wanted) == result


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("KVP", item(allowed=[100.0, 120.0]), "100 or 120 kV"),
        ("SliceThickness", item(1.0, 3.0), "1 to 3 mm"),
        ("UptakeMinutes", item(lowest=55.0), "at least 55 min"),
        ("SpiralPitchFactor", item(highest=1.5), "at most 1.5"),
        ("ContrastBolus", item(allowed=[False]), "no"),
    ],
)
def test_what_is_expected_is_told_with_its_unit(name, wanted, words):
    assert expected(name, wanted) == words


def test_sites_are_counted_for_each_item_in_the_order_of_the_protocol(tmp_path):
    images = acquisition(
        KVP=[120.0, 100.0, 120.0, 80.0, np.nan, 100.0], SliceThickness=[3.0] * 6
    )
    protocol = {"CT": {"SliceThickness": item(1, 3), "KVP": item(allowed=[120.0])}}
    path = tmp_path / "protocol.tsv"
    tables.write(conformance(images, protocol), path, "protocol")
    found = summary(tables.read(path, "protocol"))

    tables.write(found, tmp_path / "summary.tsv", "protocol_summary")
    assert [(row["item"], row["site"]) for row in found] == [
        ("SliceThickness", "A"),
        ("SliceThickness", "B"),
        ("KVP", "A"),
        ("KVP", "B"),
    ]
    names = ["n", "n_conforming", "n_departing", "n_blank", "departing"]
    assert [found[2][name] for name in names] == [3, 2, 0, 1, None]
    assert [found[3][name] for name in names] == [3, 0, 3, 0, "100 (2); 80 (1)"]


def test_modalities_without_a_protocol_are_not_judged():
    assert conformance(acquisition(KVP=[120.0, 120.0]), {"MR": {"KVP": item(1)}}) == []
    assert summary(pd.DataFrame(columns=["item", "site", "image", "expected"])) == []


def test_many_values_that_depart_are_told_as_a_range_or_counted():
    numbers = acquisition(
        UptakeMinutes=[50.0, 90.0, 51.5, 90.0, 52.0, 90.0, 53.0, 90.0]
    )
    protocol = {"CT": {"UptakeMinutes": item(60, 75)}}
    rows = pd.DataFrame(conformance(numbers, protocol))
    assert [row["departing"] for row in summary(rows)] == ["50 to 53 (4)", "90 (4)"]

    texts = acquisition(FilterType=["a", "x", "b", "x", "c", "x", "d", "x", "a", "x"])
    protocol = {"CT": {"FilterType": item(allowed=["x"])}}
    rows = pd.DataFrame(conformance(texts, protocol))
    assert summary(rows)[0]["departing"] == "a (2); b (1); c (1); and 1 more"
