"""Cases of files and folders: what lies beside, what is broken, what is no image."""

import shutil
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import (
    EncapsulatedPDFStorage,
    MediaStorageDirectoryStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    RTDoseStorage,
    RTStructureSetStorage,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
    XRayAngiographicImageStorage,
)

from .case import Case, refused, right
from .edits import drop, put
from .geometry_cases import at, series
from .lattice import Truth
from .slices import CT, LAST_SLICE, MR, PET, SERIES, save_as, write

OTHER = "1.2.826.0.1.7.8"
SCOUT = put("ImageType", ["ORIGINAL", "PRIMARY", "LOCALIZER"])
CAPTURE = put("SOPClassUID", SecondaryCaptureImageStorage)


def beside(*others):
    """A good series and what `others` write into the same folder."""

    def write_all(folder: Path) -> Truth:
        for number, other in enumerate(others):
            other(folder, number)
        return write(folder)

    return write_all


def another(recipe=CT, *edits, uid=OTHER, **options):
    return lambda folder, number: write(
        folder, recipe, *edits, series=f"{uid}.{number}",
        names=f"S{number}" + "_{:03d}.dcm", **options,
    )  # fmt: skip


def plain_file(name: str, content: bytes):
    return lambda folder, number: (
        folder.mkdir(parents=True, exist_ok=True),
        (folder / name).write_bytes(content),
    )


def dataset(name: str, sop_class: str, modality: str):
    """A DICOM file that is no image of the series."""

    def write_one(folder: Path, number: int) -> None:
        header = Dataset()
        header.SOPClassUID, header.SOPInstanceUID = sop_class, f"{OTHER}.{number}"
        header.Modality, header.SeriesInstanceUID = modality, f"{OTHER}.{number}"
        header.PatientName = "Phantom^Ramp"
        folder.mkdir(parents=True, exist_ok=True)
        save_as()(header, folder / name)

    return write_one


def directory(folder: Path, number: int) -> None:
    """A DICOMDIR, which has neither a modality nor a series."""
    header = Dataset()
    header.SOPClassUID = MediaStorageDirectoryStorage
    header.SOPInstanceUID, header.FileSetID = f"{OTHER}.77", "DISK"
    folder.mkdir(parents=True, exist_ok=True)
    save_as()(header, folder / "DICOMDIR")


def damaged(change, place: int = 3, recipe=CT, **options):
    """A good series of which one file's bytes are changed."""

    def write_damaged(folder: Path) -> Truth:
        truth = write(folder, recipe, **options)
        path = sorted(folder.rglob("*.dcm"))[place]
        path.write_bytes(change(path.read_bytes()))
        return truth

    return write_damaged


def nested(folder: Path) -> Truth:
    """Slices spread over folders, with names without a suffix."""
    truth = write(folder, names="DOE_JOHN_{:05d}")
    for number, path in enumerate(sorted(folder.iterdir())):
        home = folder / f"disk {number % 3}" / "A0000"
        home.mkdir(parents=True, exist_ok=True)
        shutil.move(path, home / path.name)
    return truth


def with_copies(folder: Path) -> Truth:
    truth = write(folder)
    for path in sorted(folder.iterdir())[2:5]:
        shutil.copy(path, folder / f"copy of {path.name}")
    return truth


def empty(folder: Path) -> None:
    folder.mkdir(parents=True)


def unrelated(folder: Path) -> None:
    plain_file("readme.txt", b"nothing here")(folder, 0)


def structure_only(folder: Path) -> None:
    dataset("rs.dcm", RTStructureSetStorage, "RTSTRUCT")(folder, 0)


def mosaic(recipe=MR):
    """A Siemens mosaic: the header of a slice, the slices as tiles."""
    tiled = at(recipe, shape=(3, 30, 36))
    return series(put("ImageType", ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]),
                  recipe=tiled)  # fmt: skip


def pixel_less(k: int, header: Dataset) -> None:
    if k == 2:
        del header.PixelData


def zeroed_tail(content: bytes) -> bytes:
    """A file whose second half a failed copy left as zero bytes."""
    return content[:200] + bytes(len(content) - 200)


RIGHT: list[Case] = [
    right("beside_structure_set", beside(
        dataset("rs.dcm", RTStructureSetStorage, "RTSTRUCT"),
        dataset("rd.dcm", RTDoseStorage, "RTDOSE"))),
    right("beside_other_modalities", beside(another(MR), another(PET))),
    right("beside_report", beside(
        dataset("report.dcm", EncapsulatedPDFStorage, "DOC"))),
    right("beside_readme", beside(plain_file("readme.txt", b"text"),
                                  plain_file("Thumbs.db", b"\xd0\xcf")), "NOT_DICOM"),
    right("beside_directory", beside(directory)),
    right("localizer_in_the_series", beside(
        another(at(origin_mm=(0.0, 0.0, 500.0)), SCOUT, uid=SERIES, keep=[0])),
        "LOCALIZER_DROPPED"),
    right("localizer_of_its_own_series", beside(
        another(at(origin_mm=(0.0, 0.0, 500.0)), SCOUT, keep=[0, 1])),
        "LOCALIZER_DROPPED"),
    right("capture_beside", beside(another(CT, CAPTURE, keep=[0])),
          "SECONDARY_CAPTURE_DROPPED"),
    right("files_copied", with_copies, "DUPLICATE_INSTANCE"),
    right("files_in_folders_without_suffix", nested),
    right("series_chosen_by_number", beside(
        another(CT, put("SeriesNumber", 9))), row={"series": "4"}),
]  # fmt: skip

REFUSED: list[Case] = [
    refused("folder_empty", empty, "SERIES_NOT_FOUND"),
    refused("folder_absent", lambda folder: None, "SERIES_NOT_FOUND"),
    refused("folder_without_dicom", unrelated, "SERIES_NOT_FOUND"),
    refused("only_a_structure_set", structure_only, "WRONG_MODALITY"),
    refused("wrong_modality", series(recipe=MR), "WRONG_MODALITY"),
    refused("two_series", beside(another(CT)), "SERIES_AMBIGUOUS"),
    refused("chosen_series_absent", beside(another(CT)), "SERIES_NOT_FOUND",
            row={"series": "17"}),
    refused("only_a_localizer", series(SCOUT), "LOCALIZER"),
    refused("only_a_capture", series(CAPTURE), "SECONDARY_CAPTURE"),
    refused("only_a_multi_frame_capture", series(put(
        "SOPClassUID", MultiFrameGrayscaleWordSecondaryCaptureImageStorage)),
        "SECONDARY_CAPTURE"),
    refused("ultrasound_called_ct", series(put("SOPClassUID", UltrasoundImageStorage)),
            "UNSUPPORTED_SOP"),
    refused("angiogram_called_ct", series(
        put("SOPClassUID", XRayAngiographicImageStorage)), "UNSUPPORTED_SOP"),
    refused("sop_class_private", series(put("SOPClassUID", "1.3.46.670589.5.0.1")),
            "UNSUPPORTED_SOP"),
    refused("sop_class_of_the_last_slice_damaged", series(put(
        "SOPClassUID", "1.2.840.10008.5.1.4.1.1.20", LAST_SLICE)), "UNSUPPORTED_SOP"),
    refused("sop_class_absent", series(drop("SOPClassUID")), "TRUNCATED_FILE"),
    refused("sop_class_of_another_modality", series(
        put("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")), "WRONG_MODALITY"),
    refused("mosaic", mosaic(), "MOSAIC", modality="MR"),
    refused("file_empty", damaged(lambda content: b""), "EMPTY_FILE"),
    refused("file_cut_in_the_pixels", damaged(lambda content: content[:-100]),
            "TRUNCATED_FILE"),
    refused("file_cut_by_one_byte", damaged(lambda content: content[:-1]),
            "TRUNCATED_FILE"),
    refused("file_cut_in_the_header", damaged(lambda content: content[:420]),
            "TRUNCATED_FILE"),
    refused("file_cut_after_the_preamble", damaged(lambda content: content[:132]),
            "TRUNCATED_FILE"),
    refused("file_cut_before_the_pixels", damaged(
        lambda content: content[: content.index(b"\xe0\x7f\x10\x00")]),
        "NO_PIXEL_DATA"),
    refused("file_without_pixels", series(pixel_less), "NO_PIXEL_DATA"),
    refused("file_zeroed", damaged(lambda content: bytes(len(content))),
            "UNREADABLE_FILE"),
    refused("file_zeroed_from_the_header", damaged(zeroed_tail), "TRUNCATED_FILE"),
    refused("file_is_text", damaged(lambda content: b"<html>404</html>" * 9),
            "UNREADABLE_FILE"),
    refused("number_with_the_type_of_another", damaged(
        lambda content: content.replace(b"\x28\x00\x53\x10DS", b"\x28\x00\x53\x10US")),
        "BAD_VALUE"),
    refused("transfer_syntax_unknown", damaged(
        lambda content: content.replace(b".10008.1.2.1\0", b".10908.1.2.1\0")),
        "CODEC_MISSING"),
    refused("compressed_file_cut", lambda folder: _cut_compressed(folder),
            "TRUNCATED_FILE"),
]  # fmt: skip


def _cut_compressed(folder: Path) -> None:
    from .codecs import LOSSLESS, compressed

    truth = write(folder, save=compressed(LOSSLESS["jpeg_lossless_sv1"]))
    path = sorted(folder.iterdir())[3]
    path.write_bytes(path.read_bytes()[:-60])
    return truth


CASES = RIGHT + REFUSED
