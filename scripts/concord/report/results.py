"""The tables that the report is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import tables
from ..figures import labels
from ..files import read_json

#: Kinds of tables the report can use; one that is not given counts as empty.
KINDS = (
    "acquisition",
    "agreement",
    "agreement_group",
    "batch_estimates",
    "batch_facts",
    "batch_priors",
    "batch_tests",
    "batches",
    "associations",
    "combat_crosscheck",
    "comparisons",
    "confounding",
    "dictionary",
    "drift",
    "exclusions",
    "feature_crosscheck",
    "fits",
    "folds",
    "index_summary",
    "ingest_report",
    "leakage",
    "nesting",
    "null",
    "null_tests",
    "performance",
    "prediction_agreement",
    "protocol_summary",
    "reader_stability",
    "recovered",
    "review_list",
    "selection",
    "site_effect",
    "batch_prediction",
    "stability",
    "surface_dice",
    "undefined",
    "volume_agreement",
)
Paths = str | Sequence[str]


@dataclass(frozen=True)
class Results:
    """All tables of a study with the settings that explain them."""

    tables: Mapping[str, pd.DataFrame]
    cohort: pd.DataFrame
    engine: Mapping[str, Any]
    imported: Mapping[str, Any]
    recipes: Mapping[str, Any]
    figures: tuple[str, ...]
    settings: Mapping[str, Any]

    def __getitem__(self, kind: str) -> pd.DataFrame:
        return self.tables[kind]

    def of(self, kind: str, **values: Any) -> pd.DataFrame:
        """Rows of a table in which the named columns have the given values."""
        rows = self.tables[kind]
        for column, value in values.items():
            rows = rows[(rows[column] == value).fillna(False).astype(bool)]
        return rows

    @property
    def starts_from_table(self) -> bool:
        """Whether the features come from a table and not from images."""
        return bool(self.imported)

    @property
    def headline(self) -> str:
        """Name of the headline arm."""
        return self.settings["evaluation"]["headline_arm"]

    @property
    def reference(self) -> str:
        """Name of the arm that the headline is compared with."""
        return self.settings["evaluation"]["reference_arm"]

    @property
    def arms(self) -> list[str]:
        """Arms in the order of all tables and figures."""
        return labels.arm_order(self.settings["arms"], self.headline, self.reference)

    @property
    def endpoints(self) -> list[str]:
        """Names of the endpoints, sorted."""
        return sorted(self.settings["endpoints"])

    @property
    def sites(self) -> list[str]:
        """Sites of the cohort, sorted."""
        return sorted(self.cohort["site"].dropna().unique())

    @property
    def confidence(self) -> str:
        """Confidence level of the intervals, as 95 %."""
        return f"{100 * self.settings['evaluation']['confidence']:g} %"

    def arm_label(self, arm: str) -> str:
        """An arm as it is printed."""
        return labels.label(arm, self.settings["arms"])

    def endpoint_label(self, endpoint: str) -> str:
        """An endpoint as it is printed."""
        return labels.label(endpoint, self.settings["endpoints"])

    def events(self, endpoint: str) -> tuple[int, int]:
        """Events and subjects with a known outcome."""
        column = f"event.{endpoint}"
        if column not in self.cohort:
            return 0, 0
        known = pd.to_numeric(self.cohort[column], errors="coerce").dropna()
        return int(known.sum()), len(known)


def load(paths: Mapping[str, Paths], settings: Mapping[str, Any]) -> Results:
    """Read the tables of a study.

    Parameters
    ----------
    paths : mapping
        Path, or paths, of each kind of table, of `cohort`, of `primed` (JSON of
        the engine), of `recipes` (JSON of the dictionary), of `provenance` (JSON of
        a table of features) and of `figures` (SVG). Only `cohort` must be there.
    settings : mapping
        Sections of the configuration, see `page.build`.
    """
    read = {kind: tables.read_all(_paths(paths, kind), kind) for kind in KINDS}
    primed, imported = _paths(paths, "primed"), _paths(paths, "provenance")
    recipes = _paths(paths, "recipes")
    return Results(
        tables=read,
        cohort=tables.read_sheet(_paths(paths, "cohort")[0]),
        engine=read_json(primed[0]) if primed else {},
        imported=read_json(imported[0]) if imported else {},
        recipes=read_json(recipes[0]) if recipes else {},
        figures=tuple(sorted(_paths(paths, "figures"))),
        settings=settings,
    )


def _paths(paths: Mapping[str, Paths], name: str) -> list[str]:
    given = paths.get(name, [])
    return [given] if isinstance(given, str) else [str(path) for path in given]
