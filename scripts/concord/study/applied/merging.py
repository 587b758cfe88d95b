"""Merge of what a study says with what its frozen models say."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

#: Keys that the study may set otherwise than its models, as patterns.
_FREE = (
    "study.name",
    "study.seed",
    "study.demonstration",
    "study.baseline_session",
    "study.reference_reader",
    "study.algorithms",
    "ingest.roi_names*",
    "ingest.chunk_size",
    "images.*.modality",
    "covariates.*.column",
    "covariates.*.label",
    "endpoints.*.label",
    "endpoints.*.evaluate_at_days",
    "evaluation.*",
    "crosscheck.*",
)
Clash = tuple[str, str]


def merged(
    said: Mapping[str, Any],
    given: Mapping[str, Any],
    key: str = "",
    strict: bool = False,
) -> tuple[dict[str, Any], list[Clash]]:
    """Two configurations as one, and the keys that they contradict each other in.

    Parameters
    ----------
    said : mapping
        What the models say.
    given : mapping
        What the study says; it goes before where it may.
    key : str
        Dotted key of both, empty of whole configurations.
    strict : bool
        Nothing may differ.

    Returns
    -------
    tuple of dict and list of (str, str)
        The merged mapping; key and message of each contradiction.
    """
    found, clashes = dict(said), list[Clash]()
    for name, value in given.items():
        place = f"{key}.{name}" if key else str(name)
        before = said.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            found[name], inner = merged(before, value, place, strict)
            clashes += inner
            continue
        is_free = not strict and any(fnmatchcase(place, one) for one in _FREE)
        if name in said and before != value and not is_free:
            told = f"is {value!r}, but the frozen model says {before!r}"
            clashes.append((place, f"{told}; leave the key out"))
            continue
        found[name] = value
    return found, clashes
