"""Subjects in whom a marker is tested: complete, one per patient, of telling groups."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...folds import cohort as cohorts
from ...models.estimators.risk_sets import Ties
from .fits import Outcomes
from .markers import Marker


@dataclass(frozen=True)
class Subjects:
    """Subjects of one marker, and how many others were left out, and why.

    Attributes
    ----------
    ids : ndarray of str, shape (n,)
    outcomes : Outcomes
    treatment : ndarray of float, shape (n,)
        1 treated, 0 control.
    marker : ndarray of float, shape (n, k)
        As measured.
    adjusted : DataFrame, n rows
        Covariates beside treatment and marker.
    n_missing : int
        Members of the cohort without outcome, treatment, marker or adjustment.
    n_repeated : int
        Further rows of patients who have one already.
    n_untelling : int
        Subjects of groups without an event or, of an outcome without times, of groups
        with one outcome only.
    """

    ids: np.ndarray
    outcomes: Outcomes
    treatment: np.ndarray
    marker: np.ndarray
    adjusted: pd.DataFrame
    n_missing: int
    n_repeated: int
    n_untelling: int

    @classmethod
    def of(
        cls,
        cohort: pd.DataFrame,
        endpoint: str,
        marker: Marker,
        adjusted: pd.DataFrame,
        ties: Ties = "efron",
    ) -> "Subjects":
        """Subjects of a cohort with everything known that the models take."""
        known = _asked(cohort, endpoint)
        has_times = bool(known["time_days"].notna().any())
        needed = ["event", "treatment"] + ["time_days"] * has_times
        others = adjusted.drop(columns=marker.values.columns, errors="ignore")
        complete = (
            known[needed].notna().all(axis=1)
            & marker.values.reindex(known.index).notna().all(axis=1)
            & others.reindex(known.index).notna().all(axis=1)
        )
        alone = known[complete].drop_duplicates("cluster")
        outcomes = _outcomes(alone, has_times, ties)
        telling = outcomes.informing() if len(alone) else np.zeros(0, bool)
        kept = alone[telling]
        return cls(
            ids=kept.index.to_numpy(dtype=str),
            outcomes=_outcomes(kept, has_times, ties),
            treatment=kept["treatment"].to_numpy(dtype=float),
            marker=marker.values.loc[kept.index].to_numpy(dtype=float),
            adjusted=others.loc[kept.index],
            n_missing=int((~complete).sum()),
            n_repeated=int(complete.sum()) - len(alone),
            n_untelling=int((~telling).sum()),
        )

    @property
    def n(self) -> int:
        """Number of subjects."""
        return len(self.ids)

    def counts(self) -> dict[str, int]:
        """Subjects and events, in all and among the treated, and those left out."""
        treated, event = self.treatment == 1, self.outcomes.event
        return {
            "n": self.n,
            "n_events": int(event.sum()),
            "n_treated": int(treated.sum()),
            "n_events_treated": int(event[treated].sum()),
            "n_groups": len(np.unique(self.outcomes.groups)),
            "n_missing": self.n_missing,
            "n_repeated": self.n_repeated,
            "n_untelling": self.n_untelling,
        }


def _asked(cohort: pd.DataFrame, endpoint: str) -> pd.DataFrame:
    """Outcome, treatment, cluster and group of each member, sorted by subject."""
    found: pd.DataFrame = cohorts.outcome(cohort, endpoint)
    members = cohort.set_index("subject_id")
    found["treatment"] = members[f"treatment.{endpoint}"].astype(float)
    found["cluster"] = members["cluster"].astype(str)
    own = [name for name in (f"stratum.{endpoint}",) if name in members]
    labels = members[["group", *own]].astype(str)
    found["stratum"] = ["/".join(row) for row in labels.to_numpy().tolist()]
    return found.sort_index()


def _outcomes(rows: pd.DataFrame, has_times: bool, ties: Ties) -> Outcomes:
    groups = np.unique(rows["stratum"].to_numpy(dtype=str), return_inverse=True)[1]
    return Outcomes(
        event=rows["event"].to_numpy(dtype=float) == 1,
        time_days=rows["time_days"].to_numpy(dtype=float) if has_times else None,
        groups=groups,
        ties=ties,
    )
