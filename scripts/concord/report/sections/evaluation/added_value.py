"""Section on added value: what an arm adds to another one, by several measures."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....figures import labels
from ....folds.scheme import CV
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results
from .claims import SMALL, at, first_scheme, verdict

_MEASURES = {
    "likelihood_ratio": "Likelihood ratio (chi-squared)",
    "new_information": "New information, by the likelihood ratio",
    "new_variance": "New information, by the variance",
    "difference_auc": "Difference of the AUC",
    "difference_c_index": "Difference of the C-index",
    "idi_events": "IDI, subjects with the event",
    "idi_non_events": "IDI, without",
    "idi": "IDI, sum of both",
    "nri_events": "NRI, subjects with the event",
    "nri_non_events": "NRI, without",
    "nri": "NRI, sum of both",
    "nri_categories_events": "NRI of categories, with the event",
    "nri_categories_non_events": "NRI of categories, without",
    "nri_categories": "NRI of categories, sum of both",
}
_DIFFERENCE = "difference_"
CAUTION = (
    "The likelihood ratio of held-out scores is tested one-sided and counts that "
    "models of different folds share their subjects. NRI and IDI say nothing alone: a "
    "miscalibrated model moves the NRI without knowing anything, in either direction "
    "(Hilden and Gerds 2014, doi:10.1002/sim.5804; Pepe et al. 2015, "
    "doi:10.1007/s12561-014-9118-0). “Without information” is what each would be if "
    "the arm kept its calibration and knew nothing beyond the other one."
)


def added_value_section(results: Results, endpoint: str) -> Section | None:
    """Gain of the headline arm over the reference and over the clinical arm."""
    rows = results.of("added_value", endpoint=endpoint)
    if rows.empty:
        return None
    own = rows[rows["arm"] == results.headline]
    tables: list[Table | None] = [
        _pair_table(results, part, str(other))
        for other, part in own.groupby("reference_arm", sort=True)
    ]
    return section(
        f"added-value-{endpoint}",
        f"{results.endpoint_label(endpoint)}: added value",
        text(*_claims(results, endpoint), CAUTION, *_no_risks(rows)),
        *tables,
        _arms_table(results, rows),
    )


def added_value_findings(results: Results, endpoint: str) -> Iterator[str]:
    """The likelihood ratio and the IDI beside the difference of discrimination."""
    rows = first_scheme(
        results.of(
            "added_value",
            endpoint=endpoint,
            arm=results.headline,
            reference_arm=results.reference,
        )
    )
    tested = rows[rows["measure"] == "likelihood_ratio"]
    for _, row in tested[tested["estimate"].notna()].iterrows():
        yield (
            "Beside the held-out score of the reference arm, that of the headline arm "
            f"has a likelihood ratio of {n.decimal(row['estimate'])} "
            f"({_p_value(row['p_value'])}, one-sided)."
        )


def _claims(results: Results, endpoint: str) -> Iterator[str]:
    """One sentence per pair, from the interval of the difference."""
    rows = results.of("added_value", endpoint=endpoint, arm=results.headline)
    rows = rows[rows["measure"].str.startswith(_DIFFERENCE)]
    for _, part in rows.groupby("reference_arm", sort=True):
        for _, row in first_scheme(part).iterrows():
            metric = str(row["measure"]).removeprefix(_DIFFERENCE)
            where = labels.SCHEMES.get(row["scheme"], row["scheme"])
            yield (
                f"“{results.arm_label(row['arm'])}” against "
                f"“{results.arm_label(row['reference_arm'])}” "
                f"({where.lower()}): a difference of the {labels.metric(metric)} of "
                f"{n.interval(row)}, so added value "
                f"{verdict(row['lower'], row['upper'], SMALL[metric])}."
            )


def _no_risks(rows: pd.DataFrame) -> Iterator[str]:
    if not rows["measure"].isin(["nri"]).any():
        yield (
            "NRI and IDI are of absolute risks, which this outcome has at no declared "
            "time (evaluate_at_days)."
        )


def _pair_table(results: Results, rows: pd.DataFrame, other: str) -> Table:
    """All measures of the headline arm against one other, in all schemes."""
    order = {name: place for place, name in enumerate(_MEASURES)}
    placed = rows.assign(
        cross=rows["scheme"] != CV.name, place=rows["measure"].map(order)
    ).sort_values(["cross", "scheme", "horizon_days", "place"], na_position="first")
    headline = results.arm_label(results.headline)
    return table(
        f"Added value of “{headline}” to “{results.arm_label(other)}”",
        ["Measure", "Scheme", "Value", "Without information", "p", "Events"],
        [_measure_row(row) for _, row in placed.iterrows()],
        f"{results.confidence} intervals. NRI: share that moves in the right direction "
        "less the share that moves in the wrong one, of subjects with and of those "
        "without the event; the sum is a share of nobody. New information: fraction of "
        "the likelihood ratio, or of the variance of the linear predictor, of both "
        "scores that the reference arm does not have.",
        shows="added_value",
    )


def _measure_row(row: pd.Series) -> list[str]:
    name = _MEASURES.get(row["measure"], row["measure"])
    return [
        f"{name}{at(row['horizon_days'])}",
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        _value(row),
        ""
        if pd.isna(row["without_information"])
        else n.decimal(row["without_information"]),
        "" if pd.isna(row["p_value"]) else _p_value(row["p_value"], name=""),
        f"{row['n_events']} of {row['n']}",
    ]


def _value(row: pd.Series) -> str:
    """A value with its interval, alone where it never has one, or why not."""
    if pd.isna(row["estimate"]):
        return f"{n.UNDEFINED}: {row['reason']}"
    if row["measure"] in ("likelihood_ratio", "new_information", "new_variance"):
        return n.decimal(row["estimate"])
    return n.interval(row)


def _arms_table(results: Results, rows: pd.DataFrame) -> Table | None:
    """Every arm against the reference arm, by the measures side by side."""
    own = first_scheme(rows[rows["reference_arm"] == results.reference])
    if own.empty:
        return None
    shown = ["likelihood_ratio", *sorted(_differences(own)), "idi"]
    shown += ["nri_events", "nri_non_events"]
    names = [name for name in shown if (own["measure"] == name).any()]
    cells = [
        [results.arm_label(arm) + at(horizon), *_cells(part, names)]
        for arm in results.arms
        for horizon, part in _by_horizon(own[own["arm"] == arm])
    ]
    return table(
        f"Added value of all arms to “{results.arm_label(results.reference)}”",
        ["Arm", *(_MEASURES[name] for name in names)],
        cells,
        labels.SCHEMES.get(own["scheme"].iloc[0], ""),
        folded=True,
    )


def _differences(rows: pd.DataFrame) -> set[str]:
    return {m for m in rows["measure"] if str(m).startswith(_DIFFERENCE)}


def _by_horizon(rows: pd.DataFrame) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Rows of each horizon with those that have none; all of them without any."""
    if rows.empty:
        return
    general = rows[rows["horizon_days"].isna()]
    horizons = sorted(rows["horizon_days"].dropna().unique())
    for horizon in horizons or [None]:
        own = rows[rows["horizon_days"] == horizon] if horizons else rows.iloc[:0]
        yield horizon, pd.concat([general, own])


def _cells(rows: pd.DataFrame, names: list[str]) -> list[str]:
    found = {row["measure"]: row for _, row in rows.iterrows()}
    cells = []
    for name in names:
        row = found.get(name)
        if row is None:
            cells.append(n.NONE)
        elif name == "likelihood_ratio" and pd.notna(row["p_value"]):
            cells.append(f"{_value(row)}, {_p_value(row['p_value'])}")
        else:
            cells.append(_value(row))
    return cells


def _p_value(value: Any, name: str = "p ") -> str:
    if value < 0.0001:
        return f"{name}< 0.0001"
    digits = 3 if value >= 0.1 else 4
    return f"{name}= {n.decimal(value, digits)}" if name else n.decimal(value, digits)
