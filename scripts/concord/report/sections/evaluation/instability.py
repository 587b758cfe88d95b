"""Section on instability: what models of other samples would predict and select."""

from collections.abc import Iterator

import pandas as pd

from ....evaluation.instability.instability import CHANGED, MAPE, RISK_GROUP
from ....evaluation.subgroups.measures import DIFFERENCE, IN_THE_LARGE, SLOPE
from ....folds.scheme import BOOTSTRAP
from ... import numbers as n
from ...blocks import Block, Section, section, table, text
from ...results import Results

#: Models from which on quantiles of 2.5 % are those of more than the outermost ones.
FEW = 100
_INTRODUCTION = (
    "The whole pipeline was fitted anew to bootstrap samples of all subjects: "
    "harmonization, filters, selection and tuning included. Each model predicts all "
    "subjects; the original is the model of all of them (Riley and Collins 2023, "
    "doi:10.1002/bimj.202200302). A prediction that moves far would be another one had "
    "other patients of the same kind been recruited."
)
_NOTE = (
    "Mean over the models of samples, in brackets the range of the central 95 % of "
    "them, which is no confidence interval. Slope and calibration in the large are "
    "those of each model in all subjects, most of whom it has learnt from: their "
    "spread tells of instability, their level is no performance."
)
_SELECTION = (
    "Nogueira's index: 1 if all fits select the same features, 0 if they agree as by "
    "chance; features that are correlated and take turns count as unstable. Fits of a "
    "cross-validation share most of their subjects and agree better than fits to "
    "other subjects would, so that they have no interval. Of pure noise more than 0 is "
    "expected of both, as the subjects are the same: see docs/instability.md."
)
_QUANTITIES = {
    MAPE: "Mean absolute difference to the original prediction",
    SLOPE: "Calibration slope",
    IN_THE_LARGE: "Calibration in the large (log odds)",
    DIFFERENCE: "Observed less predicted risk",
}


def instability_section(results: Results, endpoint: str) -> Section | None:
    """Instability of an endpoint; None if nothing is known of it."""
    selected = results.of("selection_stability", endpoint=endpoint)
    moved = results.of("instability", endpoint=endpoint)
    if selected.empty and moved.empty:
        return None
    title = f"{results.endpoint_label(endpoint)}: instability"
    return section(
        f"instability-{endpoint}",
        title,
        *(_blocks(results, moved, endpoint) if len(moved) else ()),
        _selection(results, selected, endpoint),
    )


def _blocks(
    results: Results, moved: pd.DataFrame, endpoint: str
) -> Iterator[Block | None]:
    n_models = int(moved["n_models"].max())
    few = f" {n_models} models are few: 200 are usual." if n_models < FEW else ""
    yield text(_INTRODUCTION + few)
    yield table(
        "Instability over models of bootstrap samples",
        ["Arm", "Prediction", "Quantity", "Original model", "Models", "Fits"],
        [_row(results, row) for _, row in moved.iterrows()],
        _NOTE,
        shows="instability",
        endpoint=endpoint,
    )


def _row(results: Results, row: pd.Series) -> list[str]:
    bounds = " to ".join(n.decimal(row[end]) for end in ("lower", "upper"))
    found = f"{n.decimal(row['mean'])} ({bounds})"
    return [
        results.arm_label(row["arm"]),
        _scale(row),
        _quantity(row),
        n.NONE if pd.isna(row["original"]) else n.decimal(row["original"]),
        str(row["reason"]) if pd.notna(row["reason"]) else found,
        n.share(row["n_models"], row["n_models"] + row["n_failed"]),
    ]


def _scale(row: pd.Series) -> str:
    if pd.isna(row["horizon_days"]):
        return str(row["scale"])
    return f"{row['scale']} by {row['horizon_days']:g} days"


def _quantity(row: pd.Series) -> str:
    if row["quantity"] != CHANGED:
        return _QUANTITIES[row["quantity"]]
    if row["rule"] == RISK_GROUP:
        return "Share of subjects of another risk group (own cut of each model)"
    return f"Share of subjects on the other side of {row['threshold']:g}"


def _selection(results: Results, rows: pd.DataFrame, endpoint: str) -> Block | None:
    if rows.empty:
        return None
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order)).sort_values(["place", "scheme"])
    return table(
        "Stability of the selected features",
        ["Arm", "Fits", "Candidates", "Selected, mean", "Stability"],
        [_selected(results, row) for _, row in placed.iterrows()],
        _SELECTION,
        shows="selection_stability",
        endpoint=endpoint,
    )


def _selected(results: Results, row: pd.Series) -> list[str]:
    drawn = row["scheme"] == BOOTSTRAP.name
    of = "bootstrap samples" if drawn else "folds of the cross-validation"
    value = n.decimal(row["stability"])
    if pd.notna(row["lower"]):
        value += f" ({n.decimal(row['lower'])} to {n.decimal(row['upper'])})"
    elif pd.isna(row["stability"]):
        value += f" ({row['reason']})"
    return [
        results.arm_label(row["arm"]),
        f"{row['n_fits']} {of}",
        str(row["n_candidates"]),
        n.decimal(row["mean_selected"], 1),
        value,
    ]
