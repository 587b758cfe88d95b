"""Selection frequency of features."""

import pandas as pd

from ..folds.scheme import require_evaluated
from ..folds.subject_table import feature_names
from ..models.settings.fusion import TERM as MEMBER

GROUP_PREFIX = "group="
_ARM = ["endpoint", "arm"]
_SHARE = "half_sample_share"


def selection_frequency(coefficients: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Selection of features over all schemes and folds, as kind "selection".

    Covariates and group indicators are not selected and not listed, nor are features
    of trees, which have no coefficients, and members of a fused arm. Only fits with status "ok" count. Where half
    samples chose the features, the mean share of those that did stands beside.
    """
    require_evaluated(fits, "fits")
    done = fits[fits["status"] == "ok"].groupby(_ARM).size().rename("n_fits")
    terms = coefficients["term"]
    chosen = coefficients[
        terms.isin(feature_names(terms))
        & ~terms.str.startswith((GROUP_PREFIX, MEMBER))
        & (coefficients["coefficient"] != 0)
    ]
    by_term = chosen.groupby([*_ARM, "term"])
    found = by_term["coefficient"]
    columns = {"n_selected": found.size(), "mean_coefficient": found.mean()}
    if _SHARE in chosen:
        columns[_SHARE] = by_term[_SHARE].mean()
    table = pd.DataFrame(columns).reset_index().join(done, on=_ARM)
    table["frequency"] = table["n_selected"] / table["n_fits"]
    order = [*_ARM, "n_selected", "term"]
    return table.sort_values(order, ascending=[True, True, False, True])
