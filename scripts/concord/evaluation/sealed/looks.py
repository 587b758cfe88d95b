"""Look by look: which pipeline saw the sealed subjects when, and what it found."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ... import __version__
from ...provenance import digest
from . import chained

#: Hex digits of the hashes of a look.
LENGTH = 16
#: Parts of a pipeline; a look is told by which of them differ from the look before.
PARTS = ("config", "code", "models", "sealed", "inputs")
PIPELINE = "pipeline"


def pipeline_of(parts: Mapping[str, str]) -> dict[str, str]:
    """Hashes of a pipeline by part, and that of all of them."""
    own = {name: parts[name] for name in PARTS}
    return own | {PIPELINE: digest(own, LENGTH)}


def known_look(
    entries: Sequence[Mapping[str, Any]], pipeline: Mapping[str, str]
) -> bool:
    """True if this very pipeline has looked before, so that it need not look again."""
    return any(one[PIPELINE] == pipeline[PIPELINE] for one in entries)


def add_look(
    path: str | Path,
    pipeline: Mapping[str, str],
    facts: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """Append a look to the ledger; all entries.

    Parameters
    ----------
    path : str or Path
        The ledger.
    pipeline : mapping
        From `pipeline_of`.
    facts : mapping
        `n_sealed`, `why` and the `version` of the registered plan (None without one).
    results : sequence of mapping
        From `judging.looks_of`.
    now : datetime, optional
        Time of the look; now by default.
    """
    entries = chained.read(path)
    entry = {
        "look": len(entries) + 1,
        "opened": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "concord": __version__,
        **pipeline,
        "changed": _changed(entries, pipeline),
        **facts,
        "results": list(results),
    }
    return chained.append(path, entry)


def look_rows(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of table kind "sealed_looks": one per look and value."""
    return [
        {
            "look": entry["look"],
            "opened": entry["opened"],
            PIPELINE: entry[PIPELINE],
            "changed": ", ".join(entry["changed"]) or None,
            "version": entry["version"],
            "why": entry["why"] or None,
        }
        | row
        for entry in entries
        for row in entry["results"]
    ]


def told(path: str | Path) -> str:
    """Lines on every look of a ledger, for the terminal."""
    lines = [f"Every look at the sealed subjects, by {path}:"]
    for entry in chained.read(path):
        number, after = entry["look"], ", ".join(entry["changed"])
        only = "the test" if number == 1 else f"of a changed pipeline ({after})"
        lines.append(f"  look {number}, {entry['opened']}, {only}:")
        lines += [f"    {_line(row)}" for row in entry["results"]]
    return "\n".join(lines) + "\n"


def _changed(
    entries: Sequence[Mapping[str, Any]], pipeline: Mapping[str, str]
) -> list[str]:
    """Parts that differ from the look before; none at the first look."""
    if not entries:
        return []
    return [name for name in PARTS if entries[-1][name] != pipeline[name]]


def _line(row: Mapping[str, Any]) -> str:
    against = f" against {row['against']}" if row.get("against") else ""
    name = f"{row['endpoint']}, {row['arm']}{against}, {row['metric']}"
    if row["estimate"] is None:
        return f"{name}: {row['reason']}"
    value = f"{row['estimate']:.3f}"
    if row["lower"] is None:
        return f"{name}: {value} ({row['reason']})"
    return f"{name}: {value} ({row['lower']:.3f} to {row['upper']:.3f})"
