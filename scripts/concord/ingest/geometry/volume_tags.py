"""The tags that tell the volumes of a 4D series apart, standard and of vendors."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from pydicom import Dataset

from ..dicom import header as hd

#: Words of ImageType, with blanks for underscores, that name a contrast or a part of
#: a complex image.
_KINDS = {
    "M": "magnitude",
    "M FFE": "magnitude",
    "M SE": "magnitude",
    "M IR": "magnitude",
    "MAGNITUDE": "magnitude",
    "P": "phase",
    "PHASE": "phase",
    "PHASE MAP": "phase",
    "R": "real",
    "REAL": "real",
    "I": "imaginary",
    "IMAGINARY": "imaginary",
    "IN PHASE": "inphase",
    "IP": "inphase",
    "OPP PHASE": "outphase",
    "OUT PHASE": "outphase",
    "OP": "outphase",
    "WATER": "water",
    "W": "water",
    "FAT": "fat",
    "F": "fat",
    "ADC": "adc",
    "TRACEW": "trace",
    "T1 MAP": "t1map",
    "T2 MAP": "t2map",
}


#: Components of the gradient (private elements of GE).
_GE_GRADIENT = (0x10BB, 0x10BC, 0x10BD)


@dataclass(frozen=True, eq=False)
class Tag:
    """Element that tells volumes apart, and how volumes are named by it.

    `prefix` starts the names: of numbers that mean something (`valued`) it is followed
    by the number, else by the rank of the value, from 1.
    """

    prefix: str
    title: str
    read: Callable[[Dataset], Hashable]
    valued: bool = False

    def name_all(self, values: Sequence[Hashable]) -> list[str]:
        """A part of a name for each of some values, which may repeat."""
        distinct = sorted(
            {v for v in values if v is not None}, key=lambda v: (isinstance(v, str), v)
        )
        if self.valued:
            shown = {value: self._valued(value) for value in distinct}
            if len(set(shown.values())) == len(distinct):
                return [shown.get(v, f"{self.prefix}none") for v in values]
        return [
            f"{self.prefix}{distinct.index(v) + 1 if v is not None else 0}"
            for v in values
        ]

    def _valued(self, value: Hashable) -> str:
        if isinstance(value, str):
            return value
        return f"{self.prefix}{value:g}".replace(".", "p").replace("-", "m")

    def show(self, value: Hashable) -> str:
        """A value for a message."""
        if value is None:
            return "absent"
        if isinstance(value, tuple):
            return "/".join(f"{part:g}" for part in value)
        return f"{value:g}" if isinstance(value, float) else str(value)


def _number(*keywords: str) -> Callable[[Dataset], Hashable]:
    def read(header: Dataset) -> Hashable:
        for keyword in keywords:
            found = hd.number(header, keyword)
            if found is not None:
                return round(found, 4)
        return None

    return read


def b_value(header: Dataset) -> Hashable:
    """The b-value in s/mm2, from the standard or the private tag of a vendor."""
    found = hd.number(header, "DiffusionBValue")
    if found is not None:
        return round(found, 3)
    for tag in ((0x0019, 0x100C), (0x2001, 0x1003), (0x0043, 0x1039)):
        value = _private_numbers(header, tag)
        if value:
            # GE adds a flag of 10^9 to b-values.
            return round(value[0] % 1e9, 3)
    return None


def gradient(header: Dataset) -> Hashable:
    """The direction of the diffusion gradient; None without one."""
    found = hd.numbers(header, "DiffusionGradientOrientation", 3)
    if found is None:
        values = _private_numbers(header, (0x0019, 0x100E))
        found = np.array(values) if len(values) == 3 else None
    if found is None:
        parts = [_private_numbers(header, (0x0019, tag)) for tag in _GE_GRADIENT]
        found = np.array([v[0] for v in parts]) if all(parts) else None
    if found is None or not found.any() or not np.isfinite(found).all():
        return None
    return tuple((np.round(found, 3) + 0.0).tolist())


def image_kind(header: Dataset) -> Hashable:
    """Part of a complex or Dixon image that a slice is, by the known words."""
    component = hd.text(header, "ComplexImageComponent")
    words = (hd.text(header, "ImageType") or "").replace("_", " ").split("\\")[2:]
    found = [_KINDS[w] for w in [component or "", *words] if w in _KINDS]
    return found[0] if found else None


def _private_numbers(header: Dataset, tag: tuple[int, int]) -> list[float]:
    """Numbers of a private element, whatever its type; empty if there are none."""
    element = header.get(tag)
    value = None if element is None else element.value
    if isinstance(value, bytes):
        if len(value) in (8, 24):
            return np.frombuffer(value, "<f8").tolist()
        value = value.decode("ascii", "ignore").split("\\")
    parts = [value] if isinstance(value, str | int | float) else list(value or [])
    try:
        return [float(part) for part in parts]
    except (TypeError, ValueError):
        return []


def _stack(header: Dataset) -> Hashable:
    """StackID where it is a number; other text might be anything."""
    found = hd.text(header, "StackID") or ""
    return int(found) if found.isdecimal() else None


B_VALUE = Tag("b", "b-value", b_value, valued=True)
GRADIENT = Tag("d", "gradient", gradient)

#: In order of preference; of several that fit, the first is taken.
TAGS = (
    B_VALUE,
    Tag("echo", "EchoNumbers", _number("EchoNumbers")),
    Tag("echo", "EchoTime", _number("EchoTime")),
    Tag("", "kind", image_kind, valued=True),
    Tag("ti", "InversionTime", _number("InversionTime"), valued=True),
    Tag("flip", "FlipAngle", _number("FlipAngle"), valued=True),
    Tag("kv", "KVP", _number("KVP"), valued=True),
    Tag("t", "TemporalPositionIdentifier", _number("TemporalPositionIdentifier")),
    Tag(
        "phase",
        "cardiac phase",
        _number("NominalPercentageOfCardiacPhase", "TriggerTime"),
    ),
    GRADIENT,
    Tag("frame", "FrameReferenceTime", _number("FrameReferenceTime")),
    Tag("frame", "ActualFrameDuration", _number("ActualFrameDuration")),
    Tag("acquisition", "AcquisitionNumber", _number("AcquisitionNumber")),
    Tag("stack", "StackID", _stack),
)
