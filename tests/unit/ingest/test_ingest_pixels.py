"""concord.ingest.dicom.pixels: stored pixels become values with a unit."""

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import HTJ2KLossless, RLELossless

from concord.errors import IngestFault
from concord.ingest.image import read_series
from concord.ingest.settings import ImageSettings

from ...dicom_factory import SHAPE, ramp, write_series


def fault_of(folder, modality="CT"):
    with pytest.raises(IngestFault) as caught:
        read_series(folder, modality)
    return caught.value


def test_each_slice_has_its_own_slope_and_intercept(tmp_path):
    def change(k, header):
        header.RescaleSlope, header.RescaleIntercept = f"{0.5 + k}", f"{-100 - k}"

    write_series(tmp_path, change=change)
    volume, _ = read_series(tmp_path, "CT")

    k = np.arange(5)[:, None, None]
    assert volume.array.dtype == np.float32
    np.testing.assert_allclose(volume.array, ramp() * (0.5 + k) - 100 - k, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.int16, np.uint16])
def test_signed_and_unsigned_pixels_give_the_same_hounsfield_units(tmp_path, dtype):
    write_series(tmp_path, stored=ramp().astype(dtype))
    volume, _ = read_series(tmp_path, "CT")
    np.testing.assert_array_equal(volume.array, ramp() - 1024)


def test_large_unsigned_values_of_mr_do_not_wrap(tmp_path):
    stored = np.full(SHAPE, 60000, np.uint16)
    write_series(tmp_path, "MR", stored=stored)
    volume, facts = read_series(tmp_path, "MR")

    assert volume.array.dtype == np.float32
    assert volume.array.min() == volume.array.max() == 60000
    assert facts["Units"] == "arbitrary"


@pytest.mark.parametrize(("signed", "expected"), [(0, 2000), (1, -100)])
def test_bits_above_the_stored_ones_do_not_count(tmp_path, signed, expected):
    twelve_bits = np.uint16(expected & 0x0FFF)
    stored = np.full(SHAPE, twelve_bits | 0xA000, np.uint16)

    def change(k, header):
        header.BitsStored, header.HighBit = 12, 11
        header.PixelRepresentation = signed

    write_series(tmp_path, "MR", stored=stored, change=change)
    volume, _ = read_series(tmp_path, "MR")
    assert (volume.array == expected).all()


def test_a_compressed_series_is_read_alike(tmp_path):
    for path in write_series(tmp_path):
        dataset = dcmread(path)
        dataset.compress(RLELossless)
        dataset.SOPInstanceUID = dcmread(path).SOPInstanceUID
        dataset.save_as(path)
    volume, _ = read_series(tmp_path, "CT")
    np.testing.assert_array_equal(volume.array, ramp() - 1024)


def test_a_transfer_syntax_without_decoder_is_named(tmp_path):
    for path in write_series(tmp_path):
        dataset = dcmread(path)
        dataset.compress(RLELossless)
        dataset.file_meta.TransferSyntaxUID = HTJ2KLossless
        dataset.save_as(path)
    fault = fault_of(tmp_path)
    assert fault.code == "CODEC_MISSING"
    assert "High-Throughput JPEG 2000" in str(fault)


def test_a_ct_without_rescale_is_refused(tmp_path):
    def change(k, header):
        del header.RescaleIntercept

    write_series(tmp_path, change=change)
    fault = fault_of(tmp_path)
    assert fault.code == "RESCALE_MISSING"
    assert "absent (5 times in 5 slices)" in str(fault)


def test_a_ct_whose_air_is_not_negative_is_refused(tmp_path):
    write_series(tmp_path, change=lambda k, h: setattr(h, "RescaleIntercept", "0"))
    fault = fault_of(tmp_path)
    assert fault.code == "RESCALE_MISSING"
    assert "CT values are 0 to 456, but air is -1000 HU" in str(fault)


@pytest.mark.parametrize(
    ("keyword", "value", "code"),
    [
        ("LossyImageCompression", "01", "LOSSY_COMPRESSION"),
        ("BurnedInAnnotation", "YES", "BURNED_IN"),
        ("RescaleType", "Z_EFF", "RESCALE_TYPE"),
        ("HighBit", 14, "BAD_VALUE"),
        ("NumberOfFrames", "2", "UNSUPPORTED_SOP"),
    ],
)
def test_pictures_that_are_no_measurement_are_refused(tmp_path, keyword, value, code):
    write_series(tmp_path, change=lambda k, header: setattr(header, keyword, value))
    assert fault_of(tmp_path).code == code


def test_pictures_that_are_no_measurement_may_be_waived_per_subject(tmp_path):
    write_series(
        tmp_path, change=lambda k, h: setattr(h, "LossyImageCompression", "01")
    )
    settings = ImageSettings(waive={"LOSSY_COMPRESSION": ["P1"]})
    _, facts = read_series(tmp_path, "CT", {"subject_id": "P1"}, settings)
    assert facts["notes"][0].startswith("LOSSY_COMPRESSION_WAIVED LossyImage")
    with pytest.raises(IngestFault) as caught:
        read_series(tmp_path, "CT", {"subject_id": "P2"}, settings)
    assert caught.value.code == "LOSSY_COMPRESSION"


def test_values_above_bit_zero_are_shifted_down(tmp_path):
    def change(k, header):
        header.BitsStored, header.HighBit, header.PixelRepresentation = 12, 13, 1

    stored = (ramp() - 200).astype(np.int16) << 2
    write_series(tmp_path, "MR", stored=stored, change=change)
    volume, _ = read_series(tmp_path, "MR")
    np.testing.assert_array_equal(volume.array, ramp() - 200)
    write_series(tmp_path, "MR", stored=stored | 3, change=change)
    with pytest.raises(IngestFault, match="in the 2 bits below") as caught:
        read_series(tmp_path, "MR")
    assert caught.value.code == "BAD_VALUE"


def test_slices_of_both_signs_are_each_read_by_their_own(tmp_path):
    def change(k, header):
        header.PixelRepresentation = int(k != 4)
        header.RescaleIntercept = "-65536" if k == 4 else "0"

    write_series(tmp_path, stored=ramp() - np.int16(600), change=change)
    volume, _ = read_series(tmp_path, "CT")
    assert volume.array.dtype == np.int16
    np.testing.assert_array_equal(volume.array, ramp() - 600)


def test_a_look_up_table_takes_the_place_of_the_rescale(tmp_path):
    def change(k, header):
        table = Dataset()
        table.LUTDescriptor = [500, 0, 16]
        table["LUTDescriptor"].VR = "US"
        table.LUTData = [3 * value for value in range(500)]
        table["LUTData"].VR = "US"
        table.ModalityLUTType = "US"
        header.ModalityLUTSequence = [table]

    write_series(tmp_path, "MR", stored=ramp().astype(np.uint16), change=change)
    volume, facts = read_series(tmp_path, "MR")
    np.testing.assert_array_equal(volume.array, 3 * ramp())
    assert facts["notes"] == ["MODALITY_LUT_APPLIED in 5 of 5 slices"]


def test_a_volume_turns_to_decimals_at_the_first_slice_that_does_not_fit(tmp_path):
    stored = ramp().astype(np.uint16)
    stored[3] = 60000
    write_series(tmp_path, "MR", stored=stored)
    volume, _ = read_series(tmp_path, "MR")
    assert volume.array.dtype == np.float32
    np.testing.assert_array_equal(volume.array, stored)


@pytest.mark.parametrize(
    ("intercept", "text"),
    [("-2048", "lie below -1200 HU"), ("0", "no voxel lies between")],
)
def test_a_rescale_applied_twice_or_lost_beside_padding_is_told_by_air(
    tmp_path, intercept, text
):
    stored = np.tile(np.linspace(0, 60, 400).astype(np.int16), (3, 1)).reshape(
        3, 20, 20
    )
    stored += 24
    stored[:, 0, 0] = -2000
    write_series(
        tmp_path,
        stored=stored,
        change=lambda k, h: setattr(h, "RescaleIntercept", intercept),
    )
    fault = fault_of(tmp_path)
    assert fault.code == "HU_RANGE"
    assert text in str(fault)
