"""Errors that a user of the study can repair, and faults of the run.

A patient is excluded for what the files say. A disk that fails, a server that does not
answer, memory that is used up say nothing of the patient: they fail the job, which can
be run again, so that nobody is left out for good.
"""

import errno
import os
import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

#: Numbers of system errors that arbitrary content of a sheet or a file can cause.
_OF_CONTENT = frozenset(
    {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.EILSEQ,
        errno.EOVERFLOW,
        errno.ESPIPE,
    }
)


#: What messages say in place of a cell that may tell who somebody is.
WITHHELD = "a value that logs do not quote"
#: Columns of the sheets whose values are technical.
_TECHNICAL = frozenset({"modality", "unit", "backend"})
#: Cells that tell nobody: numbers of three digits at most before and behind the point,
#: failed formulas, words for yes, no and missing.
_TELLS_NOBODY = re.compile(
    r"[-+<>~]{0,2} ?\d{0,3}([.,]\d{0,3})?( ?%)?|#+|#[A-Z/0]{2,7}[!?]?|"
    r"yes|no|true|false|y|n|na|n/a|nan|none|null|inf|-inf|missing|unknown|unk|\?+|-+|\.",
    re.IGNORECASE,
)
_WITHHOLDS: ContextVar[bool] = ContextVar("withholds", default=False)


@contextmanager
def cells_withheld() -> Iterator[None]:
    """Within this context, `quoted` quotes no cell that may tell who somebody is.

    All jobs run in it, because their messages are written to logs and tables. What the
    first process tells of the sheets stands on the terminal alone, with the cells.
    """
    token = _WITHHOLDS.set(True)
    try:
        yield
    finally:
        _WITHHOLDS.reset(token)


def quoted(cell: object, column: str = "") -> str:
    """A cell of a sheet or table for a message, which tells its place besides.

    Parameters
    ----------
    cell : object
        Its value, or the error of a library, whose text quotes it.
    column : str
        Name of its column, if that may be a technical one.
    """
    shown = not _WITHHOLDS.get() or column in _TECHNICAL
    if shown or _TELLS_NOBODY.fullmatch(str(cell)):
        return str(cell) if isinstance(cell, BaseException) else repr(cell)
    return WITHHELD


class StudyError(ValueError):
    """Error that names the value seen, what was expected, and what to do."""


class ConfigError(StudyError):
    """The configuration or a sheet is not valid; lists every fault at once."""


class TableError(StudyError):
    """A table lacks a column, has an extra one, or holds values out of range."""


class GridMismatchError(StudyError):
    """Two volumes that must share one voxel grid do not."""


class FitError(StudyError):
    """A model or a harmonization could not be fitted to the rows it was given."""


class SurplusError(StudyError):
    """A file holds more than its header declares."""


class MachineFault(StudyError):
    """The machine failed, which says nothing of the data; the job can be run again."""


class ChangedFileError(StudyError):
    """A file is not what the table or the plan that names it says."""


class Finding(NamedTuple):
    """One fault of an image or mask: its code and what the user needs to know."""

    code: str
    text: str


class IngestFault(StudyError):
    """One image or mask cannot be used.

    Attributes
    ----------
    code : str
        Kind of the first fault; `concord.ingest.faults.codes` lists them.
    findings : tuple of Finding
        Every fault, in the order found.
    """

    def __init__(
        self, code: str, message: str, findings: Iterable[Finding] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.findings = tuple(findings) or (Finding(code, message),)

    def __reduce__(self) -> tuple[type, tuple[str, str, tuple[Finding, ...]]]:
        return type(self), (self.code, str(self), self.findings)


def run_fault(error: BaseException) -> BaseException | None:
    """The fault of the run that an error is or arose from; None if there is none.

    Parsers wrap what they meet in errors of their own, so causes are looked at, too.
    A system error without a number comes from a parser and is about content.
    """
    return next((one for one in _with_causes(error) if _is_of_run(one)), None)


def reraise_run_fault(error: BaseException) -> None:
    """Raise the fault of the run that an error is or arose from, if there is one."""
    found = run_fault(error)
    if found is not None:
        raise found


def raise_run_fault(error: BaseException, place: str) -> None:
    """Raise MachineFault if an error is or arose from a fault of the machine.

    Parameters
    ----------
    error : BaseException
        What was caught.
    place : str
        File, or row and source, that was worked on.

    Raises
    ------
    ChangedFileError
        As it is.
    MachineFault
        In place of any other; its text names the place and holds no foreign text.
    """
    found = run_fault(error)
    if found is None:
        return
    if isinstance(found, (ChangedFileError, MachineFault)):
        raise found
    raise MachineFault(
        f"{place}: {_told(found)}. This is a fault of the machine, not of the data, so "
        "nothing was excluded. Mend it if it lasts, and run again."
    ) from None


def traced(error: BaseException) -> str:
    """An error and what it arose from, for a log file, with places in the code.

    Only Concord's own texts are told: a library's may quote a cell, or name a file.
    """
    parts = []
    for one in reversed([*_with_causes(error)]):
        text = str(one) if isinstance(one, StudyError) else _without_text(one)
        notes = "".join(f"\n{note}" for note in getattr(one, "__notes__", []))
        places = "".join(traceback.format_tb(one.__traceback__))
        parts.append(f"{places}{type(one).__name__}: {text}{notes}")
    return "\nwhich led to:\n".join(parts)


def _without_text(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return "(its text is withheld, as it may quote a cell; the terminal shows it)"


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error, its cause, the cause of that one and so on."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _is_of_run(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno is not None and error.errno not in _OF_CONTENT
    return isinstance(error, (MemoryError, ChangedFileError, MachineFault))


def _told(error: BaseException) -> str:
    """Name and meaning of a system error; of any other, its kind."""
    if isinstance(error, OSError) and error.errno is not None:
        name = errno.errorcode.get(error.errno, str(error.errno))
        return f"{os.strerror(error.errno)} ({name})"
    return "the memory does not suffice (MemoryError)"
