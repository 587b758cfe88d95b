"""Opening of the seal: hashes of the pipeline first, outcomes after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ...folds.batch_column import PREFIX as BATCH
from ...folds.splitting import FoldName, SubjectRows
from ...models.fitted_model import FittedModels
from ...provenance import digest
from ...statistics.outcome_kinds import OUTCOME_KINDS
from . import chained, judging, looks
from .settings import OpenSealed
from .subjects import sealed_rows

#: The one fold of the final fit.
_FINAL = FoldName("final", 1, "all")
#: Columns of a cohort that tell no outcome.
_KNOWN = ("subject_id", "site", "group", "cluster", "covariate.", "factor.", BATCH)


@dataclass(frozen=True)
class Opening:
    """Sealed subjects, and the final models that are judged on them.

    Attributes
    ----------
    settings : OpenSealed
    sheet, acquisition, development, features : DataFrame
        As for `subjects.sealed_rows`.
    models : mapping
        Final models by endpoint and arm.
    """

    settings: OpenSealed
    sheet: pd.DataFrame
    acquisition: pd.DataFrame
    development: pd.DataFrame
    features: pd.DataFrame
    models: Mapping[str, Mapping[str, FittedModels]]

    def pipeline(self, code: str, models: Sequence[str]) -> dict[str, str]:
        """Hashes of all that decides the result but the sealed outcomes.

        Parameters
        ----------
        code : str
            Fingerprint of the rule.
        models : sequence of str
            Hashes of the documents of the final models.
        """
        settings = self.settings
        parts = {
            "config": settings.config,
            "code": code,
            "models": digest([settings.arms, list(models)], looks.LENGTH),
            "sealed": digest(sorted(settings.cohort.sealed), looks.LENGTH),
            "inputs": self._inputs(),
        }
        return looks.pipeline_of(parts)

    def look(self, version: int | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Facts and results of a look, under a version of the registered plan."""
        settings, results = self.settings, []
        for endpoint, name in settings.endpoints.items():
            judged = {
                arm: judging.Judged.of(
                    arm, self.subjects, endpoint, fitted.of_fold(_FINAL), settings.seed
                )
                for arm, fitted in self.models[endpoint].items()
            }
            kind, level = OUTCOME_KINDS[name], settings.confidence
            results += judging.looks_of(
                judged, settings.headline_arm, endpoint, kind, level
            )
        facts = {
            "n_sealed": len(settings.cohort.sealed),
            "why": settings.reason,
            "version": version,
        }
        return facts, results

    @cached_property
    def subjects(self) -> SubjectRows:
        """Cohort and features of the sealed subjects."""
        return sealed_rows(
            self.sheet,
            self.acquisition,
            self.development,
            self.features,
            self.settings.cohort,
        )

    def _inputs(self) -> str:
        """Hash of all that the models are given of the sealed subjects."""
        cohort = self.subjects.cohort
        known = [name for name in cohort if str(name).startswith(_KNOWN)]
        tables = cohort[known], self.subjects.features
        return digest([table.to_csv(index=False) for table in tables], looks.LENGTH)


def registered_version(paths: Sequence[str]) -> int | None:
    """Version of the registered plan that stands; None without one."""
    versions = chained.read_versions(paths[0]) if len(paths) else []
    return versions[-1]["version"] if versions else None


def keep(path: str | Path) -> None:
    """Leave a ledger as it is, but newer than what this look was asked by."""
    Path(path).touch()
