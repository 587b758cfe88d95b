"""Section on patients whom frozen models were applied to: scores, flags and risks."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ....frozen.applying.flags import (
    FLAGS,
    NO_DEVICE,
    NOT_APPLICABLE,
    NOT_SCORED,
    SCORED,
)
from ....statistics.risk_groups import label, ordered
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results

_LENGTH = 12
_KEYS = ["endpoint", "arm"]


def predicted_section(results: Results) -> Section:
    """Scored patients, flags and risks; a folded table of every patient."""
    return section(
        "predicted-patients",
        "Predicted patients",
        text(_opening(results), NO_DEVICE),
        _status_table(results),
        _flags_table(results),
        text(*_chance(results)),
        _risks_table(results),
        _patients_table(results),
    )


def _subjects(results: Results) -> pd.DataFrame:
    """One row per subject and model."""
    rows = results["patient_predictions"]
    return rows.drop_duplicates([*_KEYS, "subject_id"])


def _opening(results: Results) -> str:
    rows = _subjects(results)
    models = rows.drop_duplicates(_KEYS)
    names = n.listed(f"“{results.arm_label(arm)}”" for arm in models["arm"])
    people = n.plural(rows["subject_id"].nunique(), "subject")
    return (
        f"{names} gave predictions of {people}, each from the images and covariates "
        "of that subject alone unless the flag `adapted` says otherwise. A prediction "
        "with a red flag that the study does not accept (model.accept_flags) does not "
        "apply and is not told."
    )


def _status_table(results: Results) -> Table:
    columns = ["Model", "Hash", "Subjects", "Scored", "Not applicable", "Not scored"]
    return table(
        "Who was scored",
        columns,
        [
            [
                results.arm_label(part["arm"].iloc[0]),
                str(part["model_hash"].iloc[0])[:_LENGTH],
                str(len(part)),
                *(
                    str((part["status"] == status).sum())
                    for status in (SCORED, NOT_APPLICABLE, NOT_SCORED)
                ),
            ]
            for _, part in _subjects(results).groupby(_KEYS, sort=False)
        ],
        "Hash: first digits of the SHA-256 of the model's document. Not applicable: a "
        "flag voids the score. Not scored: a model could give none.",
    )


def _flags_table(results: Results) -> Table | None:
    rows = results["patient_flags"]
    if rows.empty:
        return None
    order = list(FLAGS)
    found = []
    for (arm, flag, severity), part in rows.groupby(["arm", "flag", "severity"]):
        void = part.loc[part["voids"].astype(bool), "subject_id"].nunique()
        found.append(
            [
                results.arm_label(str(arm)),
                str(flag),
                str(severity),
                str(part["subject_id"].nunique()),
                str(void),
                FLAGS[flag].words,  # type: ignore[index]
            ]
        )
    found.sort(key=lambda row: (row[0], order.index(row[1]), row[2]))  # type: ignore[arg-type]
    return table(
        "Flags",
        ["Model", "Flag", "Severity", "Subjects concerned", "Scores void", "Meaning"],
        found,
        "A subject may have several flags. Out of range within model.range_margin is "
        "amber.",
    )


def _chance(results: Results) -> Iterator[str]:
    """Sentences on how many subjects chance alone would flag, model by model."""
    for _, part in _subjects(results).groupby(_KEYS, sort=False):
        first, whole = part.iloc[0], len(part)
        told = [
            f"at most {n.decimal(whole * share, 1)} {words}"
            for share, words in (
                (first["chance_out_of_range"], "out of range"),
                (first["chance_distance"], "distant"),
            )
            if pd.notna(share)
        ]
        if told:
            yield (
                f"“{results.arm_label(first['arm'])}”: of so many subjects who are "
                "like those of development, chance alone would flag on average "
                f"{n.listed(told)}; what is more tells of another population, other "
                "scanners or other measurements."
            )


def _risks_table(results: Results) -> Table:
    """Distribution of probabilities or risks of those who were scored."""
    rows = results["patient_predictions"]
    rows = rows[rows["status"] == SCORED]
    groups = ordered(rows["risk_group"].dropna())
    parts = rows.groupby([*_KEYS, "horizon_days"], sort=False, dropna=False)
    found = [_risks_row(results, part, groups) for _, part in parts]
    return table(
        "Risks of those who were scored",
        ["Model", "Risk", "Subjects", "Median (quartiles)", "Percentile in development"]
        + [label(group) for group in groups],
        found,
        "Risk groups by the cuts of development. The percentile of subjects like those "
        "of development has the median 50 (quartiles 25 and 75).",
    )


def _risks_row(
    results: Results, part: pd.DataFrame, groups: Sequence[str]
) -> list[str]:
    """Risks of one model at one horizon."""
    horizon = part["horizon_days"].iloc[0]
    timed = pd.notna(horizon)
    return [
        results.arm_label(part["arm"].iloc[0]),
        f"by day {horizon:g}" if timed else "probability",
        str(len(part)),
        n.median_quartiles(part["risk" if timed else "probability"]),
        n.median_quartiles(part["percentile"], 0),
        *(str((part["risk_group"] == group).sum()) for group in groups),
    ]


def _patients_table(results: Results) -> Table:
    rows = results["patient_predictions"]
    columns = ["Subject", "Model", "Status", "Day", "Risk (95 % of samples)"]
    return table(
        "Every patient",
        [*columns, "Percentile", "Group", "Flags", "Reason"],
        [
            [
                str(row["subject_id"]),
                results.arm_label(row["arm"]),
                str(row["status"]),
                n.NONE if pd.isna(row["horizon_days"]) else f"{row['horizon_days']:g}",
                _risk(row),
                _or_none(row["percentile"], 0),
                _text(row["risk_group"]),
                _flags(row),
                _text(row["reason"]),
            ]
            for _, row in rows.iterrows()
        ],
        "The interval holds 95 % of what models of bootstrap samples of development "
        "say; it tells of the instability of the model, not of a patient's chance.",
        folded=True,
        of_people=True,
    )


def _risk(row: pd.Series) -> str:
    value = row["risk"] if pd.notna(row["horizon_days"]) else row["probability"]
    if pd.isna(value):
        return n.NONE
    if pd.isna(row["lower"]):
        return n.decimal(value)
    return (
        f"{n.decimal(value)} ({n.decimal(row['lower'])} to {n.decimal(row['upper'])})"
    )


def _flags(row: pd.Series) -> str:
    told = [row[name] for name in ("red_flags", "amber_flags") if pd.notna(row[name])]
    return ", ".join(" ".join(told).split()) or n.NONE


def _or_none(value: float, digits: int) -> str:
    return n.NONE if pd.isna(value) else n.decimal(value, digits)


def _text(found: object) -> str:
    return found if isinstance(found, str) else n.NONE
