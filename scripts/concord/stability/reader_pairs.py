"""Dependence of features on the reader, for each pair of readers."""

from itertools import combinations

import pandas as pd

from ..readers import CONSENSUS
from .reliability import RepeatedMeasurements
from .settings import Stability

_COLUMNS = ["n_subjects", "icc", "icc_lower", "icc_upper", "stable", "reason"]
_KEYS = ["image", "region", "column", "reader", "reader_b"]


def reader_pairs_table(features: pd.DataFrame, settings: Stability) -> pd.DataFrame:
    """ICC(A,1) of every feature between each two readers.

    All readers are compared, also those that `stability.readers` leaves out of the
    stability filter; so an algorithm is judged beside the readers. Only the
    consensus, which is made from the others, is not.

    Parameters
    ----------
    features : DataFrame
        Feature matrix, see `concord.tables.read_features`.
    settings : Stability
        Settings of the rule; the baseline session is compared.

    Returns
    -------
    DataFrame
        Of kind "reader_stability"; empty if there is but one reader.
    """
    readers = sorted(set(features["reader"]) - {CONSENSUS})
    parts = []
    for reader, reader_b in combinations(readers, 2):
        table = RepeatedMeasurements(
            features,
            settings.baseline_session,
            reader,
            (),
            settings.stability.threshold,
            settings.stability.confidence,
            readers=(reader, reader_b),
        ).table()
        parts.append(table.assign(reader=reader, reader_b=reader_b))
    known = [part for part in parts if len(part)]
    if not known:
        return pd.DataFrame()
    rows = pd.concat(known, ignore_index=True)[[*_KEYS, *_COLUMNS]]
    return rows.sort_values(_KEYS, ignore_index=True)
