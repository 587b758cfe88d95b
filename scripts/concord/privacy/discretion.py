"""Jobs whose log holds no text of a library.

Libraries quote header values, cells and file names in their errors, warnings and
messages. Nothing of that may reach a log file or the terminal, so only their kind and
place are told; the texts of Concord itself never hold such values.
"""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from .. import jobs
from ..errors import StudyError
from ..provenance import PACKAGE, place_in_package


def run(main: Callable[[Any], None], job: Any) -> None:
    """Like `jobs.run`, without foreign texts: for scripts that read patients' tables.

    Parameters
    ----------
    main : callable
        Takes the job.
    job
        What Snakemake gives to a script.
    """

    def discreet_main(job: Any) -> None:
        with foreign_texts_withheld():
            try:
                main(job)
            except Exception as error:
                raise without_foreign_text(error) from None

    jobs.run(discreet_main, job)


def without_foreign_text(error: Exception) -> Exception:
    """An error of Concord as it is; of any other, its type and place alone."""
    if isinstance(error, StudyError):
        error.__cause__ = error.__context__ = None
        return error
    number = f" {error.errno}" if isinstance(error, OSError) and error.errno else ""
    told = StudyError(
        f"{type(error).__name__}{number} in {place_in_package(error)}. Its text is "
        "withheld, because it may quote a header or name a file."
    )
    return told.with_traceback(error.__traceback__)


@contextmanager
def foreign_texts_withheld() -> Iterator[None]:
    """Within this context, log files tell that a library spoke, not what it said."""
    keep = _OwnTextsOnly()
    handlers = logging.getLogger().handlers[:]
    show = warnings.showwarning
    warnings.showwarning = _log_kind_and_place
    for handler in handlers:
        handler.addFilter(keep)
    try:
        yield
    finally:
        warnings.showwarning = show
        for handler in handlers:
            handler.removeFilter(keep)


class _OwnTextsOnly(logging.Filter):
    """Replaces the messages of libraries, each of their places once."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, int]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in ("root", PACKAGE):
            return True
        place = (record.name, record.lineno)
        if place in self.seen:
            return False
        self.seen.add(place)
        record.msg = f"message of {record.module}:{record.lineno} withheld"
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _log_kind_and_place(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    logging.warning("%s in %s:%d", category.__name__, Path(filename).name, lineno)
