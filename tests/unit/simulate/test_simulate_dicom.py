"""Simulated DICOM files, read back by pydicom and SimpleITK."""

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.uid import JPEGLSLossless

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.dicom.header import hashed
from concord.ingest.image import read_image
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection
from concord.seeds import generator
from concord.simulate import dicom, rtstruct, segmentation, tracer
from concord.simulate.lesion import random_lesion, segmented
from concord.simulate.phantom import Placement
from concord.simulate.rtstruct import ROI_PATTERN
from concord.simulate.settings import SiteSimulation

ORIGIN_MM = (-13.0, -171.5, -489.3)
PLACEMENT = Placement((0.0, -160.0, -480.0), (0.3, -0.2, 0.4))
OPTIONS = SiteSimulation(blur_mm=0.8, kvp=100.0, pet_blur_mm=1.5)
INJECTED = tracer.Tracer(dose_bq=2.8e8, uptake_s=3600)


def visit(session="baseline", day=0):
    return dicom.Visit("A001", session, day, age_years=61, weight_kg=72.5, seed=1)


def volume(values, spacing_mm=(3.0, 2.0, 2.0)):
    return Volume(values, spacing_mm, ORIGIN_MM, np.eye(3))


def read_folder(folder):
    return [pydicom.dcmread(path) for path in sorted(folder.iterdir())]


def by_position(headers):
    return sorted(headers, key=lambda header: header.ImagePositionPatient[2])


def write_ct(folder, seen=None, incomplete=False, **changed):
    values = np.random.default_rng(1).normal(0, 300, (8, 12, 14))
    options = OPTIONS.model_copy(update=changed)
    series = dicom.write_ct(
        folder, seen or visit(), volume(values), "A", options, incomplete
    )
    return values, series


def write_pet(folder):
    values = np.random.default_rng(1).uniform(0, 6, (7, 12, 12))
    values *= np.linspace(0.1, 2, 7)[:, None, None]
    series = dicom.write_pet(folder, visit(), volume(values), "A", INJECTED, OPTIONS)
    return values, series


def write_contours(path, reader="A", outward_mm=0.0):
    _, series = write_ct(path.parent / "CT")
    rng = generator(1, "lesion")
    surface = segmented(random_lesion(8.0, (0.0, 0.0, 2.0), rng), outward_mm, 0.0, rng)
    rtstruct.write_contours(path, visit(), series, reader, surface, PLACEMENT, "A")
    return series, surface


def test_simpleitk_reads_the_ct_at_its_place(tmp_path):
    values, _ = write_ct(tmp_path)
    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(tmp_path))
    image = sitk.ReadImage(names)
    assert image.GetSpacing() == pytest.approx((2.0, 2.0, 3.0))
    assert image.GetOrigin() == pytest.approx(ORIGIN_MM)
    assert image.GetDirection() == pytest.approx(np.eye(3).ravel())
    expected = np.clip(np.rint(values), -1024, 3071)
    assert np.array_equal(sitk.GetArrayFromImage(image), expected)


def read_ct(folder):
    row = {"source": str(folder), "modality": "CT", "subject_id": "A001"}
    return read_image(row, IngestSection())


@pytest.mark.parametrize("ct_format", ["jpeg_ls", "enhanced"])
def test_every_format_holds_the_same_image_and_facts(tmp_path, ct_format):
    write_ct(tmp_path / "classic")
    write_ct(tmp_path / "other", ct_format=ct_format)

    expected, facts = read_ct(tmp_path / "classic")
    found, other = read_ct(tmp_path / "other")

    assert np.array_equal(found.array, expected.array)
    assert found.origin_mm == pytest.approx(expected.origin_mm)
    assert found.spacing_mm == pytest.approx(expected.spacing_mm)
    for name in ("KVP", "ConvolutionKernel", "XRayTubeCurrent", "SliceThickness"):
        assert other[name] == facts[name] is not None
    syntaxes = {
        pydicom.dcmread(p).file_meta.TransferSyntaxUID
        for p in (tmp_path / "other").iterdir()
    }
    assert (JPEGLSLossless in syntaxes) == (ct_format == "jpeg_ls")


@pytest.mark.parametrize("ct_format", ["classic", "jpeg_ls", "enhanced"])
def test_an_incomplete_series_lacks_a_slice_in_the_middle(tmp_path, ct_format):
    write_ct(tmp_path, incomplete=True, ct_format=ct_format)
    with pytest.raises(IngestFault, match="1 slice") as caught:
        read_ct(tmp_path)
    assert caught.value.code == "MISSING_SLICE"


def test_neither_file_names_nor_numbers_tell_the_order_of_slices(tmp_path):
    write_ct(tmp_path)
    headers = read_folder(tmp_path)
    heights = [float(header.ImagePositionPatient[2]) for header in headers]
    numbers = [int(header.InstanceNumber) for header in by_position(headers)]
    assert heights not in (sorted(heights), sorted(heights, reverse=True))
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))
    assert sorted(numbers) == list(range(1, 9))


def test_ct_headers_name_the_scanner_of_the_site(tmp_path):
    write_ct(tmp_path)
    header = read_folder(tmp_path)[0]
    assert header.Manufacturer == "Simulated scanners A"
    assert header.ConvolutionKernel == "G08"
    assert header.SoftwareVersions == "A 1.0"
    assert header.KVP == 100
    assert header.XRayTubeCurrent == 200
    assert header.RescaleIntercept == -1024
    assert header.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert (tmp_path / "IM0001.dcm").read_bytes()[128:132] == b"DICM"


def test_suv_is_recovered_from_activity_weight_and_decayed_dose(tmp_path):
    values, _ = write_pet(tmp_path)
    headers = by_position(read_folder(tmp_path))
    for planted, header in zip(values, headers, strict=True):
        item = header.RadiopharmaceuticalInformationSequence[0]
        start, scan = item.RadiopharmaceuticalStartTime, header.SeriesTime
        seconds = [
            3600 * int(clock[:2]) + 60 * int(clock[2:4]) + int(clock[4:6])
            for clock in (start, scan)
        ]
        half_lives = (seconds[1] - seconds[0]) / float(item.RadionuclideHalfLife)
        dose = float(item.RadionuclideTotalDose) * 2**-half_lives
        activity = header.pixel_array * float(header.RescaleSlope)
        suv = activity * 1000 * float(header.PatientWeight) / dose
        assert suv == pytest.approx(planted, abs=planted.max() / 60_000)


def test_pet_slices_have_slopes_of_their_own(tmp_path):
    write_pet(tmp_path)
    headers = read_folder(tmp_path)
    assert len({float(header.RescaleSlope) for header in headers}) == 7
    assert {header.Units for header in headers} == {"BQML"}
    assert {header.ReconstructionMethod for header in headers} == {"PSF+TOF 3i21s"}
    assert {header.DecayCorrection for header in headers} == {"START"}
    assert {"ATTN", "DECY"} <= set(headers[0].CorrectedImage)


def test_the_injection_is_an_hour_before_the_scan(tmp_path):
    write_pet(tmp_path)
    header = read_folder(tmp_path)[0]
    item = header.RadiopharmaceuticalInformationSequence[0]
    assert item.RadiopharmaceuticalStartDateTime == "20000101090000"
    assert header.SeriesTime == header.AcquisitionTime == "100000"
    # Of 180 s of an 18F frame, a little less than half: the mean activity.
    assert float(header.FrameReferenceTime) == pytest.approx(89_858, abs=1)


def test_series_of_a_session_share_the_frame_of_reference(tmp_path):
    write_ct(tmp_path / "CT")
    write_pet(tmp_path / "PT")
    write_ct(tmp_path / "again", visit("retest", 1))
    ct, pet, again = (read_folder(tmp_path / name)[0] for name in ("CT", "PT", "again"))
    assert ct.FrameOfReferenceUID == pet.FrameOfReferenceUID
    assert ct.StudyInstanceUID == pet.StudyInstanceUID
    assert ct.SeriesInstanceUID != pet.SeriesInstanceUID
    assert ct.FrameOfReferenceUID != again.FrameOfReferenceUID
    assert again.StudyDate == "20000102"


def test_an_segmentation_refers_to_the_series_and_its_images(tmp_path):
    series, _ = write_contours(tmp_path / "segmentation.dcm")
    header = pydicom.dcmread(tmp_path / "segmentation.dcm")
    frame = header.ReferencedFrameOfReferenceSequence[0]
    referenced = frame.RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
    images = {
        image.ReferencedSOPInstanceUID for image in referenced.ContourImageSequence
    }
    written = read_folder(tmp_path / "CT")
    assert referenced.SeriesInstanceUID == series.uid
    assert images == {slice_.SOPInstanceUID for slice_ in written}
    assert frame.FrameOfReferenceUID == written[0].FrameOfReferenceUID
    heights = {s.SOPInstanceUID: s.ImagePositionPatient[2] for s in written}
    for contour in header.ROIContourSequence[0].ContourSequence:
        cited = contour.ContourImageSequence[0].ReferencedSOPInstanceUID
        assert set(contour.ContourData[2::3]) == {heights[cited]}


def test_contour_points_lie_on_the_surface(tmp_path):
    _, surface = write_contours(tmp_path / "segmentation.dcm", "B", outward_mm=1.0)
    header = pydicom.dcmread(tmp_path / "segmentation.dcm")
    contours = header.ROIContourSequence[0].ContourSequence
    assert len(contours) >= 4
    for contour in contours:
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        body = [PLACEMENT.to_body(axis, points[:, axis]) for axis in range(3)]
        assert contour.NumberOfContourPoints == len(points)
        assert surface.depth_mm(*body) == pytest.approx(0.0, abs=0.02)


def write_both(folder, modality, reader="B", outward_mm=1.0):
    """One surface as contours and as voxels, and the grid of its series."""
    folder.mkdir()
    seen = visit()
    values = np.zeros((24, 40, 40))
    spacing_mm = (3.0, 2.0, 2.0) if modality == "CT" else (3.0, 2.0, 2.5)
    image = Volume(values, spacing_mm, (-40.3, -199.7, -514.6), np.eye(3))
    start = folder / "series", seen, image, "A"
    if modality == "CT":
        series = dicom.write_ct(*start, OPTIONS)
    else:
        series = dicom.write_pet(*start, INJECTED, OPTIONS)
    rng = generator(1, "lesion", modality)
    lesion = random_lesion(13.0, (0.0, 0.0, 2.0), rng)
    surface = segmented(lesion, outward_mm, 0.4, rng)
    drawn = seen, series, reader, surface, PLACEMENT
    rtstruct.write_contours(folder / "rt.dcm", *drawn, "A")
    headers = segmentation.series_headers(folder / "series")
    segmentation.write_segmentation(folder / "seg.dcm", *drawn, headers)
    return image, surface


@pytest.mark.parametrize("modality", ["CT", "PT"])
def test_voxels_and_contours_of_one_surface_give_one_mask(tmp_path, modality):
    image, surface = write_both(tmp_path / "x", modality)
    header = pydicom.dcmread(tmp_path / "x" / "seg.dcm", stop_before_pixels=True)
    facts = {
        "series": hashed(header.ReferencedSeriesSequence[0].SeriesInstanceUID),
        "frame_of_reference": hashed(header.FrameOfReferenceUID),
    }
    settings = IngestSection()
    masks = []
    for name in ("rt.dcm", "seg.dcm"):
        row = {
            "subject_id": "A001",
            "source": tmp_path / "x" / name,
            "roi": ROI_PATTERN,
        }
        mask, notes = read_mask(row, image, facts, settings)
        assert notes == ()
        masks.append(mask)
    contours, voxels = masks
    assert voxels.sum() > 600
    k, j, i = np.nonzero(contours != voxels)
    # A polygon of 72 points lies a little within the surface that it stands for.
    assert len(k) <= 0.01 * voxels.sum()
    points = image.affine()[:3] @ [i, j, k, np.ones(len(k))]
    body = [PLACEMENT.to_body(axis, points[axis]) for axis in range(3)]
    assert np.abs(surface.depth_mm(*body)).max(initial=0) < 0.05


def test_a_segmentation_has_fixed_bytes_and_refers_to_its_series(tmp_path):
    for name in ("x", "y"):
        write_both(tmp_path / name, "CT")
    first, second = (tmp_path / name / "seg.dcm" for name in ("x", "y"))
    assert first.read_bytes() == second.read_bytes()
    header = pydicom.dcmread(first)
    assert header.PatientName == header.PatientID == "A001"
    assert header.ContentDate == header.InstanceCreationDate == "20000101"
    assert header.SegmentSequence[0].SegmentLabel == "gtv reader B"
    slices = read_folder(tmp_path / "x" / "series")
    cited = header.ReferencedSeriesSequence[0]
    assert cited.SeriesInstanceUID == slices[0].SeriesInstanceUID
    assert header.FrameOfReferenceUID == slices[0].FrameOfReferenceUID
    assert header.StudyInstanceUID == slices[0].StudyInstanceUID


def test_readers_name_the_region_differently(tmp_path):
    names = []
    for reader in ("A", "B"):
        write_contours(tmp_path / f"{reader}.dcm", reader)
        header = pydicom.dcmread(tmp_path / f"{reader}.dcm")
        names.append(header.StructureSetROISequence[0].ROIName)
    assert names == ["GTV_A", "gtv reader B"]
