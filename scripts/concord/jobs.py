"""Running a script inside a Snakemake job: settings, log file and error notes."""

import gc
import logging
import resource
import sys
from collections.abc import Callable
from typing import Any

from .errors import cells_withheld, traced
from .files import remove_leftovers
from .lazy import put_off
from .planned import require_as_planned
from .records import write_record
from .settings import RuleSettings

put_off()


PACKAGE = __name__.partition(".")[0]
_LOG = logging.getLogger(__name__)


def settings[S: RuleSettings](job: Any, kind: type[S]) -> S:
    """Settings of a job, read back from their only source, ``params.spec``."""
    return kind.model_validate_json(job.params.spec)


def run(main: Callable[[Any], None], job: Any) -> None:
    """Call ``main(job)``, logging to the rule's log file.

    An exception is written to the log, without texts that may quote a cell, gets a
    note that names rule and wildcards, and is raised again so that the job fails.
    """
    logging.basicConfig(
        filename=job.log[0] if job.log else None,
        filemode="w",
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.captureWarnings(True)
    # Libraries tell every step of theirs; only Concord's own are of interest.
    logging.getLogger(PACKAGE).setLevel(logging.INFO)
    # What imports made lives as long as the job: the collector need not look at it.
    gc.freeze()
    wildcards = ", ".join(f"{key}={value}" for key, value in job.wildcards.items())
    where = f"rule {job.rule} ({wildcards})" if wildcards else f"rule {job.rule}"
    _LOG.info("%s starts", where)
    try:
        remove_leftovers(job.output)
        with cells_withheld():
            main(job)
        require_as_planned(job)
        write_record(job)
    except Exception as error:
        error.add_note(f"while running {where}")
        _LOG.error("%s failed\n%s", where, traced(error))
        raise
    _LOG.info("%s done, %s", where, _spent())
    # At its end, Python searches all objects for cycles, several times: 0.1 s.
    gc.freeze()


def _spent() -> str:
    """CPU seconds of this process and its children so far, and its peak memory."""
    own, children = (
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    seconds = sum(one.ru_utime + one.ru_stime for one in (own, children))
    # Bytes on macOS, kilobytes elsewhere.
    peak_mb = own.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return f"{seconds:.2f} CPU s, {peak_mb:.0f} MB at most"
