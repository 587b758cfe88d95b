"""Checks of masks: masks that cannot be right."""

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.segmentation.checks import check
from concord.ingest.settings import IngestSection

SHAPE = (10, 12, 14)
IMAGE = Volume(np.zeros(SHAPE, np.int16), (5.0, 2.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))


def boxes(*places):
    mask = np.zeros(SHAPE, bool)
    for place in places:
        mask[place] = True
    return mask


INNER = np.s_[2:5, 3:6, 3:7]


def checked(mask, waive=None, **limits):
    settings = IngestSection.model_validate(
        {"mask_checks": limits, "waive": waive or {}}
    )
    return check(mask, IMAGE, {"subject_id": "P1", "region": "tumour"}, settings)


def fault_of(mask, **limits):
    with pytest.raises(IngestFault) as caught:
        checked(mask, **limits)
    return caught.value


def test_a_plain_mask_has_one_component_and_no_note():
    found = checked(boxes(INNER))
    assert (found.n_components, found.touches_border, found.notes) == (1, False, ())


def test_an_empty_mask_is_refused():
    assert fault_of(boxes()).code == "ROI_EMPTY"


def test_one_voxel_is_refused_unless_the_study_asks_for_less_or_waives_it():
    one = boxes(np.s_[4, 5, 6])
    fault = fault_of(one)
    assert fault.code == "ROI_TOO_SMALL"
    assert "has 1 voxels, expected at least 2" in str(fault)
    assert checked(one, least_voxels=1).notes == ()
    (note,) = checked(one, waive={"ROI_TOO_SMALL": ["P1"]}).notes
    assert note.startswith("ROI_TOO_SMALL_WAIVED the region has 1 voxels")
    assert fault_of(boxes(INNER), least_voxels=37).code == "ROI_TOO_SMALL"


def test_voxels_that_share_a_corner_are_one_component():
    corners = boxes(np.s_[2, 2, 2], np.s_[3, 3, 3], np.s_[6, 6, 6])
    assert checked(corners).n_components == 2


def test_many_components_are_noted_and_refused_only_if_the_study_says_so():
    three = boxes(INNER, np.s_[7, 8, 8], np.s_[7, 8, 11])
    assert checked(three).notes == ()
    (note,) = checked(three, most_components=2).notes
    assert note.startswith("MANY_COMPONENTS 3 parts that do not touch, expected at")
    refuse = {"most_components": 2, "refuse": ["MANY_COMPONENTS"]}
    assert fault_of(three, **refuse).code == "MANY_COMPONENTS"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (np.s_[0:3, 3:6, 3:6], "outermost slices of"),
        (np.s_[3:5, 10:12, 3:6], "outermost rows of"),
        (np.s_[9, 3:6, 0:2], "outermost slices and columns of"),
    ],
)
def test_a_mask_at_the_border_is_noted_with_the_place(place, text):
    found = checked(boxes(place))
    assert found.touches_border
    assert found.notes[0].startswith("TOUCHES_BORDER")
    assert text in found.notes[0]
    assert fault_of(boxes(place), refuse=["TOUCHES_BORDER"]).code == "TOUCHES_BORDER"


def test_a_volume_out_of_the_range_of_its_region_is_refused():
    mask = boxes(INNER)  # 36 voxels of 10 mm3
    assert checked(mask, plausible_ml={"tumour": [0.36, 1]}).notes == ()
    assert checked(mask, plausible_ml={"liver": [500, 3000]}).notes == ()
    for limits in ([0.37, 1], [0.1, 0.35]):
        fault = fault_of(mask, plausible_ml={"tumour": limits})
        assert fault.code == "VOLUME_IMPLAUSIBLE"
        assert "has 0.36 ml" in str(fault)


def test_all_faults_of_a_mask_are_told_at_once():
    fault = fault_of(
        boxes(np.s_[0, 0, 0]),
        plausible_ml={"tumour": [1, 2]},
        refuse=["TOUCHES_BORDER"],
    )
    codes = ["ROI_TOO_SMALL", "VOLUME_IMPLAUSIBLE", "TOUCHES_BORDER"]
    assert [found.code for found in fault.findings] == codes
