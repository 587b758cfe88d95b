"""Metrics of arms by declared subgroups, and tests of whether subgroups differ."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.multiple_tests import holm
from ...statistics.outcome_kinds import OutcomeKind
from ..calibration import Calibration, Calibrations
from ..fold_values import of_arm, scored_rows
from .estimates import Estimated, estimated
from .horizons import Horizons
from .interaction import interaction
from .levels import Levels
from .measures import Measured, measures
from .settings import SmallestSubgroup

ALL = "all"
TOO_SMALL = (
    "{n} subjects, {n_events} events: fewer than the {subjects} subjects or {events} "
    "events (of a binary outcome, of either class) of evaluation.smallest_subgroup"
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Judge:
    """All that the values of a subgroup depend on besides its subjects."""

    kind: OutcomeKind
    confidence: float
    smallest: SmallestSubgroup
    horizons: Horizons


def subgroups(
    predictions: pd.DataFrame,
    risks: pd.DataFrame,
    levels: Mapping[str, Levels],
    judge: Judge,
    calibrations: Calibrations,
) -> dict[str, list[Row]]:
    """Rows of kinds "subgroups" and "subgroup_tests", of every arm and scheme.

    Parameters
    ----------
    predictions, risks : DataFrame
        Table kinds of these names, of one endpoint; `risks` may be empty.
    levels : mapping
        Subgroups of the cohort by the name of their variable.
    judge : Judge
    calibrations : Calibrations
        Widening of the errors of discrimination by permutations.

    Returns
    -------
    dict of list
        P-values are also adjusted, by Holm, for all tests of an arm and scheme.
    """
    found: dict[str, list[Row]] = {"subgroups": [], "subgroup_tests": []}
    scored = scored_rows(predictions).reset_index(drop=True)
    for arm, scheme in sorted(set(zip(scored["arm"], scored["scheme"], strict=True))):
        rows = of_arm(scored, arm, scheme)
        head = {"endpoint": rows["endpoint"].iloc[0], "arm": arm, "scheme": scheme}
        part = _Part(rows, risks_of(rows, risks), judge, calibrations.get(arm, scheme))
        tests: list[Row] = []
        found["subgroups"] += [head | row for row in part.whole()]
        for name, one in levels.items():
            values, compared = part.by(name, one)
            found["subgroups"] += [head | row for row in values]
            tests += [head | row for row in compared]
        found["subgroup_tests"] += _counted(tests)
    return found


def risks_of(rows: pd.DataFrame, risks: pd.DataFrame) -> dict[float, pd.Series]:
    """Risk of the rows of predictions by horizon, indexed as they are."""
    keys = ["arm", "scheme", "repeat", "fold", "subject_id"]
    found = {}
    for horizon, part in risks.groupby("horizon_days", sort=True):
        told = part.set_index(keys)["risk"].astype(float)
        wanted = pd.MultiIndex.from_frame(rows[keys])
        values = told.reindex(wanted).to_numpy()
        if np.isfinite(values).any():
            found[float(str(horizon))] = pd.Series(values, rows.index)
    return found


@dataclass(frozen=True)
class _Part:
    """Scored rows of one arm and scheme."""

    rows: pd.DataFrame
    risks: dict[float, pd.Series]
    judge: Judge
    calibration: Calibration

    def whole(self) -> Iterator[Row]:
        """Rows of all subjects together."""
        counts = self._counts(self.rows)
        for one in self._of_all:
            value = estimated(one, self.judge.confidence, self.calibration)
            yield _row(ALL, ALL, counts, one, value)

    def by(self, name: str, levels: Levels) -> tuple[list[Row], list[Row]]:
        """Rows of the subgroups by one variable, and the tests between them."""
        label = self.rows["subject_id"].map(levels.of_subject)
        rows: list[Row] = []
        known: dict[tuple[str, str], dict[str, tuple[Measured, Estimated]]] = {}
        for level in levels.names:
            part = self.rows[label == level]
            counts = self._counts(part)
            reason = self._too_small(counts)
            for one in self._of_all if reason else self._measured(part):
                value = (
                    estimated(one, self.judge.confidence, self.calibration)
                    if reason is None
                    else Estimated.unknown(reason)
                )
                rows.append(_row(name, level, counts, one, value))
                known.setdefault(one.key, {})[level] = one, value
        unknown = self.rows.loc[label.isna(), "subject_id"].nunique()
        shared = self._in_several(label)
        tests = [
            {"subgroup": name, "n_unknown": unknown} | interaction(found, shared)
            for found in known.values()
        ]
        return rows, tests

    @cached_property
    def _of_all(self) -> list[Measured]:
        return list(self._measured(self.rows))

    def _measured(self, rows: pd.DataFrame) -> Iterator[Measured]:
        return measures(rows, self.judge.kind, self.judge.horizons, self.risks)

    def _counts(self, rows: pd.DataFrame) -> Row:
        subjects = rows.drop_duplicates("subject_id")
        return {"n": len(subjects), "n_events": int(subjects["event"].sum())}

    def _too_small(self, counts: Row) -> str | None:
        least = self.judge.smallest
        effective = self.judge.kind.effective_events(counts["n_events"], counts["n"])
        if counts["n"] >= least.subjects and effective >= least.events:
            return None
        return TOO_SMALL.format(**counts, **least.model_dump())

    def _in_several(self, label: pd.Series) -> bool:
        """True if a patient has rows in several subgroups."""
        told = self.rows.assign(label=label).dropna(subset=["label"])
        return bool((told.groupby("cluster")["label"].nunique() > 1).any())


def _row(
    subgroup: str, level: str, counts: Row, one: Measured, value: Estimated
) -> Row:
    return {
        "subgroup": subgroup,
        "level": level,
        "measure": one.measure,
        "horizon_days": one.horizon_days,
        **counts,
        **asdict(value.interval),
    }


def _counted(tests: list[Row]) -> list[Row]:
    """Tests of an arm and scheme with p-values that count all of them."""
    p_values = [float(test["p_value"]) for test in tests]
    counted = {"n_tests": int(np.isfinite(p_values).sum())}
    return [
        test | counted | {"p_adjusted": adjusted}
        for test, adjusted in zip(tests, holm(p_values), strict=True)
    ]
