"""A bill of materials of what a study installs, as CycloneDX 1.5 in JSON.

Packages, versions and hashes are those of a lock; licences are what the installed
packages declare. It asks no network, and equal locks give equal bytes.

Usage: ``python envs/sbom.py requirements.lock sbom.cdx.json``
"""

import json
import re
import sys
import tomllib
import uuid
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_IS_LICENCE = "License :: "
#: Stands where a package says nothing of its licence.
UNDECLARED = "not declared by the package"
#: Longer texts of the field "License" are the licence itself and no name of one.
_LONGEST_NAME = 60


def main(lock: str, target: str) -> None:
    """Write the bill of a lock."""
    text = json.dumps(bill(Path(lock).read_text("utf-8")), indent=1, ensure_ascii=False)
    Path(target).write_text(text + "\n", encoding="utf-8")


def bill(lock: str) -> dict[str, Any]:
    """The bill of the packages of a lock, as a document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    own = {
        "type": "application",
        "bom-ref": f"{project['name']}@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    components = [component(name, *rest) for name, *rest in pinned(lock)]
    found = {"metadata": {"component": own}, "components": components}
    number = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(found, sort_keys=True))
    needs = {"ref": own["bom-ref"], "dependsOn": [c["bom-ref"] for c in components]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": number.urn,
        "version": 1,
        **found,
        "dependencies": [needs],
    }


def pinned(lock: str) -> list[tuple[str, str, list[str]]]:
    """Name, version and hashes of the files of each package of a lock."""
    starts = list(_PINNED.finditer(lock))
    ends = [start.start() for start in starts[1:]] + [len(lock)]
    return [
        (start[1], start[2], _HASH.findall(lock[start.start() : end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    """One package; each of its files has a hash, for each machine its own."""
    address = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "licenses": licences(name),
        "properties": [
            {"name": "concord:sha256-of-a-file", "value": value} for value in hashes
        ],
    }


def licences(name: str) -> list[dict[str, Any]]:
    """Licence that an installed package declares; none if it is not installed."""
    try:
        declared = distribution(name).metadata
    except PackageNotFoundError:  # of another system
        return []
    if expression := declared.get("License-Expression"):
        return [{"expression": expression}]
    return [{"license": {"name": one}} for one in _names(declared)]


def _names(declared: Message) -> list[str]:
    classes = declared.get_all("Classifier") or []
    names = [one.split(" :: ")[-1] for one in classes if one.startswith(_IS_LICENCE)]
    names = [one for one in names if one != "OSI Approved"]
    text = (declared.get("License") or "").strip()
    if not names and 0 < len(text) <= _LONGEST_NAME:
        names = [text]
    files = declared.get_all("License-File") or []
    return names or [f"as in its file {one}" for one in files] or [UNDECLARED]


if __name__ == "__main__":
    main(*sys.argv[1:])
