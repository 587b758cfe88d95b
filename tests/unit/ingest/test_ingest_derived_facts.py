"""Derived facts and the sidecar: facts told in words of our own."""

import math

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import Tag

from concord import tables
from concord.ingest.acquisition import derived_facts as facts
from concord.ingest.acquisition import plausible, sidecar
from concord.ingest.dicom import header as hd
from concord.tables.acquisition_columns import ACQUISITION

from ...dicom_factory import make_pet


def header(**values):
    found = Dataset()
    with hd.tolerant():
        for keyword, value in values.items():
            setattr(found, keyword, value)
    return found


@pytest.mark.parametrize(
    ("kinds", "train", "expected"),
    [
        ("SE", None, None),
        ("SE", 1, "spin echo"),
        ("SE", 16, "turbo spin echo"),
        ("GR", None, "gradient echo"),
        (["GR", "IR"], None, "inversion-prepared gradient echo"),
        (["SE", "IR"], 8, "inversion recovery"),
        (["EP", "SE"], 64, "echo planar"),
        ("RM", None, "research mode"),
        ("JOHN DOE", None, None),
        (None, 16, None),
    ],
)
def test_the_class_of_a_sequence_follows_its_kinds(kinds, train, expected):
    found = header(ScanningSequence=kinds, EchoTrainLength=train)
    assert facts.sequence_class(found) == expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("PSF+TOF 3i21s", (3, 21, True, True)),
        ("OSEM3D 4i8s", (4, 8, None, None)),
        ("OSEM 2it 24subsets", (2, 24, None, None)),
        ("VPFX", (None, None, True, None)),
        ("VPFX-S", (None, None, True, True)),
        ("BLOB-OS-TF", (None, None, True, None)),
        ("TrueX 3i 24s", (3, 24, None, True)),
        ("3D-RAMLA", (None, None, None, None)),
        (None, (None, None, None, None)),
    ],
)
def test_iterations_and_models_are_read_from_the_name_of_the_reconstruction(
    method, expected
):
    found = facts.derived_facts([header(ReconstructionMethod=method)], "PT")
    names = ("ReconIterations", "ReconSubsets", "TimeOfFlight", "PointSpreadFunction")
    assert tuple(found[name] for name in names) == expected


def test_ge_tells_iterations_and_filter_in_private_elements():
    found = header(ReconstructionMethod="3D IR", Manufacturer="GE MEDICAL SYSTEMS")
    block = found.private_block(0x0009, "GEMS_PETD_01", create=True)
    block.add_new(0xB2, "SL", 2)
    block.add_new(0xB3, "SL", 28)
    block.add_new(0xBB, "FL", 6.0)
    assert facts.recon_iterations(found) == 2
    assert facts.recon_subsets(found) == 28
    assert facts.recon_filter_mm(found) == 6


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [("XYZ Gauss5.00", 5), ("Gaussian 4 mm", 4), ("All-pass", None), (None, None)],
)
def test_the_width_of_the_filter_is_read_from_its_name(kernel, expected):
    assert facts.recon_filter_mm(header(ConvolutionKernel=kernel)) == expected


def test_the_level_of_iterative_reconstruction_is_where_each_vendor_puts_it():
    ge = header(Manufacturer="GE MEDICAL SYSTEMS")
    ge.private_block(0x0053, "GEHC_CT_ADVAPP_001", create=True).add_new(
        0x43, "SH", "40 %"
    )
    philips = header(Manufacturer="Philips")
    philips.private_block(0x01F7, "ELSCINT1", create=True).add_new(0x9B, "IS", "4")
    siemens = header(Manufacturer="SIEMENS", ConvolutionKernel=["I30f", "3"])
    assert facts.iterative_level(ge) == 40
    assert facts.iterative_level(philips) == 4
    assert facts.iterative_level(siemens) == 3
    assert facts.iterative_level(header(ConvolutionKernel=["I30f", "3"])) is None


def test_contrast_is_told_by_agent_volume_or_phase():
    def contrast(**values):
        return facts.derived_facts([header(**values)], "CT")["ContrastBolus"]

    assert contrast(ContrastBolusAgent="Ultravist 370")
    assert contrast(ContrastBolusVolume="80")
    assert contrast(ContrastBolusAgentPhase="PORTAL_VENOUS")
    assert contrast(ContrastBolusAgent="NONE") is False
    assert contrast(ContrastBolusVolume="0") is False
    assert contrast(ContrastBolusAgentPhase="PRE_CONTRAST") is False
    assert contrast() is None
    assert contrast(ContrastBolusAgent="") is None


def test_what_no_header_states_is_blank_and_not_false():
    found = facts.derived_facts([header(), header()], "CT")
    assert set(found.values()) == {None}
    lossy = [header(LossyImageCompression=value) for value in ("00", "01")]
    assert facts.derived_facts(lossy, "CT")["LossyImageCompression"] is True
    assert facts.derived_facts(lossy[:1], "CT")["LossyImageCompression"] is False
    silent = [lossy[0], header()]
    assert facts.derived_facts(silent, "CT")["LossyImageCompression"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KVP", 0),
        ("BodyWeight", 80000),
        ("UptakeMinutes", -1374.3),
        ("SliceThickness", -1),
        ("EchoTime", math.nan),
        ("RadionuclideHalfLife", 109.8e9),
    ],
)
def test_a_fact_that_cannot_be_is_left_blank_and_noted(name, value):
    found = plausible.checked({name: value, "Manufacturer": "Maker", "notes": ["A"]})
    assert found[name] is None
    assert found["Manufacturer"] == "Maker"
    note = found["notes"][1]
    assert note.startswith(f"FACT_IMPLAUSIBLE {name} is ")
    assert note.endswith("left blank")


def test_plausible_facts_are_kept_and_every_range_is_of_a_column():
    given = {"KVP": 120.0, "EchoTime": None, "ContrastBolusVolume": 0.0, "notes": []}
    assert plausible.checked(given) == given
    numbers = {
        name
        for name, column in ACQUISITION.items()
        if column.dtype == "float64" and not name.endswith("_spacing_mm")
    }
    assert set(plausible.RANGES) == numbers


def test_only_phases_that_dicom_defines_are_told():
    used = Dataset()
    used.ContrastBolusAgentPhase = "ARTERIAL"
    enhanced = header(ContrastBolusUsageSequence=[used])
    assert facts.contrast_phase(enhanced) == "ARTERIAL"
    assert facts.contrast_phase(header(ContrastBolusAgentPhase="DOE JOHN")) is None


def test_the_delay_after_contrast_is_told_in_seconds_if_plausible():
    times = {"ContrastBolusStartTime": "095930", "AcquisitionTime": "100040.5"}
    assert facts.contrast_delay_s(header(**times)) == 70.5
    times["AcquisitionTime"] = "000010"
    times["ContrastBolusStartTime"] = "235930"
    assert facts.contrast_delay_s(header(**times)) == 40
    times["AcquisitionTime"] = "080000"
    assert facts.contrast_delay_s(header(**times)) is None
    assert facts.contrast_delay_s(header(AcquisitionTime="100000")) is None


def test_the_nuclide_is_told_by_its_code_or_its_half_life():
    def nuclide(half_life, code=None):
        item = header(RadionuclideHalfLife=half_life)
        item.RadionuclideCodeSequence = [header(CodeValue=code)] if code else []
        series = header(RadiopharmaceuticalInformationSequence=[item])
        return facts.radionuclide(series)

    assert nuclide("6588") == "F18"
    assert nuclide("4060") == "Ga68"
    assert nuclide("3600") is None
    assert nuclide("3600", "C-105A1") == "C11"
    assert nuclide("6588", "no code") == "F18"
    assert facts.radionuclide(header()) is None


def test_the_transfer_syntax_is_told_by_its_name():
    found = header()
    found.file_meta = FileMetaDataset()
    found.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.80"
    assert facts.transfer_syntax(found) == "JPEG-LS Lossless Image Compression"
    found.file_meta.TransferSyntaxUID = "1.2.3.4"
    assert facts.transfer_syntax(found) is None
    assert facts.transfer_syntax(header()) is None


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_every_fact_of_a_sidecar_has_a_column_in_the_acquisition_table(modality):
    slices = [Dataset(), Dataset()]
    for k, one in enumerate(slices):
        make_pet(k, one)
    found = set(sidecar.series_facts(slices, modality))
    kept_in_the_sidecar = {"PixelPaddingValue", "varying", "series"}
    kept_in_the_sidecar |= {"frame_of_reference"}
    assert found - set(tables.KINDS["acquisition"]) == kept_in_the_sidecar


def test_times_of_a_bids_sidecar_are_turned_from_seconds_to_milliseconds():
    found = sidecar.from_user({"EchoTime": 0.03, "RepetitionTime": 2, "FlipAngle": 90})
    assert found == {"EchoTime": 30, "RepetitionTime": 2000, "FlipAngle": 90}


def test_coded_facts_tell_no_word_that_is_not_defined():
    found = sidecar.series_facts(
        [
            header(
                ScanningSequence=["SE", "DOE JANE"],
                SequenceVariant="SK",
                PatientPosition="CANARY",
            )
        ],
        "MR",
    )
    assert found["ScanningSequence"] == "SE\\OTHER"
    assert found["SequenceVariant"] == "SK"
    assert found["PatientPosition"] == "OTHER"
    assert sidecar.from_user({"MRAcquisitionType": "Jane"}) == {
        "MRAcquisitionType": "OTHER"
    }


def test_a_fact_that_cannot_be_read_is_blank_and_excludes_nothing():
    unreadable = header(ContrastBolusVolume="80")
    unreadable.add(RawDataElement(Tag("KVP"), "DS", 4, b"high", 0, False, True))
    found = sidecar.series_facts([unreadable], "CT")
    assert found["KVP"] is None
    assert found["ContrastBolusVolume"] == 80
