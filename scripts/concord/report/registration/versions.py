"""Versions of a registered plan: each stays as it was written."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ... import __version__, files
from ...evaluation.sealed.chained import linked, read_versions
from .content import differences, hashes_of

NOW = "now"
_EVALUATED = "results/evaluation"


def register(
    path: str | Path,
    content: Mapping[str, Any],
    words: Sequence[str],
    software: Mapping[str, str],
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """Add a version to a registered plan; none if the last one says the same.

    Parameters
    ----------
    path : str or Path
        The registration.
    content : mapping
        From `content_of`.
    words : sequence of str
        The plan in paragraphs.
    software : mapping
        Versions by package.
    now : datetime, optional
        Time of the registration; now by default.

    Returns
    -------
    list of dict
        All versions.
    """
    versions, hashes = read_versions(path), hashes_of(content)
    if versions and versions[-1]["hashes"]["plan"] == hashes["plan"]:
        Path(path).touch()
        return versions
    entry = {
        "version": len(versions) + 1,
        "registered": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "concord": __version__,
        "after_results": results_exist(),
        "hashes": hashes,
        "content": content,
        "words": list(words),
        "software": dict(software),
    }
    versions = [*versions, linked(versions, entry)]
    files.write_json({"versions": versions}, path)
    return versions


def results_exist(folder: Path = Path()) -> bool:
    """True if arms of the study have been judged already."""
    return any(Path(folder, _EVALUATED).glob("*_performance.tsv"))


def registration_rows(versions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of table kind "registrations"."""
    return [
        {key: one[key] for key in ("version", "registered", "concord", "after_results")}
        | {k: v for k, v in one["hashes"].items() if k not in ("features", "sealed")}
        | {
            "sealed": one["content"]["sealed"].get("subjects"),
            "n_sealed": one["content"]["sealed"].get("n", 0),
        }
        for one in versions
    ]


def deviation_rows(
    versions: Sequence[Mapping[str, Any]], found: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of table kind "plan_deviations": from each version to the next, and to now.

    `found` is the content of the study as it is.
    """
    later: list[tuple[str, Mapping[str, Any]]] = [
        (str(one["version"]), one["content"]) for one in versions[1:]
    ]
    later.append((NOW, found))
    return [
        {"version": one["version"], "until": until} | row
        for one, (until, content) in zip(versions, later, strict=False)
        for row in differences(one["content"], content)
    ]
