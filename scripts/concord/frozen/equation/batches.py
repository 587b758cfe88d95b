"""Known batches as lines: what harmonization makes of one value of one feature.

ComBat and its like replace a value v of batch b by ``(v - e - s d) / g + e``, where e
is what the kept covariates let expect, s the SD, d the shift and g the scale of the
batch. That is a line in v whose offset may depend on the covariates.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from ...errors import StudyError
from ...harmonization.estimators.base import from_json
from ...harmonization.estimators.covariates import CATEGORY, Coding, Covariate
from ...harmonization.estimators.covbat import CovBat
from ...harmonization.estimators.identity import Passthrough
from ...harmonization.estimators.sequence import HarmonizerSequence
from .terms import BatchLine, BatchVariable, CovariatePart


def single(step: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Estimates of the harmonizers of a step, one per batch variable.

    Raises
    ------
    StudyError
        If a harmonizer mixes features, or keeps texts.
    """
    if step["kind"] == HarmonizerSequence.kind:
        return [one for part in step["steps"] for one in single(part)]
    if step["kind"] == Passthrough.kind:
        return []
    if step["kind"] == CovBat.kind:
        raise StudyError(
            "CovBat moves every feature by components of all features of an image; "
            "such a score is not written out"
        )
    texts = [c["name"] for c in step["coding"]["covariates"] if c["kind"] == CATEGORY]
    if texts:
        raise StudyError(f"harmonization keeps the text {texts[0]}")
    return [step]


def variable(found: Mapping[str, Any], wanted: Collection[str]) -> BatchVariable:
    """Batch variable of a harmonizer, with the lines of some features."""
    names = list(found["features"])
    places = [place for place, name in enumerate(names) if name in set(wanted)]
    return BatchVariable(
        column=found["parameters"]["batch"],
        judged=names,
        filling={one["name"]: one["fill"] for one in found["coding"]["covariates"]},
        lines={
            label: {names[place]: line for place, line in _lines(found, batch, places)}
            for batch, label in enumerate(found["batches"])
        },
    )


def _lines(
    found: Mapping[str, Any], batch: int, places: list[int]
) -> Iterator[tuple[int, BatchLine]]:
    coding, per_unit = _per_unit(found)
    level, sd = from_json(found["grand_mean"]), from_json(found["sd"])
    shift, scale = (from_json(found[name][batch]) for name in ("shift", "variance"))
    for place in places:
        name, gain = found["features"][place], np.sqrt(scale[place])
        if name in found["constant"]:
            yield place, BatchLine(multiplier=1.0, offset=0.0)
            continue
        if not np.isfinite(level[place] + gain):
            raise StudyError(f"{name} could not be harmonized in development")
        rest = 1.0 - 1.0 / gain
        expected = level[place] - per_unit[:, place] @ coding.mean
        moved = sd[place] * shift[place] / gain
        offset, parts = _parts(coding, per_unit[:, place] * rest)
        yield (
            place,
            BatchLine(
                multiplier=1.0 / gain,
                offset=expected * rest - moved + offset,
                covariates=parts,
            ),
        )


def _per_unit(found: Mapping[str, Any]) -> tuple[Coding, np.ndarray]:
    """Coding of the kept covariates, and effects (k, p) per unit of their columns."""
    coding = Coding.from_estimates(found["coding"])
    shape = (len(coding.names), len(found["features"]))
    effects = from_json(found["effects"]).reshape(shape)
    # A column without spread in development has no effect.
    spread = np.where(np.isnan(coding.sd), np.inf, coding.sd)
    return coding, effects / spread[:, None]


def _parts(
    coding: Coding, slopes: np.ndarray
) -> tuple[float, dict[str, CovariatePart]]:
    """Offset, and parts in the units of the covariates, of slopes (k,) of columns."""
    offset, place = 0.0, 0
    parts: dict[str, CovariatePart] = {}
    for one in coding.covariates:
        n_columns = max(1, len(one.knots) - 1)
        own = slopes[place : place + n_columns]
        place += n_columns
        if own.any():
            offset -= own[0] * one.centre / one.spread
            parts[one.name] = CovariatePart(
                slope=own[0] / one.spread, bends=_bends(one, own[1:])
            )
    return offset, parts


def _bends(one: Covariate, slopes: np.ndarray) -> list[tuple[float, float]]:
    """Knots and weights of max(x - k, 0)^3 in the natural spline; see its columns."""
    if not len(slopes):
        return []
    knots = np.asarray(one.knots)
    last = knots[-1]
    weights = np.zeros(len(knots))
    weights[: len(slopes)] = slopes / (last - knots[: len(slopes)])
    weights[-2] = -slopes.sum() / (last - knots[-2])
    weights[-1] = -weights[:-1].sum()
    places = one.centre + one.spread * knots
    return list(zip(places.tolist(), (weights / one.spread**3).tolist(), strict=True))
