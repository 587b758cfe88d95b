"""Section on updates of frozen models: which is warranted, and what each repairs."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....evaluation.updating import metrics as p
from ....frozen.updating import kinds
from ....statistics.outcome_kinds import OUTCOME_KINDS
from ... import numbers as n
from ...blocks import Block, Section, Table, section, table, text
from ...results import Results

_LENGTH = 12
_NEVER_SILENT = (
    "Nothing was updated silently: the models that were applied stay as they are, all "
    "scores and risks of this report are theirs, and each update is a new file that "
    "names its parent by its hash. No updated model has been validated elsewhere."
)
_CONSTRUCTION = (
    "After an update, observed and expected events agree by construction among the "
    "subjects that it was learnt from (apparent); they are no evidence. "
    "Cross-validated values are of subjects that the update was not learnt from, all "
    "of this hospital. An update leaves the order of subjects, and so all "
    "discrimination, as it was."
)
_CLOSED = (
    "Closed test: each row asks whether this much is enough, against the largest "
    "update; the first that is not rejected is warranted. New coefficients of single "
    "predictors would be development of another model, and are not offered."
)
_NOTE = (
    "In the large: 0 is perfect; slope and O:E: 1 is perfect; Brier score and ICI: "
    "less is better, in brackets the ICI that calibrated predictions would have by "
    "chance. Cross-validated in 10 times 5 folds, clusters kept together; folds are "
    "balanced by outcome, so that O:E is near 1 in them and its interval says how near "
    "it is known to be."
)
#: What updates learn, with times and without: columns of the table and their heads.
_LEARNT_OF = {
    False: {"intercept": "Intercept", "slope": "Slope"},
    True: {"hazard_factor": "Factor of the hazard", "slope": "Slope"},
}
_STAGES = {
    p.BEFORE: "before",
    p.APPARENT: "after, apparent",
    p.CROSS_VALIDATED: "after, cross-validated",
}
_METRICS = {
    p.LARGE: "In the large",
    p.SLOPE: "Slope",
    p.RATIO: "O:E",
    p.BRIER_SCORE: "Brier score",
    p.ICI: "ICI",
}


def updating_section(results: Results) -> Section | None:
    """Closed test, calibration before and after, and files; None without updates."""
    if not results.has("updates"):
        return None
    return section("updates", "Updates of the models", *_blocks(results))


def short_blocks(results: Results) -> Iterator[Block]:
    """Finding of the closed test, and its table of the headline model."""
    rows = results["updates"]
    yield text(_NEVER_SILENT, *_findings(results, rows))
    for endpoint, arm, mine in _by_model(rows):
        if arm == results.headline:
            kind = results.outcome(endpoint).name
            yield _test_table(results.arm_label(arm), mine, kind, endpoint)


def _blocks(results: Results) -> Iterator[Block]:
    rows = results["updates"]
    yield text(_NEVER_SILENT, *_findings(results, rows))
    for endpoint, arm, mine in _by_model(rows):
        name = f"{results.endpoint_label(endpoint)}: {results.arm_label(arm)}"
        kind = results.outcome(endpoint).name
        yield _test_table(name, mine, kind, endpoint)
        values = results.of("update_performance", endpoint=endpoint, arm=arm)
        yield from _performance_tables(name, values, kind, endpoint)
    yield text(_CONSTRUCTION)
    yield _file_table(results, rows)


def _findings(results: Results, rows: pd.DataFrame) -> Iterator[str]:
    """Per model: what the closed test comes to, and whether it could be made."""
    for endpoint, arm, mine in _by_model(rows):
        name = f"{results.endpoint_label(endpoint)}, {results.arm_label(arm)}"
        chosen = mine[mine["warranted"] == 1]
        first = mine.iloc[0]
        if chosen.empty:
            yield f"{name}: {first['test']}."
            continue
        row = chosen.iloc[0]
        words = kinds.words(str(row["update"]), results.outcome(endpoint).name)
        yield (
            f"{name}: the closed test warrants {words} ({_p(first)} that the model is "
            f"enough as it is; {n.counted(first)}).{_unmade(row)}"
        )
        if row["update"] != kinds.NONE:
            yield from _repaired(results, name, row)


def _repaired(results: Results, name: str, row: Any) -> Iterator[str]:
    """Brier score before, and cross-validated after the warranted update."""
    values = results.of(
        "update_performance",
        endpoint=row["endpoint"],
        arm=row["arm"],
        update=row["update"],
        stage=p.CROSS_VALIDATED,
        metric=p.BRIER_SCORE,
    )
    for _, found in values[values["difference"].notna()].iterrows():
        bounds = {
            "estimate": found["difference"],
            "lower": found["difference_lower"],
            "upper": found["difference_upper"],
        }
        yield (
            f"{name}{_when(found)}: this update changes the Brier score by "
            f"{n.interval(bounds, 3)}, cross-validated."
        )


def _unmade(row: Any) -> str:
    return "" if pd.isna(row["reason"]) else f" It was not made: {row['reason']}."


def _test_table(name: str, rows: pd.DataFrame, kind: str, endpoint: str) -> Table:
    told = _LEARNT_OF[OUTCOME_KINDS[kind].has_times]
    columns = ["Update", "Statistic", "df", "p", "Warranted"]
    return table(
        f"Updates and their closed test, {name}",
        [*columns, *told.values(), "Remark"],
        [
            [
                kinds.words(str(row["update"]), kind).capitalize(),
                _or_none(row["statistic"], 2),
                n.NONE if pd.isna(row["df"]) else str(int(row["df"])),
                n.NONE if pd.isna(row["p_value"]) else n.p_value(row["p_value"]),
                _yes_no(row["warranted"]),
                *(_estimate(row, one) for one in told),
                _remark(row),
            ]
            for _, row in rows.iterrows()
        ],
        f"{_CLOSED} {_methods(rows)}",
        shows="updates",
        endpoint=endpoint,
    )


def _performance_tables(
    name: str, rows: pd.DataFrame, kind: str, endpoint: str
) -> Iterator[Table]:
    """One table of events in follow-up or of probabilities, one for each horizon."""
    for _, mine in rows.groupby("horizon_days", sort=False, dropna=False):
        metrics = [one for one in _METRICS if one in set(mine["metric"])]
        stages = list(mine.groupby(["update", "stage"], sort=False))
        yield table(
            f"Calibration before and after updates, {name}{_when(mine.iloc[0])}",
            ["Update", "", *(_METRICS[one] for one in metrics)],
            [
                [
                    kinds.words(str(update), kind).capitalize(),
                    _STAGES[str(stage)],
                    *(_value(values, one) for one in metrics),
                ]
                for (update, stage), values in stages
            ],
            _NOTE,
            shows="update_performance",
            endpoint=endpoint,
        )


def _file_table(results: Results, rows: pd.DataFrame) -> Table:
    made = rows[(rows["update"] != kinds.NONE) & rows["hash"].notna()]
    return table(
        "Files of the updated models",
        ["File", "Hash", "Parent", "Subjects", "Events"],
        [
            [
                f"results/updated/{row['endpoint']}/{row['arm']}/{row['update']}/"
                "model.json",
                str(row["hash"])[:_LENGTH],
                str(row["parent"])[:_LENGTH],
                str(row["n"]),
                str(row["n_events"]),
            ]
            for _, row in made.iterrows()
        ],
        "Hash: first digits of the SHA-256 of the document; subjects and events: those "
        "that the update was learnt from. To apply one, name its file in model.path.",
        shows="updates",
    )


def _by_model(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    for (endpoint, arm), mine in rows.groupby(["endpoint", "arm"], sort=False):
        yield str(endpoint), str(arm), mine


def _value(rows: pd.DataFrame, metric: str) -> str:
    """An estimate, with its interval if it has one, or a dash."""
    known = rows[(rows["metric"] == metric) & rows["estimate"].notna()]
    if known.empty:
        return n.NONE
    row = known.iloc[0]
    digits = 3 if row["metric"] in (p.BRIER_SCORE, p.ICI) else 2
    if pd.notna(row["lower"]):
        return n.interval(row, digits)
    told = n.decimal(row["estimate"], digits)
    chance = row["by_chance"]
    return told if pd.isna(chance) else f"{told} ({n.decimal(chance, 3)})"


def _estimate(row: Any, name: str) -> str:
    if pd.isna(row[name]):
        return n.NONE
    bounds = {"lower": row[f"{name}_lower"], "upper": row[f"{name}_upper"]}
    if pd.isna(bounds["lower"]):
        return n.decimal(row[name])
    return n.interval({"estimate": row[name], **bounds})


def _remark(row: Any) -> str:
    told = [row[name] for name in ("reason", "note") if pd.notna(row[name])]
    return "; ".join(map(str, told)) or n.NONE


def _methods(rows: pd.DataFrame) -> str:
    tests = rows.loc[rows["p_value"].notna(), "test"].unique()
    methods = rows["method"].dropna().unique()
    told = [f"Test: {n.listed(tests)}."] if len(tests) else []
    if len(methods):
        told.append(f"Intervals: {n.listed(methods)}.")
    return " ".join(told)


def _p(row: Any) -> str:
    value = n.p_value(row["p_value"])
    return f"p {value}" if value.startswith("<") else f"p = {value}"


def _when(row: Any) -> str:
    days = row["horizon_days"]
    return "" if pd.isna(days) else f", at {days:g} days"


def _yes_no(value: Any) -> str:
    return n.NONE if pd.isna(value) else ("yes" if value == 1 else "no")


def _or_none(value: Any, digits: int) -> str:
    return n.NONE if pd.isna(value) else n.decimal(value, digits)
