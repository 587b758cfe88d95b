"""Results that are not as the records of their jobs tell, and the numeric kernels."""

from collections.abc import Iterator

from ...records import Checked, Departure
from .. import numbers as n

#: Files that a warning names.
_SHOWN = 3
_WORDS = {
    "changed": "was edited after {rule} wrote it",
    "missing": "of {rule} was deleted",
    "other_input": "was computed by {rule} from another state of its input",
    "unrecorded": "was written by no job",
}


def record_warnings(checked: Checked) -> Iterator[tuple[str, str]]:
    """Title and text of a warning if results were edited or deleted."""
    found = checked.departures
    if not found:
        return
    told = "; ".join(f"{one.file} {_told(one)}" for one in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    yield (
        "Results that no job wrote so",
        f"{n.plural(len({one.file for one in found}), 'file')} that this page was made "
        f"from, directly or not: {told}{more}. Run `snakemake verify`, which lists all "
        "and says how to make them again.",
    )


def records_sentence(checked: Checked) -> str:
    """Sentence on the check by the records, and on the kernels of the processors."""
    if not checked.n_files:
        return "No job recorded what it wrote, so edited results would not be seen."
    departed = len({one.file for one in checked.departures})
    seen = "all are" if not departed else f"all but {departed} are"
    kernels = [
        f"{name} ({n.plural(jobs, 'job')})" for name, jobs in checked.kernels.items()
    ]
    told = f" Numeric kernels: {n.listed(kernels)}." if kernels else ""
    return (
        f"{n.plural(checked.n_files, 'result')} that this page was made from, directly "
        f"or not, were compared with the records of their jobs: {seen} as they were "
        f"written (of folders of images, the names alone; `snakemake verify` hashes "
        f"them).{told}"
    )


def _told(one: Departure) -> str:
    return _WORDS[one.state].format(rule=one.rule or "no job")
