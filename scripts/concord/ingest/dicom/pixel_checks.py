"""Faults that make pixel data unreadable or uncalibrated."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pydicom import Dataset
from pydicom.uid import JPEG2000, JPEG2000Lossless, RLELossless

from ..faults.collecting import Finding, some
from . import header as hd
from .decoding import is_decodable, is_irreversible
from .frames import DicomFile, Frame, is_enhanced
from .pixel_sizes import n_frames, other_sizes

#: Modalities whose stored numbers mean nothing without slope and intercept.
NEEDS_RESCALE = frozenset({"CT", "PT"})

#: Values of RescaleType for which CT numbers are Hounsfield units.
_HOUNSFIELD = frozenset({None, "HU", "US"})

_RESCALE = ("RescaleSlope", "RescaleIntercept")

_AGAIN = "Copy them again from the archive."

_DESCRIPTION = (
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)


def pixel_faults(frames: Sequence[Frame], modality: str) -> list[Finding]:
    """Every fault of the pixels that headers and sizes of files tell.

    Parameters
    ----------
    frames : sequence of Frame
        All frames of the series.
    modality : str
        CT, MR or PT.
    """
    files = list(dict.fromkeys(frame.file for frame in frames))
    undescribed = list(_undescribed(frames))
    if undescribed:
        return [*_without_pixels(files), *undescribed]
    if not all(file.syntax.is_transfer_syntax for file in files):
        # How the pixels are stored is unknown, so nothing else can be told of them.
        return list(_codec_faults(files))
    return [
        *_without_pixels(files),
        *_odd_storage(frames),
        *other_sizes(files),
        *_codec_faults(files),
        *_content_faults(frames),
        *_rescale_faults(frames, modality),
    ]


def pixel_notes(frames: Sequence[Frame]) -> list[str]:
    """Oddities of the pixels that are no faults."""
    notes = []
    luts = sum("ModalityLUTSequence" in frame.header for frame in frames)
    if luts:
        notes.append(f"MODALITY_LUT_APPLIED in {luts} of {len(frames)} slices")
    derived = sum(_image_type(frame)[:1] == ["DERIVED"] for frame in frames)
    if derived:
        notes.append(f"DERIVED_IMAGE {derived} of {len(frames)} slices")
    return notes


def _image_type(frame: Frame) -> list[str]:
    return (hd.text(frame.header, "ImageType") or "").split("\\")


def _undescribed(frames: Sequence[Frame]) -> Iterator[Finding]:
    for keyword in _DESCRIPTION:
        least = 0 if keyword in ("HighBit", "PixelRepresentation") else 1
        found = [hd.number(frame.header, keyword) for frame in frames]
        absent = sum(value is None or value < least for value in found)
        if absent:
            text = f"{keyword} is absent or 0 in {absent} of {len(frames)} slices. "
            yield Finding("NO_PIXEL_DATA", text + _AGAIN)


def _without_pixels(files: Sequence[DicomFile]) -> Iterator[Finding]:
    absent = [file.label for file in files if file.pixels is None]
    if absent:
        text = f"{len(absent)} of {len(files)} files have no pixels: {some(absent)}. "
        yield Finding("NO_PIXEL_DATA", text + _AGAIN)


def _codec_faults(files: Sequence[DicomFile]) -> Iterator[Finding]:
    for syntax in sorted({file.syntax for file in files}):
        if not syntax.is_transfer_syntax or syntax.is_private:
            text = "a file has a transfer syntax that is not of the standard. "
            yield Finding("CODEC_MISSING", text + "Ask for an uncompressed export.")
        elif not is_decodable(syntax):
            text = f"no installed package decodes {syntax.name}. Install one that does "
            yield Finding("CODEC_MISSING", text + "or ask for an uncompressed export.")


def _odd_storage(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Numbers of bits that make no sense, and classic files with many frames."""
    frequent = Counter(_bits(frame) for frame in frames if not _sound_bits(frame))
    for (allocated, stored, high), count in frequent.items():
        text = (
            f"{count} of {len(frames)} slices have BitsAllocated {allocated}, "
            f"BitsStored {stored}, HighBit {high}, expected 8, 16 or 32 bits and the "
            "stored ones among them. Ask for another export."
        )
        yield Finding("BAD_VALUE", text)
    several = sum(
        n_frames(file) > 1 and not is_enhanced(file.header)
        for file in {frame.file for frame in frames}
    )
    if several:
        text = f"{several} files of one slice each say that they hold several frames. "
        yield Finding("UNSUPPORTED_SOP", text + "Ask for another export.")


def _bits(frame: Frame) -> tuple[int, int, int]:
    header = frame.header
    return int(header.BitsAllocated), int(header.BitsStored), int(header.HighBit)


def _sound_bits(frame: Frame) -> bool:
    allocated, stored, high = _bits(frame)
    sound = allocated in (8, 16, 32) and 1 <= stored <= high + 1 <= allocated
    if frame.file.syntax.is_encapsulated and frame.file.syntax != RLELossless:
        # A codec knows no unused bits below the stored ones.
        return sound and high == stored - 1
    return sound


def _content_faults(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Pictures that are not measurements."""
    checks = {
        "LOSSY_COMPRESSION": ("LossyImageCompression", {"01"}, "an original"),
        "BURNED_IN": ("BurnedInAnnotation", {"YES"}, "an unmarked"),
        "NOT_GREYSCALE": ("SamplesPerPixel", {"2", "3", "4"}, "a greyscale"),
    }
    for code, (keyword, bad, wanted) in checks.items():
        values = [hd.text(frame.header, keyword) for frame in frames]
        count = sum(value in bad for value in values)
        if count:
            seen = next(value for value in values if value in bad)
            text = f"{keyword} is {seen} in {count} of {len(frames)} slices. Ask for "
            yield Finding(code, text + f"{wanted} export.")
        elif code == "LOSSY_COMPRESSION":
            yield from _lossy_syntaxes(frames)
    colours = {hd.text(f.header, "PhotometricInterpretation") for f in frames}
    other = colours - {None, "MONOCHROME1", "MONOCHROME2"}
    if other and not any(_samples(frame) > 1 for frame in frames):
        text = "PhotometricInterpretation is not MONOCHROME1 or MONOCHROME2. Ask for a "
        yield Finding("NOT_GREYSCALE", text + "greyscale export.")


def _samples(frame: Frame) -> float:
    return hd.number(frame.header, "SamplesPerPixel") or 1


#: Transfer syntaxes that lose information whatever the header says.
_LOSSY = {
    "1.2.840.10008.1.2.4.50": "JPEG Baseline",
    "1.2.840.10008.1.2.4.51": "JPEG Extended",
    "1.2.840.10008.1.2.4.81": "JPEG-LS Near-Lossless",
}


def _lossy_syntaxes(frames: Sequence[Frame]) -> Iterator[Finding]:
    files = dict.fromkeys(frame.file for frame in frames)
    named = {file: _lossy_name(file) for file in files}
    lossy = [name for frame in frames if (name := named[frame.file])]
    if lossy:
        text = f"{len(lossy)} of {len(frames)} slices are stored as {lossy[0]}. "
        yield Finding("LOSSY_COMPRESSION", text + "Ask for an original export.")


def _lossy_name(file: DicomFile) -> str | None:
    """Name of what loses information in a file, if anything does."""
    if file.syntax in (JPEG2000, JPEG2000Lossless) and is_irreversible(file):
        return "JPEG 2000 with the irreversible transform"
    return _LOSSY.get(file.syntax)


def _rescale_faults(frames: Sequence[Frame], modality: str) -> Iterator[Finding]:
    headers = [frame.header for frame in frames]
    luts = ["ModalityLUTSequence" in header for header in headers]
    if any(luts) and modality == "PT":
        text = f"{sum(luts)} slices hold a Modality LUT Sequence, expected a slope and "
        yield Finding("MODALITY_LUT", text + "an intercept. Export the series again.")
    rescaled = [h for h, lut in zip(headers, luts, strict=True) if not lut]
    absent = sum(hd.number(h, key) is None for h in rescaled for key in _RESCALE)
    if absent and modality in NEEDS_RESCALE:
        text = f"RescaleSlope or RescaleIntercept is absent ({absent} times in "
        end = f"{len(headers)} slices): {modality} has no unit. Export it again."
        yield Finding("RESCALE_MISSING", text + end)
    elif absent and any(_has_rescale(header) for header in rescaled):
        text = f"RescaleSlope or RescaleIntercept is absent or no number {absent} "
        end = f"times in {len(headers)} slices. Export the series again."
        yield Finding("RESCALE_INCONSISTENT", text + end)
    zero = sum(hd.number(header, "RescaleSlope") == 0 for header in headers)
    if zero:
        text = f"RescaleSlope is 0 in {zero} of {len(headers)} slices, so that all "
        yield Finding("BAD_VALUE", text + "their values are equal. Export it again.")
    other = sum(hd.text(header, "RescaleType") not in _HOUNSFIELD for header in headers)
    if modality == "CT" and other:
        text = f"RescaleType is not HU in {other} of {len(headers)} slices. List a "
        yield Finding("RESCALE_TYPE", text + "series of Hounsfield units instead.")


def _has_rescale(header: Dataset) -> bool:
    return any(hd.value(header, key) is not None for key in _RESCALE)
