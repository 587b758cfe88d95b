"""Results of arms that are known from an earlier job, by all that decides on them."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..result_cache import Result, hash_of
from ..result_cache import complete as completed
from .settings.specification import ModelSpecification
from .software import software

FOLDER = Path("results", "models", "cache")
_LOG = logging.getLogger(__name__)


def complete(
    job: Any,
    models: Sequence[ModelSpecification],
    files: Sequence[Mapping[str, str]],
    make: Callable[[list[int]], None],
    inputs: Iterable[str],
    more: Sequence[Any] = (),
) -> None:
    """Have the files of all arms of a job; only those unknown are made.

    Parameters
    ----------
    job : object
        The hash of its code and, if there is one, the table of a phantom,
        which decides about the arms that harmonize alone.
    models : sequence of ModelSpecification
        The arms.
    files : sequence of mapping
        Files of each arm by their names.
    make : callable
        Makes the files of the arms of the numbers that it is given.
    inputs : iterable of str
        Files and folders that decide about every arm.
    more : sequence, optional
        Further settings that do, as JSON values.
    """
    shared = [hash_of(*inputs), list(more)]
    phantom = hash_of(*_paths(job.input.phantom))
    decisive = [
        [*shared, _settings(one), phantom if one.harmonizes else ""] for one in models
    ]
    complete_files(job, decisive, files, make)


def complete_files(
    job: Any,
    decisive: Sequence[Any],
    files: Sequence[Mapping[str, str]],
    make: Callable[[list[int]], None],
) -> None:
    """Have the files of all results of a job; only those unknown are made.

    Parameters
    ----------
    job : object
        The hash of its code.
    decisive : sequence
        All that decides about each result besides code and software, as JSON values.
    files : sequence of mapping
        Files of each result by their names.
    make : callable
        Makes the files of the results of the numbers that it is given.
    """
    code = [job.params.code, software()]
    results = [
        Result([*code, one], paths) for one, paths in zip(decisive, files, strict=True)
    ]
    made = [
        sorted(files[number].values()) for number in completed(results, make, FOLDER)
    ]
    _LOG.info("made %s; %d taken from %s", made, len(results) - len(made), FOLDER)


def _paths(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def _settings(model: ModelSpecification) -> dict[str, Any]:
    return model.model_dump(mode="json")
