"""concord.ingest.pixels: stored pixels become values with a unit."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import HTJ2KLossless, RLELossless

from concord.errors import IngestFault
from concord.ingest.convert import read_series

from ..dicom_factory import SHAPE, ramp, write_series


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
    assert "absent (5 times in 5 files)" in str(fault)


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
