"""Folders whose names would tell, as subject ids, who somebody is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import StudyError
from ...privacy.subject_id import PATIENT_ID, forbidden

Row = Mapping[str, Any]
_MANY = "|"


def joined(found: Iterable[Iterable[str]]) -> str | None:
    """Elements that a folder holds by any file of it, as a cell of the table."""
    return _MANY.join(sorted({word for words in found for word in words})) or None


def require_folders_tell_nobody(
    series: Iterable[Row], subject_ids: str, data: str
) -> None:
    """Raise StudyError if folders are to be ids and hold what the headers say.

    Parameters
    ----------
    series : iterable of mapping
        Rows of table kind "series"; missing values are None.
    subject_ids, data : str
        See `privacy.subject_ids` and `privacy.data`.
    """
    if subject_ids != "folder":
        return
    by_folder: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in series:
        held = (row["id_holds"] or "").split(_MANY) if not row["bids_subject"] else []
        top = row["folder"].split("/")[0]
        by_folder[row["root"], top] |= {*forbidden([h for h in held if h], data)}
    telling = {place: words for place, words in by_folder.items() if words}
    if telling:
        raise StudyError(_message(telling, len(by_folder)))


def _message(telling: Mapping[tuple[str, str], set[str]], n_folders: int) -> str:
    counts = Counter(word for words in telling.values() for word in words)
    elements = ", ".join(f"{word} ({n})" for word, n in sorted(counts.items()))
    tables = sorted({f"private/index/{root}_series.tsv" for root, _ in telling})
    pseudonyms = (
        " If PatientID is a pseudonym already, say so: `privacy.data: pseudonymized`, "
        "or `public` if everybody has the files."
    )
    return (
        f"SUBJECT_ID_TELLS: privacy.subject_ids is folder, but {len(telling)} of "
        f"{n_folders} folders of patients hold what the headers say of them: "
        f"{elements}. The column id_holds of {', '.join(tables)} tells which. Such an "
        "id would name the patient in all results. Remove `subject_ids: folder`, so "
        "that keyed hashes are drafted, or rename the folders."
        f"{pseudonyms if PATIENT_ID in counts else ''}"
    )
