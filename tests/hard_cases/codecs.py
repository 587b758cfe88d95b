"""Compressed DICOM files, written by GDCM and pyjpegls."""

from collections.abc import Callable
from pathlib import Path

import gdcm
import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, JPEGLSLossless, JPEGLSNearLossless

from .slices import save_as

#: Lossless syntaxes: name of the case and UID.
LOSSLESS = {
    "rle": "1.2.840.10008.1.2.5",
    "jpeg_lossless": "1.2.840.10008.1.2.4.57",
    "jpeg_lossless_sv1": "1.2.840.10008.1.2.4.70",
    "jpeg_ls": "1.2.840.10008.1.2.4.80",
    "jpeg_2000": "1.2.840.10008.1.2.4.90",
}

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


def compressed(
    syntax: str, codec: gdcm.ImageCodec | None = None
) -> Callable[[Dataset, Path], None]:
    """A function that writes a dataset in a compressed transfer syntax."""

    def save(header: Dataset, path: Path) -> None:
        save_as()(header, path)
        reader = gdcm.ImageReader()
        reader.SetFileName(str(path))
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(
            gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax))
        )
        if codec is not None:
            change.SetUserCodec(codec)
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(path))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        # GDCM writes a geometry of its own into enhanced files: take its pixels only.
        header.PixelData = dcmread(path).PixelData
        header["PixelData"].VR = "OB"
        header["PixelData"].is_undefined_length = True
        save_as(UID(syntax))(header, path)

    return save


def irreversible(header: Dataset, path: Path) -> None:
    """Write JPEG 2000 of the irreversible (9-7) wavelet without saying so."""
    codec = gdcm.JPEG2000Codec()
    codec.SetReversible(False)
    codec.SetRate(0, 8)
    compressed("1.2.840.10008.1.2.4.91", codec)(header, path)


def near_lossless(error: int, *, flagged: bool) -> Callable[[Dataset, Path], None]:
    """A function that writes JPEG-LS with errors up to `error` stored values."""
    import jpeg_ls

    def save(header: Dataset, path: Path) -> None:
        dtype = "i2" if header.PixelRepresentation else "u2"
        plane = np.frombuffer(header.PixelData, dtype)
        plane = plane.reshape(header.Rows, header.Columns).astype("u2")
        frame = jpeg_ls.encode_array(plane, lossy_error=error)
        header.PixelData = encapsulate([bytes(frame)])
        header["PixelData"].VR = "OB"
        header["PixelData"].is_undefined_length = True
        if flagged:
            header.LossyImageCompression = "01"
        save_as(JPEGLSNearLossless if error else JPEGLSLossless)(header, path)

    return save


def other_syntax(syntax: str) -> Callable[[Dataset, Path], None]:
    """A function that writes bytes that no installed package can decode."""

    def save(header: Dataset, path: Path) -> None:
        header.PixelData = encapsulate([header.PixelData])
        header["PixelData"].VR = "OB"
        header["PixelData"].is_undefined_length = True
        save_as(UID(syntax))(header, path)

    return save
