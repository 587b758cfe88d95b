"""Given predictions as the tables that predictions of own arms have."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...errors import ConfigError, quoted
from ...feature_import.cells import text_of
from ...file_names import on_one_line
from ...folds.cohort import target_of
from ...subject_ids import look_of
from .cells import GivenRows, read_rows
from .columns import THRESHOLDS, column_faults
from .rows import row_faults, with_schemes
from .settings import ImportPredictions

_FOLD = ["scheme", "repeat", "fold"]
_MAX_SHOWN = 3


@dataclass(frozen=True)
class ImportedPredictions:
    """Given predictions by endpoint, their risks, and what the table held.

    `predictions` and `risks` are of these table kinds; `n_left_out` counts rows of
    subjects whom the study leaves out.
    """

    predictions: dict[str, pd.DataFrame]
    risks: dict[str, pd.DataFrame]
    n_rows: int
    n_left_out: int


def import_predictions(
    table: pd.DataFrame,
    cohort: pd.DataFrame,
    settings: ImportPredictions,
    source: str,
) -> ImportedPredictions:
    """Given predictions with the outcomes of the study, checked as a whole.

    Parameters
    ----------
    table : DataFrame
        As read by `tables.read_feature_table`.
    cohort : DataFrame
        Cohort of the study.
    settings : ImportPredictions
        Settings of the rule.
    source : str
        Name of the file, or names of several, for messages.

    Raises
    ------
    ConfigError
        Listing every fault of the table at once.
    """
    columns = [str(column) for column in table.columns]
    told = column_faults(columns, settings.table, settings.endpoints, settings.required)
    _raise((f"{key}: {message}" for key, message in told), source)
    kept = _without_left_out(table, settings)
    found = read_rows(kept, settings)
    faults = [*found.faults, *_subject_faults(found, cohort)]
    faults += _endpoint_faults(found, settings)
    _raise(faults, source)
    rows = with_schemes(found, cohort)
    _raise(row_faults(rows, cohort), source)
    return ImportedPredictions(
        {name: _predictions(rows, cohort, name) for name in settings.endpoints},
        {name: _risks(rows, settings, name) for name in settings.endpoints},
        len(table),
        len(table) - len(kept),
    )


def _without_left_out(table: pd.DataFrame, settings: ImportPredictions) -> pd.DataFrame:
    """The table without rows of subjects whom the study leaves out."""
    ids = pd.Series(text_of(table[settings.table.columns.subject_id]), dtype=object)
    kept = ~ids.isin([*settings.leave_out]).to_numpy()
    part = table[kept].reset_index(drop=True)
    lines = table.attrs.get("lines", range(2, len(table) + 2))
    part.attrs["lines"] = [line for line, own in zip(lines, kept, strict=True) if own]
    return part


def _raise(faults: Iterable[str], source: str) -> None:
    """Raise ConfigError with one line per fault, if there is any."""
    lines = [f"  {on_one_line(f'{source}: {fault}.')}" for fault in faults]
    if lines:
        raise ConfigError("\n".join(["The given predictions are not valid:", *lines]))


def _subject_faults(found: GivenRows, cohort: pd.DataFrame) -> Iterator[str]:
    """Subjects whom the subjects sheet does not list."""
    names = found.rows["subject_id"]
    known = set(cohort["subject_id"])
    strange = sorted(set(names) - known - {""})
    if not strange:
        return
    by_look = {look_of(name): name for name in sorted(known)}
    shown = [_alike(name, by_look) for name in strange[:_MAX_SHOWN]]
    ids = [quoted(name, "subject_id") for name in sorted(known)[:_MAX_SHOWN]]
    yield (
        f"{int(names.isin(strange).sum())} rows are of {len(strange)} subjects whom "
        f"the subjects sheet does not list, such as {', '.join(shown)}; expected ids "
        f"like {', '.join(ids)}; write them alike, or list who is not meant in "
        "sheets.leave_out"
    )


def _alike(name: str, by_look: Mapping[str, str]) -> str:
    """An unknown id, and the id of the sheet that looks like it."""
    other = by_look.get(look_of(name))
    like = "" if other is None else f" (there {quoted(other, 'subject_id')})"
    return quoted(name, "subject_id") + like


def _endpoint_faults(found: GivenRows, settings: ImportPredictions) -> Iterator[str]:
    """Endpoints, and models of them, without a row."""
    have = set(zip(found.rows["endpoint"], found.rows["model"], strict=True))
    for endpoint in settings.endpoints:
        absent = [one for one in settings.models if (endpoint, one) not in have]
        if absent:
            yield (
                f"endpoint {endpoint!r} has no row of {', '.join(map(repr, absent))}; "
                "every model predicts every endpoint of a study: give its rows, or "
                "judge it in a study of its own"
            )


def _predictions(
    rows: pd.DataFrame, cohort: pd.DataFrame, endpoint: str
) -> pd.DataFrame:
    """Predictions of one endpoint, as a table of kind "predictions"."""
    mine = rows[rows["endpoint"] == endpoint]
    known = outcomes_of_folds(mine, cohort, endpoint)
    table = mine.merge(known, on=[*_FOLD, "subject_id"], how="left", sort=False)
    empty = table["risk_group"] == ""
    columns = ["endpoint", "arm", *_FOLD, "subject_id", "group", "cluster", "event"]
    columns += [
        "time_days",
        "stratum",
        "weight",
        "cause",
        "score",
        "probability",
        "risk_group",
    ]
    columns += ["reason", *THRESHOLDS]
    table = table.assign(
        arm=table["model"],
        repeat=table["repeat"].astype(int),
        risk_group=table["risk_group"].mask(empty, None),
        reason=table["reason"].where(table["score"].isna(), None),
    )
    return in_order(table[[name for name in columns if name in table]])


def outcomes_of_folds(
    rows: pd.DataFrame, cohort: pd.DataFrame, endpoint: str
) -> pd.DataFrame:
    """Outcome, group and cluster of the evaluation subjects of each fold.

    Weights for those who are censored before a horizon are learnt within each fold.
    """
    parts = []
    for _, part in rows.groupby(_FOLD, sort=True):
        own = cohort[cohort["subject_id"].isin(part["subject_id"])]
        labels = own.set_index("subject_id")[["group", "cluster"]]
        known = target_of(own, endpoint).join(labels).reset_index(names="subject_id")
        keys = part[[*_FOLD, "subject_id"]].drop_duplicates()
        parts.append(keys.merge(known, on="subject_id"))
    return pd.concat(parts, ignore_index=True)


def _risks(
    rows: pd.DataFrame, settings: ImportPredictions, endpoint: str
) -> pd.DataFrame:
    """Risks of one endpoint at its days, as a table of kind "risks"."""
    mine = rows[rows["endpoint"] == endpoint].assign(arm=lambda own: own["model"])
    keys = ["endpoint", "arm", *_FOLD, "subject_id"]
    parts = [
        mine[keys].assign(horizon_days=float(day), risk=mine[f"risk_{day:g}"])
        for day in settings.endpoints[endpoint].horizons
    ]
    if not parts:
        return pd.DataFrame(columns=[*keys, "horizon_days", "risk"])
    table = pd.concat(parts, ignore_index=True).assign(
        repeat=lambda own: own["repeat"].astype(int)
    )
    return in_order(table)


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by arm, fold and subject."""
    keys = ["arm", *_FOLD, "subject_id"]
    return table.sort_values(keys, kind="stable", ignore_index=True)


def document(
    imported: ImportedPredictions,
    settings: ImportPredictions,
    files: Iterable[Any],
) -> dict[str, Any]:
    """Counts of the table and what is declared of it, for the report (JSON)."""
    parts = [
        {"endpoint": endpoint, "scheme": str(scheme), **held(part)}
        for endpoint, table in imported.predictions.items()
        for scheme, part in table.groupby("scheme", sort=True)
    ]
    return {
        "files": [one._asdict() for one in files],
        "rows": imported.n_rows,
        "rows_left_out": imported.n_left_out,
        "software": settings.declared.software,
        "provenance": settings.declared.provenance,
        "parts": parts,
    }


def held(part: pd.DataFrame) -> dict[str, Any]:
    """Models, folds and optional columns of the predictions of one scheme."""
    return {
        "models": sorted(set(part["arm"])),
        "repeats": int(part["repeat"].nunique()),
        "folds": len(part[_FOLD].drop_duplicates()),
        "subjects": int(part["subject_id"].nunique()),
        "unscored": int(part["score"].isna().sum()),
        "probabilities": bool(part["probability"].notna().any()),
        "risk_groups": bool(part["risk_group"].notna().any()),
        "thresholds": [c for c in THRESHOLDS if c in part and part[c].notna().any()],
    }
