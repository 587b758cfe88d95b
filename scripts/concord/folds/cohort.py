"""The cohort: one row per subject with site, batches, covariates and outcomes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ConfigError, TableError, quoted
from ..fields import CohortColumns
from ..statistics.censoring import horizon_weights
from ..subject_ids import numbered
from ..tables import read_tsv, write_tsv
from . import batch_column
from .batch_column import BatchColumn
from .cohort_columns import Labels, Values
from .declared_splits import PREFIX as SPLITS
from .endpoints.horizon import CENSORED_BEFORE, FOLLOW_UP
from .endpoints.strata import STRATUM
from .settings import AssembleCohort

#: Columns that every cohort has.
KEYS = ("subject_id", "site", "group", "cluster")
#: Prefixes of its other columns; the text after the dot is a name of the study.
NUMBERS: tuple[str, ...] = ("covariate.", "event.", "cause.", "time_days.")
NUMBERS += (CENSORED_BEFORE, FOLLOW_UP, "treatment.")
TEXTS = (batch_column.PREFIX, "factor.", STRATUM, SPLITS)
_MAX_SHOWN = 5


def assemble(
    sheet: pd.DataFrame,
    acquisition: pd.DataFrame | None,
    settings: AssembleCohort,
    subjects: Sequence[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One checked row per subject of the study, sorted by subject.

    Parameters
    ----------
    sheet : DataFrame
        The study's subject sheet, all columns as text.
    acquisition : DataFrame or None
        Facts of each image, one column each, see `facts.read_facts`; None of a study
        without images, whose groups are its sites.
    settings : AssembleCohort
        Columns of the sheet, batches, group, covariates, factors and endpoints.
    subjects : sequence of str, optional
        Subjects to include; by default all. Nobody who is left out or sealed ever is.

    Returns
    -------
    tuple of DataFrame
        The cohort, and the spellings of its labels (table kind "labels"). The cohort
        has `subject_id`, `site`, `group`, `cluster`, `batch.<image>.<variable>`,
        `factor.<name>` (text), `covariate.<name>` (a category gives one 0/1 column
        `covariate.<name>=<level>` per level but the first), `event.<endpoint>`
        (0/1), `cause.<endpoint>` (code, of competing causes), `time_days.<endpoint>`
        (days), `stratum.<endpoint>` (text) and, of an outcome at a horizon,
        `censored_before.<endpoint>` (0/1) and, if subjects are weighted,
        `follow_up_days.<endpoint>`; `treatment.<endpoint>` (1 treated, 0 control);
        `split.<scheme>` of declared splits. Empty cells are NaN, of texts "unknown".

    Raises
    ------
    ConfigError
        Listing every fault of the sheet at once.
    """
    _require_columns(sheet, settings)
    ids = _ids(sheet, settings)
    every = set(ids.dropna() if subjects is None else subjects)
    # The one door for outcomes: nothing of a sealed subject's row is read beyond it.
    rows, faults = _rows(sheet, ids, sorted(every - settings.kept_out))
    cohort = pd.DataFrame(
        {"subject_id": rows.index, "site": _sites(rows, settings.sheet)}
    )
    _check_sites(cohort, faults)
    labels = Labels(cohort, acquisition, settings.baseline_session, faults)
    cohort["site"] = labels.labelled("site", cohort["site"], safe=False)
    cohort["group"] = labels.of(settings.group)
    cohort["cluster"] = _clusters(rows, settings.sheet)
    for column, values in _batches_and_factors(rows, labels, settings):
        cohort[column] = values
    typed = Values(rows, faults)
    for name, covariate in settings.covariates.items():
        cohort = cohort.join(typed.covariate(name, covariate), on="subject_id")
    for name, endpoint in settings.endpoints.items():
        cohort = cohort.join(typed.endpoint(name, endpoint), on="subject_id")
        if endpoint.strata:
            cohort[f"{STRATUM}{name}"] = typed.strata(cohort, endpoint.strata, settings)
    cohort = cohort.join(settings.splits.of_rows(rows, faults), on="subject_id")
    _raise(faults, sheet)
    return cohort, labels.spellings()


def _batches_and_factors(
    rows: pd.DataFrame, labels: Labels, settings: AssembleCohort
) -> Iterator[tuple[str, pd.Series]]:
    """Name and labels of each batch column, then of each factor."""
    for image, variables in sorted(settings.batch.items()):
        for variable in variables:
            column = "site" if variable == "site" else f"{image}.{variable}"
            yield str(BatchColumn(image, variable)), labels.of(column)
    for name, factor in settings.factors.items():
        column = f"factor.{name}"
        raw = pd.Series(rows[factor.column].to_numpy(dtype=object))
        yield column, labels.labelled(column, raw, safe=False)


def write(cohort: pd.DataFrame, path: str | Path) -> None:
    """Write a cohort as TSV; missing is NA."""
    write_tsv(_check(cohort, path), path)


def read(path: str | Path) -> pd.DataFrame:
    """Read and check a cohort."""
    return _check(read_tsv(path), path)


def covariate_columns(cohort: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Columns of the named covariates, in order; ConfigError for an unknown one."""
    columns = []
    for name in names:
        own = f"covariate.{name}"
        found = [c for c in cohort.columns if c == own or c.startswith(f"{own}=")]
        if not found:
            known = sorted(c for c in cohort.columns if c.startswith("covariate."))
            raise ConfigError(
                f"covariate {name!r} is not in the cohort, which has {known}. "
                "Declare it in the section covariates."
            )
        columns += found
    return columns


def outcome(cohort: pd.DataFrame, endpoint: str) -> pd.DataFrame:
    """`event` (0/1) and `time_days` of an endpoint, indexed by subject."""
    column = f"event.{endpoint}"
    if column not in cohort.columns:
        known = [c for c in cohort.columns if c.startswith("event.")]
        raise ConfigError(f"endpoint {endpoint!r} is not in the cohort: {known}.")
    event = cohort[column].astype(float)
    time = cohort.get(f"time_days.{endpoint}", pd.Series(float("nan"), cohort.index))
    table = pd.DataFrame({"event": event, "time_days": time.astype(float)})
    return table.set_axis(cohort["subject_id"], axis=0)


def target_of(cohort: pd.DataFrame, endpoint: str) -> pd.DataFrame:
    """Outcome of an endpoint with what else a model or a metric needs of it.

    Of an endpoint with strata, also `stratum` (text); of competing causes, `cause`
    (code). Of one at a horizon whose
    subjects are weighted, also `weight`, learnt from these subjects and no other; see
    `censoring.horizon_weights`.
    """
    table = outcome(cohort, endpoint)
    if f"{STRATUM}{endpoint}" in cohort.columns:
        table["stratum"] = cohort[f"{STRATUM}{endpoint}"].to_numpy(dtype=object)
    if f"{FOLLOW_UP}{endpoint}" in cohort.columns:
        days = cohort[f"{FOLLOW_UP}{endpoint}"].to_numpy(dtype=float)
        table["weight"] = horizon_weights(table["event"].to_numpy(), days)
    if f"cause.{endpoint}" in cohort.columns:
        table["cause"] = causes(cohort, endpoint).to_numpy()
    return table


def causes(cohort: pd.DataFrame, endpoint: str) -> pd.Series:
    """Code of the cause (0: none so far) of a competing endpoint, by subject."""
    column = f"cause.{endpoint}"
    if column not in cohort.columns:
        known = [c for c in cohort.columns if c.startswith("cause.")]
        raise ConfigError(
            f"endpoint {endpoint!r} has no causes in the cohort: {known}."
        )
    return cohort.set_index("subject_id")[column].astype(float)


def events(cohort: pd.DataFrame, endpoint: str | None) -> pd.Series | None:
    """Events (0/1) of an endpoint by row of the cohort; None without an endpoint."""
    return None if endpoint is None else outcome(cohort, endpoint)["event"]


def _require_columns(sheet: pd.DataFrame, settings: AssembleCohort) -> None:
    needed = {}
    if settings.unnamed_subjects != "number":
        needed[settings.sheet.subject_id_column] = "subject_id_column"
    if settings.sheet.site is None:
        needed[str(settings.sheet.site_column)] = "site_column"
    if settings.sheet.cluster_column is not None:
        needed[settings.sheet.cluster_column] = "cluster_column"
    needed |= settings.splits.columns()
    for name, covariate in settings.covariates.items():
        needed[covariate.column] = f"covariates.{name}"
    for name, factor in settings.factors.items():
        needed[factor.column] = f"factors.{name}"
    for name, endpoint in settings.endpoints.items():
        for key, column in endpoint.all_columns.items():
            needed[column] = f"endpoints.{name}.{key}"
    _raise(
        [
            f"column {column!r} (of {key}) is missing; the sheet has "
            f"{list(sheet.columns)}."
            for column, key in needed.items()
            if column not in sheet.columns
        ],
        sheet,
    )


def _ids(sheet: pd.DataFrame, settings: AssembleCohort) -> pd.Series:
    """Subject of each row of the sheet, named after its column if there is one."""
    column = settings.sheet.subject_id_column
    absent = pd.Series(pd.NA, index=sheet.index, dtype="string")
    text = sheet.get(column, absent).str.strip()
    given = [None if pd.isna(name) or not name else str(name) for name in text]
    names = numbered(given, settings.unnamed_subjects, settings.unnamed_words)
    return pd.Series(names, index=sheet.index, dtype="string", name=column)


def _rows(
    sheet: pd.DataFrame, ids: pd.Series, wanted: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """The sheet's rows of the study's subjects, sorted, and the faults so far."""
    column, n_empty = str(ids.name), int(ids.isna().sum())
    faults = [f"{n_empty} rows have no {column!r}; fill or delete them."] * (
        n_empty > 0
    )
    faults += [
        f"subject {subject!r} stands in {n} rows of column {column!r}; keep one."
        for subject, n in ids.value_counts().sort_index().items()
        if n > 1 and subject in wanted
    ]
    faults += [
        f"subject {subject!r} has no row in column {column!r}; add one."
        for subject in wanted
        if subject not in set(ids.dropna())
    ]
    named = sheet.assign(**{column: ids})[ids.notna()]
    rows = named.drop_duplicates(column).set_index(column, drop=False)
    return rows.loc[[subject for subject in wanted if subject in rows.index]], faults


def _sites(rows: pd.DataFrame, columns: CohortColumns) -> Any:
    if columns.site is not None:
        return columns.site
    return rows[columns.site_column].str.strip().to_numpy(dtype=object)


def _clusters(rows: pd.DataFrame, columns: CohortColumns) -> Any:
    """Cluster of each row; a row that names none is one of its own."""
    own = pd.Series(rows.index, rows.index, dtype=object)
    if columns.cluster_column is None:
        return own.to_numpy()
    named = rows[columns.cluster_column].str.strip().astype(object)
    return named.where(named.notna() & (named != ""), own).to_numpy()


def _check_sites(cohort: pd.DataFrame, faults: list[str]) -> None:
    empty = cohort.loc[cohort["site"].isna(), "subject_id"]
    if len(empty):
        faults.append(f"subjects {empty.head(_MAX_SHOWN).tolist()} have no site.")


def _raise(faults: list[str], sheet: pd.DataFrame) -> None:
    if faults:
        lines = [f"  {fault}" for fault in faults]
        name = sheet.attrs.get("source", "")
        first = f"The subject sheet{f' {name}' if name else ''} is not valid:"
        raise ConfigError("\n".join([first, *lines]))


def _check(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    """The cohort with its columns typed, or TableError naming the column."""
    unknown = [
        name
        for name in table.columns
        if name not in KEYS and not str(name).startswith(NUMBERS + TEXTS)
    ]
    missing = [name for name in KEYS if name not in table.columns]
    if missing or unknown:
        raise TableError(
            f"{path}: not a cohort: missing columns {missing}, unknown columns "
            f"{unknown}."
        )
    if table["subject_id"].duplicated().any():
        raise TableError(f"{path}: subject_id is not unique.")
    return pd.DataFrame({name: _typed(table[name], path) for name in table.columns})


def _typed(values: pd.Series, path: str | Path) -> pd.Series:
    if not str(values.name).startswith(NUMBERS):
        if values.isna().any():
            raise TableError(f"{path}: column {values.name!r} has empty cells.")
        return values.astype(object)
    try:
        return values.astype("Float64").astype(float)
    except ValueError as error:
        raise TableError(
            f"{path}: column {values.name!r} must hold numbers: {quoted(error)}."
        ) from error
