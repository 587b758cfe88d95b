"""Files that are encoded element by element against those of pydicom's writer."""

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from concord.simulate.encoding import encoded, file_meta, write_elements

IMPLEMENTATION = generate_uid(entropy_srcs=["tests"])


@pytest.fixture
def dataset():
    """Every kind of value that the simulation writes, in three levels."""
    leaf, item, whole = Dataset(), Dataset(), Dataset()
    leaf.ReferencedSOPInstanceUID = "1.2.3"
    item.ContourImageSequence = [leaf, leaf]
    item.ContourData = ["1.50", "-2.25", "3.00"]
    item.ROIDisplayColor = [255, 0, 1]
    whole.SOPClassUID, whole.SOPInstanceUID = CTImageStorage, "1.2.3.4.5"
    whole.PatientName, whole.PatientBirthDate = "A001", ""
    whole.SpecificCharacterSet = "ISO_IR 192"
    whole.Manufacturer = "Größe"
    whole.ImageType = ["ORIGINAL", "PRIMARY"]
    whole.PixelSpacing, whole.SliceThickness = [2.0, 2.5], 3.0
    whole.XRayTubeCurrentInmA = 0.1
    whole.BitsAllocated, whole.PixelRepresentation = 16, 1
    whole.SmallestImagePixelValue = -7
    whole.ROIContourSequence = [item]
    whole.ReferencedStudySequence = []
    whole.PixelData = b"\1\2\3\4"
    return whole


def written_by_pydicom(dataset, path):
    meta = file_meta(dataset.SOPClassUID, dataset.SOPInstanceUID, IMPLEMENTATION)
    dataset.file_meta = meta
    dcmwrite(path, dataset, enforce_file_format=True)
    return path.read_bytes()


def written(elements, dataset, path):
    meta = file_meta(dataset.SOPClassUID, dataset.SOPInstanceUID, IMPLEMENTATION)
    write_elements(path, elements, meta)
    return path.read_bytes()


def test_a_file_has_the_bytes_of_pydicom(dataset, tmp_path):
    own = written(encoded(dataset), dataset, tmp_path / "own.dcm")

    assert own == written_by_pydicom(dataset, tmp_path / "theirs.dcm")
    syntax = dcmread(tmp_path / "own.dcm").file_meta.TransferSyntaxUID
    assert syntax == ExplicitVRLittleEndian


def test_elements_of_a_series_and_of_a_slice_make_one_file(dataset, tmp_path):
    one, shared = Dataset(), encoded(dataset)
    one.SOPInstanceUID, one.InstanceNumber = "1.2.3.4.6", 4
    one.BitsAllocated, one.PixelData = 16, b"\5\6\7\0"
    one.SOPClassUID = CTImageStorage
    own = written(shared | encoded(one), one, tmp_path / "own.dcm")

    dataset.update(one)
    assert own == written_by_pydicom(dataset, tmp_path / "theirs.dcm")
