"""Missing predictors: who was scored with imputed values, and rescued fits."""

from collections.abc import Iterator

import pandas as pd

from ...figures import labels
from ...figures.summaries import groups
from ...folds.scheme import CV
from .. import numbers as n
from ..blocks import Table, table
from ..results import Results

_COLUMNS = (
    "Endpoint",
    "Arm",
    "Scheme",
    "All predictors",
    "Some imputed",
    "Missing share of these",
    "Not scored",
    "Why",
)
#: Column of studies with fused arms.
_PARTIAL = "Without a member"


def missing_table(results: Results) -> Table | None:
    """Subjects by how much was known of them, with the events among them."""
    rows = results["missing_values"]
    if rows.empty:
        return None
    columns = [*_COLUMNS, *([_PARTIAL] if _tells_partial(rows) else [])]
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    ordered = placed.sort_values(["endpoint", "scheme", "place"])
    return table(
        "Subjects with missing predictors",
        columns,
        [_row(results, row) for _, row in ordered.iterrows()],
        "Evaluation subjects of the first repeat, in brackets the events among them. "
        "Predictors are the features and covariates of the arm, also those that its "
        "model did not select. Imputed values are what is usual in development.",
        folded=not _anything_missing(rows),
    )


def missing_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Sentences on imputed and unscored subjects of the headline and its reference."""
    for arm in dict.fromkeys((results.headline, results.reference)):
        found = results.of("missing_values", endpoint=endpoint, arm=arm, scheme=CV.name)
        for _, row in found[_missing(found)].iterrows():
            yield _sentence(results, row)


def rescue_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Sentences on fits of these arms that had no optimum without a penalty."""
    roles = {results.headline: "headline", results.reference: "reference"}
    for arm, role in roles.items():
        fits = results.of("fits", endpoint=endpoint, arm=arm)
        given = fits["rescue"] if "rescue" in fits else pd.Series(dtype="string")
        rescued = given.dropna()
        if len(rescued):
            label = results.arm_label(arm)
            why = " ".join(sorted(set(rescued)))
            fused = results.settings.arms[arm].fusion is not None
            what = "fell back" if fused else "had no optimum"
            yield (
                f"{n.share(len(rescued), len(fits))} fits of the {role} arm “{label}” "
                f"{what}: {why}"
            )


def noted_fits(fits: pd.DataFrame) -> Iterator[tuple[str, str, str, str, int]]:
    """Endpoint, arm, status, what is to be said and number of fits, one per arm."""
    noted = fits[(fits["status"] != "ok") | fits["message"].notna()]
    noted = noted.fillna({"message": n.NONE})
    for (endpoint, arm, status), part in groups(noted, ["endpoint", "arm", "status"]):
        yield endpoint, arm, status, _notes(part["message"]), len(part)


def _notes(messages: pd.Series) -> str:
    """Each message once, with its fits if there are others; numbers as a range."""
    parts = messages.str.extract(r"^(?P<count>\d+)? ?(?P<text>.*)$")
    found = []
    for (text,), part in groups(parts, ["text"]):
        counts = part["count"].dropna().astype(int)
        words = f"{n.spread(counts, 0)} {text}" if len(counts) else str(text)
        several = parts["text"].nunique() > 1
        found.append(f"{words} ({n.plural(len(part), 'fit')})" if several else words)
    return " / ".join(found)


def _missing(rows: pd.DataFrame) -> pd.Series:
    found = (rows["n_imputed"] > 0) | (rows["n_unscored"] > 0)
    return found | (rows["n_partial"] > 0) if _tells_partial(rows) else found


def _tells_partial(rows: pd.DataFrame) -> bool:
    """True if the table tells who was scored without a member of a fused arm."""
    return "n_partial" in rows and bool(rows["n_partial"].notna().any())


def _anything_missing(rows: pd.DataFrame) -> bool:
    return bool(_missing(rows).any())


def _row(results: Results, row: pd.Series) -> list[str]:
    return [
        results.endpoint_label(row["endpoint"]),
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        _counted(row, "_complete"),
        _counted(row, "_imputed"),
        _shares(row) or n.NONE,
        _counted(row, "_unscored"),
        row["reasons"] if pd.notna(row["reasons"]) else n.NONE,
        *([_counted(row, "_partial")] if pd.notna(row.get("n_partial")) else []),
    ]


def _counted(row: pd.Series, which: str) -> str:
    return f"{row[f'n{which}']} ({row[f'n_events{which}']})"


def _shares(row: pd.Series) -> str:
    if pd.isna(row["largest_share"]):
        return ""
    middle, most = (100 * row[name] for name in ("median_share", "largest_share"))
    return f"median {middle:.2g} %, at most {most:.2g} %"


def _sentence(results: Results, row: pd.Series) -> str:
    label = results.arm_label(row["arm"])
    parts = [f"{_with_events(row, '_complete')} had all predictors of “{label}”"]
    if row["n_imputed"]:
        parts.append(
            f"{_with_events(row, '_imputed')} were scored with imputed values "
            f"({_shares(row)} of the predictors)"
        )
    if pd.notna(row.get("n_partial")) and row["n_partial"]:
        parts.append(
            f"{_with_events(row, '_partial')} were scored without a member of it"
        )
    if row["n_unscored"]:
        parts.append(
            f"{_with_events(row, '_unscored')} were not scored ({row['reasons']})"
        )
    total = n.plural(row["n"], "evaluation subject")
    return f"Of {total}, {n.listed(parts)}."


def _with_events(row: pd.Series, which: str) -> str:
    return f"{row[f'n{which}']} ({n.plural(row[f'n_events{which}'], 'event')})"
