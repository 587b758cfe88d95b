"""The null of a diagnostic of batch effects: the same with permuted batch labels.

Labels are permuted among the subjects before anything is harmonized, and harmonization
and diagnostic are repeated. They are permuted within each half of the subjects, so that
each half keeps the sizes of its batches, which decide on who is judged; if the batches
do not differ, the value found is one more of the permuted ones, whatever its bias.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .held_out import Half, ImageRows

#: Share of the permuted values beyond each end of the band.
TAIL = 0.025
#: Fewer permutations have no band of 95 %.
LEAST = 99

#: Difference of two values that is rounding.
_ROUNDING = 1e-9


def permuted(
    part: ImageRows, halves: Sequence[Half], generator: np.random.Generator
) -> ImageRows:
    """Rows of an image whose subjects have the batches of others of their half.

    All batch variables of a subject stay together; so do features and covariates.
    """
    source = np.arange(len(part.rows))
    for _, subjects in halves:
        places = np.flatnonzero(part.rows.index.isin(subjects))
        source[places] = generator.permutation(places)
    labels = {name: part.rows[name].to_numpy()[source] for name in part.batches}
    return replace(part, rows=part.rows.assign(**labels))


def null_of(value: float, permuted_values: Sequence[float]) -> dict[str, Any]:
    """Median, band and one-sided p of a value among permuted ones.

    Parameters
    ----------
    value : float
        The value with the true labels; large ones speak against the null.
    permuted_values : sequence of float
        Undefined ones do not count.

    Returns
    -------
    dict
        `n_permutations`, `null_median`, `null_lower`, `null_upper`, `p_value`. A value
        lies outside the band exactly if its p to that side is at most 0.025. No band
        for fewer than 99 permutations; all NaN without any.

    References
    ----------
    Phipson, B. and Smyth, G. K. (2010). Stat Appl Genet Mol Biol, 9, 39.
    https://doi.org/10.2202/1544-6115.1585
    """
    known = np.sort([x for x in permuted_values if not np.isnan(x)])
    found = dict.fromkeys(
        ("null_median", "null_lower", "null_upper", "p_value"), np.nan
    )
    if np.isnan(value) or not known.size:
        return {"n_permutations": len(known)} | found
    found["null_median"] = float(np.median(known))
    found["p_value"] = (1 + np.sum(known >= value - _ROUNDING)) / (1 + known.size)
    if known.size >= LEAST:
        beyond = int(TAIL * (known.size + 1))
        found["null_lower"] = float(known[beyond - 1])
        found["null_upper"] = float(known[-beyond])
    return {"n_permutations": len(known)} | found
