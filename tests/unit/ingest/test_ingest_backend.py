"""concord.ingest.dcm2niix: what dcm2niix reads is taken only if the headers agree."""

import signal
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from concord.errors import IngestFault, MachineFault
from concord.ingest.dcm2niix import reader
from concord.ingest.dcm2niix.expected import expected_of
from concord.ingest.image import read_series

from ...dicom_factory import AXIAL, ramp, write_series
from ...mosaic_factory import write_mosaics

OBLIQUE = (0.8, 0.6, 0.0, -0.48, 0.64, 0.6)
CHOSEN = {"backend": "dcm2niix", "volume": "t2"}


def mosaics(folder, **changes):
    stored = np.random.default_rng(0).integers(1, 3000, (3, 7, 16, 20))
    places = {"cosines": AXIAL, "spacing_mm": (3, 2, 2), "origin_mm": (-10, 20, -30)}
    write_mosaics(folder, stored.astype(np.uint16), **places | changes)
    return stored


def fault_of(folder, row, modality="MR"):
    with pytest.raises(IngestFault) as caught:
        read_series(folder, modality, row)
    return caught.value


@pytest.mark.parametrize("cosines", [AXIAL, OBLIQUE])
@pytest.mark.parametrize("direction", [1, -1])
def test_a_mosaic_is_untiled_whichever_way_its_slices_run(tmp_path, cosines, direction):
    stored = mosaics(tmp_path, cosines=cosines, direction=direction)
    volume, facts = read_series(tmp_path, "MR", CHOSEN)

    np.testing.assert_array_equal(volume.array, stored[1, ::direction])
    normal = np.cross(cosines[:3], cosines[3:])
    first = np.array([-10, 20, -30]) - (direction < 0) * 18 * normal
    np.testing.assert_allclose(volume.origin_mm, first, atol=1e-6)
    assert volume.spacing_mm == (3, 2, 2)
    np.testing.assert_allclose(volume.direction[:, 2], normal, atol=1e-6)
    assert facts["notes"][0].startswith("BACKEND_USED dcm2niix 1.")


def test_a_mosaic_without_backend_is_refused_and_the_column_named(tmp_path):
    mosaics(tmp_path)
    fault = fault_of(tmp_path, {})
    assert fault.code == "MOSAIC"
    assert "Put dcm2niix into the column `backend`" in str(fault)


def test_a_series_of_slices_is_the_same_with_and_without_backend(tmp_path):
    write_series(tmp_path, "MR", cosines=OBLIQUE)
    own, _ = read_series(tmp_path, "MR")
    other, _ = read_series(tmp_path, "MR", {"backend": "dcm2niix"})
    np.testing.assert_array_equal(own.array, other.array)
    np.testing.assert_array_equal(own.affine(), other.affine())


def slopes_of_each_slice(k, header):
    header.RescaleSlope, header.RescaleIntercept = f"{1 + 0.5 * k}", f"{k}"


def scale_of_philips(k, header):
    header.Manufacturer = "Philips"
    header.RescaleSlope, header.RescaleIntercept = "2", "1"
    header.add_new(0x20050010, "LO", "Philips MR Imaging DD 001")
    header.add_new(0x2005100E, "FL", 0.01)


@pytest.mark.parametrize("change", [slopes_of_each_slice, scale_of_philips])
def test_values_are_rescaled_by_the_header_as_without_backend(tmp_path, change):
    write_series(tmp_path, "MR", change=change)
    own, _ = read_series(tmp_path, "MR")
    other, _ = read_series(tmp_path, "MR", {"backend": "dcm2niix"})
    np.testing.assert_array_equal(own.array, other.array)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda e: replace(e, n_volumes=4), "3 volumes of 7x16x20 voxels instead of 4"),
        (lambda e: replace(e, total=e.total * 1.01), "voxels that sum to"),
        (
            lambda e: replace(e, lattice=replace(e.lattice, origin_mm=(-10, 20, -27))),
            "the first slice 3.000 mm away; the last slice 3.000 mm away",
        ),
        (
            lambda e: replace(e, lattice=replace(e.lattice, spacing_mm=(3.03, 2, 2))),
            "a spacing that differs by 0.99%",
        ),
        (
            lambda e: replace(e, lattice=replace(e.lattice, direction=-np.eye(3))),
            "axes whose cosines differ by 2.0",
        ),
    ],
)
def test_any_disagreement_with_the_headers_is_refused(
    tmp_path, monkeypatch, change, text
):
    mosaics(tmp_path)
    monkeypatch.setattr(reader, "expected_of", lambda *told: change(expected_of(*told)))
    fault = fault_of(tmp_path, CHOSEN)
    assert fault.code == "BACKEND_MISMATCH"
    assert text in str(fault)


def test_a_mosaic_whose_private_header_was_removed_has_no_place(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.mosaic_factory.csa", lambda values: b"")
    mosaics(tmp_path)
    fault = fault_of(tmp_path, CHOSEN)
    assert fault.code == "NO_GEOMETRY"
    assert "CSA" in str(fault)


def test_a_backend_cannot_repair_a_geometry_that_we_refuse(tmp_path):
    write_series(tmp_path, "MR", keep=[0, 1, 3, 4])
    assert fault_of(tmp_path, {"backend": "dcm2niix"}).code == "MISSING_SLICE"


def test_the_backend_is_for_mr_only_and_has_one_name(tmp_path):
    write_series(tmp_path)
    fault = fault_of(tmp_path, {"backend": "dcm2niix"}, "CT")
    assert fault.code == "BACKEND_UNKNOWN"
    assert "for MR only" in str(fault)
    assert fault_of(tmp_path, {"backend": "other"}, "CT").code == "BACKEND_UNKNOWN"


def test_a_program_that_fails_is_a_fault_of_the_image(tmp_path, monkeypatch):
    write_series(tmp_path, "MR", stored=ramp())
    monkeypatch.setattr(reader, "_OPTIONS", "--no-such-option 1")
    fault = fault_of(tmp_path, {"backend": "dcm2niix"})
    assert fault.code == "BACKEND_FAILED"
    assert "wrote 0 volumes" in str(fault)


def test_a_program_that_was_killed_is_no_fault_of_the_image(tmp_path, monkeypatch):
    write_series(tmp_path, "MR", stored=ramp())
    killed = subprocess.CompletedProcess([], -signal.SIGKILL)
    monkeypatch.setattr(reader.subprocess, "run", lambda *_, **__: killed)
    with pytest.raises(MachineFault, match="was killed"):
        read_series(tmp_path, "MR", {"backend": "dcm2niix"})
