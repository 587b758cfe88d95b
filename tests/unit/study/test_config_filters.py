"""What a filter of the configuration may say, and what it is refused for."""

import pytest
import yaml
from pydantic import Field, TypeAdapter, ValidationError

from concord.features.filters.resolve import resolve
from concord.features.settings.filters import Filters, FilterSection
from concord.fields import Section
from concord.study.annotation import _Page
from concord.study.documents import keys

LAWS = {"kind": "laws", "kernels": "L5E5E5"}
GABOR = {"kind": "gabor", "sigma_mm": 5, "wavelength_mm": 2, "theta_degrees": 0}
WAVELET = {"kind": "wavelet", "wavelet": "db3"}
RIESZ = {"kind": "riesz_log", "sigma_mm": 2, "orders": [1, 0, 0]}
MEAN = {"kind": "mean", "support_voxels": 5}
LOG = {"kind": "log", "sigma_mm": 2}
TURNED = {"rotation_invariant": True}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"kind": "sobel"}, "Input should be 'mean', 'log'"),
        ({"kind": "mean"}, "kind mean needs support_voxels"),
        ({"kind": "log"}, "kind log needs sigma_mm"),
        ({"kind": "laws"}, "kind laws needs kernels"),
        ({"kind": "gabor", "sigma_mm": 2}, "kind gabor needs wavelength_mm"),
        ({"kind": "wavelet"}, "kind wavelet needs wavelet"),
        ({"kind": "riesz_log", "sigma_mm": 2}, "kind riesz_log needs orders"),
        ({"kind": "riesz_simoncelli"}, "kind riesz_simoncelli needs orders"),
        (MEAN | {"sigma_mm": 2}, "sigma_mm has no effect with kind mean"),
        (LOG | TURNED, "rotation_invariant has no effect with kind log"),
        (LAWS | {"levels": 2}, "levels has no effect with kind laws"),
        (WAVELET | {"truncate": 3}, "truncate has no effect with kind wavelet"),
        (RIESZ | {"planes": "axial"}, "planes has no effect with kind riesz_log"),
        (MEAN | {"sigma": 2}, "Extra inputs are not permitted"),
        (MEAN | {"support_voxels": 4}, "is 4, expected an odd number"),
        (MEAN | {"support_voxels": [3, 3]}, "each value may be named once"),
        (LOG | {"sigma_mm": [2, 2.0000001]}, "each value may be named once"),
        (MEAN | {"support_voxels": []}, "at least 1 item"),
        (MEAN | {"boundary": "wrap"}, "'mirror', 'nearest', 'zero' or 'periodic'"),
        (LOG | {"sigma_mm": 0}, "greater than or equal to 0.1"),
        (LAWS | {"kernels": "L5E5"}, "should match pattern"),
        (LAWS | {"kernels": "L5E5W3"}, "should match pattern"),
        (LAWS | {"pooling": "max"}, "pooling max needs rotation_invariant: true"),
        (LAWS | TURNED, "with E or W, such as L5E5E5, is 0 everywhere"),
        (GABOR | TURNED, "needs either theta_degrees or rotation_invariant"),
        (GABOR | {"theta_degrees": None}, "needs either theta_degrees or"),
        (GABOR | {"theta_degrees": 360}, "less than 360"),
        (GABOR | {"theta_step_degrees": 30}, "needs rotation_invariant: true"),
        (
            GABOR | TURNED | {"theta_degrees": None, "theta_step_degrees": 50},
            "is 50, expected a whole part of 360",
        ),
        (WAVELET | {"subbands": "LHX"}, "Input should be 'LLL'"),
        (
            WAVELET | TURNED | {"subbands": ["LHL", "HHH", "HLL"]},
            "subbands LHL and HLL are one map",
        ),
        (WAVELET | {"levels": 6}, "less than or equal to 5"),
        (RIESZ | {"orders": [0, 0, 0]}, "the total order is 0, expected 1 to 4"),
        (RIESZ | {"orders": [[3, 2, 0]]}, "the total order is 5, expected 1 to 4"),
    ],
)
def test_a_filter_that_cannot_mean_anything_is_refused(given, text):
    with pytest.raises(ValidationError) as caught:
        FilterSection(**given)
    assert text in str(caught.value)


def test_one_value_may_be_given_without_a_list():
    assert FilterSection(**MEAN).support_voxels == [5]
    assert FilterSection(**WAVELET | {"levels": 2}).levels == [2]
    assert FilterSection(**RIESZ).orders == [(1, 0, 0)]
    two = FilterSection(**RIESZ | {"orders": [[1, 0, 0], [0, 1, 1]]})
    assert two.orders == [(1, 0, 0), (0, 1, 1)]


def test_subbands_that_rotations_keep_apart_may_stand_together():
    section = FilterSection(**WAVELET | TURNED | {"subbands": ["LHL", "HHL"]})
    assert section.subbands == ["LHL", "HHL"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("original", "is the unfiltered image"), ("a-b", "must be a letter followed by")],
)
def test_a_name_that_cannot_begin_a_column_is_refused(name, text):
    with pytest.raises(ValidationError, match=text):
        TypeAdapter(Filters).validate_python({name: MEAN})


@pytest.mark.parametrize("given", [MEAN, LOG, LAWS, GABOR, WAVELET, RIESZ])
def test_what_a_section_holds_can_be_read_again(given):
    section = FilterSection(**given)
    dumped = section.model_dump(mode="json")
    assert FilterSection(**dumped) == section
    assert resolve(FilterSection(**dumped), "x") == resolve(section, "x")


class Holder(Section):
    """A recipe, as far as its filters go."""

    filters: Filters = Field(default={}, description="Filters by name.")


def test_the_documents_show_every_key_of_a_filter_and_its_source():
    fields = dict(keys(Holder))
    assert set(fields) == {
        f"filters.<name>.{key}" for key in FilterSection.model_fields
    }
    for field in fields.values():
        assert str(field.description).endswith("arXiv:2006.05470.")


def test_a_written_filter_is_read_as_the_same_filter():
    holder = Holder(filters={"fine": WAVELET, "riesz": RIESZ})
    raw = {"filters": {"fine": WAVELET, "riesz": RIESZ}}
    text = "\n".join(_Page({}, True).section(Holder, raw, ""))
    assert "# What the filter computes." in text
    assert Holder(**yaml.safe_load(text)) == holder
