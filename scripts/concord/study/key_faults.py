"""Faults of single keys in the words of a configuration, without names of classes."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from ..config_faults import Fault, nearest
from .annotation import section_of, value_type
from .config import StudyConfig

#: Kinds of pydantic's errors: something else stands where a section belongs.
_NO_SECTION = frozenset({"model_type", "model_attributes_type", "dict_type"})
#: Expectations by other kinds of pydantic's errors, whose texts speak of Python.
_EXPECTED = {
    "list_type": "expected a list in brackets",
    "tuple_type": "expected a list in brackets",
    "string_type": "expected a text",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
}
#: Keys of a section that a message names.
_KEYS_SHOWN = 3
#: Letters of a value that a message shows.
_LETTERS_SHOWN = 60


def faults_of(
    error: ValidationError, where: str, model: type[BaseModel] = StudyConfig
) -> list[Fault]:
    """The faults that a model found, one line each: key, value seen and expected.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    where : str
        The file.
    model : type of BaseModel, default=StudyConfig
        The model that the file was read by.
    """
    return [_fault(entry, where, model) for entry in error.errors()]


def _fault(entry: Any, where: str, model: type[BaseModel]) -> Fault:
    place = _place(entry["loc"], model)
    key = ".".join(map(str, place))
    kind = entry["type"]
    if kind == "extra_forbidden":
        known = _known_keys(place[:-1], model)
        return Fault(where, key, f"unknown key{nearest(str(place[-1]), known)}")
    if kind == "missing":
        return Fault(where, key, f"this key is missing{_meaning(place, model)}")
    return Fault(where, key, f"{_expectation(entry, place, model)}{_seen(entry)}")


def _place(
    location: tuple[int | str, ...], model: type[BaseModel]
) -> tuple[int | str, ...]:
    """Location of an error without the names of types that pydantic puts into it.

    These follow a value that may be of several types; a key below one that is neither
    a section nor a mapping is none, only the number of an item of a list is.
    """
    kind: Any = model
    place: list[int | str] = []
    for part in location:
        section, values = section_of(kind), value_type(kind)
        if part == "[key]":
            continue
        if section is not None:
            info = section.model_fields.get(str(part))
            kind = info.annotation if info else None
            place.append(part)
        elif values is not None and isinstance(part, str):
            kind = values
            place.append(part)
        elif isinstance(part, int):
            place.append(part)
    return tuple(place)


def _expectation(
    entry: Any, place: tuple[int | str, ...], model: type[BaseModel]
) -> str:
    """Expectation of a value, in the words of a configuration.

    For a section, pydantic would name the class of the model instead of its keys.
    """
    if entry["type"] in _NO_SECTION:
        names = _known_keys(place, model)[:_KEYS_SHOWN]
        return (
            f"expected keys, such as {', '.join(names)}" if names else "expected keys"
        )
    if entry["type"] in _EXPECTED:
        return _EXPECTED[entry["type"]]
    message = entry["msg"].removeprefix("Value error, ")
    message = message.replace("Input should be ", "expected ")
    return f"{message[0].lower()}{message[1:]}"


def _seen(entry: Any) -> str:
    """The value that was found; of a whole section that contradicts itself, nothing."""
    value = entry["input"]
    if entry["type"] == "value_error" and isinstance(value, Mapping):
        return ""
    if entry["type"] in _NO_SECTION and isinstance(value, list):
        return ", found a list"
    text = repr(value)
    shown = text if len(text) <= _LETTERS_SHOWN else f"{text[:_LETTERS_SHOWN]}..."
    return f", found {shown}"


def _meaning(place: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """The sentence of a key, as far as it has one."""
    section = section_of(_kind_at(place[:-1], model))
    info = section.model_fields.get(str(place[-1])) if section else None
    return f": {info.description}" if info and info.description else ""


def _known_keys(place: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Keys that the model allows at a place of the configuration."""
    section = section_of(_kind_at(place, model))
    return list(section.model_fields) if section else []


def _kind_at(place: tuple[int | str, ...], model: type[BaseModel]) -> Any:
    """Type of the value at a place of the configuration."""
    kind: Any = model
    for part in place:
        section = section_of(kind)
        if section is not None:
            info = section.model_fields.get(str(part))
            kind = info.annotation if info else None
        else:
            kind = value_type(kind)
    return kind
