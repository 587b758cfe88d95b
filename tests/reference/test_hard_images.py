"""Hard cases of images are right to the voxel or refused by name, never wrong."""

import pytest

from ..hard_cases import (
    bomb_cases,
    enhanced_cases,
    file_cases,
    geometry_cases,
    link_cases,
    nifti_cases,
    pixel_cases,
    surplus_cases,
    volume_cases,
)
from ..hard_cases.case import require_outcome

GROUPS = (
    geometry_cases,
    link_cases,
    pixel_cases,
    file_cases,
    volume_cases,
    enhanced_cases,
    nifti_cases,
    surplus_cases,
    bomb_cases,
)
CASES = [case for group in GROUPS for case in group.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hard_case_is_right_or_refused_by_its_code(case, tmp_path):
    require_outcome(case, tmp_path / "source")


def test_the_cases_are_many_and_have_names_of_their_own():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert len(names) >= 70
