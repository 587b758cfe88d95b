"""Arms of an endpoint judged in all declared subgroups, as tables."""

import pandas as pd

from ...statistics.outcome_kinds import OUTCOME_KINDS
from ...tables.kinds import KINDS
from ..calibration import Calibrations
from .fairness import fairness
from .horizons import Horizons
from .levels import levels_of
from .settings import Subgroups
from .subgroups import Judge, subgroups


def judged(
    predictions: pd.DataFrame,
    risks: pd.DataFrame,
    cohort: pd.DataFrame,
    calibrations: Calibrations,
    settings: Subgroups,
) -> dict[str, pd.DataFrame]:
    """Tables of kinds "subgroups", "subgroup_tests" and "fairness" of an endpoint.

    Of the arms that the study fits, the headline and the reference arm alone: every
    further one makes more tests. Predictions of other tools are all judged.
    """
    others = set(settings.own_arms) - {settings.headline_arm, settings.reference_arm}
    rows = predictions[~predictions["arm"].isin(others)]
    judge = Judge(
        OUTCOME_KINDS[settings.kind],
        settings.confidence,
        settings.smallest,
        Horizons(),
    )
    levels = {name: levels_of(cohort, one) for name, one in settings.variables.items()}
    found = subgroups(rows, risks, levels, judge, calibrations)
    found["fairness"] = fairness(rows, risks, levels, judge, settings.probabilities)
    return {
        name: pd.DataFrame(table, columns=list(KINDS[name]))
        for name, table in found.items()
    }
