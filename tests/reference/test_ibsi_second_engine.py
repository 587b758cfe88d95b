"""All 1,803 values of IBSI 1 with the second engine, from our processing.

Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145.
"""

from dataclasses import replace

import pytest

from concord.features.engines import ibsi_phantom
from concord.features.engines.zrad import engine, names
from concord.features.families import TEXTURE_FAMILIES

from .. import ibsi_cases

SLICES = [name for name in names.AGGREGATIONS if not name.startswith("3D")]
SOLID = [name for name in names.AGGREGATIONS if name.startswith("3D")]

#: Values published, and the aggregations that they are published for.
CASES = {
    "digital": (482, SLICES + SOLID),
    "A": (346, SLICES),
    "B": (346, SLICES),
    "C": (209, SOLID),
    "D": (210, SOLID),
    "E": (210, SOLID),
}


def values_by_tag(region, recipe, aggregations):
    """All values under all aggregations; what is not texture is measured once."""
    found = {}
    for name in aggregations:
        measured = engine.measure(region, recipe, aggregation=name)
        assert measured.failures == {}
        for column, value in measured.values.items():
            found[names.ibsi_tag(column, name)] = value
        recipe = replace(recipe, families=TEXTURE_FAMILIES)
    return found


def test_there_are_1803_values():
    assert sum(number for number, _ in CASES.values()) == 1803


@pytest.mark.parametrize("name", CASES)
def test_every_published_value_of_a_configuration_matches(shared_data, name):
    number, aggregations = CASES[name]
    region, recipe = ibsi_cases.prepared(name, shared_data)
    values = values_by_tag(region, recipe, aggregations)
    expected = {
        tag: reference
        for tag, reference in ibsi_cases.published(shared_data, name).items()
        if tag in values
    }
    assert len(expected) == number
    missed = {
        tag: (values[tag], reference)
        for tag, reference in expected.items()
        if not ibsi_phantom.matches(values[tag], *reference)
    }
    assert missed == {}
