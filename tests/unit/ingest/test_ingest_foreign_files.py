"""The files that pydicom is tested with: each has a defined outcome, none crashes."""

from pathlib import Path

import numpy as np
import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.pixels import apply_rescale

from concord.errors import IngestFault
from concord.ingest.faults.codes import CODES
from concord.ingest.segmentation import sources

from ...hard_cases.case import read

FOLDER = Path(pydicom.data.__file__).parent / "test_files"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())

#: What reading an image of CT, MR or PT alone gives. The file that is cut short lacks
#: pixels; the other ones are sound slices.
ALONE = {
    "CT_small.dcm": "SINGLE_SLICE",
    "J2K_pixelrep_mismatch.dcm": "SINGLE_SLICE",
    "693_J2KI.dcm": "LOSSY_COMPRESSION",
    "MR_small.dcm": "SINGLE_SLICE",
    "MR_small_RLE.dcm": "SINGLE_SLICE",
    "MR_small_bigendian.dcm": "SINGLE_SLICE",
    "MR_small_expb.dcm": "SINGLE_SLICE",
    "MR_small_implicit.dcm": "SINGLE_SLICE",
    "MR_small_jp2klossless.dcm": "SINGLE_SLICE",
    "MR_small_jpeg_ls_lossless.dcm": "SINGLE_SLICE",
    "MR_small_padded.dcm": "SURPLUS_PIXELS",  # a row of zeros behind the last one
    "MR_truncated.dcm": "TRUNCATED_FILE",
    "examples_overlay.dcm": "SINGLE_SLICE",
    "rtstruct.dcm": "WRONG_MODALITY",
    "rtdose.dcm": "WRONG_MODALITY",
    "no_meta.dcm": "UNREADABLE_FILE",
}
SLICES = [
    name
    for name, code in ALONE.items()
    if code == "SINGLE_SLICE" and "overlay" not in name
]


def fault_of(source, modality):
    """The fault of reading a source; None if there is none."""
    try:
        read(source, modality)
    except IngestFault as fault:
        return fault
    return None


def modality_of(name):
    return "MR" if name.startswith(("MR", "examples_overlay")) else "CT"


def require_sound(fault, path):
    for found in fault.findings:
        assert CODES[found.code].kind == "fault", path.name
        assert "." in found.text
        assert path.name not in found.text


def test_each_file_is_refused_by_name_or_read_as_an_image():
    assert len(FILES) > 100
    for path in FILES:
        for modality in ("CT", "MR", "PT"):
            fault = fault_of(path, modality)
            if fault is not None:
                require_sound(fault, path)


def test_each_folder_is_refused_by_name_or_read_as_an_image():
    for folder in sorted({path.parent for path in FILES}):
        for modality in ("CT", "MR", "PT"):
            fault = fault_of(folder, modality)
            if fault is not None:
                require_sound(fault, folder)


def test_each_file_is_refused_by_name_or_opened_as_an_segmentation():
    opened = []
    for path in FILES:
        try:
            sources.opened(path)
        except IngestFault as fault:
            require_sound(fault, path)
        else:
            opened.append(path.name)
    # The segmentation beside it describes three frames and holds one.
    assert opened == ["rtstruct.dcm"]


@pytest.mark.parametrize("name", ALONE)
def test_known_files_have_their_known_outcome(name):
    fault = fault_of(FOLDER / name, modality_of(name))
    assert fault is not None
    assert fault.code == ALONE[name]


@pytest.mark.filterwarnings("ignore:The pixel data is 8320 bytes long")
@pytest.mark.parametrize("name", SLICES)
def test_slices_that_are_made_a_series_have_the_values_of_pydicom(name, tmp_path):
    """Two copies at two places make a volume; its values come from another decoder."""
    for number in range(2):
        header = dcmread(FOLDER / name)
        header.ImagePositionPatient = [-10, 20, 3 * number]
        header.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        header.RescaleSlope = header.get("RescaleSlope", 1)
        header.RescaleIntercept = header.get("RescaleIntercept", 0)
        header.SOPInstanceUID = f"1.2.3.{number}"
        header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
        header.save_as(tmp_path / f"{number}.dcm")
    volume, _ = read(tmp_path, modality_of(name), waive={"HU_RANGE": ["P1"]})
    expected = apply_rescale(dcmread(FOLDER / name).pixel_array, header)
    for plane in volume.array:
        np.testing.assert_array_equal(plane, expected)
