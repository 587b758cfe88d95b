"""Origin of the page: versions, settings, code and input files."""

import hashlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from ...provenance import SCRIPTS, code_fingerprint, digest
from .. import numbers as n
from ..blocks import Section, Table, section, table, text
from ..results import FOLDERS, Results
from .records import records_sentence

_PACKAGES = (
    "snakemake",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "pydicom",
    "SimpleITK",
    "nibabel",
    "scikit-image",
    "pictologics",
    "numba",
    "scikit-learn",
    "lifelines",
    "matplotlib",
    "Jinja2",
)


def origin_section(results: Results, paths: Mapping[str, Any]) -> Section:
    """Versions, hashes and files; the time stamp is put in by the template."""
    settings = results.settings
    fingerprint = digest(settings.model_dump(mode="json"))
    return section(
        "provenance",
        "Provenance",
        text(
            f"Hash of the settings of this report: {fingerprint}. Seed of the study: "
            f"{settings.study.seed}. {records_sentence(results.checked)}"
        ),
        table(
            "Software in the environment that made this page",
            ["Package", "Version"],
            [[name, version] for name, version in software().items()],
            _engine_note(results),
        ),
        _code_table(),
        table(
            "Files that this page was made from",
            ["File", "SHA-256 (first 12 digits)"],
            [[path, _file_digest(path)] for path in _files(paths)],
            folded=True,
        ),
    )


def _code_table() -> Table:
    """Fingerprint of every script with the library modules that it imports."""
    return table(
        "Fingerprint of the code of each step",
        ["Step", "Fingerprint"],
        [[p.stem, code_fingerprint(p.name)] for p in sorted(SCRIPTS.glob("*.py"))],
        "Changes with behaviour, not with comments or layout.",
        folded=True,
    )


def software() -> dict[str, str]:
    """Versions of Python and of the packages that make numbers, pages or figures."""
    found = {"Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _engine_note(results: Results) -> str:
    software = n.listed(sorted(results["dictionary"]["software"].dropna().unique()))
    how = "given by" if results.starts_from_table else "computed by"
    return f"The features were {how} {software}." if software else ""


def _files(paths: Mapping[str, Any]) -> list[str]:
    """All files that the page reads; of the folders that it names, none is read."""
    files: set[str] = set()
    for kind, given in paths.items():
        if kind == FOLDERS:
            continue
        files.update([given] if isinstance(given, str) else map(str, given))
    return sorted(files)


def _file_digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
