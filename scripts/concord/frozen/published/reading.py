"""Published equation in YAML as a frozen model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...config_faults import Fault, nearest, raise_config_faults
from ...errors import ConfigError, StudyError
from ...fields import schema_text
from ...tables.yaml_text import parsed
from ..document import FrozenModel
from .consistency import section_faults
from .frozen import document_of
from .sections import PublishedModel
from .terms import weighed

#: Bytes of a file beyond which it is no equation.
MOST_BYTES = 1_000_000


def read_published(path: str | Path) -> FrozenModel:
    """Read a published equation and complete it to a frozen model.

    The same file and the same versions of the software give the same document.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    section = _section(path)
    terms, found = weighed(section)
    found += section_faults(section)
    raise_model_faults([Fault(str(path), *one) for one in found])
    return document_of(section, terms)


def raise_model_faults(faults: list[Fault]) -> None:
    """Raise ConfigError with one line per fault, if there is any."""
    try:
        raise_config_faults(faults)
    except ConfigError as error:
        told = str(error).replace("The study cannot start", "The equation is not taken")
        raise ConfigError(told) from None


def json_schema() -> str:
    """JSON schema of an equation, as text."""
    return schema_text(PublishedModel, "validation")


def _section(path: str | Path) -> PublishedModel:
    content = parsed(_text(Path(path)), str(path))
    if not isinstance(content, Mapping):
        raise StudyError(
            f"{path}: holds {type(content).__name__}, expected the keys of a published "
            f"equation: {', '.join(PublishedModel.model_fields)}."
        )
    try:
        return PublishedModel.model_validate(dict(content))
    except ValidationError as error:
        raise_model_faults([_fault(one, str(path)) for one in error.errors()])
        raise


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StudyError(
                f"{path}: has {path.stat().st_size} bytes, expected at most "
                f"{MOST_BYTES} of a published equation. Give the equation alone."
            )
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(
            f"{path}: cannot be read as text ({type(error).__name__}); expected a "
            "published equation in YAML (docs/published_models.md)."
        ) from None


def _fault(entry: Any, where: str) -> Fault:
    """One fault that pydantic found: key, value seen and expected."""
    key = ".".join(map(str, entry["loc"]))
    if entry["type"] == "extra_forbidden":
        return Fault(where, key, f"unknown key{_near(entry['loc'])}")
    if entry["type"] == "missing":
        return Fault(where, key, "this key is missing")
    message = (
        entry["msg"].removeprefix("Value error, ").replace("Input should", "should")
    )
    value = entry["input"]
    seen = "" if isinstance(value, Mapping) else f", found {str(value)[:60]!r}"
    return Fault(where, key, f"{message[0].lower()}{message[1:]}{seen}")


def _near(location: tuple[Any, ...]) -> str:
    """Hint at a known key of the section that holds an unknown one."""
    kind: Any = PublishedModel
    for part in location[:-1]:
        info = getattr(kind, "model_fields", {}).get(part)
        inner = info.annotation if info else kind
        arguments = [a for a in getattr(inner, "__args__", ()) if a is not type(None)]
        kind = arguments[-1] if arguments else inner
    fields = getattr(kind, "model_fields", {})
    return nearest(str(location[-1]), fields) if fields else ""
