"""Agreement of the volumes by two readers, over all subjects."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..statistics.icc import intraclass_correlation

#: Absolute agreement of readers, and consistency but for a factor between them.
FORMS = ("ICC(A,1)", "ICC(C,1)")

#: Differences within this many standard deviations: 95 % of them, if normal.
_LIMITS = 1.96

#: Label of the rows of all sites together.
ALL_SITES = "all"

#: What identifies a row; also its order.
VOLUME_KEYS = ["image", "region", "reader", "reader_b", "site", "form"]

_PAIR = ["image", "region", "reader", "reader_b"]


def volume_agreement(
    pairs: pd.DataFrame, baseline_session: str
) -> list[dict[str, Any]]:
    """ICC and limits of agreement of log volumes, per pair of readers.

    Parameters
    ----------
    pairs : DataFrame
        Table kind "agreement".
    baseline_session : str
        The session looked at, so that a subject counts once.

    Returns
    -------
    list of dict
        Rows of table kind "volume_agreement": of all sites together and, if there
        are several, of each; two per pair, one for each form of the ICC. Regions
        that one of both readers left empty have no logarithm; they are counted.
    """
    chosen = pairs["session"] == baseline_session
    # Volumes are the same in both definitions.
    rows = pairs[chosen & (pairs["definition"] == "voxel")]
    found = []
    for key, group in rows.groupby(_PAIR):
        names = dict(zip(_PAIR, map(str, key), strict=True))
        for site, part in _by_site(group):
            place = names | {"site": site}
            found += [place | row for row in _forms(part)]
    return sorted(found, key=lambda row: [row[name] for name in VOLUME_KEYS])


def limits_of_agreement(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    """Bland-Altman limits [1]_ of positive quantities, on the logarithmic scale.

    Parameters
    ----------
    first, second : ndarray of float, shape (n,)
        Of one unit.

    Returns
    -------
    dict
        `bias_log` and `sd_log`, mean and SD of ln(second / first); `ratio` and its
        limits `ratio_lower`, `ratio_upper`, between which 95 % of second / first
        lie. The bias needs one subject, all else two; what is not defined is NaN.

    References
    ----------
    .. [1] Bland, J. M., Altman, D. G. (1999). "Measuring agreement in method
           comparison studies". Statistical Methods in Medical Research, 8, 135-160.
           https://doi.org/10.1177/096228029900800204
    """
    differences = np.log(second / first)
    n = len(differences)
    bias = float(differences.mean()) if n else np.nan
    sd = float(differences.std(ddof=1)) if n > 1 else np.nan
    return {
        "bias_log": bias,
        "sd_log": sd,
        "ratio": float(np.exp(bias)),
        "ratio_lower": float(np.exp(bias - _LIMITS * sd)),
        "ratio_upper": float(np.exp(bias + _LIMITS * sd)),
    }


def _by_site(group: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield ALL_SITES, group
    if group["site"].nunique() > 1:
        for site, part in group.groupby("site"):
            yield str(site), part


def _forms(part: pd.DataFrame) -> Iterator[dict[str, Any]]:
    both = part[part["status"] == "ok"]
    volumes = both[["volume_mm3", "volume_b_mm3"]].to_numpy(float)
    limits = limits_of_agreement(volumes[:, 0], volumes[:, 1])
    counts = {"n": len(both), "n_empty": len(part) - len(both)}
    for form in FORMS:
        found = intraclass_correlation(np.log(volumes)[..., None], form)
        yield counts | {
            "form": form,
            "icc": found.estimate[0],
            "lower": found.lower[0],
            "upper": found.upper[0],
            **limits,
            "reason": _reason(found.estimate[0], len(both)),
        }


def _reason(estimate: float, n: int) -> str | None:
    if not np.isnan(estimate):
        return None
    if n < 2:
        return "fewer than 2 subjects were segmented by both readers"
    return "the volumes do not differ between subjects"
