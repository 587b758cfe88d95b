"""The tables that the report is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from .. import tables
from ..errors import StudyError
from ..figures import labels
from ..files import read_json
from ..frozen import document as frozen_model
from ..frozen.document import FrozenModel
from ..records import Checked, check
from ..statistics.outcome_kinds import OutcomeKind
from .settings import Report

#: Kind of the inputs that are folders; they are not read.
FOLDERS = "described"
#: What the report reads besides tables: the cohort, documents (JSON) and figures (SVG).
#: Folders that describe frozen models are there for its links alone.
DOCUMENTS = (
    "cohort",
    "primed",
    "provenance",
    "recipes",
    "given",
    "figures",
    "frozen",
    FOLDERS,
)
Paths = str | Sequence[str]


@dataclass(frozen=True)
class Results:
    """All tables of a study with the settings that explain them.

    A kind of table that the study does not have counts as empty.
    """

    tables: Mapping[str, pd.DataFrame]
    cohort: pd.DataFrame
    engine: Mapping[str, Any]
    imported: Mapping[str, Any]
    recipes: Mapping[str, Any]
    figures: tuple[str, ...]
    settings: Report
    checked: Checked = field(default_factory=Checked)
    foreign: Mapping[str, Any] = field(default_factory=dict)
    frozen: Mapping[str, FrozenModel] = field(default_factory=dict)  # by path

    def __getitem__(self, kind: str) -> pd.DataFrame:
        given = self.tables.get(kind)
        return tables.read_all([], kind) if given is None else given

    def has(self, kind: str) -> bool:
        """True if the study was asked for a kind of table, also if it is empty."""
        return kind in self.tables

    def of(self, kind: str, **values: Any) -> pd.DataFrame:
        """Rows of a table in which the named columns have the given values."""
        rows = self[kind]
        for column, value in values.items():
            rows = rows[(rows[column] == value).fillna(False).astype(bool)]
        return rows

    @property
    def starts_from_table(self) -> bool:
        """True if the features come from a table and not from images."""
        return bool(self.imported)

    @property
    def judges_given(self) -> bool:
        """True if another tool, or a frozen model, made the predictions."""
        return bool(self.foreign)

    @property
    def applies_models(self) -> bool:
        """True if frozen models made the predictions."""
        return self.has("patient_predictions")

    @property
    def headline(self) -> str:
        """Name of the headline arm."""
        return self.settings.evaluation.headline_arm

    @property
    def reference(self) -> str:
        """Name of the arm that the headline is compared with."""
        return self.settings.evaluation.reference_arm

    @property
    def arms(self) -> list[str]:
        """Arms in the order of all tables and figures."""
        return labels.arm_order(self.settings.arms, self.headline, self.reference)

    @property
    def endpoints(self) -> list[str]:
        """Names of the endpoints, sorted."""
        return sorted(self.settings.endpoints)

    @property
    def sites(self) -> list[str]:
        """Sites of the cohort, sorted."""
        return sorted(self.cohort["site"].dropna().unique())

    @property
    def confidence(self) -> str:
        """Confidence level of the intervals, as 95 %."""
        return f"{100 * self.settings.evaluation.confidence:g} %"

    def arm_label(self, arm: str) -> str:
        """An arm as it is printed."""
        return _label(arm, self.settings.arms)

    def endpoint_label(self, endpoint: str) -> str:
        """An endpoint as it is printed."""
        return _label(endpoint, self.settings.endpoints)

    @property
    def printed_names(self) -> dict[str, str]:
        """Covariates and endpoints as they are printed, by name."""
        covariates = {name: self.covariate_label(name) for name in self.covariates}
        return covariates | {one: self.endpoint_label(one) for one in self.endpoints}

    @property
    def covariates(self) -> list[str]:
        """Names of the covariates, sorted."""
        return sorted(self.settings.covariates)

    def covariate_label(self, name: str) -> str:
        """A covariate or factor as it is printed."""
        known: dict[str, _Labelled] = {
            **self.settings.covariates,
            **self.settings.factors,
        }
        return _label(name, known)

    def events(self, endpoint: str) -> tuple[int, int]:
        """Events and subjects with a known outcome."""
        column = f"event.{endpoint}"
        if column not in self.cohort:
            return 0, 0
        known = pd.to_numeric(self.cohort[column], errors="coerce").dropna()
        return int(known.sum()), len(known)

    def outcome(self, endpoint: str) -> OutcomeKind:
        """Kind of the outcome of an endpoint."""
        return self.settings.endpoints[endpoint].outcome

    def effective_events(self, endpoint: str) -> int:
        """Events that a model can learn from: of a binary outcome, the rarer class."""
        return int(self.outcome(endpoint).effective_events(*self.events(endpoint)))

    def rarer_outcome(self, endpoint: str) -> str:
        """Said of an endpoint whose event is the commoner outcome; else empty."""
        fewer = self.effective_events(endpoint)
        if fewer == self.events(endpoint)[0]:
            return ""
        return f"{fewer} of the rarer outcome (no event)"


class _Labelled(Protocol):
    """Section of the configuration with a label, which may be empty."""

    @property
    def label(self) -> str: ...


def _label(name: str, sections: Mapping[str, _Labelled]) -> str:
    return labels.label(name, {key: one.label for key, one in sections.items()})


def load(paths: Mapping[str, Paths], settings: Report) -> Results:
    """Read the tables of a study.

    Parameters
    ----------
    paths : mapping
        Path, or paths, of tables by their kind, of `cohort`, of `primed` (JSON of
        the engine), of `recipes` (JSON of the dictionary), of `provenance` (JSON of
        a table of features), of `given` (JSON of given predictions), of `frozen` (JSON
        of frozen models), of `described` (folders, which are not read) and of `figures`
        (SVG). Only `cohort` must be there.
    settings : Report
        What the report explains or quotes of the configuration.

    Raises
    ------
    StudyError
        If a name is no kind of table.
    """
    kinds = [name for name in paths if name not in DOCUMENTS]
    unknown = sorted(set(kinds) - set(tables.KINDS))
    if unknown:
        raise StudyError(
            f"input {', '.join(unknown)} of the report is no kind of table; name the "
            "input of rule report after a kind of scripts/concord/tables/kinds.py"
        )
    asked = [kind for kind in kinds if _paths(paths, kind)]
    read = {kind: tables.read_all(_paths(paths, kind), kind) for kind in asked}
    primed, imported = _paths(paths, "primed"), _paths(paths, "provenance")
    recipes, given = _paths(paths, "recipes"), _paths(paths, "given")
    return Results(
        tables=read,
        cohort=tables.read_sheet(_paths(paths, "cohort")[0]),
        engine=read_json(primed[0]) if primed else {},
        imported=read_json(imported[0]) if imported else {},
        recipes=read_json(recipes[0]) if recipes else {},
        figures=tuple(sorted(_paths(paths, "figures"))),
        settings=settings,
        checked=check(_all(paths), folders=False),
        foreign=read_json(given[0]) if given else {},
        frozen={path: frozen_model.read(path) for path in _paths(paths, "frozen")},
    )


def _all(paths: Mapping[str, Paths]) -> list[str]:
    return [path for name in paths for path in _paths(paths, name)]


def _paths(paths: Mapping[str, Paths], name: str) -> list[str]:
    given = paths.get(name, [])
    return [given] if isinstance(given, str) else [str(path) for path in given]
