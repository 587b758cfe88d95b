"""What no element describes is not copied, in any transfer syntax."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import JPEGLSLossless, RLELossless

from concord import tables
from concord.errors import IngestFault
from concord.ingest.image import read_image
from concord.privacy import secret

from ...dicom_factory import rectangle, write_rtstruct
from ...hard_cases.label_cases import BODY, GRID
from ...hard_cases.pixel_cases import UINT12, with_modality_lut
from ...hard_cases.slices import MR, save_as, write
from ...hard_cases.voxel_masks import write_segmentation
from . import hiding_places as hidden
from .exporting import exported, image_row


@pytest.fixture(autouse=True)
def key():
    with secret.keyed(b"k" * 32):
        yield


def copied(tmp_path, recipe, *edits, save=None, modality="CT"):
    """Originals with tokens, and their copies; the token stands in every original."""
    write(tmp_path / "data", recipe, *edits, save=save)
    row = image_row(tmp_path / "data", modality)
    folder = exported(tmp_path, [row], [])
    table = tables.read(f"{folder}.tsv", "exported")
    assert table["refused"].isna().all(), table["refused"].tolist()
    return sorted(folder.rglob("*.dcm"))


def spelled(path) -> bytes:
    """All bytes of a file, and once more those of a deflated one."""
    content = path.read_bytes()
    header = dcmread(path, stop_before_pixels=True)
    if header.file_meta.TransferSyntaxUID.is_deflated:
        start = 144 + int.from_bytes(content[140:144], "little")
        content += zlib.decompressobj(-zlib.MAX_WBITS).decompress(content[start:])
    return content


@pytest.mark.parametrize("syntax", hidden.SYNTAXES)
def test_bytes_that_no_element_describes_stay_behind(tmp_path, syntax):
    save = hidden.writer(syntax)
    copies = copied(tmp_path, UINT12, save=save)

    for path in (tmp_path / "data").iterdir():
        assert spelled(path).count(hidden.BYTES) > 10
    assert len(copies) == 8
    for path in copies:
        content = path.read_bytes()
        assert hidden.BYTES not in content
        assert str(hidden.NUMBER).encode() not in content
        assert not dcmread(path).file_meta.TransferSyntaxUID.is_compressed
        assert content[:128] == b"\0" * 128


@pytest.mark.parametrize("syntax", hidden.SYNTAXES)
def test_pixels_of_the_copy_are_the_stored_numbers_and_nothing_else(tmp_path, syntax):
    save = hidden.writer(syntax)
    truth = UINT12.truth()
    for path in copied(tmp_path, UINT12, save=save):
        header = dcmread(path)
        k = int(header.InstanceNumber) - 1
        assert len(header.PixelData) == 2 * header.Rows * header.Columns
        values = header.pixel_array * header.RescaleSlope + header.RescaleIntercept
        np.testing.assert_array_equal(values, truth.values[k])


def test_a_run_behind_the_pixels_is_cut_or_refused(tmp_path):
    write(tmp_path / "data", UINT12, save=hidden.longer_runs)
    folder = exported(tmp_path, [image_row(tmp_path / "data", "CT")], [])
    table = tables.read(f"{folder}.tsv", "exported")
    copies = list(folder.rglob("*.dcm"))
    assert len(copies) == table["n_files"].sum()
    assert (len(copies) == 8) == table["refused"].isna().all()
    for path in (tmp_path / "data").iterdir():
        assert hidden.BYTES in path.read_bytes()
    for path in copies:
        assert hidden.BYTES not in path.read_bytes()


@pytest.mark.parametrize("high_bit", [11, 15])
def test_bits_that_no_element_describes_are_cleared(tmp_path, high_bit):
    def shifted(k, header):
        if high_bit == 15:
            pixels = np.frombuffer(header.PixelData, "<u2") << 4
            header.PixelData, header.HighBit = pixels.astype("<u2").tobytes(), 15
        else:
            hidden.unused_bits(k, header)

    for path in copied(tmp_path, UINT12, shifted):
        header = dcmread(path)
        stored = np.frombuffer(header.PixelData, "<u2")
        assert (header.BitsStored, header.HighBit) == (12, 11)
        assert stored.max() < 1 << 12
        assert hidden.nibbles_above(stored) != hidden.BYTES
    if high_bit == 11:
        original = dcmread(next((tmp_path / "data").iterdir()))
        assert hidden.nibbles_above(np.frombuffer(original.PixelData, "<u2")) == (
            hidden.BYTES
        )


@pytest.mark.parametrize("vr", ["US", "OW"])
def test_a_modality_table_ends_where_its_descriptor_says(tmp_path, vr):
    surplus = np.frombuffer(hidden.BYTES, "<u2")

    def with_surplus(k, header):
        with_modality_lut(k, header)
        (table,) = header.ModalityLUTSequence
        entries = np.frombuffer(table.LUTData, "<u2")
        table.LUTExplanation = hidden.TOKEN
        entries = np.concatenate([entries, surplus])
        value = entries.tobytes() if vr == "OW" else [int(x) for x in entries]
        table.add_new(0x00283006, vr, value)

    recipe = replace(MR, unit=2.0)
    for path in copied(tmp_path, recipe, with_surplus, modality="MR"):
        (table,) = dcmread(path).ModalityLUTSequence
        assert hidden.BYTES not in path.read_bytes()
        value = table.LUTData
        count = len(value) // 2 if isinstance(value, bytes) else len(value)
        assert count == table.LUTDescriptor[0] == 3996


def test_a_modality_table_gives_the_same_values_as_before(tmp_path):
    copied(tmp_path, replace(MR, unit=2.0), with_modality_lut, modality="MR")
    before, _ = read_image(image_row(tmp_path / "data", "MR"))
    copy = tmp_path / "deidentified" / "A-0_CT" / "sub-P1_ses-baseline_MR"
    after, _ = read_image(image_row(copy, "MR"))
    np.testing.assert_array_equal(before.array, after.array)


def test_a_table_with_more_bits_than_it_says_is_refused(tmp_path):
    def wide(k, header):
        with_modality_lut(k, header)
        header.ModalityLUTSequence[0].LUTDescriptor = [3996, 100, 12]
        header.ModalityLUTSequence[0]["LUTDescriptor"].VR = "US"

    write(tmp_path / "data", replace(MR, unit=2.0), wide)
    folder = exported(tmp_path, [image_row(tmp_path / "data", "MR")], [])
    (row,) = tables.read(f"{folder}.tsv", "exported").to_dict("records")
    assert row["n_files"] == 0
    assert "expected 3996 of at most 12 bits" in row["refused"]
    assert list(folder.rglob("*.dcm")) == []


SEGMENTATIONS = {
    "binary": lambda path: write_segmentation(path, BODY.astype("u1"), "BINARY", GRID),
    "fractional_rle": lambda path: write_segmentation(
        path, BODY.astype(float), "FRACTIONAL", GRID, syntax=RLELossless
    ),
    "label_map_jpeg_ls": lambda path: write_segmentation(
        path, BODY.astype("u1"), "LABELMAP", GRID, syntax=JPEGLSLossless
    ),
    "structure_set": lambda path: write_rtstruct(
        path, {"GTV": [rectangle((-5, -5), (5, 5), z) for z in (0.0, 3.0)]}
    ),
}


@pytest.mark.parametrize("kind", SEGMENTATIONS)
@pytest.mark.parametrize("region", ["tumour", "Tumör", "腫瘍"])
def test_a_segmentation_leaves_its_hidden_content_behind(tmp_path, kind, region):
    source = tmp_path / "data.dcm"
    SEGMENTATIONS[kind](source)
    hidden.plant(source)
    drawn = {"region": region, "reader": "A", "roi": ""}
    folder = exported(tmp_path, [], [image_row(source, "CT", **drawn)])

    assert source.read_bytes().count(hidden.BYTES) > 10
    (copy,) = folder.rglob("*.dcm")
    assert hidden.BYTES not in copy.read_bytes()
    assert str(hidden.NUMBER).encode() not in copy.read_bytes()
    header = dcmread(copy)
    called = header.get("SegmentSequence") or header.StructureSetROISequence
    names = [item.get("SegmentLabel") or item.ROIName for item in called]
    assert names == (["ROI 0", region] if "map" in kind else [region])
    if "NumberOfFrames" in header:
        bits = header.Rows * header.Columns * header.NumberOfFrames
        size = -(-bits * header.BitsAllocated // 8)
        assert len(header.PixelData) == size + size % 2


def test_a_lossy_image_still_says_so_when_it_is_no_longer_compressed(tmp_path):
    from ...hard_cases.codecs import irreversible

    for path in copied(tmp_path, UINT12, save=irreversible):
        assert dcmread(path).LossyImageCompression == "01"


def test_a_file_whose_frames_cannot_be_told_apart_is_refused(tmp_path):
    def several(k, header):
        header.NumberOfFrames = 3

    write(tmp_path / "data", UINT12, several, save=save_as())
    folder = exported(tmp_path, [image_row(tmp_path / "data", "CT")], [])
    (row,) = tables.read(f"{folder}.tsv", "exported").to_dict("records")
    assert "3 frames, of which 1 can be told apart" in row["refused"]
    with pytest.raises(IngestFault):
        read_image(image_row(tmp_path / "data", "CT"))
