"""Errors that a user of the study can repair, and faults of the run.

A patient is excluded for what the files say. A disk that fails, a server that does not
answer, memory that is used up say nothing of the patient: they fail the job, which can
be run again, so that nobody is left out for good.
"""

import errno
import os
from collections.abc import Iterable, Iterator
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
