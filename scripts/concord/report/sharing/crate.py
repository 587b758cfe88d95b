"""Results as a research object: a Workflow Run RO-Crate.

Results that are folders stand as a whole, since the names of their files hold subject
ids; inputs stand by hash and count, and no path of theirs is told.

References
----------
Leo et al. 2024, PLoS ONE 19:e0309210, doi:10.1371/journal.pone.0309210; the profiles
https://w3id.org/ro/wfrun/workflow/0.5 and https://w3id.org/ro/wfrun/process/0.5.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from rocrate.model import ContextEntity, DataEntity, Person, SoftwareApplication
from rocrate.rocrate import ROCrate

from ... import __version__
from ...files import sha256, whole_file, write_json, write_text
from ...provenance import SCRIPTS, code_fingerprint, digest
from ..small_cells.words import is_small
from .settings import PackCrate

#: Version of RO-Crate that the profiles build upon, and the profiles.
VERSION = "1.1"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
ROOT = "results"
#: What the crate adds to the results: the workflow, what it was given, its code.
WORKFLOW = "crate/Snakefile"
GIVEN = {
    "crate/configuration.json": "Configuration, without places of the machine and "
    "without names of subjects",
    "crate/inputs.json": "Hashes and numbers of rows of the sheets",
}
CODE = "crate/code.json"
CONCORD = {"name": "Concord", "version": __version__}
_MEDIA = {
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".html": "text/html",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".parquet": "application/vnd.apache.parquet",
}
UNDECLARED = "No licence was declared (report.data_licence)"


def write_added(settings: PackCrate, snakefile: str, root: str = ROOT) -> None:
    """Write what the crate adds to the results below `root`."""
    write_text(snakefile, f"{root}/{WORKFLOW}")
    configuration, inputs = GIVEN
    write_json(settings.values, f"{root}/{configuration}")
    write_json(_inputs(settings), f"{root}/{inputs}")
    code = {path.stem: code_fingerprint(path.name) for path in SCRIPTS.glob("*.py")}
    write_json(code, f"{root}/{CODE}")


def _inputs(settings: PackCrate) -> dict[str, Any]:
    """Hash of each sheet, and its rows unless they are too few to be told."""
    smallest = settings.report.smallest_cell
    rows = {
        name: f"< {smallest}" if is_small(count, smallest) else count
        for name, count in settings.rows.items()
    }
    return {"sheets": settings.sheets, "rows": rows}


def crate(
    settings: PackCrate,
    manifest: pd.DataFrame,
    software: dict[str, str],
    ended: datetime,
    root: str = ROOT,
) -> ROCrate:
    """The crate of a finished study.

    Parameters
    ----------
    settings : PackCrate
        Name, authors and licence of the study.
    manifest : DataFrame
        Table of kind "manifest".
    software : dict
        Versions by package.
    ended : datetime
        When the report was written.
    root : str
        Folder of the results, in which `write_added` wrote.
    """
    found = ROCrate(gen_preview=True, version=VERSION)
    found.name = settings.study
    found.description = settings.demonstration or settings.report.title
    found.license = settings.report.data_licence or UNDECLARED
    found.datePublished = ended.isoformat(timespec="seconds")
    workflow = found.add_workflow(
        f"{root}/{WORKFLOW}",
        WORKFLOW,
        main=True,
        lang="snakemake",
        lang_version=software.get("snakemake"),
        properties=_facts(f"{root}/{WORKFLOW}") | CONCORD,
    )
    workflow["softwareRequirements"] = list(_software(found, software))
    given = [_added(found, root, path, text) for path, text in GIVEN.items()]
    _added(found, root, CODE, "Fingerprint of the code of each rule")
    results = [found.add(one) for one in _results(found, manifest, root)]
    _run(found, workflow, given, results, settings, ended)
    found.root_dataset["conformsTo"] = list(_profiles(found))
    return found


def write(found: ROCrate, metadata: str, preview: str) -> None:
    """Write metadata and preview, each whole; the results stay where they are."""
    for entity, path in ((found.metadata, metadata), (found.preview, preview)):
        with whole_file(path) as temporary:
            content = b"".join(chunk for _, chunk in entity.stream())
            temporary.write_bytes(content)


def _facts(path: str) -> dict[str, Any]:
    return {"sha256": sha256(path), "contentSize": str(Path(path).stat().st_size)}


def _added(found: ROCrate, root: str, path: str, text: str) -> Any:
    properties = _facts(f"{root}/{path}") | {"name": text}
    return found.add_file(f"{root}/{path}", path, properties=properties | _media(path))


def _media(path: str) -> dict[str, str]:
    media = _MEDIA.get(Path(path).suffix)
    return {"encodingFormat": media} if media else {}


def _results(found: ROCrate, manifest: pd.DataFrame, root: str) -> Iterator[Any]:
    """Entities of all results; a folder is one, told by count, size and hash."""
    for result, rows in manifest.groupby("result", sort=True):
        path = str(result).removeprefix(f"{root}/")
        rule = rows["rule"].fillna("").iloc[0]
        facts = {"description": f"Written by rule {rule or 'none that is recorded'}"}
        if rows["file"].iloc[0] == result:
            row = rows.iloc[0]
            facts |= {"@type": "File", "name": path, "sha256": row["sha256"]}
            facts |= {"contentSize": str(row["size"])} | _media(path)
            yield DataEntity(found, path, properties=facts)
        else:
            hashes = digest(sorted(rows["sha256"]), 64)
            facts["description"] += (
                f"; {len(rows)} files, hash {hashes} of their hashes, sorted"
            )
            facts |= {"@type": "Dataset", "name": path}
            facts |= {"size": str(int(rows["size"].sum()))}
            yield DataEntity(found, f"{path}/", properties=facts)


def _software(found: ROCrate, software: dict[str, str]) -> Iterator[Any]:
    for name, version in software.items():
        facts = {"name": name, "softwareVersion": version}
        yield found.add(SoftwareApplication(found, f"#software-{name}", facts))


def _run(
    found: ROCrate,
    workflow: Any,
    given: Sequence[Any],
    results: Sequence[Any],
    settings: PackCrate,
    ended: datetime,
) -> None:
    """The run: what it was given, and what it made."""
    action = found.add_action(
        workflow,
        identifier="#run",
        object=list(given),
        result=list(results),
        properties={
            "name": f"Run of {settings.study}",
            "description": "All results that the manifest lists, made by one study.",
            "endTime": ended.isoformat(timespec="seconds"),
            "actionStatus": "http://schema.org/CompletedActionStatus",
        },
    )
    people = [
        found.add(Person(found, f"#author-{number}", {"name": name}))
        for number, name in enumerate(settings.report.authors, 1)
    ]
    if people:
        action["agent"] = found.root_dataset["author"] = _single(people)
    found.root_dataset["mentions"] = action


def _single(entities: list[Any]) -> Any:
    """The only entity of a list, which JSON-LD writes without brackets; else all."""
    return entities[0] if len(entities) == 1 else entities


def _profiles(found: ROCrate) -> Iterator[Any]:
    for address, (name, version) in PROFILES.items():
        facts = {"@type": "CreativeWork", "name": name, "version": version}
        yield found.add(ContextEntity(found, address, properties=facts))


def ended_at(report: str) -> datetime:
    """When the report was written, which ends a run."""
    return datetime.fromtimestamp(int(Path(report).stat().st_mtime), UTC)
