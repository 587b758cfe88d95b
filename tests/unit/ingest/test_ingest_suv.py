"""SUV: activity becomes SUV, or is refused for a missing fact."""

from datetime import UTC, datetime

import numpy as np
import pytest
from pydicom.dataset import Dataset

from concord import images
from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.dicom import header as hd
from concord.ingest.image import read_image, read_series
from concord.ingest.pet import body
from concord.ingest.pet.suv import KINDS, range_notes, standardized
from concord.ingest.pet.times import mean_activity_time_s, reference_time
from concord.ingest.settings import ImageSettings

from ...dicom_factory import make_pet, ramp, write_series


def pet(**changes):
    """Two slices of a PET; `tracer_` before a keyword changes the tracer."""
    headers = []
    for k in range(2):
        header = Dataset()
        make_pet(k, header)
        tracer = header.RadiopharmaceuticalInformationSequence[0]
        for keyword, value in changes.items():
            target = tracer if keyword.startswith("tracer_") else header
            with hd.tolerant():
                setattr(target, keyword.removeprefix("tracer_"), value)
        headers.append(header)
    return headers


def factor(headers, kind="bw"):
    """The one factor that all slices share."""
    values = standardized(headers, kind).factor
    assert values.shape == (len(headers),)
    assert np.ptp(values) == 0
    return values[0]


def philips(element, value, creator=True):
    """A change of the headers that adds a private scale factor of Philips."""

    def change(headers):
        for header in headers:
            header.Units, header.Manufacturer = "CNTS", "Philips Medical Systems"
            if creator:
                block = header.private_block(
                    0x7053, "Philips PET Private Group", create=True
                )
                block.add_new(element, "DS", value)
            else:
                header.add_new((0x7053, 0x1000 + element), "DS", value)
        return headers

    return change


def test_activity_one_half_life_after_injection_has_the_closed_form_suv(tmp_path):
    write_series(tmp_path, "PT", change=make_pet)
    volume, facts = read_series(tmp_path, "PT")

    # 80 kg = 80000 g; 320 MBq decayed once are 160 MBq.
    slopes = 100 * np.arange(1, 6)[:, None, None]
    np.testing.assert_allclose(volume.array, ramp() * slopes * 80000 / 1.6e8, rtol=1e-6)
    assert volume.array.dtype == np.float32
    assert facts["Units"] == "SUVbw"
    assert facts["UptakeMinutes"] == 60
    assert facts["SUVReferenceTime"] == "SeriesTime"


def test_decay_corrected_to_injection_uses_the_full_dose():
    assert factor(pet(DecayCorrection="ADMIN")) == 80000 / 3.2e8


def test_values_stored_as_suv_are_taken_as_they_are():
    assert factor(pet(Units="GML")) == 1
    assert factor(pet(Units="GML", SUVType="BW")) == 1


def test_a_complete_time_of_injection_comes_first():
    headers = pet(
        tracer_RadiopharmaceuticalStartDateTime="20200101090000",
        tracer_RadiopharmaceuticalStartTime=None,
    )
    found = standardized(headers, "bw")
    assert found.factor == pytest.approx(80000 / 0.8e8)
    assert found.notes == ()


def test_an_injection_later_than_the_scan_was_the_day_before():
    headers = pet(
        tracer_RadiopharmaceuticalStartTime="233000",
        SeriesTime="003000",
        AcquisitionTime="003000",
    )
    found = standardized(headers, "bw")
    assert found.factor == pytest.approx(80000 / 1.6e8)
    assert found.notes == ("INJECTION_DAY_BEFORE",)


def test_a_dose_in_mbq_and_a_weight_in_g_are_recognized_and_noted():
    found = standardized(
        pet(tracer_RadionuclideTotalDose="320", PatientWeight="80000"), "bw"
    )
    assert found.factor == pytest.approx(80000 / 1.6e8)
    assert found.notes == ("WEIGHT_TAKEN_AS_G", "DOSE_TAKEN_AS_MBQ")
    assert found.facts["InjectedRadioactivity"] == 320e6
    assert found.facts["BodyWeight"] == 80


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"Units": "PROPCNTS"}, "PET_UNITS", "PROPCNTS, expected BQML, GML, CM2ML"),
        ({"Units": "Canary^Name"}, "PET_UNITS", "Units is no term of DICOM"),
        ({"Units": "CNTS"}, "PET_UNITS", "scale factor (7053,1000) or (7053,1009)"),
        ({"Units": None}, "PET_MISSING", "Units"),
        ({"Units": "GML", "SUVType": "BSA"}, "PET_UNITS", "SUVType is BSA, expected"),
        ({"Units": "CM2ML", "SUVType": "BW"}, "PET_UNITS", "SUVType is BW, expected"),
        ({"PatientWeight": None}, "PET_MISSING", "PatientWeight is absent"),
        ({"PatientWeight": "0"}, "PET_MISSING", "PatientWeight is 0"),
        ({"tracer_RadionuclideTotalDose": None}, "PET_MISSING", "TotalDose"),
        ({"tracer_RadionuclideTotalDose": "10"}, "PET_DOSE", "10 for 80 kg"),
        ({"tracer_RadionuclideHalfLife": None}, "PET_MISSING", "HalfLife"),
        ({"tracer_RadiopharmaceuticalStartTime": None}, "PET_MISSING", "StartTime"),
        ({"RadiopharmaceuticalInformationSequence": []}, "PET_MISSING", "0 items"),
        ({"DecayCorrection": "NONE"}, "PET_INCONSISTENT", "CorrectedImage has DECY"),
        ({"DecayCorrection": "SOME"}, "PET_NOT_CORRECTED", "expected START, ADMIN"),
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
        standardized(pet(**changes), "bw")
    assert caught.value.code == code
    assert text in str(caught.value)


def test_facts_that_differ_between_slices_are_refused():
    headers = pet()
    headers[1].PatientWeight = "81"
    with pytest.raises(IngestFault, match=r"PatientWeight differs.* 80, 81\."):
        standardized(headers, "bw")


def test_all_that_is_missing_is_told_at_once():
    headers = pet(
        PatientWeight=None,
        tracer_RadionuclideTotalDose=None,
        tracer_RadiopharmaceuticalStartTime=None,
        AcquisitionTime=None,
    )
    with pytest.raises(IngestFault) as caught:
        standardized(headers, "bw")
    told = " ".join(fault.text for fault in caught.value.findings)
    assert [fault.code for fault in caught.value.findings] == [
        *["PET_MISSING"] * 3,
        "PET_REFERENCE_TIME",
    ]
    for keyword in ("PatientWeight", "TotalDose", "StartTime", "AcquisitionTime"):
        assert keyword in told


@pytest.mark.parametrize(
    ("kind", "sex", "expected"),
    [
        # 70 kg and 1.75 m, by hand.
        ("lbm", "M", 77.0 - 120 * 0.16),
        ("lbm_james", "M", 77.0 - 128 * 0.16),
        ("lbm_james", "F", 74.9 - 148 * 0.16),
        ("lbm_janma", "M", 9270 * 70 / (6680 + 216 * 70 / 3.0625)),
        ("lbm_janma", "F", 9270 * 70 / (8780 + 244 * 70 / 3.0625)),
        ("ibw", "M", 48 + 1.06 * 23),
        ("ibw", "F", 45.5 + 0.91 * 23),
        ("ibw", "O", (48 + 1.06 * 23 + 45.5 + 0.91 * 23) / 2),
    ],
)
def test_other_kinds_of_suv_replace_the_weight_in_kg(kind, sex, expected):
    headers = pet(
        DecayCorrection="ADMIN", PatientWeight="70", PatientSize="1.75", PatientSex=sex
    )
    assert factor(headers, kind) * 3.2e8 / 1000 == pytest.approx(expected, rel=1e-12)
    found = standardized(headers, kind)
    assert found.facts["Units"] == KINDS[kind]
    assert found.notes == (("SEX_AVERAGED",) if sex == "O" else ())


def test_suv_by_body_surface_needs_no_sex_and_counts_in_cm2():
    headers = pet(DecayCorrection="ADMIN", PatientWeight="70", PatientSize="1.75")
    # 1.848 m2 is the value of the nomogram of Du Bois for 70 kg and 175 cm.
    assert factor(headers, "bsa") * 3.2e8 == pytest.approx(18480, rel=1e-3)


@pytest.mark.parametrize("stored", [("GML", "LBMJANMA"), ("CM2ML", None)])
def test_values_stored_as_one_kind_of_suv_lead_to_every_other(stored):
    facts = {"PatientWeight": "70", "PatientSize": "1.75", "PatientSex": "F"}
    units, suv_type = stored
    headers = pet(Units=units, SUVType=suv_type, **facts)
    kind = {"GML": "lbm_janma", "CM2ML": "bsa"}[units]
    assert factor(headers, kind) == 1
    for wanted in KINDS:
        expected = (
            body.normalizer(headers, wanted).value
            / body.normalizer(headers, kind).value
        )
        assert factor(headers, wanted) == pytest.approx(expected)


def test_a_height_in_cm_is_recognized_and_noted():
    facts = {"PatientWeight": "70", "PatientSex": "M"}
    found = standardized(pet(PatientSize="175", **facts), "ibw")
    assert found.notes == ("HEIGHT_TAKEN_AS_CM",)
    assert found.factor == pytest.approx(
        standardized(pet(PatientSize="1.75", **facts), "ibw").factor
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"PatientSex": "M"}, "PatientSize is absent"),
        ({"PatientSize": "1.7"}, "PatientSex is absent"),
        ({"PatientSize": "1.7", "PatientSex": "Doe"}, "is no term of DICOM, expected"),
        ({"PatientSize": "0.3", "PatientSex": "M"}, "expected more than 0"),
    ],
)
def test_a_kind_of_suv_that_lacks_a_body_measure_is_refused(changes, text):
    with pytest.raises(IngestFault, match=text) as caught:
        standardized(pet(**changes), "lbm_james")
    assert caught.value.code == "PET_MISSING"


@pytest.mark.parametrize("creator", [True, False])
def test_counts_of_philips_become_suv_by_either_private_factor(creator):
    suv = philips(0x00, "0.0005", creator)(pet())
    assert factor(suv) == pytest.approx(0.0005)
    activity = philips(0x09, "0.5", creator)(pet())
    assert factor(activity) == pytest.approx(0.5 * 80000 / 1.6e8)


def test_without_its_creator_a_private_factor_of_another_vendor_is_not_read():
    headers = philips(0x00, "0.0005", creator=False)(pet())
    for header in headers:
        header.Manufacturer = "Maker"
    with pytest.raises(IngestFault, match="of Philips: counts lead to no SUV"):
        standardized(headers, "bw")


def test_without_decay_correction_each_slice_has_the_decay_of_its_own_frame():
    headers = pet(
        DecayCorrection="NONE",
        CorrectedImage=["ATTN"],
        ActualFrameDuration="3600000",
        FrameReferenceTime="0",
    )
    headers[1].AcquisitionTime = "120000"
    found = standardized(headers, "bw")
    # Over one half-life the mean activity is 0.5 / ln 2 of the one at its start.
    at_start = 80000 / 1.6e8 / (0.5 / np.log(2))
    np.testing.assert_allclose(found.factor, [at_start, 2 * at_start])
    assert found.facts["UptakeMinutes"] == 60


def test_frames_without_decay_correction_need_their_duration():
    headers = pet(DecayCorrection="NONE", CorrectedImage=["ATTN"])
    with pytest.raises(IngestFault, match="ActualFrameDuration is absent or 0"):
        standardized(headers, "bw")


@pytest.mark.parametrize(("minutes", "noted"), [(5, True), (60, False), (240, False)])
def test_an_unusual_uptake_is_noted(minutes, noted):
    start = f"{(11 * 60 - minutes) // 60:02d}{(11 * 60 - minutes) % 60:02d}00"
    found = standardized(pet(tracer_RadiopharmaceuticalStartTime=start), "bw")
    assert [note.split()[0] for note in found.notes] == ["UPTAKE_UNUSUAL"] * noted


def test_injection_times_that_lead_to_another_suv_need_a_waiver():
    headers = pet(tracer_RadiopharmaceuticalStartDateTime="20200101093000")
    found = standardized(headers, "bw")
    assert found.notes[0].startswith("INJECTION_TIMES_DIFFER")
    assert "starts 90 min after RadiopharmaceuticalStartDateTime" in found.notes[0]
    assert found.facts["UptakeMinutes"] == 90
    (conflict,) = found.conflicts
    assert conflict.code == "PET_INJECTION_TIMES"
    assert "ingest.waive.PET_INJECTION_TIMES" in conflict.text

    headers = pet(tracer_RadiopharmaceuticalStartDateTime="20200101095700")
    found = standardized(headers, "bw")
    assert [note.split()[0] for note in found.notes] == ["INJECTION_TIMES_DIFFER"]
    assert found.conflicts == ()


def test_a_conflict_excludes_the_image_unless_the_study_waives_it(tmp_path):
    def change(k, header):
        make_pet(k, header)
        tracer = header.RadiopharmaceuticalInformationSequence[0]
        tracer.RadiopharmaceuticalStartDateTime = "20200101093000"

    write_series(tmp_path, "PT", change=change)
    row = {"source": tmp_path, "modality": "PT", "subject_id": "P1"}
    with pytest.raises(IngestFault) as caught:
        read_image(row)
    assert caught.value.code == "PET_INJECTION_TIMES"
    waived = ImageSettings(waive={"PET_INJECTION_TIMES": ["P1"]})
    notes = read_image(row, waived)[1]["notes"]
    assert any(note.startswith("PET_INJECTION_TIMES_WAIVED") for note in notes)


def test_a_date_of_injection_after_the_scan_leaves_the_clock_time_to_a_waiver():
    wrong_day = {"tracer_RadiopharmaceuticalStartDateTime": "20200102100000"}
    found = standardized(pet(**wrong_day), "bw")
    assert [one.code for one in found.conflicts] == ["PET_INJECTION_TIMES"]
    assert found.factor == pytest.approx(80000 / 1.6e8)


def test_slow_tracers_are_injected_days_before_at_the_same_time_of_day():
    found = standardized(
        pet(
            tracer_RadionuclideHalfLife="282280",
            tracer_RadiopharmaceuticalStartDateTime="20191229100000",
        ),
        "bw",
    )
    assert (found.notes, found.conflicts) == ((), ())
    assert found.facts["UptakeMinutes"] == 3 * 1440 + 60


def test_an_uptake_that_cannot_be_is_no_fact_of_values_stored_as_suv():
    known = standardized(pet(Units="GML"), "bw")
    assert known.facts["UptakeMinutes"] == 60
    wrong_day = "20200102100000"
    by_clock = standardized(
        pet(Units="GML", tracer_RadiopharmaceuticalStartDateTime=wrong_day), "bw"
    )
    assert by_clock.facts["UptakeMinutes"] == 60
    assert by_clock.notes[0].startswith("INJECTION_TIMES_DIFFER")
    for headers in (
        pet(Units="GML", tracer_RadiopharmaceuticalStartTime="020000"),
        pet(
            Units="GML",
            tracer_RadiopharmaceuticalStartDateTime=wrong_day,
            tracer_RadiopharmaceuticalStartTime=None,
        ),
    ):
        found = standardized(headers, "bw")
        assert "UptakeMinutes" not in found.facts
        assert found.notes[0].startswith("FACT_IMPLAUSIBLE UptakeMinutes is ")


@pytest.mark.parametrize(
    ("start", "zone", "clock"),
    [
        ("20200101100000", None, None),
        ("20200101090000+0000", "+0100", None),
        ("20200101150000+0000", "-0500", None),
        ("20200101233000+1330", "+0000", None),
        ("20200101100000", "+0100", None),
        ("20200101100000+0100", None, "100000"),
        ("20200101", None, "100000"),
        ("20200101", "+0100", "100000"),
    ],
)
def test_the_zone_of_the_injection_counts(start, zone, clock):
    headers = pet(
        TimezoneOffsetFromUTC=zone,
        tracer_RadiopharmaceuticalStartDateTime=start,
        tracer_RadiopharmaceuticalStartTime=clock,
    )
    found = standardized(headers, "bw")
    assert found.factor == pytest.approx(80000 / 1.6e8)
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ("20200101100000+0100", "PET_TIME_ZONE", "TimezoneOffsetFromUTC"),
        ("20200101", "PET_REFERENCE_TIME", "a date and no time of day"),
        ("2020010110", "PET_REFERENCE_TIME", "no date and time of DICOM"),
        ("20200101100000+9900", "PET_REFERENCE_TIME", "no date and time of DICOM"),
    ],
)
def test_a_time_of_injection_that_is_not_told_in_full_is_refused(changes, code, text):
    headers = pet(
        tracer_RadiopharmaceuticalStartDateTime=changes,
        tracer_RadiopharmaceuticalStartTime=None,
    )
    with pytest.raises(IngestFault, match=text) as caught:
        standardized(headers, "bw")
    assert caught.value.code == code
    assert "20200101" not in str(caught.value)


def test_a_zone_in_some_slices_only_is_refused():
    headers = pet()
    headers[1].TimezoneOffsetFromUTC = "+0100"
    with pytest.raises(IngestFault, match="in some of the slices only") as caught:
        standardized(headers, "bw")
    assert caught.value.code == "PET_REFERENCE_TIME"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"PatientWeight": "1"}, "PET_DOSE_PER_WEIGHT"),
        ({"tracer_RadionuclideTotalDose": "320000"}, "PET_DOSE_PER_WEIGHT"),
        ({"tracer_RadionuclideTotalDose": "320000000000"}, "PET_DOSE_PER_WEIGHT"),
    ],
)
def test_a_dose_per_weight_that_no_patient_is_given_is_a_fault(changes, code):
    (conflict,) = standardized(pet(**changes), "bw").conflicts
    assert conflict.code == code


def test_a_half_life_that_is_not_that_of_the_nuclide_is_a_fault():
    def of(half_life):
        headers = pet(DecayCorrection="ADMIN", tracer_RadionuclideHalfLife=half_life)
        for header in headers:
            code = Dataset()
            code.CodeValue = "C-111A1"
            item = header.RadiopharmaceuticalInformationSequence[0]
            item.RadionuclideCodeSequence = [code]
        return standardized(headers, "bw").conflicts

    assert of("6588") == ()
    (conflict,) = of("6.588e6")
    assert conflict.code == "PET_HALF_LIFE"
    assert "F18" in conflict.text


def test_a_factor_of_philips_that_is_infinite_is_none():
    with hd.tolerant():
        headers = philips(0x00, "inf")(pet())
    with pytest.raises(IngestFault, match="counts lead to no SUV"):
        standardized(headers, "bw")


def test_a_slope_that_makes_an_impossible_suv_is_a_fault(tmp_path):
    def change(k, header):
        make_pet(k, header)
        header.RescaleSlope = str(1e9 * (k + 1))

    write_series(tmp_path, "PT", change=change)
    row = {"source": tmp_path, "modality": "PT", "subject_id": "P1"}
    with pytest.raises(IngestFault, match=r"expected 0\.0001 to 100") as caught:
        read_image(row)
    assert caught.value.code == "SUV_IMPOSSIBLE"


def test_a_mean_suv_that_no_patient_has_is_noted():
    assert range_notes(np.full((2, 2, 2), 0.4)) == ()
    (note,) = range_notes(np.full((2, 2, 2), 4e5))
    assert note.startswith("SUV_RANGE the mean SUV of the image is 4e+05, usual are")


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


def test_a_scan_time_of_ge_without_the_zone_of_the_others_is_not_compared():
    headers = pet(
        AcquisitionTime=None,
        AcquisitionDateTime="20200101110000+0100",
        TimezoneOffsetFromUTC="+0100",
    )
    for header in headers:
        block = header.private_block(0x0009, "GEMS_PETD_01", create=True)
        block.add_new(0x0D, "DT", "20200101105500.00")
    found, route = reference_time(headers, 3600)
    assert (found.astimezone(UTC).hour, route) == (9, "scan time of GE")
    for header in headers:
        del header.TimezoneOffsetFromUTC
    with pytest.raises(IngestFault, match="SeriesDate is absent"):
        reference_time(headers, 3600)


def test_a_scan_time_of_ge_after_the_first_acquisition_is_not_believed():
    headers = pet()
    for header in headers:
        block = header.private_block(0x0009, "GEMS_PETD_01", create=True)
        block.add_new(0x0D, "DT", "20200109105500.00")
    assert reference_time(headers, 3600) == (datetime(2020, 1, 1, 11), "SeriesTime")


def test_mean_activity_lies_before_the_middle_of_a_frame_and_nears_it_when_short():
    assert mean_activity_time_s(3600, 3600) == pytest.approx(
        3600 / np.log(2) * np.log(2 * np.log(2))
    )
    assert mean_activity_time_s(3600, 3600) < 1800
    assert mean_activity_time_s(1, 3600) == pytest.approx(0.5, rel=1e-4)
    assert mean_activity_time_s(0, 3600) == 0


def test_the_configured_kind_of_suv_reaches_the_image(tmp_path):
    def complete(k, header):
        make_pet(k, header)
        header.PatientSize, header.PatientSex = "1.75", "F"

    write_series(tmp_path, "PT", change=complete)
    row = {"source": tmp_path, "modality": "PT"}
    weight, _ = read_image(row, ImageSettings(suv="bw"))
    ideal, facts = read_image(row, ImageSettings(suv="ibw"))

    ratio = (45.5 + 0.91 * 23) / 80
    np.testing.assert_allclose(ideal.array, weight.array * ratio, rtol=1e-6)
    assert facts["Units"] == "SUVibw"


def test_a_nifti_of_suv_by_weight_is_no_other_kind_of_suv(tmp_path):
    path = tmp_path / "pet.nii.gz"
    grid = (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3)
    images.write(Volume((ramp() / 100).astype(np.float32), *grid), path)
    row = {"source": path, "modality": "PT"}

    assert read_image(row, ImageSettings(suv="bw"))[1]["Units"] == "SUVbw"
    with pytest.raises(IngestFault, match="no header to compute SUVlbm from") as caught:
        read_image(row, ImageSettings(suv="lbm"))
    assert caught.value.code == "PET_UNITS"
