"""Names of sessions, images, regions and readers that tell who a patient is.

They stand in names of files and in all tables, so a sheet may not call anything by what
a header says of the patient, or of those who treated him. Institutions are no such
words: a site may be called by its own. Common words are none either, whoever has them
for a name.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydicom import Dataset

from .. import folders
from ..errors import IngestFault, StudyError
from ..privacy.common_words import COMMON_WORDS
from ..privacy.identifiers import BIRTH_DATE, NUMBERS, PEOPLE, holds, naming_words
from .dicom import header as hd
from .faults.collecting import is_waived, some, waived_note
from .faults.rows import Row
from .nifti import is_nifti
from .settings import FaultSettings, SheetRow

CODE = "LABEL_TELLS"
#: Columns of the sheets of images and masks that name things.
OF_IMAGES = ("session", "image", "volume")
OF_MASKS = ("session", "image", "region", "reader")
#: Where a row carries the note on a waived finding.
_NOTE = "label_note"


#: Headers of each source by its path.
Headers = Mapping[str, Sequence[Dataset]]


def headers_of_rows(rows: Iterable[SheetRow]) -> Headers:
    """Identities in the files of every source of some rows, each read once."""
    return {source: headers_of(Path(source)) for source in {r["source"] for r in rows}}


def checked(
    rows: Sequence[SheetRow],
    headers: Headers,
    columns: Sequence[str],
    settings: FaultSettings,
) -> list[SheetRow]:
    """Rows of a sheet whose names tell nobody, or whose subjects are waived.

    Parameters
    ----------
    rows : sequence of dict of str
        Rows of one job.
    headers : mapping
        Those of their sources, by `headers_of_rows`.
    columns : sequence of str
        `OF_IMAGES` or `OF_MASKS`.
    settings : FaultSettings
        `waive` may accept a common word that is a name by chance; it becomes a note.

    Raises
    ------
    StudyError
        Listing every row by its place and columns, never by what they hold: an
        exclusion would keep the name.
    """
    words = {source: _words(found) for source, found in headers.items()}
    kept, told = [], []
    for number, row in enumerate(rows, 1):
        cells = ((name, row.get(name) or "") for name in columns)
        found = [name for name, cell in cells if _holds(cell, words[row["source"]])]
        if found and is_waived(settings, CODE, row.get("subject_id") or ""):
            kept.append(row | {_NOTE: waived_note(CODE, ", ".join(found))})
        else:
            kept.append(row)
            told += [f"row {number} ({', '.join(found)})"] if found else []
    if told:
        raise StudyError(_message(told, len(rows)))
    return kept


def notes_of(row: Row) -> list[str]:
    """The note on what was waived of a row, if there is one."""
    return [row[_NOTE]] if row.get(_NOTE) else []


def _holds(cell: str, words: frozenset[str]) -> bool:
    return holds(cell, words, has_codes=False)


def _message(told: Sequence[str], n_rows: int) -> str:
    return (
        f"{CODE}: {len(told)} of the {n_rows} rows of this job, in the order of the "
        f"sheet, are called by a name, birth date or number of their headers: "
        f"{some(told, 10)}. It would stand in names of files and tables. Write another "
        "word into these columns; or accept a common word that is a name by chance: "
        f"`ingest.waive: {{{CODE}: [subject ids]}}`. If it was an image, delete the "
        "logs and results that are called by it."
    )


@hd.tolerant()
def _words(headers: Sequence[Dataset]) -> frozenset[str]:
    """Words of the headers of a source that no name may hold."""
    return naming_words(headers) - COMMON_WORDS


@hd.tolerant()
def headers_of(source: Path) -> list[Dataset]:
    """Identities in the first and the last file of a source; none of NIfTI.

    What cannot be read gets its own fault when it is converted.
    """
    if is_nifti(source) or not source.exists():
        return []
    try:
        files = folders.files_below(source) if source.is_dir() else [source]
    except OSError:
        return []
    return [*filter(None, (_first_header(files), _first_header(files[:0:-1])))]


def _first_header(files: Iterable[Path]) -> Dataset | None:
    """The identity in the first file that can be read; None if there is none."""
    keywords = [*PEOPLE, *NUMBERS, BIRTH_DATE]
    for path in files:
        try:
            if hd.is_dicom(path):
                return hd.read(path, keywords)
        except (IngestFault, OSError):
            continue
    return None
