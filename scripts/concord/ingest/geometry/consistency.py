"""Acquisition attributes that must be constant within a volume.

Slices of two patients, two echoes or two kernels may form one perfect grid: copied into
one folder, exported under one series, or acquired between each other. Their voxels lie
right and mean different things.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

from pydicom import Dataset

from ..dicom import header as hd
from ..faults.collecting import Finding
from .volume_tags import b_value, image_kind

#: Largest relative difference of numbers that count as equal.
_SAME = 0.02

#: Numbers that change what voxels mean.
_NUMBERS = ("EchoTime", "InversionTime", "KVP")


def mixture_faults(headers: Sequence[Dataset]) -> list[Finding]:
    """MIXED_PATIENT and MIXED_PROTOCOL of the slices of one volume."""
    return [*_patients(headers), *_protocols(headers)]


def _patients(headers: Sequence[Dataset]) -> Iterator[Finding]:
    known = {hd.text(header, "PatientID") for header in headers} - {None}
    if len(known) > 1:
        text = f"the slices have {len(known)} values of PatientID. Keep the files of "
        yield Finding("MIXED_PATIENT", text + "one patient in the folder.")


def _protocols(headers: Sequence[Dataset]) -> Iterator[Finding]:
    parts = [part for name in _NUMBERS if (part := _numbers_differ(headers, name))]
    readers: dict[str, Callable[[Dataset], Hashable]] = {
        "b-value": b_value,
        "kind of image": image_kind,
        "ConvolutionKernel": lambda header: hd.text(header, "ConvolutionKernel"),
    }
    for name, read in readers.items():
        counts = Counter(read(header) for header in headers)
        if len(counts) > 1:
            listed = " and ".join(map(str, counts.values()))
            parts.append(f"{name} has {len(counts)} values ({listed} slices)")
    if parts:
        text = f"the slices were not made alike: {'; '.join(parts)}. Keep the files of "
        yield Finding("MIXED_PROTOCOL", text + "one acquisition in the folder.")


def _numbers_differ(headers: Sequence[Dataset], keyword: str) -> str:
    """Difference of the numbers of slices, in words; empty if there is none."""
    known = [v for header in headers if (v := hd.number(header, keyword)) is not None]
    if not known or max(known) - min(known) <= _SAME * max(map(abs, known)):
        return ""
    return f"{keyword} is {min(known):g} to {max(known):g}"
