"""Tables of the guards of an endpoint, for whoever judges its arms."""

from collections.abc import Mapping

import pandas as pd

from ...models.settings.arm import Arm
from ...statistics.outcome_kinds import OutcomeKind
from ..settings import Anticipation
from .event_counts import event_counts
from .sample_size import sample_size


def guards(
    cohort: pd.DataFrame,
    fits: pd.DataFrame,
    arms: Mapping[str, Arm],
    kind: OutcomeKind,
    expected: Anticipation,
) -> dict[str, pd.DataFrame]:
    """Sample size that arms need, and events by group, by the kinds of the tables.

    Arguments are those of `sample_size.sample_size`.
    """
    endpoint = str(fits["endpoint"].iloc[0])
    return {
        "sample_size": sample_size(cohort, fits, arms, kind, expected),
        "event_counts": event_counts(cohort, endpoint, kind),
    }
