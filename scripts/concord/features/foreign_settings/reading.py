"""The one door in: a settings file of another tool, recognized by what it holds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from ...errors import ConfigError
from ...tables.yaml_text import parsed
from . import mirp, pyradiomics
from .mirp_keys import KEYWORDS, configurations
from .translation import ForeignSettings


def read_settings(path: Path | str, modality: str | None = None) -> ForeignSettings:
    """The recipes of a parameter file of pyradiomics or a settings file of MIRP.

    Parameters
    ----------
    path : Path or str
        YAML or JSON of pyradiomics (sections imageType, featureClass, setting); XML of
        MIRP, or its keywords as YAML or JSON.
    modality : str, optional
        CT, MR or PT; where bins of MIRP start if the file does not say it.

    Raises
    ------
    ConfigError
        If there is no such file, it is malformed, of no known tool, or holds values
        that make no sense; with all of them.
    """
    where = str(path)
    text = _text(Path(path))
    if text.lstrip().startswith("<"):
        return mirp.translated(
            configurations(_tree(text, where), where), where, modality
        )
    content = _mapping(text, where)
    if set(content) & set(pyradiomics.KNOWN):
        return pyradiomics.translated(content, where)
    if set(content) & set(KEYWORDS):
        return mirp.translated([content], where, modality)
    raise ConfigError(
        f"{where}: no settings of pyradiomics or MIRP: found {', '.join(content)}; "
        f"expected sections of pyradiomics ({', '.join(pyradiomics.SECTIONS)}) or "
        "keywords of MIRP, such as new_spacing"
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; give the settings file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read as text ({error}); give a YAML, JSON or XML file"
        ) from None


def _tree(text: str, where: str) -> ET.Element:
    try:
        return ET.fromstring(text)
    except ET.ParseError as error:
        raise ConfigError(f"{where}: is no XML: {error}; repair the file") from None


def _mapping(text: str, where: str) -> dict[str, Any]:
    content = parsed(text, where)
    if not isinstance(content, Mapping) or not content:
        raise ConfigError(
            f"{where}: holds {type(content).__name__}, expected names and values"
        )
    return {str(name): value for name, value in content.items()}
