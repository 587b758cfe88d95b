"""concord.ingest.suv: activity becomes SUV, or is refused for a missing fact."""

from datetime import datetime

import numpy as np
import pytest
from pydicom.dataset import Dataset

from concord.errors import IngestFault
from concord.ingest.convert import read_series
from concord.ingest.suv import body_weight_suv
from concord.ingest.suv_times import mean_activity_time_s, reference_time

from ..dicom_factory import make_pet, ramp, write_series


def pet(**changes):
    """Two slices of a PET; `tracer_` before a keyword changes the tracer."""
    headers = []
    for k in range(2):
        header = Dataset()
        make_pet(k, header)
        tracer = header.RadiopharmaceuticalInformationSequence[0]
        for keyword, value in changes.items():
            target = tracer if keyword.startswith("tracer_") else header
            setattr(target, keyword.removeprefix("tracer_"), value)
        headers.append(header)
    return headers


def test_activity_one_half_life_after_injection_has_the_closed_form_suv(tmp_path):
    write_series(tmp_path, "PT", change=make_pet)
    volume, facts = read_series(tmp_path, "PT")

    # 80 kg = 80000 g; 320 MBq decayed once are 160 MBq.
    slopes = 1000 * np.arange(1, 6)[:, None, None]
    np.testing.assert_allclose(volume.array, ramp() * slopes * 80000 / 1.6e8, rtol=1e-6)
    assert volume.array.dtype == np.float32
    assert facts["Units"] == "SUVbw"
    assert facts["UptakeMinutes"] == 60
    assert facts["SUVReferenceTime"] == "SeriesTime"


def test_decay_corrected_to_injection_uses_the_full_dose():
    assert body_weight_suv(pet(DecayCorrection="ADMIN")).factor == 80000 / 3.2e8


def test_values_stored_as_suv_are_taken_as_they_are():
    assert body_weight_suv(pet(Units="GML")).factor == 1
    assert body_weight_suv(pet(Units="GML", SUVType="BW")).factor == 1


def test_a_complete_time_of_injection_comes_first():
    found = body_weight_suv(
        pet(tracer_RadiopharmaceuticalStartDateTime="20200101090000")
    )
    assert found.factor == pytest.approx(80000 / 0.8e8)


def test_an_injection_later_than_the_scan_was_the_day_before():
    headers = pet(
        tracer_RadiopharmaceuticalStartTime="233000",
        SeriesTime="003000",
        AcquisitionTime="003000",
    )
    found = body_weight_suv(headers)
    assert found.factor == pytest.approx(80000 / 1.6e8)
    assert found.notes == ("INJECTION_DAY_BEFORE",)


def test_a_dose_in_mbq_and_a_weight_in_g_are_recognized_and_noted():
    found = body_weight_suv(
        pet(tracer_RadionuclideTotalDose="320", PatientWeight="80000")
    )
    assert found.factor == pytest.approx(80000 / 1.6e8)
    assert found.notes == ("WEIGHT_TAKEN_AS_G", "DOSE_TAKEN_AS_MBQ")


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"Units": "CNTS"}, "PET_UNITS", "CNTS, expected BQML or GML"),
        ({"Units": None}, "PET_MISSING", "Units"),
        ({"Units": "GML", "SUVType": "LBM"}, "PET_UNITS", "LBM"),
        ({"PatientWeight": None}, "PET_MISSING", "PatientWeight is absent"),
        ({"PatientWeight": "0"}, "PET_MISSING", "PatientWeight is 0"),
        ({"tracer_RadionuclideTotalDose": None}, "PET_MISSING", "TotalDose"),
        ({"tracer_RadionuclideTotalDose": "10"}, "PET_DOSE", "10 for 80 kg"),
        ({"tracer_RadionuclideHalfLife": None}, "PET_MISSING", "HalfLife"),
        ({"tracer_RadiopharmaceuticalStartTime": None}, "PET_MISSING", "StartTime"),
        ({"RadiopharmaceuticalInformationSequence": []}, "PET_MISSING", "0 items"),
        ({"DecayCorrection": "NONE"}, "PET_NOT_CORRECTED", "NONE"),
        ({"CorrectedImage": ["DECY"]}, "PET_NOT_CORRECTED", "ATTN"),
        ({"AcquisitionTime": None}, "PET_REFERENCE_TIME", "AcquisitionTime is absent"),
        ({"SeriesTime": "120000"}, "PET_REFERENCE_TIME", "3600 s after"),
        ({"SeriesTime": None}, "PET_REFERENCE_TIME", "SeriesTime is absent"),
        (
            {"tracer_RadiopharmaceuticalStartTime": "020000"},
            "PET_UPTAKE_TIME",
            "540 min after the injection, expected 0 to 300 min",
        ),
    ],
)
def test_a_missing_or_impossible_fact_is_refused_by_name(changes, code, text):
    with pytest.raises(IngestFault) as caught:
        body_weight_suv(pet(**changes))
    assert caught.value.code == code
    assert text in str(caught.value)


def test_facts_that_differ_between_slices_are_refused():
    headers = pet()
    headers[1].PatientWeight = "81"
    with pytest.raises(IngestFault, match=r"PatientWeight differs.*'80', '81'"):
        body_weight_suv(headers)


def test_the_reference_time_is_computed_back_from_frames_that_agree():
    headers = pet(SeriesTime="130000", ActualFrameDuration="120000")
    mean_s = mean_activity_time_s(120, 3600)
    for start_s, header in zip((600, 720), headers, strict=True):
        header.AcquisitionTime = f"11{start_s // 60:02d}00"
        header.FrameReferenceTime = f"{(start_s + mean_s) * 1000:.3f}"
    found, route = reference_time(headers, 3600)
    assert abs((found - datetime(2020, 1, 1, 11)).total_seconds()) < 0.01
    assert route == "FrameReferenceTime"


def test_frame_times_that_point_behind_the_first_acquisition_are_not_believed():
    headers = pet(FrameReferenceTime="0", ActualFrameDuration="240000")
    found, route = reference_time(headers, 3600)
    assert found == datetime(2020, 1, 1, 11)
    assert route == "SeriesTime"


def test_the_private_scan_time_of_ge_comes_first():
    headers = pet(SeriesTime="130000")
    for header in headers:
        block = header.private_block(0x0009, "GEMS_PETD_01", create=True)
        block.add_new(0x0D, "DT", "20200101105500.00")
    found, route = reference_time(headers, 3600)
    assert found == datetime(2020, 1, 1, 10, 55)
    assert route == "scan time of GE"


def test_mean_activity_lies_before_the_middle_of_a_frame_and_nears_it_when_short():
    assert mean_activity_time_s(3600, 3600) == pytest.approx(
        3600 / np.log(2) * np.log(2 * np.log(2))
    )
    assert mean_activity_time_s(3600, 3600) < 1800
    assert mean_activity_time_s(1, 3600) == pytest.approx(0.5, rel=1e-4)
    assert mean_activity_time_s(0, 3600) == 0
