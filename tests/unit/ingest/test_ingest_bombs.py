"""Small files that unpack or claim gigabytes end at the caps, with little memory."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pydicom.encaps import generate_frames
from pydicom.uid import UID, JPEG2000Lossless, JPEGLosslessSV1, RLELossless

from concord.errors import IngestFault
from concord.files import gunzipped
from concord.ingest import sizes
from concord.ingest.dicom import codestreams, deflated, frames
from concord.ingest.dicom.codestreams import Told
from concord.ingest.segmentation.crossing import crossing_groups, edges_cross
from concord.ingest.segmentation.polygons import Box, parity, union
from concord.ingest.settings import IngestSection

from ...hard_cases.bombs import MIB, deflated_file, gzipped_zeros
from ...hard_cases.codecs import LOSSLESS, compressed
from ...hard_cases.pixel_cases import UINT12
from ...hard_cases.slices import write

ROOT = Path(__file__).parents[3]
#: What the whole run of the bombs may take, in MiB.
MOST_MIB = 1200
LIMIT = 2_000_000_000


@pytest.mark.parametrize("limit", [0, LIMIT])
def test_every_bomb_ends_at_the_caps_with_and_without_a_limit_of_the_system(
    tmp_path, limit
):
    command = [sys.executable, "-m", "tests.bomb_run", str(limit), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert len(told["took"]) > 30
    assert told["peak_mib"] < MOST_MIB
    slowest = max(took for took, _ in told["took"].values())
    assert slowest < 60


def test_the_default_cap_lets_the_largest_clinical_volume_through():
    voxels = 1024 * 1024 * 2000
    assert not [*sizes.too_many_voxels(voxels, (), IngestSection().max_voxels)]
    assert [*sizes.too_many_voxels(2 * voxels, (2,), IngestSection().max_voxels)]


def test_a_cap_tells_the_value_the_limit_and_the_key():
    (found,) = sizes.too_many_voxels(4000, (10, 20, 20), 3999)
    assert found.code == "TOO_LARGE"
    for told in ("10 x 20 x 20 = 4000", "at most 3999", "ingest.max_voxels"):
        assert told in found.text


def test_a_large_image_that_shrinks_like_a_measured_one_is_no_bomb():
    assert not [*sizes.swelling(4 << 30, 100 * MIB)]
    assert not [*sizes.swelling(500 * MIB, 1)]
    (found,) = sizes.swelling(600 * MIB, MIB)
    assert "600 times as many, expected at most 200" in found.text


@pytest.mark.parametrize("most", [0, 5, 9, 10, 11, 1000])
def test_a_gzip_file_is_unpacked_up_to_a_limit(most):
    import gzip

    packed = gzip.compress(b"01234") + gzip.compress(b"56789")
    assert gunzipped(packed, most) == b"0123456789"[: most + 1]
    assert gunzipped(packed + bytes(100), 10) == b"0123456789"
    with pytest.raises(EOFError):
        gunzipped(packed[:-1], 100)


def test_a_gzip_bomb_is_unpacked_no_further_than_asked_for():
    packed = gzipped_zeros(b"start", 1 << 30)
    start = time.process_time()
    assert len(gunzipped(packed, 10 * MIB)) == 10 * MIB + 1
    assert time.process_time() - start < 1


def frame_of(syntax: str, folder: Path) -> bytes:
    write(folder, UINT12, keep=[0], save=compressed(syntax))
    file = frames.open_file(next(iter(folder.iterdir())))
    return next(generate_frames(frames.whole(file).PixelData, number_of_frames=1))


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_frame_tells_its_size_before_it_is_decoded(tmp_path, name):
    syntax, (_, rows, columns) = UID(LOSSLESS[name]), UINT12.lattice.shape
    frame = frame_of(syntax, tmp_path)
    codestreams.require_as_told(frame, Told(rows, columns, 1), 2, syntax, "x")
    if syntax == RLELossless:
        return
    for told, code in (
        (Told(rows - 1, columns, 1), "SURPLUS_PIXELS"),
        (Told(rows, columns - 1, 1), "SURPLUS_PIXELS"),
        (Told(rows + 1, columns, 1), "TRUNCATED_FILE"),
        (Told(rows, columns, 3), "TRUNCATED_FILE"),
    ):
        with pytest.raises(IngestFault, match=f"{rows} rows x {columns} ") as caught:
            codestreams.require_as_told(frame, told, 2, syntax, "x")
        assert caught.value.code == code


def code_of(frame: bytes, told: Told, syntax: str) -> str:
    """The code of the fault of a frame; empty if there is none."""
    try:
        codestreams.require_as_told(frame, told, 2, UID(syntax), "x")
    except IngestFault as fault:
        return fault.code
    return ""


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEG2000Lossless])
def test_any_start_of_a_frame_is_looked_at_without_an_error(tmp_path, syntax):
    frame = frame_of(syntax, tmp_path)
    source = np.random.default_rng(4)
    told = Told(*UINT12.lattice.shape[1:], 1)
    for _ in range(400):
        damaged = bytearray(frame[: source.integers(0, 200)])
        for _ in range(source.integers(0, 4) if damaged else 0):
            damaged[source.integers(len(damaged))] = source.integers(256)
        assert code_of(bytes(damaged), told, syntax) in (
            *("", "SURPLUS_PIXELS", "TRUNCATED_FILE"),
        )


def test_jpeg_2000_in_boxes_is_measured_by_its_codestream(tmp_path):
    frame = frame_of(LOSSLESS["jpeg_2000"], tmp_path)
    decoy = b"\xff\x4f\xff\x51" + frame[4:42]
    boxes = b"\0\0\0\x0cjP  \r\n\x87\n"
    boxes += (8 + len(decoy)).to_bytes(4) + b"free" + decoy
    boxed = boxes + (8 + len(frame)).to_bytes(4) + b"jp2c" + frame
    told = Told(*UINT12.lattice.shape[1:], 1)
    codestreams.require_as_told(boxed, told, 2, JPEG2000Lossless, "x")
    claims = bytearray(boxed)
    claims[-len(frame) + 8] = 1
    with pytest.raises(IngestFault, match="16777"):
        codestreams.require_as_told(bytes(claims), told, 2, JPEG2000Lossless, "x")


def test_a_deflated_file_is_unpacked_as_far_as_asked_for(tmp_path):
    write(tmp_path, UINT12, keep=[0], save=deflated_file(100 * MIB))
    path = next(iter(tmp_path.iterdir()))
    with path.open("rb") as file:
        stream = deflated.opened(file, path, 10_000)
    assert not stream.is_whole
    assert len(stream.getvalue()) < 11_000
    assert b"1.2.840.10008.1.2.1\0" in stream.getvalue()
    assert b"1.2.840.10008.1.2.1.99" not in stream.getvalue()


def test_a_deflated_file_cannot_hide_behind_an_odd_file_header(tmp_path):
    write(tmp_path, UINT12, keep=[0], save=deflated_file(MIB))
    path = next(iter(tmp_path.iterdir()))
    content = path.read_bytes()
    place = content.index(b"\x02\x00\x02\x00UI")
    path.write_bytes(content[:place] + b"\x02\x00\x02\x00\0\0" + content[place + 6 :])
    with path.open("rb") as file, pytest.raises(IngestFault, match="is deflated"):
        deflated.opened(file, path)


def test_other_files_are_left_as_they_are():
    file = io.BytesIO(bytes(128) + b"DICM" + bytes(20))
    assert deflated.opened(file, Path("x")) is file
    assert file.tell() == 0


def test_contours_of_many_edges_end_at_a_limit():
    x = np.linspace(0, 30, 40_000)
    zigzag = 10 + 5 * np.tile([0.0, 1.0], 20_000)
    first = np.column_stack([x, zigzag])
    start = time.process_time()
    with pytest.raises(IngestFault, match="40000 and 40000 edges") as caught:
        edges_cross(first, first + np.array([0, 0.001]))
    assert caught.value.code == "TOO_LARGE"
    assert time.process_time() - start < 5


def test_polygons_in_batches_hold_the_same_pixels(monkeypatch):
    source = np.random.default_rng(8)
    polygons = [source.uniform(0, 20, (5, 2)) for _ in range(40)]
    layers, box = np.arange(40) % 7, Box(0, 0, 20, 20)
    whole, joined = parity(polygons, layers, 7, box), union(polygons, box)
    groups = crossing_groups(polygons)
    package = "concord.ingest.segmentation"
    monkeypatch.setattr(f"{package}.polygons._CROSSINGS_AT_ONCE", 10)
    monkeypatch.setattr(f"{package}.polygons._PIXELS_AT_ONCE", 500)
    monkeypatch.setattr(f"{package}.crossing._PIXELS_KEPT", 500)
    monkeypatch.setattr(f"{package}.crossing._PAIRS_AT_ONCE", 3)
    assert (parity(polygons, layers, 7, box) == whole).all()
    assert (union(polygons, box) == joined).all()
    assert crossing_groups(polygons) == groups
