"""What the sections of regions, perturbations and normalization refuse."""

import pytest
from pydantic import ValidationError

from concord.features.settings.normalization import NormalizationSection
from concord.features.settings.perturbations import PerturbationSection
from concord.features.settings.regions import RegionSection, region_faults

RIM = {"of": "tumour", "kind": "shell", "outer_mm": 5}


def test_one_region_may_be_named_without_a_list():
    assert RegionSection(**RIM).of == ["tumour"]
    assert RegionSection(**(RIM | {"of": ["tumour", "node"]})).of == ["tumour", "node"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "core"}, "outer_mm has no effect with kind core"),
        ({"kind": "grown", "inner_mm": 1}, "inner_mm has no effect with kind grown"),
        ({"kind": "union", "outer_mm": 0}, "kind union needs two regions or more"),
        ({"kind": "difference", "outer_mm": 0}, "kind difference needs two regions"),
        ({"outer_mm": 0}, "kind shell needs inner_mm or outer_mm above 0"),
        ({"outer_mm": -1}, "greater than or equal to 0"),
        ({"kind": "ring"}, "Input should be 'shell'"),
        ({"of": []}, "at least 1 item"),
        ({"exclude": ["a b"]}, "must be a letter followed by"),
        ({"intensity_range": {"CT": (5, -5)}}, r"intensity_range\.CT must rise"),
        ({"intensity_range": {"X R": (0, 5)}}, "must be a letter followed by"),
        ({"width_mm": 3}, "Extra inputs are not permitted"),
    ],
)
def test_a_region_that_makes_no_sense_is_refused(values, message):
    with pytest.raises(ValidationError, match=message):
        RegionSection(**(RIM | values))


def faults(segmented, **regions):
    sections = {name: RegionSection(**values) for name, values in regions.items()}
    return list(region_faults(sections, segmented))


def test_regions_are_made_of_known_ones():
    assert faults(["tumour"], rim=RIM, outer=RIM | {"of": "rim"}) == []
    assert faults(["node"], rim=RIM | {"exclude": ["bone"]}) == [
        ("regions.rim.of", "unknown region tumour, known ['node', 'rim']"),
        ("regions.rim.exclude", "unknown region bone, known ['node', 'rim']"),
    ]


def test_a_derived_region_takes_no_name_of_a_segmented_one():
    assert faults(["tumour", "rim"], rim=RIM) == [
        ("regions.rim", "is the name of a segmented region too")
    ]


def test_regions_made_of_each_other_are_named():
    found = faults(["tumour"], a=RIM | {"of": "b"}, b=RIM | {"exclude": ["a"]})
    assert [key for key, _ in found] == ["regions"]
    assert "are made of each other" in found[0][1]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rotations_degrees": [5, 5]}, "each value may be named once"),
        ({"rotations_degrees": [200]}, "less than or equal to 180"),
        ({"translations_voxels": [1.5]}, "less than or equal to 1"),
        ({"volume_fractions": [-1]}, r"greater than or equal to -0\.9"),
        ({"volume_fractions": [0]}, "the value 0 changes nothing without combine"),
        ({"noise_scale": 0}, "greater than 0"),
        (
            {"noise_repetitions": 50, "contour_repetitions": 5, "combine": True},
            "these are 250 perturbations, at most 200",
        ),
    ],
)
def test_a_perturbation_that_makes_no_sense_is_refused(values, message):
    with pytest.raises(ValidationError, match=message):
        PerturbationSection(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"method": "percentile", "percentiles": (99, 1)}, "percentiles must rise"),
        ({"scale_from": "foreground"}, "scale_from foreground has no effect with none"),
        (
            {"method": "zscore", "scale_from": "reference"},
            "scale_from reference needs reference_region",
        ),
        (
            {"method": "zscore", "reference_region": "fat"},
            "reference_region needs scale_from reference",
        ),
        ({"n4_iterations": []}, "at least 1 item"),
        ({"n4_shrink_factor": 0}, "greater than or equal to 1"),
    ],
)
def test_a_normalization_that_makes_no_sense_is_refused(values, message):
    with pytest.raises(ValidationError, match=message):
        NormalizationSection(**values)
