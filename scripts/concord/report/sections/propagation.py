"""Section on what the choice of the reader does to features and predictions."""

from collections.abc import Iterator

import pandas as pd

from ...figures import labels
from ...figures.summaries import groups
from ...folds.scheme import CV, LOSO
from .. import numbers as n
from ..blocks import Block, Section, Table, section, table, text
from ..results import Results
from .readings import missed_words


def propagation_section(results: Results) -> Section | None:
    """Features and predictions by segmentations of each reader, if there are two."""
    features, predictions = results["reader_stability"], results["prediction_agreement"]
    if features.empty and predictions.empty:
        return None
    return section(
        "readers",
        "From segmentations to predictions",
        text(
            "What agreement of segmentations is worth shows in what is made of them: "
            "how many features depend on who has segmented, and how far the risk of a "
            "subject moves. All readers are compared, also those that the stability "
            "filter leaves out."
        ),
        None if features.empty else _features_table(features),
        *([] if predictions.empty else _predictions(results)),
    )


def reader_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Dependence of the headline arm on the reader, a sentence per reader."""
    rows = results.of("prediction_agreement", endpoint=endpoint, arm=results.headline)
    scheme = CV.name if (rows["scheme"] == CV.name).any() else LOSO.name
    for _, row in rows[rows["scheme"] == scheme].iterrows():
        lost = missed_words(results, row["reader_b"], int(row["n_unscored"]))
        if pd.isna(row["regrouped"]):
            if lost:
                yield f"No subject has a score by reader {row['reader_b']}.{lost}"
        else:
            yield (
                f"With segmentations by reader {row['reader_b']} in place of reader "
                f"{row['reader']}, {_share(row)} of the subjects stand in another risk "
                f"group; ICC of the scores {_with_limits(row, 'icc', 'icc')} (n = "
                f"{row['n_subjects']})."
                f"{lost}"
            )


def _predictions(results: Results) -> Iterator[Block | None]:
    """Text, tables and figures on predictions."""
    reference = results.settings.study.reference_reader
    yield text(
        f"The models of each fold, fitted to segmentations of reader {reference}, "
        "scored the evaluation subjects by the segmentations of each other reader; "
        "nothing was fitted anew."
    )
    for endpoint in results.endpoints:
        rows = results.of("prediction_agreement", endpoint=endpoint)
        if len(rows):
            yield _agreement_table(results, endpoint, rows)
            yield _discrimination_table(results, endpoint, rows)


def _features_table(features: pd.DataFrame) -> Table:
    """Share of stable features by family, one column per pair of readers."""
    keyed = features.assign(family=features["column"].map(labels.family))
    pairs = [names for names, _ in groups(keyed, ["reader", "reader_b"])]
    rows = []
    for (image, region), part in groups(keyed, ["image", "region"]):
        for family in [*labels.family_order(part["family"]), "all"]:
            mine = part if family == "all" else part[part["family"] == family]
            cells = [_stable(mine, *pair) for pair in pairs]
            name = labels.FAMILIES.get(family, family)
            rows.append([f"{image} {region}", name, *cells])
    return table(
        "Stable features between readers, by family",
        ["Measured on", "Family", *(f"{a} and {b}" for a, b in pairs)],
        rows,
        "Features whose lower bound of ICC(A,1) reaches the threshold of stability, "
        "and their median ICC.",
    )


def _stable(rows: pd.DataFrame, reader: str, reader_b: str) -> str:
    mine = rows[(rows["reader"] == reader) & (rows["reader_b"] == reader_b)]
    if mine.empty:
        return n.NONE
    stable = n.share(int(mine["stable"].fillna(False).sum()), len(mine))
    return f"{stable}; {n.decimal(mine['icc'].median())}"


def _agreement_table(results: Results, endpoint: str, rows: pd.DataFrame) -> Table:
    return table(
        f"{results.endpoint_label(endpoint)}: agreement of predictions",
        (
            "Arm",
            "Scheme",
            "Reader",
            "Subjects",
            f"ICC ({results.confidence} interval)",
            "Bias of the score (95 % limits)",
            "Bias of the probability (95 % limits)",
            "Median absolute change",
            f"Other risk group ({results.confidence} interval)",
        ),
        [_agreement_row(results, row) for row in _ordered(results, rows)],
        "Score: log odds or log hazard. Bias: other reader minus reference reader. "
        "ICC(A,1) of scores in SD of the scores in development; all values are means "
        "over repeats. A bias shared by all subjects moves risk groups, but neither "
        "their order nor the discrimination.",
    )


def _agreement_row(results: Results, row: pd.Series) -> list[str]:
    lost = row["n_unscored"]
    subjects = str(row["n_subjects"]) + (f" ({lost} not scored)" if lost else "")
    probability = _with_limits(row, "probability_bias", "probability", 3)
    return [
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        row["reader_b"],
        subjects,
        _with_limits(row, "icc", "icc"),
        _with_limits(row, "bias", "limit"),
        n.NONE if probability == n.UNDEFINED else probability,
        n.decimal(row["median_change"]),
        _share(row),
    ]


def _discrimination_table(results: Results, endpoint: str, rows: pd.DataFrame) -> Table:
    reference = results.settings.study.reference_reader
    metric = labels.metric(rows["metric"].iloc[0])
    return table(
        f"{results.endpoint_label(endpoint)}: {metric} by segmentations of each reader",
        (
            "Arm",
            "Scheme",
            "Reader",
            "Subjects",
            f"{metric}, reader {reference}",
            f"{metric}, this reader",
            f"Difference ({results.confidence} interval)",
        ),
        [_discrimination_row(results, row) for row in _ordered(results, rows)],
        "Of subjects scored with both segmentations; mean over folds.",
        folded=True,
        shows="prediction_agreement",
        endpoint=endpoint,
    )


def _discrimination_row(results: Results, row: pd.Series) -> list[str]:
    return [
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        row["reader_b"],
        str(row["n_subjects"]),
        n.decimal(row["discrimination"]),
        n.decimal(row["discrimination_b"]),
        _with_limits(row, "difference", "difference"),
    ]


def _ordered(results: Results, rows: pd.DataFrame) -> Iterator[pd.Series]:
    """Rows by scheme, then by arm in the order of all tables, then by reader."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    for _, row in placed.sort_values(["scheme", "place", "reader_b"]).iterrows():
        yield row


def _with_limits(row: pd.Series, name: str, bounds: str, digits: int = 2) -> str:
    """A value with its bounds in brackets; without any, if they are not defined."""
    if pd.isna(row[f"{bounds}_lower"]):
        return n.decimal(row[name], digits)
    values = {"estimate": row[name]}
    values |= {end: row[f"{bounds}_{end}"] for end in ("lower", "upper")}
    return n.interval(values, digits)


def _share(row: pd.Series) -> str:
    if pd.isna(row["regrouped"]):
        return n.UNDEFINED
    values = (100 * row[f"regrouped{end}"] for end in ("", "_lower", "_upper"))
    share, lower, upper = (n.decimal(value, 0) for value in values)
    return f"{share} % ({lower} to {upper} %)"
