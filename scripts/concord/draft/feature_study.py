"""Draft of a study that starts from a table of features."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..feature_import import naming
from ..study.feature_table_checks import first_line
from . import models, roles
from .cells import Column
from .clinical import read_columns
from .drafting import Draft, Wishes, rows_of_table, without_empty
from .people import People, people
from .question import Questions, listed

_PYRADIOMICS = re.compile(r"([A-Za-z]+[-_])(?:.*_)?(?P<family>[A-Za-z0-9]+)_[^_]+")
#: Columns that tell a scanner, which harmonization may use as a batch.
_SCANNER = frozenset(["manufacturer", "vendor", "scanner", "kernel", "station"])
_KEYS = {
    "session": "session_column",
    "reader": "reader_column",
    "image": "image_column",
    "modality": "image_column",
    "region": "region_column",
    "roi": "region_column",
}
_VOLUMES = ("mesh_volume", "volume_mesh", "volume", "voxel_volume")


def drafted(path: Path, clinical: Mapping[str, Column], wishes: Wishes) -> Draft:
    """A study of computed features and a clinical table, which may be one file.

    Parameters
    ----------
    path : Path
        CSV, TSV or Parquet.
    clinical : mapping of Column
        Columns of the clinical table; empty if the features are in it.
    wishes : Wishes
        Settings of the draft; `data_root` is the folder of the table.
    """
    questions, columns = Questions(), first_line(path)
    features, style = _features(columns, questions)
    chosen = naming.chosen_columns(columns, features, ["diagnostics_*"])
    rest = _other_columns(path, chosen)
    ids = _id_column(rest, clinical)
    table = clinical or rest
    subjects = {name: [name] for name in rest[ids].levels} if ids else {}
    matches = rows_of_table(table, subjects, wishes.ignore_spelling, questions)
    of = people(table, matches, matches.row_of, {}, wishes.site, questions)
    of.left_out.update(chosen)
    section = _table_section(path, ids, features, style, rest, questions)
    names = naming.matrix_columns(chosen, style, {}).values()
    config = {
        "study": {"name": wishes.name},
        "data_root": wishes.data_root,
        "feature_table": section,
        **of.sections(),
        **_modelling(of, section, list(names), questions),
    }
    return Draft(without_empty(config), of.sheet(), [], [], questions)


def _modelling(
    of: People, section: Mapping[str, Any], names: Sequence[str], questions: Questions
) -> dict[str, Any]:
    """Sections about the models and their evaluation."""
    image, region = section.get("image", "CT"), section.get("region", "*")
    arms = models.arms("*", _volume(names, image, region), of)
    repeats = {"session_column", "reader_column"} & set(section)
    for arm in arms.values() if not repeats else ():
        arm |= {"stability_filter": False} if "features" in arm else {}
    return {
        "harmonization": {"batch": {image: ["site"]}},
        "arms": arms,
        "validation": models.validation(of, questions),
        "evaluation": models.evaluation(arms, of),
    }


def _features(columns: Sequence[str], questions: Questions) -> tuple[list[str], str]:
    """Patterns of the columns that are features, and the style of their names."""
    prefixes = Counter(
        found[1]
        for column in columns
        if (found := _PYRADIOMICS.fullmatch(column))
        and found["family"] in naming.PYRADIOMICS_FAMILIES
    )
    if prefixes:
        patterns = [f"{prefix}*" for prefix in prefixes]
        questions.check(
            "feature_table", f"{sum(prefixes.values())} columns of pyradiomics' names"
        )
        return patterns, "pyradiomics"
    own = [column for column in columns if naming.COLUMN.fullmatch(column)]
    if own:
        return sorted({f"{name.split('.')[0]}.*" for name in own}), "canonical"
    questions.ask(
        "feature_table",
        "no column has a name of pyradiomics or of this project: give patterns of the "
        f"columns that are features, among {listed(columns)}",
    )
    return [], "as_given"


def _other_columns(path: Path, features: Iterable[str]) -> dict[str, Column]:
    """Columns of the table that are no features."""
    if path.suffix.lower() == ".parquet":
        return {}
    known = set(features)
    found = read_columns(path)
    return {name: one for name, one in found.items() if name not in known}


def _id_column(
    rest: Mapping[str, Column], clinical: Mapping[str, Column]
) -> str | None:
    """The column of the subjects: called an id, or sharing most cells with one."""
    cells = {cell for one in clinical.values() for cell in one.present}
    ranks = {
        name: (sum(c in cells for c in one.levels), roles.names_an_identifier(name))
        for name, one in rest.items()
        if one.kind not in ("empty", "constant", "binary")
    }
    best = max(ranks, key=lambda name: ranks[name], default=None)
    return best if best is not None and any(ranks[best]) else None


def _table_section(
    path: Path,
    ids: str | None,
    features: list[str],
    style: str,
    rest: Mapping[str, Column],
    questions: Questions,
) -> dict[str, Any]:
    """Section `feature_table`."""
    section: dict[str, Any] = {"path": f"{{data_root}}/{path.name}"}
    if ids is None:
        questions.ask("feature_table", "which column holds the subject?")
    else:
        section["subject_id_column"] = ids
    keyed = {_KEYS[name.lower()]: name for name in rest if name.lower() in _KEYS}
    section |= keyed
    if "image_column" not in keyed:
        section["image"] = "CT"
        questions.ask("feature_table.image", "of which image are the features? CT?")
    if "region_column" not in keyed:
        section["region"] = "tumour"
        questions.check("feature_table.region", "all features are of one region")
    section["features"] = features
    if style != "pyradiomics":
        section["name_style"] = style
    scanners = [name for name in rest if roles.has_word(name, _SCANNER)]
    if scanners:
        section["batch_columns"] = scanners
        questions.check("feature_table.batch_columns", "may tell batches of scanners")
    section["software"] = _software(style, rest)
    return section


def _software(style: str, rest: Mapping[str, Column]) -> str:
    if style != "pyradiomics":
        return "not stated"
    versions = rest.get("diagnostics_Versions_PyRadiomics")
    told = versions.levels[0].removeprefix("v") if versions and versions.levels else ""
    return f"pyradiomics {told}" if told else "pyradiomics, version not stated"


def _volume(names: Iterable[str], image: str, region: str) -> str:
    """Pattern of the volume among the features; empty if there is none."""
    found = {name.rpartition(".")[2]: name for name in names if "morphology" in name}
    known = next((found[name] for name in _VOLUMES if name in found), None)
    return f"{image}.{region}.{known}" if known else ""
