"""Sections on models: design, discrimination, selected features."""

import pandas as pd

from ...figures import labels
from ...figures.labels import no_coefficients
from ...figures.summaries import TOP, groups, most_selected
from ...folds.fold_sets import endpoint_of
from ...methods_clauses import clauses
from ...models.settings.arm import ArmSection
from .. import numbers as n
from ..blocks import Block, Section, Table, section, table, text
from ..results import Results
from .company import company_table
from .compared_subjects import compared_subjects
from .evaluation.course import course_blocks
from .missing_values import missing_table, noted_fits
from .models.competing import competing_blocks
from .models.tuning import tuning_table
from .same_patient import cluster_sentences

_SCHEMES = labels.SCHEMES
_HALVES = (
    "Half samples: their mean share in the fits that selected the feature; where none "
    "was chosen by {:g} %, the most frequent feature was taken."
)
#: Units of coefficients by the scaling of an arm.
_UNITS = {"standardize": "SD", "robust": "robust SD", "none": "unit"}


def design_section(results: Results) -> Section:
    """Folds and arms."""
    return section(
        "validation",
        "Validation design",
        text(
            "Everything that is learnt from data (harmonization, filters, selection, "
            "scaling, models, risk cut-offs) is learnt from development subjects only."
        ),
        text(*cluster_sentences(results)),
        _folds_table(results),
        _arms_table(results),
        company_table(results),
        _fits_table(results),
        missing_table(results),
    )


def endpoint_section(results: Results, endpoint: str) -> Section:
    """Discrimination and selected features of one endpoint."""
    return section(
        f"endpoint-{endpoint}",
        results.endpoint_label(endpoint),
        _performance_table(results, endpoint, overall=True),
        _performance_table(results, endpoint, overall=False),
        _comparison_table(results, endpoint),
        compared_subjects(results, endpoint),
        *competing_blocks(results, endpoint),
        *course_blocks(results, endpoint),
        _selection_table(results, endpoint),
        tuning_table(results, endpoint),
    )


def _folds_table(results: Results) -> Table | None:
    folds = results["folds"]
    if folds.empty:
        return None
    return table(
        "Folds",
        [
            "Scheme",
            "Spread evenly",
            "Repeats",
            "Folds in all",
            "Development",
            "Evaluation",
        ],
        [
            _folds_row(results, names, part)
            for names, part in groups(folds, ["fold_set", "scheme"])
        ],
        "Subjects per fold as a range. All models of an endpoint use the same folds.",
    )


def _folds_row(
    results: Results, names: tuple[str, ...], part: pd.DataFrame
) -> list[str]:
    """Sizes of the folds of one scheme in one set."""
    fold_set, scheme = names
    sizes = part.groupby(["repeat", "fold", "role"]).size().unstack(fill_value=0)
    endpoint = endpoint_of(fold_set)
    return [
        _SCHEMES.get(scheme, scheme),
        "group" if endpoint is None else results.endpoint_label(endpoint),
        str(part["repeat"].nunique()),
        str(len(sizes)),
        n.spread(sizes["development"], 0),
        n.spread(sizes["evaluation"], 0),
    ]


def _arms_table(results: Results) -> Table:
    return table(
        "Arms",
        ["Arm", "Covariates", "Features", "Harmonization and model"],
        [_arm_row(results, arm, results.settings.arms[arm]) for arm in results.arms],
    )


def _arm_row(results: Results, arm: str, options: ArmSection) -> list[str]:
    roles = {results.headline: " (headline)", results.reference: " (reference)"}
    if options.fusion is not None:
        names = {name: results.arm_label(name) for name in results.arms}
        how = clauses(options.fusion, names)
        label = results.arm_label(arm) + roles.get(arm, "")
        return [label, "of its members", "of its members", "; ".join(how.values())]
    covariates = [results.covariate_label(name) for name in options.covariates]
    if options.group_indicator:
        covariates.append("group")
    others = clauses(options, results.printed_names)
    for shown in ("covariates", "group_indicator", "features"):
        others.pop(shown, None)
    return [
        results.arm_label(arm) + roles.get(arm, ""),
        n.listed(covariates) or "none",
        ", ".join(options.features) or "none",
        "; ".join(others.values()) or n.NONE,
    ]


def _fits_table(results: Results) -> Table | None:
    """Fits that failed or were noteworthy."""
    noted = list(noted_fits(results["fits"]))
    if not noted:
        return None
    return table(
        "Fits that failed or were noteworthy",
        ["Endpoint", "Arm", "Status", "Message", "Fits"],
        [
            [
                results.endpoint_label(endpoint),
                results.arm_label(arm),
                status,
                message,
                str(n_fits),
            ]
            for endpoint, arm, status, message, n_fits in noted
        ],
        folded=True,
    )


def _performance_table(results: Results, endpoint: str, overall: bool) -> Table | None:
    """All arms and schemes of an endpoint: over all subjects, or within strata."""
    rows = results.of("performance", endpoint=endpoint)
    rows = rows[(rows["stratum"] == "all") == overall]
    if rows.empty:
        return None
    metric = labels.metric(rows["metric"].iloc[0])
    value = f"{metric} ({results.confidence} interval)"
    return table(
        f"{metric} of all arms" + ("" if overall else ", within and by group"),
        ["Arm", "Scheme", "Subjects compared", value, "Events", "Folds"],
        [
            [
                results.arm_label(row["arm"]),
                _SCHEMES.get(row["scheme"], row["scheme"]),
                _stratum(row["stratum"]),
                _value(row),
                f"{row['n_events']} of {row['n']}",
                str(row["n_folds"]),
            ]
            for _, row in _in_order(results, rows, "stratum").iterrows()
        ],
        _how(rows),
        folded=not overall,
    )


def _in_order(results: Results, rows: pd.DataFrame, *last: str) -> pd.DataFrame:
    """Rows by scheme, then by arm in the order of all tables, then by `last`."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    return placed.sort_values(["scheme", "place", *last])


def _stratum(stratum: str) -> str:
    if stratum.startswith("group="):
        return f"group {stratum.removeprefix('group=')}"
    return {"all": "all", "within": "of the same group"}.get(stratum, stratum)


def _value(row: pd.Series) -> str:
    """A value with its interval, or why it is not defined."""
    if pd.isna(row["estimate"]) and pd.notna(row["reason"]):
        return f"{n.UNDEFINED}: {row['reason']}"
    return n.interval(row)


def _how(rows: pd.DataFrame) -> str:
    """Method behind the values of a table."""
    return f"Method: {n.listed_methods(rows) or 'not stated'}."


def _comparison_table(results: Results, endpoint: str) -> Table | None:
    rows = results.of("comparisons", endpoint=endpoint)
    if rows.empty:
        return None
    metric = labels.metric(rows["metric"].iloc[0])
    return table(
        "Differences between arms",
        [
            "Arm",
            "Minus",
            "Scheme",
            f"Difference of the {metric}",
            f"{metric} of both",
            "Events",
            "Folds",
        ],
        [
            _comparison_row(results, row)
            for _, row in _in_order(results, rows, "reference_arm").iterrows()
        ],
        f"{results.confidence} intervals. Both arms are judged by the subjects that "
        f"both have scored. {_how(rows)}",
        shows="comparisons",
    )


def _comparison_row(results: Results, row: pd.Series) -> list[str]:
    values = map(n.decimal, (row["estimate_arm"], row["estimate_reference"]))
    return [
        results.arm_label(row["arm"]),
        results.arm_label(row["reference_arm"]),
        _SCHEMES.get(row["scheme"], row["scheme"]),
        _value(row),
        " against ".join(values),
        f"{row['n_events']} of {row['n']}",
        str(row["n_folds"]),
    ]


def _selection_table(results: Results, endpoint: str) -> Block | None:
    if results.judges_given:
        return None
    rows = results.of("selection", endpoint=endpoint)
    chosen = most_selected(rows, results.headline, TOP)
    arm = results.settings.arms[results.headline]
    if chosen.empty:
        return text(no_coefficients(arm.model))
    unit = f"Mean coefficient per {_UNITS[arm.scaling]}"
    if arm.model.is_given:
        unit = "Published weight"
    halves = arm.selection == "stability"
    return table(
        f"Features of “{results.arm_label(results.headline)}” selected most often",
        ["Feature", "Selected", unit, *(["Chosen by half samples"] if halves else [])],
        [
            [
                labels.feature(row["term"]),
                n.share(row["n_selected"], row["n_fits"]),
                n.decimal(row["mean_coefficient"], 3),
                *([n.percent(row["half_sample_share"], 1)] if halves else []),
            ]
            for _, row in chosen.iterrows()
        ],
        _HALVES.format(arm.selection_threshold * 100) if halves else "",
    )
