"""Subject ids of sheets that tell who a patient is, before any file is converted."""

from collections.abc import Sequence

from ..errors import StudyError
from ..privacy import subject_id
from .faults.collecting import some
from .settings import SheetRow
from .telling_labels import Headers


def require_ids_tell_nobody(rows: Sequence[SheetRow], headers: Headers) -> None:
    """Raise StudyError if ids hold what the headers of their sources say.

    Every row is looked at before any is converted: faults of the others are logged
    and tabled with their ids, which then would tell as well.

    Parameters
    ----------
    rows : sequence of dict of str
        Rows of one job; they are told by their place, never by their ids.
    headers : mapping
        Those of their sources, by `telling_labels.headers_of_rows`.
    """
    told, elements = [], set()
    for number, row in enumerate(rows, 1):
        for header in headers[row["source"]]:
            found = subject_id.telling(row.get("subject_id") or "", header)
            elements |= {*found}
            told += [f"row {number}"] if found else []
    told = list(dict.fromkeys(told))
    if told:
        raise StudyError(
            f"{subject_id.CODE}: the subject ids of {len(told)} of the {len(rows)} "
            f"rows of this job ({some(told, 10)}, in the order of the sheet) hold the "
            f"{subject_id.sentence(sorted(elements))}"
        )
