"""Section on the multiverse: where the headline stands among all analyses."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....figures import labels
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results

#: Reasons of combinations that cannot be, shown at most.
_MOST_REASONS = 3


def multiverse_section(results: Results, endpoint: str) -> Section | None:
    """All analyses of an endpoint at once; None without a multiverse."""
    rows = results.of("multiverse", endpoint=endpoint)
    if rows.empty:
        return None
    row = rows.iloc[0]
    return section(
        f"multiverse-{endpoint}",
        f"{results.endpoint_label(endpoint)}: every analysis at once",
        text(
            " ".join(claims(results, row)),
            _counts(row),
            " ".join(_impossible(results, endpoint)),
        ),
        _summary_table(results, row, endpoint),
        _effects_table(results, endpoint),
    )


def multiverse_findings(results: Results, endpoint: str) -> Iterator[str]:
    """The claim in one paragraph, if the study has a multiverse."""
    rows = results.of("multiverse", endpoint=endpoint)
    if len(rows):
        yield " ".join(claims(results, rows.iloc[0]))


def _paragraph(results: Results) -> str:
    """Methods: what was varied, in how many analyses, and how they were tested."""
    rows, effects = results["multiverse"], results["choice_effects"]
    keys = list(dict.fromkeys(effects["key"]))
    varied = n.listed(f"{labels.key_name(key).lower()} ({key})" for key in keys)
    first = rows.iloc[0]
    declared, every = int(first["n_declared"]), int(first["n_combinations"])
    which = "All" if declared == every else f"{declared}, drawn at random, of all"
    scheme = labels.SCHEMES[str(first["scheme"])].lower()
    n_permutations = int(rows["n_permutations"].max())
    return (
        f"{which} {every} combinations of alternatives for {varied} were analysed in "
        f"the same folds ({scheme}). Each was compared with the reference arm in the "
        f"same subjects and with {n_permutations} permutations of the outcome within "
        "groups, the same for all combinations, which also gave p-values of the median "
        "value, of the share of combinations above their null and of the "
        "mean in SD of the null (specification curve, "
        "doi:10.1038/s41562-020-0912-z). The variance of the values was divided by the "
        "main effects of the choices."
    )


def multiverse_paragraphs(results: Results) -> Iterator[str]:
    """Methods of the multiverse, if the study has one."""
    if len(results["multiverse"]):
        yield _paragraph(results)


def claims(results: Results, row: pd.Series) -> Iterator[str]:
    """Sentences on the place of the headline, the shares, and the choices."""
    if not row["n_specifications"]:
        yield f"No analysis has a value: {row['reason']}."
        return
    yield _place(results, row)
    yield _shares(results, row)
    yield from _joint(row)
    yield from _choice(results, row)


def _place(results: Results, row: pd.Series) -> str:
    metric = labels.metric(row["metric"])
    spread = (
        f"a median {metric} of {n.decimal(row['median'])} (range "
        f"{n.decimal(row['lowest'])} to {n.decimal(row['highest'])})"
    )
    total = int(row["n_specifications"])
    if pd.isna(row["headline"]):
        return f"{n.plural(total, 'analysis')} reached {spread}; the headline has none."
    return (
        f"Among {total} analyses in the same folds, which reached {spread}, the "
        f"headline arm “{results.arm_label(results.headline)}” "
        f"({n.decimal(row['headline'])}) stands at place {int(row['rank'])} of "
        f"{total}, counted from the highest value."
    )


def _shares(results: Results, row: pd.Series) -> str:
    reference = results.arm_label(results.reference)
    share = row["share_above_reference"]
    if pd.isna(share):
        words = f"None could be compared with “{reference}”"
    else:
        words = (
            f"{n.percent(share, 1)} of them exceed the reference “{reference}” (median "
            f"difference {n.decimal(row['median_difference'])}), "
            f"{n.percent(row['share_surely_above_reference'], 1)} with an interval "
            "above 0"
        )
    above = row["share_above_null"]
    if pd.isna(above):
        return f"{words}."
    return (
        f"{words}; {n.percent(above, 1)} exceed their own null (p ≤ "
        f"{n.decimal(row['level'])}), against {n.percent(row['null_share_above'], 1)} "
        "on average when outcomes mean nothing."
    )


def _joint(row: pd.Series) -> Iterator[str]:
    """Tests of all analyses together."""
    if pd.notna(row["p_share"]):
        yield (
            "All analyses together, which share subjects and permutations: "
            f"p = {n.decimal(row['p_share'], 3)} for that share, "
            f"{n.decimal(row['p_median'], 3)} for the median value and "
            f"{n.decimal(row['p_mean_z'], 3)} for the mean in SD of the null "
            f"({int(row['n_permutations'])} permutations; no p-value can be lower than "
            f"{n.decimal(1 / (1 + row['n_permutations']), 3)})."
        )


def _choice(results: Results, row: pd.Series) -> Iterator[str]:
    """The choice that moves the value most."""
    rows = results.of("choice_effects", endpoint=row["endpoint"])
    if rows.empty or pd.isna(rows.iloc[0]["share"]):
        return
    first = rows.iloc[0]
    yield (
        f"The choice of “{labels.key_name(first['key'])}” moves the value most "
        f"({n.percent(first['share'], 1)} of the variance; mean "
        f"{n.decimal(first['lowest_mean'])} with {first['lowest_value']} to "
        f"{n.decimal(first['highest_mean'])} with {first['highest_value']}; a range as "
        f"wide in {n.percent(first['p_value'], 1)} of the permutations)."
    )


def _counts(row: pd.Series) -> str:
    """Combinations that were declared, and those that are not among the analyses."""
    parts = [
        (row["n_impossible"], "contradict themselves"),
        (row["n_same"], "are the same models as another one"),
        (row["n_failed"], "could be fitted in no fold"),
    ]
    told = [f"{int(count)} {words}" for count, words in parts if count]
    declared, every = int(row["n_declared"]), int(row["n_combinations"])
    drawn = f", of which {declared} were drawn at random" if declared < every else ""
    rest = f" {n.listed(told)}." if told else ""
    return (
        f"The alternatives that the configuration declares make {every} "
        f"combinations{drawn}.{rest}"
    )


def _impossible(results: Results, endpoint: str) -> Iterator[str]:
    """Reasons of combinations that have no value, each once."""
    rows = results.of("specifications", endpoint=endpoint)
    lost = rows[rows["status"].isin(["impossible", "failed"])]
    reasons = list(dict.fromkeys(lost["reason"].dropna()))
    for reason in reasons[:_MOST_REASONS]:
        count = int((lost["reason"] == reason).sum())
        yield f"{n.plural(count, 'combination')} without a value: {reason}."
    if len(reasons) > _MOST_REASONS:
        more = len(reasons) - _MOST_REASONS
        yield f"{more} more reasons are in the table of all analyses."


def _summary_table(results: Results, row: pd.Series, endpoint: str) -> Table:
    scheme = labels.SCHEMES[str(row["scheme"])].lower()
    return table(
        "All analyses together",
        ["", results.endpoint_label(endpoint)],
        [*_values(row), *_tests(row)],
        f"Folds: {scheme}. Tests use the first repeat. Analyses are no independent "
        "studies: the same subjects stand in all of them, and so do the same "
        "permutations, which the p-values take into account.",
        shows="multiverse",
        endpoint=endpoint,
    )


def _values(row: pd.Series) -> Iterator[list[str]]:
    """Lines on values and on differences to the reference."""
    metric = labels.metric(row["metric"])
    yield ["Analyses with a value", str(int(row["n_specifications"]))]
    yield [f"{metric} of the headline", n.decimal(row["headline"])]
    yield ["Others below the headline", _percent(row["share_below_headline"])]
    yield [f"Median {metric}", n.decimal(row["median"])]
    yield ["Lowest to highest", _range(row)]
    difference = n.decimal(row["median_difference"])
    yield ["Median difference to the reference", difference]
    yield ["Above the reference", _percent(row["share_above_reference"])]
    yield ["Interval above it", _percent(row["share_surely_above_reference"])]


def _tests(row: pd.Series) -> Iterator[list[str]]:
    """Lines on permuted outcomes."""
    yield ["Above their own null", _percent(row["share_above_null"])]
    yield ["The same under permuted outcomes", _percent(row["null_share_above"])]
    yield ["Permutation p of the share", n.decimal(row["p_share"], 3)]
    yield ["Permutation p of the median", n.decimal(row["p_median"], 3)]
    mean = n.decimal(row["p_mean_z"], 3)
    yield ["Permutation p of the mean in SD of the null", mean]


def _range(row: pd.Series) -> str:
    return f"{n.decimal(row['lowest'])} to {n.decimal(row['highest'])}"


def _percent(value: Any) -> str:
    return n.UNDEFINED if pd.isna(value) else n.percent(float(value), 1)


def _effects_table(results: Results, endpoint: str) -> Table | None:
    rows = results.of("choice_effects", endpoint=endpoint)
    if rows.empty:
        return None
    return table(
        "What moves the value",
        ["Choice", "Variance", "Lowest mean", "Highest mean", "Range", "p"],
        [
            [
                labels.key_name(row["key"]),
                _percent(row["share"]),
                f"{n.decimal(row['lowest_mean'])} ({row['lowest_value']})",
                f"{n.decimal(row['highest_mean'])} ({row['highest_value']})",
                n.decimal(row["range"]),
                n.decimal(row["p_value"], 3),
            ]
            for _, row in rows.iterrows()
        ],
        "Variance: main effect of a choice in the variance of the values; the rest is "
        "that of choices together. p: share of permuted outcomes with such a range. "
        "Choices move values of pure noise too, so that only a small p speaks for an "
        "effect of the choice itself.",
        shows="choice_effects",
        endpoint=endpoint,
    )
