"""Labels of the files of hospitals in messages: by number, never by their names.

Names of files and folders often hold the name of a patient. A file is called by
its place in the sorted list of the files of its source instead, which the owner of
the data can look up and nobody else learns from.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_LABELS: ContextVar[dict[Path, str] | None] = ContextVar("labels", default=None)


@contextmanager
def numbered(files: Sequence[Path]) -> Iterator[None]:
    """Within this context, `label` calls each file by its place in `files`."""
    labels = {
        path: f"file {number} of {len(files)}" for number, path in enumerate(files, 1)
    }
    token = _LABELS.set(labels)
    try:
        yield
    finally:
        _LABELS.reset(token)


def label(path: Path) -> str:
    """Label of a file in a message; "the file" outside of any list."""
    return (_LABELS.get() or {}).get(path, "the file")
