"""Copies of DICOM folders in which one file was damaged, at random by a seed."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from pydicom import Dataset, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

#: What archives, scripts and damaged disks put in place of a value.
TEXTS = [
    *("", " ", "0", "-1", "1", "2", "0.5", "1,5", "NaN", "inf", "1e400", "abc"),
    *(
        "12\\13",
        "\\",
        "1.2.3.99",
        "YES",
        "20200102",
        "235959",
        "1" * 70,
        "\x00",
        "\xe4",
    ),
]
NUMBERS = [0, 1, 2, 3, 7, 12, 13, 32, 65535]
FACTORS = [0, -1, 0.1, 1.001, 2, 10, 1000]
_OF_NUMBERS = ("US", "SS", "UL")
_PIXELS = b"\xe0\x7f\x10\x00"


def damaged(series: Path, folder: Path, seed: str) -> str:
    """Copy a series to a folder, one file of it damaged; what was done, in words.

    The slices at the ends are damaged more often: one that is left out there leaves no
    gap.
    """
    draw = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(series, folder)
    in_order = sorted(folder.iterdir(), key=lambda f: dcmread(f).InstanceNumber)
    file = in_order[draw.choice([0, 0, len(in_order) // 2, -1, -1])]
    if draw.random() < 0.35:
        return _bytes_damaged(file, draw)
    header = dcmread(file)
    holder, tag = draw.choice(list(_elements(header)))
    told = f"{holder[tag].keyword}: {draw.choice(_WAYS)(holder, tag, file, draw)}"
    try:
        header.save_as(file)
    except Exception:  # a value that no file can hold: as a disk that failed
        file.write_bytes(b"")
    return told


def differing(series: Path, folder: Path) -> list[Path]:
    """The damaged file of a copy; the first if its bytes are those of the original."""
    files = sorted(folder.iterdir())
    other = [f for f in files if f.read_bytes() != (series / f.name).read_bytes()]
    return other or files[:1]


def _elements(header: Dataset) -> Iterator[tuple[Dataset, BaseTag]]:
    for element in header:
        if element.keyword == "PixelData":
            continue
        yield header, element.tag
        for item in element.value if element.VR == "SQ" else ():
            yield from _elements(item)


def _bytes_damaged(file: Path, draw: random.Random) -> str:
    content = bytearray(file.read_bytes())
    at = draw.randrange(max(0, content.rfind(_PIXELS)) or len(content))
    kind = draw.choice(["cut", "flipped", "inserted", "zeroed", "tail"])
    if kind == "cut":
        content = content[: draw.randrange(len(content))]
    elif kind == "flipped":
        content[at] ^= 1 << draw.randrange(8)
    elif kind == "inserted":
        content[at:at] = draw.randbytes(draw.randrange(1, 9))
    elif kind == "zeroed":
        content[at : at + 8] = bytes(8)
    else:
        content += draw.randbytes(draw.randrange(1, 40))
    file.write_bytes(content)
    return f"bytes {kind}"


def _deleted(holder: Dataset, tag: BaseTag, *_: object) -> str:
    del holder[tag]
    return "deleted"


def _emptied(holder: Dataset, tag: BaseTag, *_: object) -> str:
    holder[tag].value = [] if holder[tag].VR == "SQ" else None
    return "emptied"


def _replaced(holder: Dataset, tag: BaseTag, _: Path, draw: random.Random) -> str:
    element = holder[tag]
    if element.VR == "SQ":
        element.value = [Dataset(), Dataset()]
        return "two empty items"
    if element.VR in _OF_NUMBERS:
        element.value = draw.choice(NUMBERS)
        return f"now {element.value}"
    text = draw.choice(TEXTS)
    raw = text.encode("latin-1") + b" " * (len(text) % 2)
    holder._dict[tag] = RawDataElement(tag, element.VR, len(raw), raw, 0, False, True)
    return f"now {text!r}"


def _scaled(holder: Dataset, tag: BaseTag, _: Path, draw: random.Random) -> str:
    element, factor = holder[tag], draw.choice(FACTORS)
    try:
        if element.VM > 1:
            element.value = [str(float(one) * factor) for one in element.value]
        else:
            element.value = type(element.value)(float(element.value) * factor)
    except (TypeError, ValueError):
        return _deleted(holder, tag)
    return f"times {factor}"


def _of_another_file(
    holder: Dataset, tag: BaseTag, file: Path, draw: random.Random
) -> str:
    others = sorted(one for one in file.parent.iterdir() if one != file)
    other = dcmread(draw.choice(others))
    if tag in other:
        holder[tag] = other[tag]
    return "that of another file"


_WAYS: list[Callable[[Dataset, BaseTag, Path, random.Random], str]] = [
    _deleted,
    _emptied,
    _replaced,
    _scaled,
    _of_another_file,
]
