"""Content of a plan: values, hashes of sheets, code, features and folds, and words."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ... import files
from ...provenance import canonical_json, digest
from .settings import LENGTH, Planned

#: Parts of a plan that are compared key by key.
PARTS = ("config", "sheets", "code", "features", "folds", "sealed")


def content_of(
    planned: Planned, features: str | Path, folds: Iterable[str | Path]
) -> dict[str, dict[str, Any]]:
    """A plan by part and key: values, or hashes.

    Parameters
    ----------
    planned : Planned
        Settings of the study as it is now.
    features : str or Path
        The feature matrix.
    folds : iterable of str or Path
        Tables of folds that see no outcome, each in a folder of its own name.
    """
    sealed = {"subjects": planned.sealed, "n": planned.n_sealed}
    return {
        "config": planned.values,
        "sheets": dict(planned.sheets),
        "code": dict(planned.code),
        "features": {"features": files.sha256(features)[:LENGTH]},
        "folds": {
            Path(path).parent.name: files.sha256(path)[:LENGTH] for path in folds
        },
        "sealed": sealed if planned.sealed is not None else {},
    }


def hashes_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Hash of each part of a plan, and of the whole by the name `plan`."""
    found = {name: digest(content[name], LENGTH) for name in PARTS}
    return found | {"plan": digest(found, LENGTH)}


def differences(
    registered: Mapping[str, Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Rows of table kind "plan_deviations" without the versions, part by part."""
    for part in PARTS:
        then, now = registered.get(part, {}), found.get(part, {})
        for key in sorted({*then, *now}):
            if then.get(key) != now.get(key) or (key in then) != (key in now):
                yield {
                    "part": part,
                    "key": key,
                    "registered": _written(then, key),
                    "found": _written(now, key),
                }


def _written(values: Mapping[str, Any], key: str) -> str | None:
    if key not in values:
        return None
    value = values[key]
    return value if isinstance(value, str) and value else canonical_json(value)
