"""Features of the IBSI phantoms against the published values, with our processing.

Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145. The values
defined in 3D: 749 with those of the digital phantom.
"""

import pytest

from concord.features.engines import ibsi_phantom, pictologics
from concord.features.ibsi import by_ibsi_tag

from .. import ibsi_cases

N_VALUES = {"digital": 169, "A": 74, "C": 168, "D": 169, "E": 169}


@pytest.mark.parametrize("name", N_VALUES)
def test_every_published_value_of_a_configuration_matches(shared_data, name):
    region, recipe = ibsi_cases.prepared(name, shared_data)
    values = pictologics.measure(region, recipe).values
    expected = {
        by_ibsi_tag()[tag].column: reference
        for tag, reference in ibsi_cases.published(shared_data, name).items()
        if tag in by_ibsi_tag()
    }
    assert len(expected) == N_VALUES[name]
    missed = {
        column: (values[column], reference)
        for column, reference in expected.items()
        if not ibsi_phantom.matches(values[column], *reference)
    }
    assert missed == {}
