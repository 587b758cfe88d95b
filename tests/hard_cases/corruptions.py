"""Random damage to good series: bytes, elements, files. Everything is seeded."""

import shutil
import struct
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from concord.images import Volume

from .codecs import LOSSLESS, compressed
from .lattice import GRADIENT, LARGEST_ERROR_MM, Lattice, Truth
from .multiframe import E_MR
from .multiframe import write as write_enhanced
from .slices import CT, MR, PET, Encoding, Recipe, save_as, write

_GRID = Lattice(shape=(6, 9, 8))
_VARYING = Encoding(slopes=(1.0, 2.0, 0.5), intercepts=(-1024.0, 0.0, -512.0))


def _located(k: int, header: Dataset) -> None:
    header.SliceLocation, header.AcquisitionTime = f"{3 * k}", f"1100{k:02d}"


def _series(recipe: Recipe, **options) -> Callable[[Path], Truth]:
    small = replace(recipe, lattice=_GRID)
    return lambda folder: write(folder, small, _located, **options)


#: Good series of every way to store them: modality and writer.
BASES: dict[str, tuple[str, Callable[[Path], Truth]]] = {
    "ct": ("CT", _series(CT)),
    "ct_slopes": ("CT", _series(replace(CT, encoding=_VARYING))),
    "mr_implicit": ("MR", _series(MR, save=save_as(ImplicitVRLittleEndian))),
    "ct_big_endian": ("CT", _series(CT, save=save_as(ExplicitVRBigEndian))),
    "ct_deflated": ("CT", _series(CT, save=save_as(DeflatedExplicitVRLittleEndian))),
    "ct_jpeg": ("CT", _series(CT, save=compressed(LOSSLESS["jpeg_lossless_sv1"]))),
    "mr_rle": ("MR", _series(MR, save=compressed(LOSSLESS["rle"]))),
    "pet": ("PT", _series(PET)),
    "enhanced": (
        "MR",
        lambda folder: write_enhanced(folder, replace(E_MR, lattice=_GRID)),
    ),
}

Damage = Callable[[Path, np.random.Generator], None]


def _header_length(content: bytes) -> int:
    """Where the pixels begin, or the end."""
    for tag in (b"\xe0\x7f\x10\x00", b"\x7f\xe0\x00\x10"):
        if tag in content:
            return content.index(tag)
    return len(content)


def _some_file(folder: Path, source: np.random.Generator) -> Path:
    paths = sorted(folder.iterdir())
    return paths[source.integers(len(paths))]


def _in_bytes(change: Callable[[bytearray, np.random.Generator], None]) -> Damage:
    def damage(folder: Path, source: np.random.Generator) -> None:
        path = _some_file(folder, source)
        content = bytearray(path.read_bytes())
        change(content, source)
        path.write_bytes(content)

    damage.__name__ = change.__name__
    return damage


@_in_bytes
def random_bytes(content: bytearray, source: np.random.Generator) -> None:
    for _ in range(source.integers(1, 8)):
        place = source.integers(128, _header_length(content))
        content[place] = source.integers(256)


@_in_bytes
def random_letters(content: bytearray, source: np.random.Generator) -> None:
    """Printable bytes: values stay plausible more often."""
    for _ in range(source.integers(1, 5)):
        place = source.integers(200, _header_length(content))
        content[place] = source.choice(np.frombuffer(b"0123456789.-\\EX ", np.uint8))


@_in_bytes
def zeroed_block(content: bytearray, source: np.random.Generator) -> None:
    start = source.integers(132, _header_length(content))
    size = int(source.integers(4, 80))
    content[start : start + size] = bytes(len(content[start : start + size]))


@_in_bytes
def removed_block(content: bytearray, source: np.random.Generator) -> None:
    start = source.integers(132, _header_length(content))
    del content[start : start + source.integers(1, 40)]


@_in_bytes
def inserted_block(content: bytearray, source: np.random.Generator) -> None:
    start = source.integers(132, _header_length(content))
    content[start:start] = source.bytes(int(source.integers(1, 40)))


@_in_bytes
def cut(content: bytearray, source: np.random.Generator) -> None:
    del content[source.integers(0, len(content)) :]


@_in_bytes
def wrong_type(content: bytearray, source: np.random.Generator) -> None:
    """Another type of value written over that of an element."""
    place = _element(content, source)
    kinds = [b"DS", b"IS", b"US", b"SQ", b"UI", b"OB", b"FD", b"UN", b"AT", b"??"]
    content[place + 4 : place + 6] = kinds[source.integers(len(kinds))]


@_in_bytes
def absurd_length(content: bytearray, source: np.random.Generator) -> None:
    place = _element(content, source)
    lengths = [0, 1, 3, 7, 65535, 65534, int(source.integers(65536))]
    chosen = lengths[source.integers(len(lengths))]
    content[place + 6 : place + 8] = struct.pack("<H", chosen)


def _element(content: bytearray, source: np.random.Generator) -> int:
    """The place of a random element of a group that every slice has."""
    groups = (b"\x08\x00", b"\x10\x00", b"\x18\x00", b"\x20\x00", b"\x28\x00")
    end = _header_length(content)
    places = [
        place
        for place in range(132, end - 8, 2)
        if content[place : place + 2] in groups
        and content[place + 4 : place + 6].isalpha()
    ]
    return places[source.integers(len(places))] if places else 132


def _in_element(change: Callable[[Dataset, object, np.random.Generator], None]):
    """Damage to one random element of one file, which stays well-formed DICOM."""

    def damage(folder: Path, source: np.random.Generator) -> None:
        path = _some_file(folder, source)
        header = dcmread(path)
        tags = [tag for tag in header.keys() if tag != 0x7FE00010]  # noqa: SIM118
        change(header, tags[source.integers(len(tags))], source)
        header.save_as(path)

    damage.__name__ = change.__name__
    return damage


@_in_element
def deleted_element(header, tag, source) -> None:
    del header[tag]


@_in_element
def emptied_element(header, tag, source) -> None:
    header[tag].value = None


@_in_element
def changed_number(header, tag, source) -> None:
    """A number or text of an element replaced by another that its type allows."""
    element = header[tag]
    if element.VR in ("US", "IS"):
        element.value = int(source.choice([0, 1, 7, 16, 17, 4096, 65535]))
    elif element.VR == "DS":
        element.value = str(source.choice(["0", "-1", "1e9", "0.001", "12"]))
    elif element.VR in ("CS", "LO", "SH", "UI"):
        element.value = "1.2.3" if element.VR == "UI" else "OTHER"


def shuffled_names(folder: Path, source: np.random.Generator) -> None:
    paths = sorted(folder.iterdir())
    for number, place in enumerate(source.permutation(len(paths))):
        paths[place].rename(folder / f"shuffled{number:03d}")


def deleted_files(folder: Path, source: np.random.Generator) -> None:
    paths = sorted(folder.iterdir())
    count = min(int(source.integers(1, 4)), len(paths) - 1)
    for place in source.choice(len(paths), count, replace=False):
        paths[place].unlink()


def copied_file(folder: Path, source: np.random.Generator) -> None:
    path = _some_file(folder, source)
    shutil.copy(path, folder / "copied")


def copied_file_with_other_uid(folder: Path, source: np.random.Generator) -> None:
    path = _some_file(folder, source)
    header = dcmread(path)
    header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    header.save_as(folder / "copied")


#: What may be exchanged between slices. Positions and rescales are not among them: a
#: header that consistently tells the place or unit of another slice is not damage that
#: any reader could see.
_SWAPPED = (
    "SOPInstanceUID",
    "InstanceNumber",
    "SliceLocation",
    "AcquisitionTime",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "ImageType",
    "BitsStored",
    "Rows",
)


def swapped_tags(folder: Path, source: np.random.Generator) -> None:
    paths = sorted(folder.iterdir())
    first, second = (
        paths[n] for n in source.choice(len(paths), 2, replace=len(paths) < 2)
    )
    headers = [dcmread(first), dcmread(second)]
    for keyword in source.choice(_SWAPPED, 3):
        values = [header.get(keyword) for header in headers]
        for header, value in zip(headers, values[::-1], strict=True):
            if value is not None:
                setattr(header, str(keyword), value)
    for header, path in zip(headers, (first, second), strict=True):
        header.save_as(path)


DAMAGES: tuple[Damage, ...] = (
    random_bytes,
    random_letters,
    zeroed_block,
    removed_block,
    inserted_block,
    cut,
    wrong_type,
    absurd_length,
    deleted_element,
    emptied_element,
    changed_number,
    shuffled_names,
    deleted_files,
    copied_file,
    copied_file_with_other_uid,
    swapped_tags,
)


def damaged(folder: Path, seed: int) -> tuple[str, Truth, str]:
    """Write a good series and damage it: modality, truth, and what was done."""
    source = np.random.default_rng([20, seed])
    name = list(BASES)[seed % len(BASES)]
    modality, write_base = BASES[name]
    truth = write_base(folder)
    damage = DAMAGES[source.integers(len(DAMAGES))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        damage(folder, source)
    return modality, truth, f"{name}: {damage.__name__}"


def is_right(volume: Volume, truth: Truth) -> bool:
    """Whether every voxel lies where the ramp says, with its exact value.

    Slices may be absent at the ends: then the volume is shorter, and right.
    """
    to_lattice = np.linalg.inv(truth.lattice.affine())
    shape = volume.array.shape
    k, j, i = np.indices(shape).reshape(3, -1)
    places = volume.affine() @ np.stack([i, j, k, np.ones_like(i)])
    index = (to_lattice @ places)[:3]
    whole = np.rint(index).astype(int)
    sizes = np.array(truth.lattice.shape[::-1])[:, None]
    if ((whole < 0) | (whole >= sizes)).any() or shape[1:] != truth.lattice.shape[1:]:
        return False
    off_mm = np.abs(index - whole) * np.array(truth.lattice.spacing_mm[::-1])[:, None]
    wanted = truth.values[whole[2], whole[1], whole[0]]
    unit = truth.scale * np.linalg.norm(GRADIENT)
    wrong_mm = np.abs(volume.array.ravel() - wanted) / unit
    return bool(off_mm.max() < LARGEST_ERROR_MM and wrong_mm.max() < 1e-3)


def is_as_told(volume: Volume, folder: Path, unit: float) -> bool:
    """Whether a volume holds what the damaged headers themselves say.

    A changed digit of a position or a slope leaves a sound header that tells another
    place or value; no reader can know. Then each slice must lie and be valued as its
    own header says, as read here without the ingest.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = [each for path in sorted(folder.iterdir()) for each in _told(path)]
    to_voxel = np.linalg.inv(volume.affine())
    step = np.array(volume.spacing_mm[::-1])
    seen = set()
    for place, values in told:
        index = (to_voxel @ [*place, 1])[:3]
        k = int(np.rint(index[2]))
        if np.abs((index - [0, 0, k]) * step).max() > LARGEST_ERROR_MM:
            continue
        if not 0 <= k < len(volume.array) or values.shape != volume.array[k].shape:
            continue
        if np.allclose(volume.array[k], values * unit, rtol=1e-5, atol=1e-4):
            seen.add(k)
    return len(seen) == len(volume.array)


def _told(path: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Place and values of the slices of a file as its header tells, if it does."""
    try:
        header = dcmread(path, force=True)
        header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
        shape = (-1, header.Rows, header.Columns)
        planes = header.pixel_array.reshape(shape).astype(float)
        groups = header.get("PerFrameFunctionalGroupsSequence")
        return [
            _valued(header if groups is None else groups[n], plane)
            for n, plane in enumerate(planes)
        ]
    except Exception:
        return []


def _valued(header: Dataset, plane: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if "PlanePositionSequence" in header:
        position = header.PlanePositionSequence[0]
        rescale = header.PixelValueTransformationSequence[0]
    else:
        position = rescale = header
    slope = float(rescale.get("RescaleSlope", 1))
    offset = float(rescale.get("RescaleIntercept", 0))
    return np.array(position.ImagePositionPatient, float), plane * slope + offset
