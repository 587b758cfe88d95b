"""Names that drafts make of folders and ROIs of any script: valid, never shared."""

import pytest

from concord.file_names import name_fault
from concord.ingest.index import drafts, regions

from ...hostile_names import NAMES


@pytest.mark.parametrize("drafted", [regions.region, drafts._id])
def test_names_of_other_scripts_stay_apart(drafted):
    letters = [
        "患者1",
        "病人1",
        "A病",
        "A院",
        "腫瘍",
        "病変",
        "Москва",
        "Москвы",
        "ไทย",
    ]
    letters += ["القاهرة", "שלום", "서울", "हिन्दी", "Ελλάδα"]
    found = {drafted(name) for name in letters}
    assert len(found) == len(letters)
    assert all(one.isascii() and not name_fault(one) for one in found), found


def test_marks_of_letters_are_left_out():
    assert regions.region("Läsion (GTV)") == "Lasion_GTV"
    assert drafts._id("Patient Müller-1") == "Patient_Muller-1"


def test_a_hostile_roi_gives_a_region_that_a_study_takes():
    for name in NAMES:
        found = regions.region(name)
        assert not name_fault(found[:90]), name
