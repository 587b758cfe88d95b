"""Documents made from the configuration's model, so that they cannot drift apart.

``python -m concord.study.documents`` writes the JSON schema, the table of keys, the
comments of the shipped configurations, the pages of faults, rules and tables, the
legends of the figures, the sheets of the demo study, the schema of fitted models and
the lists of modules of the packages; with ``--check`` it only compares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ..features.settings.presets import PRESETS
from ..figures.catalogue import CATALOGUE
from ..figures.declaration import legend_document
from ..files import write_text
from ..frozen import document as frozen_model
from ..frozen.applying import patient_documents
from ..frozen.published import reading as published_model
from ..ingest.faults.codes import CODES, WAIVED, Code
from ..models import fitted_model
from ..provenance import SCRIPTS
from ..simulate.feature_tables import write_published_tables, write_tables
from ..simulate.settings import SimulationSection
from ..simulate.sheets import write_sheets
from .annotation import annotate, scalar
from .config import StudyConfig
from .module_lists import module_lists
from .rule_page import rule_page
from .table_page import table_page

ROOT = Path(__file__).resolve().parents[3]
START, END = "<!-- keys: generated -->", "<!-- end of keys -->"
PRESET_MARKS = "<!-- presets: generated -->", "<!-- end of presets -->"

FAULT_PAGE = """\
# Faults and notes of the ingest

Every finding about an image or a segmentation has a code. A *fault* keeps it out of the
study: `results/ingest/exclusions.tsv` and the report say why. A *note* is kept with
the image or mask, which is used. `results/ingest/ingest_report.tsv` lists all of them,
one row each, with what was found in this image.

- `ingest.on_fault` says whether a fault excludes the image (`exclude`) or fails the run
  (`stop`); `ingest.on_fault_codes` says it for single codes.
- `ingest.waive` accepts a fault, by code and subject, where the table allows it. The
  image or mask is used, with the note `<CODE>{waived}`.

This page is made from `scripts/concord/ingest/faults/codes.py` by `make docs`.

## Faults

{faults}

## Notes

{notes}
"""


def documents() -> dict[Path, str]:
    """Every generated file and the text it must have."""
    config, readme = ROOT / "config", ROOT / "config" / "README.md"
    texts = {
        path: annotate(path.read_text(encoding="utf-8"))
        for path in sorted(config.rglob("config.yaml"))
    }
    demo = StudyConfig.model_validate(_load(config / "config.yaml"))
    texts |= _simulated(demo, config)
    texts[config / "schema.json"] = json_schema()
    texts[readme] = _filled(readme, (START, END), key_table())
    features = ROOT / "docs" / "features.md"
    texts[features] = _filled(features, PRESET_MARKS, preset_table())
    texts[ROOT / "docs" / "faults.md"] = fault_page()
    for figure in CATALOGUE:
        legend = ROOT / "workflow" / "report" / f"{figure.name}.rst"
        texts[legend] = legend_document(figure)
    texts[ROOT / "docs" / "rules.md"] = rule_page(ROOT / "workflow")
    texts[ROOT / "docs" / "tables.md"] = table_page(ROOT / "workflow")
    resources = ROOT / "resources"
    texts[resources / "fitted_models.schema.json"] = fitted_model.json_schema()
    texts[resources / "frozen_model.schema.json"] = frozen_model.json_schema()
    published = resources / "published_model.schema.json"
    texts[published] = published_model.json_schema()
    patient = resources / "patient_prediction.schema.json"
    texts[patient] = patient_documents.json_schema()
    return texts | module_lists(SCRIPTS / "concord")


def _simulated(demo: StudyConfig, config: Path) -> dict[Path, str]:
    """Sheets of the demo and its next hospital, and tables of studies of features."""
    found: dict[Path, str] = {}
    next_hospital = config / "next_hospital"
    raw = _load(next_hospital / "config.yaml")
    other = SimulationSection.model_validate(raw["simulation"])
    if demo.simulation is None:
        return found
    makers = (
        (write_sheets, config, demo.simulation),
        (write_sheets, next_hospital, other),
        (write_tables, config / "sealed", demo.simulation),
        (write_published_tables, config / "published", demo.simulation),
    )
    for write, place, simulation in makers:
        with TemporaryDirectory() as folder:
            write(folder, simulation, demo.study.seed)
            for path in sorted(Path(folder).iterdir()):
                found[place / path.name] = path.read_text(encoding="utf-8")
    return found


def _filled(path: Path, marks: tuple[str, str], content: str) -> str:
    """A document with what stands between its marks made anew."""
    start, end = marks
    before, _, rest = path.read_text(encoding="utf-8").partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n{content}{end}{after}"


def preset_table() -> str:
    """Markdown table of the presets of recipes: meaning, settings and source."""
    lines = ["| preset | what it is | settings | source |", "| --- | --- | --- | --- |"]
    for name, preset in PRESETS.items():
        settings = ", ".join(
            f"{key}: {scalar(_plain(value))}" for key, value in preset.settings.items()
        )
        lines.append(f"| `{name}` | {preset.meaning} | {settings} | {preset.source} |")
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def json_schema() -> str:
    """JSON schema of the configuration, for editors."""
    schema = StudyConfig.model_json_schema()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def key_table() -> str:
    """Markdown table of every key: default, allowed values and meaning."""
    lines = ["| key | default | allowed | meaning |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{key}` | {_default(field)} | {_allowed(field)} | {field.description} |"
        for key, field in keys(StudyConfig)
    ]
    return "\n".join(lines) + "\n"


def fault_page() -> str:
    """Markdown page of every code of a fault or note of the ingest."""
    return FAULT_PAGE.format(
        waived=WAIVED,
        faults=_code_table("fault", ["code", "can be waived", "meaning"]),
        notes=_code_table("note", ["code", "meaning"]),
    )


def _code_table(kind: str, columns: list[str]) -> str:
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for name, code in sorted(CODES.items()):
        if code.kind == kind:
            lines.append(f"| {' | '.join(_code_cells(name, code))} |")
    return "\n".join(lines)


def _code_cells(name: str, code: Code) -> Iterator[str]:
    yield f"`{name}`"
    if code.kind == "fault":
        yield "yes" if code.waivable else ""
    yield code.meaning


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key that holds a value, with its dotted name."""
    for name, field in model.model_fields.items():
        below, key = _below(field.annotation)
        if below is None:
            yield f"{prefix}{name}", field
        else:
            yield from keys(below, f"{prefix}{name}.{key}")


def _below(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """The section that a type holds, and ``<name>.`` if it holds several."""
    if get_origin(annotation) is Annotated:
        return _below(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    arguments = [a for a in get_args(annotation) if a is not NoneType]
    if get_origin(annotation) is dict:
        model, deeper = _below(arguments[1])
        return model, f"<name>.{deeper}"
    if len(arguments) == 1 and get_origin(annotation) is not list:
        return _below(arguments[0])
    return None, ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is PydanticUndefined and field.default_factory is not None:
        value = field.default_factory()  # type: ignore[call-arg]
    return f"`{json.dumps(value, default=str)}`"


def _allowed(field: FieldInfo) -> str:
    """Options or range of a value, in words."""
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    parts = [
        f"{sign} {getattr(rule, name)}"
        for rule in field.metadata
        for name, sign in signs.items()
        if getattr(rule, name, None) is not None
    ]
    if "Literal" in str(field.annotation) and get_origin(field.annotation) is not dict:
        parts.insert(
            0, ", ".join(f"`{option}`" for option in _options(field.annotation))
        )
    return ", ".join(parts)


def _options(annotation: Any) -> Iterator[str]:
    for argument in get_args(annotation):
        if isinstance(argument, str):
            yield argument
        else:
            yield from _options(argument)


def main(arguments: list[str]) -> int:
    """Write or, with ``--check``, compare the documents; the exit status."""
    stale = [
        path
        for path, text in documents().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" not in arguments:
        for path in stale:
            write_text(documents()[path], path)
        return 0
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run `make docs`\n")
    return len(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
