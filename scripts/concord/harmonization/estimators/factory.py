"""Harmonizers by name, and from the estimates of an earlier fit."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...errors import ConfigError
from ...fields import Unseen
from ..settings import Harmonization
from . import phantom_combat
from .base import Harmonizer
from .combat import ComBat
from .covbat import CovBat
from .identity import Passthrough
from .phantom_combat import PhantomComBat
from .sequence import HarmonizerSequence
from .zscore import WithinBatchZScore

#: Estimator of each harmonizer of `settings.HARMONIZERS`.
KINDS: dict[str, type[Harmonizer]] = {
    harmonizer.kind: harmonizer
    for harmonizer in (Passthrough, ComBat, WithinBatchZScore, CovBat)
}

_RESTORED: dict[str, type[Harmonizer]] = {**KINDS, PhantomComBat.kind: PhantomComBat}


def make(
    kind: str,
    *,
    batch: Sequence[str],
    keep: Sequence[str] = (),
    smooth: Sequence[str] = (),
    columns: Sequence[str] | None,
    settings: Harmonization,
    unseen: Unseen,
) -> Harmonizer:
    """An unfitted harmonizer.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    batch : sequence of str
        Columns with the batch variables, in the order of their removal.
    keep, smooth : sequence of str
        Columns whose effect is preserved; those of `smooth` as a curve. Only
        ComBat and CovBat use them.
    columns : sequence of str or None
        Features; None takes all float columns.
    settings : Harmonization
        Options of the estimation; reference batches are named by variable, which
        is the last part of the name of a batch column.
    unseen : {"refuse", "passthrough", "adapt"}
        Rule for rows of batches without estimates.
    """
    if kind not in KINDS:
        raise ConfigError(f"harmonizer is {kind!r}, expected one of {list(KINDS)}.")
    if kind == Passthrough.kind:
        return Passthrough(columns=_tuple(columns))
    if not batch:
        raise ConfigError(f"the harmonizer {kind!r} needs a batch variable.")
    shared = {
        "columns": _tuple(columns),
        "keep": tuple(keep),
        "smooth": tuple(smooth),
        "unseen": unseen,
    }
    single = [_single(KINDS[kind], name, shared, settings) for name in batch]
    return single[0] if len(single) == 1 else HarmonizerSequence(single)


def make_from_phantom(
    table: pd.DataFrame,
    *,
    batch: Sequence[str],
    subject: str,
    columns: Sequence[str],
    settings: Harmonization,
    unseen: Unseen,
) -> Harmonizer:
    """A harmonizer of patients that was fitted to a phantom; see `phantom`.

    In a pipeline its `fit` learns nothing from the rows it is given.

    Parameters
    ----------
    table : DataFrame
        One row per scan of the phantom or of a travelling subject.
    batch : sequence of str
        Columns of `table` and of the patients' rows with the batch variables, in
        the order of their removal.
    subject : str
        Column of `table` with the subject, or the object in the phantom.
    columns, settings, unseen
        As for `make`; covariates are not used.
    """
    single = phantom_combat.fit_each(
        table,
        batch=batch,
        subject=subject,
        columns=columns,
        settings=settings,
        unseen=unseen,
    )
    return single[0] if len(single) == 1 else HarmonizerSequence(single)


def from_estimates(found: Mapping[str, Any]) -> Harmonizer:
    """The fitted harmonizer that gave these estimates; `transform` is bit-equal."""
    if found["kind"] == HarmonizerSequence.kind:
        return HarmonizerSequence.rebuilt(found, from_estimates)
    return _RESTORED[found["kind"]].from_estimates(found)


def _single(
    harmonizer: type[Harmonizer],
    batch: str,
    shared: Mapping[str, Any],
    settings: Harmonization,
) -> Harmonizer:
    """One harmonizer with those of the settings that its constructor knows."""
    options = {name: getattr(settings, name) for name in type(settings).model_fields}
    given = {**options, **shared, "batch": batch}
    given["reference"] = settings.reference_of(batch)
    known = harmonizer._get_param_names()
    return harmonizer(**{name: given[name] for name in known if name in given})


def _tuple(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
