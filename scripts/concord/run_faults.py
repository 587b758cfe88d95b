"""Faults of the run: of the machine, or of a file that changed while it was read.

A patient is excluded for what the files say. A disk that fails, a server that does not
answer, memory that is used up say nothing of the patient: they fail the job, which can
be run again, so that nobody is left out for good.
"""

import errno
import os
from collections.abc import Iterator

from .errors import ChangedFileError, MachineFault

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
