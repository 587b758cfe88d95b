"""Volumes: 4D series are split by what tells their volumes apart."""

import numpy as np
import pytest
from pydicom import Dataset

from concord.errors import IngestFault
from concord.ingest.geometry import volumes
from concord.ingest.image import read_series

from ...dicom_factory import SHAPE, ramp, write_series


def headers(n_volumes, tell_apart, n_slices=3):
    """Headers of slices at the same places, volume after volume."""
    found = []
    for volume in range(n_volumes):
        for k in range(n_slices):
            header = Dataset()
            header.ImagePositionPatient = [0, 0, 3 * k]
            header.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
            tell_apart(header, volume, k)
            found.append(header)
    return found


def setting(keyword, values):
    return lambda header, volume, k: setattr(header, keyword, values[volume])


def diffusion(header, volume, k):
    header.DiffusionBValue = [0, 800, 800, 400][volume]
    if volume:
        direction = [0, 0, 0]
        direction[volume - 1] = 1
        header.DiffusionGradientOrientation = direction


def siemens_diffusion(header, volume, k):
    header.add_new(0x00190010, "LO", "SIEMENS MR HEADER")
    header.add_new(0x0019100C, "IS", str([0, 1000][volume]))


def ge_diffusion(header, volume, k):
    header.add_new(0x00430010, "LO", "GEMS_PARM_01")
    values = [[0, 8, 0, 0], [1000000600, 8, 0, 0]][volume]
    header.add_new(0x00431039, "IS", [str(value) for value in values])


def times_per_slice(header, volume, k):
    header.AcquisitionTime = f"1000{10 * volume + k:02d}.5"


def echo_and_time(header, volume, k):
    header.EchoTime = [5, 5, 10, 10][volume]
    header.TemporalPositionIdentifier = [1, 2, 1, 2][volume]


@pytest.mark.parametrize(
    ("n_volumes", "tell_apart", "names"),
    [
        (1, lambda header, volume, k: None, ("",)),
        (2, lambda header, volume, k: None, ("",)),
        (3, setting("TemporalPositionIdentifier", [5, 7, 6]), ("t1", "t2", "t3")),
        (3, setting("DiffusionBValue", [0, 50, 800]), ("b0", "b50", "b800")),
        (2, siemens_diffusion, ("b0", "b1000")),
        (2, ge_diffusion, ("b0", "b600")),
        (4, diffusion, ("b0", "b400d1", "b800d2", "b800d3")),
        (2, setting("EchoTime", [2.3, 4.6]), ("echo1", "echo2")),
        (2, setting("EchoNumbers", [2, 1]), ("echo1", "echo2")),
        (2, setting("InversionTime", [100, 2500.5]), ("ti100", "ti2500p5")),
        (2, setting("TriggerTime", [0, 33]), ("phase1", "phase2")),
        (2, setting("FrameReferenceTime", [500, 1500]), ("frame1", "frame2")),
        (2, setting("AcquisitionNumber", [1, 2]), ("acquisition1", "acquisition2")),
        (
            2,
            setting(
                "ImageType", [["ORIGINAL", "PRIMARY", x] for x in ("WATER", "FAT")]
            ),
            ("fat", "water"),
        ),
        (3, times_per_slice, ("t1", "t2", "t3")),
        (4, echo_and_time, ("echo1t1", "echo1t2", "echo2t1", "echo2t2")),
    ],
)
def test_volumes_are_named_by_the_tag_that_tells_them_apart(
    n_volumes, tell_apart, names
):
    assert volumes.names(headers(n_volumes, tell_apart)) == names


def test_a_tag_that_splits_further_than_the_places_ask_is_not_taken():
    # Two stations of a table have two acquisitions, but no place occurs twice.
    found = headers(1, lambda h, volume, k: setattr(h, "AcquisitionNumber", k))
    assert volumes.names(found) == ("",)
    # Times that overlap between the volumes tell nothing apart.
    mixed = headers(
        2, lambda h, v, k: setattr(h, "ContentTime", f"10000{2 * k - v + 1}")
    )
    assert volumes.names(mixed) == ("",)


def test_two_tags_that_only_together_tell_places_apart_make_no_extra_volumes():
    def tell_apart(header, volume, k):
        header.EchoTime = volume + 1 if k < 2 else 1
        header.InversionTime = 100 * (volume + 1) if k >= 2 else 100

    assert volumes.names(headers(2, tell_apart)) == ("",)


def test_an_absent_value_is_a_value_of_its_own():
    def tell_apart(header, volume, k):
        if volume:
            header.TriggerTime = 40

    assert volumes.names(headers(2, tell_apart)) == ("phase0", "phase1")


def four_dimensional(folder):
    """Three time points; values tell them apart."""
    for time in range(3):

        def change(k, header, time=time):
            header.TemporalPositionIdentifier = time + 1
            header.SOPInstanceUID = f"1.2.3.{time}.{k}"

        stored = ramp() + np.int16(1000 * time)
        write_series(folder, "MR", stored=stored, change=change, prefix=f"{time}")


def test_the_sheet_chooses_one_volume_and_the_message_lists_them(tmp_path):
    four_dimensional(tmp_path)
    volume, facts = read_series(tmp_path, "MR", {"volume": "t2"})
    np.testing.assert_array_equal(volume.array, ramp() + 1000)
    assert facts["volume"] == "t2"
    assert volume.array.shape == SHAPE

    with pytest.raises(IngestFault) as caught:
        read_series(tmp_path, "MR")
    assert caught.value.code == "VOLUME_AMBIGUOUS"
    listed = "3 volumes: t1 (5 slices, TemporalPositionIdentifier 1), t2 (5 slices"
    assert listed in str(caught.value)


def test_a_slice_that_one_volume_lacks_is_a_fault_of_that_volume_only(tmp_path):
    four_dimensional(tmp_path)
    (tmp_path / "1838.dcm").unlink()
    assert read_series(tmp_path, "MR", {"volume": "t1"})[0].array.shape == SHAPE
    with pytest.raises(IngestFault) as caught:
        read_series(tmp_path, "MR", {"volume": "t2"})
    assert caught.value.code == "MISSING_SLICE"


def test_a_name_for_a_series_of_one_volume_is_refused(tmp_path):
    write_series(tmp_path, "MR")
    with pytest.raises(IngestFault, match="one volume without a name") as caught:
        read_series(tmp_path, "MR", {"volume": "t1"})
    assert caught.value.code == "VOLUME_NOT_FOUND"
