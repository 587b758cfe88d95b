"""Log of the warnings of an engine; a value that it warns of becomes NaN."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def warnings_logged(log: logging.Logger, source: str) -> Iterator[None]:
    """Let warnings pass to a log, each text once."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for message in sorted({str(warning.message) for warning in caught}):
        log.info("%s: %s", source, message)
