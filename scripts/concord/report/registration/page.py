"""Readable page of a registered plan, in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from .content import differences

_PARTS = {
    "config": "configuration",
    "sheets": "sheets, without outcomes",
    "code": "code of all rules that make numbers",
    "features": "feature matrix",
    "folds": "fold tables",
    "sealed": "list of sealed subjects",
}


def page(study: str, versions: Sequence[Mapping[str, Any]]) -> str:
    """Markdown of all versions, the last one whole."""
    lines = [
        f"# Registered plan: {study}",
        "",
        "Made by `snakemake register`. The values and hashes stand in "
        "`registration.json`; no outcome was read for them.",
        "",
        *_version(versions[-1]),
    ]
    for one, following in pairwise(versions):
        lines += [*_earlier(one, following)]
    return "\n".join(lines).rstrip() + "\n"


def _version(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"## Version {one['version']}, {one['registered']}"
    yield ""
    yield _when(one)
    yield ""
    for paragraph in one["words"]:
        yield from (paragraph, "")
    yield f"Plan `{one['hashes']['plan']}`, by Concord {one['concord']}:"
    yield ""
    yield "| part | hash |"
    yield "|---|---|"
    yield from (f"| {text} | `{one['hashes'][k]}` |" for k, text in _PARTS.items())
    yield ""
    software = ", ".join(f"{name} {v}" for name, v in one["software"].items())
    yield f"Software: {software}."
    yield ""


def _earlier(one: Mapping[str, Any], following: Mapping[str, Any]) -> Iterator[str]:
    yield f"## Version {one['version']}, {one['registered']}"
    yield ""
    yield f"{_when(one)} What version {following['version']} changed:"
    yield ""
    yield "| part | key | before | after |"
    yield "|---|---|---|---|"
    for row in differences(one["content"], following["content"]):
        cells = [row[key] or "" for key in ("part", "key", "registered", "found")]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _when(one: Mapping[str, Any]) -> str:
    if one["after_results"]:
        return "Registered after arms had been judged: results may have been seen."
    return "Registered before any arm was judged in this folder."
