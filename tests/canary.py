"""A study whose files carry a unique token in every place that could name a patient.

Also the search for those tokens in whatever was written, also within compressed and
binary files.
"""

import base64
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from pydicom import DataElement, Dataset, dcmread
from pydicom.datadict import dictionary_VM, dictionary_VR
from pydicom.dataset import FileDataset

from .dicom_factory import (
    make_pet,
    rectangle,
    write_rtstruct,
    write_segmentation,
    write_series,
)

#: Value representations that hold texts, names, ids, dates, times and UIDs.
TEXTS = {"PN", "LO", "SH", "ST", "LT", "UT", "UC", "UR", "AE"}
#: The words of a patient's name, of which the technical texts below hold one, too.
SURNAME, GIVEN = "zqsürname", "zqgiven"
#: The surname as folders and files may have it.
SPELLINGS = (SURNAME, "zqsuername", "zqsurname")
#: The name in another script, and in two letters, as a folder has them.
IDEOGRAPHS, SHORT = "王小东", "Ng"
NAME = f"{SURNAME}^{GIVEN}=王^小东"
OTHER_NAME = f"{SHORT}^Y"
#: Dates and times: of the scan and the injection, and the birth date.
DATE, BIRTH_DATE = "19470213", "19031129"
SCAN_TIME, INJECTION_TIME = "043751.123457", "033751.123457"
#: Texts that the sidecar keeps.
KEPT = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions")
KEPT += (
    "ConvolutionKernel",
    "FilterType",
    "ReconstructionMethod",
    "Radiopharmaceutical",
)
#: Texts that a draft makes regions of.
NAMES_OF_REGIONS = ("ROIName", "SegmentLabel")
#: Texts that readers need as they are.
CODES = ("PatientName", "OtherPatientNames", "CodeValue", "CodingSchemeDesignator")
#: UIDs of the standard say nothing about a patient.
STANDARD = "1.2.840.10008."
#: Names of the folders of sessions; the number of the patient follows.
VISITS = (f"{IDEOGRAPHS}_", f"{SHORT}_", "29.11.03 ", "dr zqhausarzt ", "Befund")
SHAPE, SPACING_MM = (12, 24, 24), (3.0, 2.0, 2.0)
ORIGIN_MM = (-24.0, -24.0, -18.0)


class Planter:
    """Plants tokens into data sets and remembers them."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.tokens: dict[str, str] = {}
        self.uids: dict[str, str] = {}
        self.shared: dict[tuple[str, str], str] = {}

    def word(self, place: str) -> str:
        """A new token of letters and digits, in no text by chance."""
        token = f"zq{next(self.numbers):05d}kw"
        self.tokens[token] = place
        return token

    def text(self, scope: str, keyword: str) -> str:
        """The token of a keyword in all files of a scope, as slices share texts."""
        if (scope, keyword) not in self.shared:
            self.shared[scope, keyword] = self.word(keyword)
        return self.shared[scope, keyword]

    def number(self, place: str) -> str:
        """A new number of digits alone, as hospitals give them."""
        token = f"97531{next(self.numbers):06d}"
        self.tokens[token] = place
        return token

    def uid(self, original: str) -> str:
        """The token that stands for a UID, always the same one."""
        if original not in self.uids:
            token = f"1.2.826.0.1.3680043.8.9{next(self.numbers):06d}.77"
            self.uids[original] = token
            self.tokens[token] = "a UID"
        return self.uids[original]

    def plant(self, header: Dataset, scope: str) -> None:
        """Put tokens into all elements of a data set, those of its items, too."""
        for element in header:
            if element.VR == "SQ":
                for item in element.value:
                    self.plant(item, scope)
            elif element.keyword in NAMES_OF_REGIONS:
                element.value = f"GTV {GIVEN}"
            elif element.keyword in KEPT:
                element.value = f"{element.value} {GIVEN.title()}"
            elif element.VR == "UI" and not str(element.value).startswith(STANDARD):
                element.value = self.uid(str(element.value))
            elif element.VR in TEXTS and element.keyword not in CODES:
                element.value = self.text(scope, element.keyword or str(element.tag))

    def add_identifiers(self, header: Dataset) -> None:
        """Add elements that hospitals fill, a nested one and a private block."""
        for keyword in IDENTIFIERS:
            vr = dictionary_VR(keyword)
            value = DATE if vr == "DA" else SCAN_TIME if vr == "TM" else "x"
            if vr == "UI":
                value = self.uid(keyword)
            if keyword not in header and dictionary_VM(keyword) != "0":
                header.add(DataElement(keyword_tag(keyword), vr, value))
        header.SpecificCharacterSet = "ISO_IR 192"
        header.PatientName, header.PatientBirthDate = NAME, BIRTH_DATE
        header.OtherPatientNames = OTHER_NAME
        # Dates of a secondary capture make it suspect, so it says that it is none.
        header.BurnedInAnnotation = "NO"
        item, inner = Dataset(), Dataset()
        inner.CodeMeaning, inner.PersonName = "x", "x"
        inner.StudyInstanceUID, inner.DateTime = "1.9.1", f"{DATE}{SCAN_TIME}"
        item.ScheduledProcedureStepDescription = "x"
        item.PersonIdentificationCodeSequence = [inner]
        header.RequestAttributesSequence = [item]
        block = header.private_block(0x0031, self.word("private creator"), create=True)
        block.add_new(1, "LO", "x")
        block.add_new(2, "UN", self.word("private bytes").encode())


_IDENTIFIERS = """
    PatientID OtherPatientIDs OtherPatientNames PatientAddress PatientMotherBirthName
    PatientTelephoneNumbers PatientComments AdditionalPatientHistory EthnicGroup
    MilitaryRank MedicalRecordLocator IssuerOfPatientID AccessionNumber StudyID
    AdmissionID InstitutionName InstitutionAddress InstitutionalDepartmentName
    StationName DeviceSerialNumber ReferringPhysicianName ReferringPhysicianAddress
    PerformingPhysicianName PhysiciansOfRecord NameOfPhysiciansReadingStudy
    RequestingPhysician OperatorsName ResponsiblePerson StudyDescription
    SeriesDescription ProtocolName ImageComments RequestedProcedureDescription
    PerformedProcedureStepDescription ReasonForTheRequestedProcedure
    DerivationDescription CountryOfResidence RegionOfResidence Occupation
    PatientReligiousPreference DeviceUID StudyDate StudyTime SeriesDate SeriesTime
    ContentDate ContentTime AcquisitionDate AcquisitionTime InstanceCreationDate
    InstanceCreationTime ContrastBolusAgent FilterType ReconstructionMethod
    ManufacturerModelName SoftwareVersions FrameOfReferenceUID IrradiationEventUID
    DateOfSecondaryCapture LastMenstrualDate ScheduledStudyStartDate
    PatientInstitutionResidence
"""
IDENTIFIERS = _IDENTIFIERS.split()


def keyword_tag(keyword: str) -> int:
    from pydicom.datadict import tag_for_keyword

    return int(tag_for_keyword(keyword))


def write_patient(folder: Path, number: int, planter: Planter) -> None:
    """CT, PET, an RTSTRUCT of the CT and a SEG of the PET of one patient.

    Names of folders and files hold tokens, and the patient's name: that of the patient
    in each of its spellings, that of the session in another script, in two letters or
    as a date of birth, that of the reader as it is.
    """
    rng = np.random.default_rng(number)
    spelt = SPELLINGS[number % len(SPELLINGS)]
    visit = VISITS[number % len(VISITS)]
    patient = planter.number("PatientID")
    base = folder / f"{GIVEN}_{spelt}{planter.word('folder')}" / f"{visit}{patient}"
    ct, pet = (base / f"{kind} {planter.word('folder')}" for kind in ("CT", "PET"))
    inside = np.zeros(SHAPE, bool)
    inside[3:9, 7:17, 7:17] = True
    stored = (1024 + 40 * inside + rng.normal(0, 12, SHAPE)).astype(np.int16)
    stored[:, 0, 0] = 0  # air
    grid = {"spacing_mm": SPACING_MM, "origin_mm": ORIGIN_MM}
    uid = f"1.2.3.{number}"
    write_series(ct, "CT", stored=stored, series=f"{uid}.1", **grid)
    counts = (200 + 900 * inside + rng.normal(0, 30, SHAPE)).astype(np.int16)
    files = write_series(
        pet, "PT", stored=counts, series=f"{uid}.2", change=_with_times, **grid
    )
    contours = [
        rectangle((-9.5, -9.5), (8.5, 8.5), ORIGIN_MM[2] + 3.0 * k) for k in range(3, 9)
    ]
    rt = base / planter.word("folder") / f"reader-{GIVEN} {planter.word('file')}.dcm"
    write_rtstruct(rt, {"GTV": contours}, series=f"{uid}.1")
    seg = rt.with_name(f"{planter.word('file')}.dcm")
    write_segmentation(seg, files, inside)
    for path in [*ct.iterdir(), *pet.iterdir(), rt, seg]:
        _replant(path, patient, planter)


def _with_times(k: int, header: Dataset) -> None:
    make_pet(k, header)
    header.RescaleSlope = "20"
    header.SeriesDate = header.AcquisitionDate = DATE
    header.SeriesTime = header.AcquisitionTime = SCAN_TIME
    tracer = header.RadiopharmaceuticalInformationSequence[0]
    tracer.RadiopharmaceuticalStartTime = INJECTION_TIME
    tracer.Radiopharmaceutical = "FDG"


def _replant(path: Path, patient: str, planter: Planter) -> None:
    """Plant tokens into a file and give it a name with a token."""
    header = dcmread(path)
    planter.add_identifiers(header)
    planter.plant(header, str(path.parent))
    header.PatientID = patient
    meta = header.file_meta
    meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    meta.ImplementationVersionName = planter.word("version")
    meta.SourceApplicationEntityTitle = planter.word("AE title")
    preamble = planter.word("preamble").encode().ljust(128, b"\0")
    named = path.with_name(f"{path.stem}{planter.word('file')}.dcm")
    _save(header, named, preamble)
    path.unlink()


def _save(header: Dataset, path: Path, preamble: bytes) -> None:
    file = FileDataset(str(path), header, file_meta=header.file_meta, preamble=preamble)
    file.save_as(path, enforce_file_format=True)


def write_oddities(folder: Path, planter: Planter) -> None:
    """A patient with a cut file and a missing slice, and a series of no use."""
    write_patient(folder, 99, planter)
    newest = max(folder.iterdir(), key=lambda path: path.stat().st_ctime_ns)
    (base,) = newest.iterdir()
    (ct,) = (path for path in base.iterdir() if path.name.startswith("CT"))
    files = sorted(ct.iterdir())
    files[2].unlink()
    files[3].write_bytes(files[3].read_bytes()[:400])
    (ct / f"{planter.word('file')}.txt").write_text(planter.word("text file"))
    other = base / planter.word("folder")

    def ultrasound(k: int, header: Dataset) -> None:
        header.Modality = "US"

    write_series(other, change=ultrasound, series="1.2.3.98")
    for path in list(other.iterdir()):
        _replant(path, planter.number("PatientID"), planter)


#: What a token looks like, whatever its number; faster to find than each of them.
TOKEN = re.compile(r"zq\d{5}kw|1\.2\.826\.0\.1\.3680043\.8\.9\d{6}\.77")
NUMBER = re.compile(r"97531\d{6}")
HEXADECIMAL = re.compile(r"[0-9a-f]{12,}")


def fixed_forms(with_times: bool) -> re.Pattern[str]:
    """All ways in which the name, the dates and the times could be written."""
    # UTF-8 is read as Latin-1, like all bytes of a file.
    written = (SURNAME, SURNAME.upper(), IDEOGRAPHS)
    utf_8 = [name.encode().decode("latin-1").lower() for name in written]
    found = [*SPELLINGS, GIVEN, "zqhausarzt", *utf_8, IDEOGRAPHS]
    for date in (DATE, BIRTH_DATE):
        year, month, day = date[:4], date[4:6], date[6:]
        found += [date, f"{year}-{month}-{day}", f"{day}.{month}.{year}"]
        found += [f"{day}.{month}.{year[2:]} "]
    for time in (SCAN_TIME, INJECTION_TIME) if with_times else ():
        found += [time, f"{time[:2]}:{time[2:4]}:{time[4:6]}"]
    return re.compile("|".join(map(re.escape, found)))


def leaks(
    folders: Sequence[Path], tokens: Iterable[str], with_times: bool = True
) -> dict[str, set[str]]:
    """Tokens found in names or contents of files, by file.

    A hash of a token that everybody can compute tells who it is as well. Exported
    DICOM keeps its times of day, without which no SUV can be computed.
    """
    fixed = fixed_forms(with_times)
    tokens = set(tokens)
    plain = {hashlib.sha256(token.encode()).hexdigest()[:12] for token in tokens}
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            hits: set[str] = set()
            for text in texts(path, folder):
                hits |= {*TOKEN.findall(text), *fixed.findall(text)}
                hits |= tokens.intersection(NUMBER.findall(text))
                hits |= {x for x in HEXADECIMAL.findall(text) if x[:12] in plain}
            if hits:
                found[str(path)] = hits
    return found


def texts(path: Path, folder: Path) -> Iterator[str]:
    """The name of a file or folder and its contents, in lower case."""
    yield str(path.relative_to(folder)).lower()
    if path.is_file():
        for text in contents(path):
            yield text.lower()


def contents(path: Path) -> Iterator[str]:
    """The content of a file as text, once as it is and once for each packed part."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    yield _text(data)
    yield data.decode("utf-16-le", "ignore")
    if path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv()
        yield str(pq.read_schema(path).metadata)
    if path.suffix == ".pdf":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            yield _text(_inflated(stream))
    if path.suffix == ".png":
        yield from map(_text, _png_texts(data))
    if path.suffix in (".html", ".svg"):
        for packed in re.findall(rb"base64,([A-Za-z0-9+/=\s]+)", data):
            yield _text(base64.b64decode(packed))


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _png_texts(data: bytes) -> Iterator[bytes]:
    """Texts of a PNG: the chunks tEXt, zTXt and iTXt."""
    position = 8
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        kind = data[position + 4 : position + 8]
        chunk = data[position + 8 : position + 8 + length]
        if kind == b"zTXt":
            yield _inflated(chunk.partition(b"\0")[2][1:])
        elif kind in (b"tEXt", b"iTXt"):
            yield chunk
        position += 12 + length
