"""Section on probabilities of one endpoint: calibration, by site, and squared error."""

from collections.abc import Iterator

import pandas as pd

from ....evaluation.probabilities.overall import BRIER, SCALED
from ....figures import labels
from ... import numbers as n
from ...blocks import Section, section, text
from ...results import Results
from .calibration_tables import group_blocks, overall_table, whole_table
from .calibration_values import (
    GROUP,
    main_scheme,
    of_headline,
    ratio,
    scheme_apart,
    value,
    when,
    why,
)


def calibration_section(results: Results, endpoint: str) -> Section | None:
    """Calibration and squared error of an endpoint; None before they are computed."""
    if not results.has("calibration"):
        return None
    return section(
        f"calibration-{endpoint}",
        f"{results.endpoint_label(endpoint)}: calibration",
        text(*_claims(results, endpoint)),
        whole_table(results, endpoint),
        *group_blocks(results, endpoint),
        overall_table(results, endpoint),
    )


def _claims(results: Results, endpoint: str) -> Iterator[str]:
    """One sentence for each horizon of the headline arm, or why there is none."""
    rows = of_headline(results, "calibration", endpoint)
    if rows.empty:
        yield _nothing(results, endpoint)
        return
    whole = rows[(rows["stratum"] == "all") & (rows["scheme"] == main_scheme(rows))]
    for _, row in whole.sort_values("horizon_days").iterrows():
        yield _claim(results, row)
        yield from _error(results, endpoint, row)
    apart = rows[rows["scheme"] == scheme_apart(rows)]
    yield from _findings(results, apart[apart["stratum"].str.startswith(GROUP)])


def _nothing(results: Results, endpoint: str) -> str:
    if results.outcome(endpoint).has_times:
        return (
            "No horizon is declared for this endpoint (evaluate_at_days), so that "
            "there is no probability whose calibration or squared error could be told."
        )
    return "The headline arm gives no probability, so that nothing can be calibrated."


def _claim(results: Results, row: pd.Series) -> str:
    """Calibration of the headline arm in the large, its slope and distance."""
    start = f"{labels.SCHEMES.get(row['scheme'], row['scheme'])}{when(row)}: "
    if pd.isna(row["mean_prediction"]):
        return f"{start}the calibration of the headline arm is not defined: {why(row)}."
    means = [n.percent(row[name], 1) for name in ("observed", "mean_prediction")]
    text_ = (
        f"{start}{means[0]} had the event, {means[1]} were predicted by the headline "
        f"arm ({n.counted(row)}): calibration in the large {value(row, 'intercept')}, "
        f"slope {value(row, 'slope')}"
    )
    if pd.notna(row["ici"]):
        text_ += (
            f", mean distance from the ideal {n.decimal(row['ici'], 3)} (predictions "
            f"without fault: {n.decimal(row['ici_expected'], 3)} by chance)"
        )
    if row["slope_lower"] <= 0 and row["slope_upper"] >= 1:
        text_ += (
            "; that interval holds 0 (predictions that say nothing) as well as 1, so "
            "that the slope is not known"
        )
    return f"{text_}{_remark(row)}."


def _remark(row: pd.Series) -> str:
    return "" if pd.isna(row["reason"]) else f" ({row['reason']})"


def _error(results: Results, endpoint: str, row: pd.Series) -> Iterator[str]:
    """Squared error of the headline arm in the same subjects."""
    rows = of_headline(results, "overall", endpoint)
    rows = rows[(rows["scheme"] == row["scheme"]) & (rows["stratum"] == "all")]
    days = rows["horizon_days"].astype(float)
    same = days.isna() if pd.isna(row["horizon_days"]) else days == row["horizon_days"]
    found = rows[same].set_index("metric")
    if BRIER not in found.index or pd.isna(found.loc[BRIER, "estimate"]):
        return
    scaled = n.interval(found.loc[SCALED], 2)
    yield (
        f"Brier score{when(row)} {n.interval(found.loc[BRIER], 3)}, against "
        f"{n.decimal(found.loc[BRIER, 'null_brier'], 3)} of the observed share for "
        f"everybody: scaled {scaled}, where 0 is no better than that share."
    )


def _findings(results: Results, groups: pd.DataFrame) -> Iterator[str]:
    """Groups in which the headline arm is miscalibrated in the large, or none."""
    level = 1 - results.settings.evaluation.confidence
    tested = groups[groups["intercept_p_holm"].notna()]
    found = tested[tested["intercept_p_holm"] <= level]
    for _, row in found.iterrows():
        observed, predicted = (
            n.percent(row[name], 1) for name in ("observed", "mean_prediction")
        )
        yield (
            f"Group {row['stratum'].removeprefix(GROUP)} is miscalibrated in the "
            f"large{when(row)}: {observed} observed, {predicted} predicted "
            f"(observed / expected {ratio(row)})."
        )
    if len(tested) and found.empty:
        yield (
            "No group is miscalibrated in the large by more than chance explains "
            f"({n.plural(tested['stratum'].nunique(), 'group')}, p-values adjusted by "
            "Holm's method)."
        )
