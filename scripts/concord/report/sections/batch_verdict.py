"""Verdicts on batch effects, in words that follow from the raw features.

A value is judged by what permuted batches give in its place: of raw features, and of
harmonized ones by harmonizing again. What raw features do not show cannot remain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...figures import labels
from ...folds.scheme import CV
from .. import numbers as n
from ..results import Results
from .company import company, on_common_subjects

RAW, FOLD_FITTED, HARMONIZED = labels.STAGES
NO_BAND = "no band"


@dataclass(frozen=True)
class Verdict:
    """Values of one measure of the batches of an image, before and after.

    `rows` are those of the stages, `column` is the value that is judged.
    """

    rows: Mapping[str, Any]
    column: str

    def value(self, stage: str) -> float:
        """Value of a stage; NaN if it is not known."""
        row = self.rows.get(stage)
        return float("nan") if row is None else row[self.column]

    def above(self, stage: str) -> bool:
        """True if a value lies above what permuted batches give."""
        row = self.rows.get(stage)
        return row is not None and bool(row[self.column] > row["null_upper"])

    @property
    def known(self) -> bool:
        """True if raw and held-out harmonized values have a band."""
        return all(
            stage in self.rows and pd.notna(self.rows[stage]["null_upper"])
            for stage in (RAW, HARMONIZED)
        )

    @property
    def remains(self) -> bool:
        """True if harmonized features tell more than permuted batches do."""
        return self.above(HARMONIZED) or self.above(FOLD_FITTED)

    @property
    def worse(self) -> bool:
        """True if held-out rows differ more where raw features show nothing.

        More than raw features would without a batch effect.
        """
        return (
            self.known
            and not self.above(RAW)
            and bool(self.value(HARMONIZED) > self.value(RAW))
            and bool(self.value(HARMONIZED) > self.rows[RAW]["null_upper"])
        )

    def words(self) -> str:
        """Words that the values allow."""
        if pd.isna(self.value(RAW)):
            return "not defined, too few batches have enough subjects in each half"
        if not self.known:
            return (
                "without a band of permuted batches it is not known what is left of "
                "the batches"
            )
        if self.above(RAW):
            if self.remains:
                return "information on the batch remains after harmonization"
            return "removed, as far as these subjects can tell"
        found = "the raw features show no batch effect beyond chance"
        if self.remains:
            return f"{found}; harmonization brought one in"
        if self.worse:
            return (
                f"{found}; harmonization, with nothing to remove, made the batches of "
                "held-out rows differ more"
            )
        return found


def verdicts(table: pd.DataFrame, column: str) -> Iterator[tuple[str, str, Verdict]]:
    """Image, batch variable and verdict, from tables with a row per stage."""
    if table.empty:
        return
    for (image, variable), rows in table.groupby(["image", "variable"], sort=True):
        by_stage = {row["stage"]: row for _, row in rows.iterrows()}
        yield str(image), str(variable), Verdict(by_stage, column)


def batch_name(image: str, variable: str) -> str:
    """An image with its batch variable; the site needs no name."""
    return image if variable == labels.SITE else f"{image}, {variable}"


def sentences(results: Results) -> list[str]:
    """One sentence per image and batch variable and measure."""
    measures = (
        ("batch_prediction", "auc", "AUC of telling the batch"),
        ("batch_variance", "eta_squared", "median eta squared"),
    )
    return [
        f"{batch_name(image, variable)}, {name}: {_values(verdict)}{verdict.words()}."
        for kind, column, name in measures
        for image, variable, verdict in verdicts(results[kind], column)
    ]


def band(row: Any) -> str:
    """Central 95 % of the permuted values of a row, or that there is none."""
    if pd.isna(row["null_lower"]):
        return NO_BAND
    return f"{n.decimal(row['null_lower'])} to {n.decimal(row['null_upper'])}"


def _values(verdict: Verdict) -> str:
    names = {RAW: "raw", FOLD_FITTED: "fold-fitted", HARMONIZED: "harmonized"}
    parts = [
        f"{name} {n.decimal(verdict.value(stage))} (permuted batches "
        f"{band(verdict.rows[stage])})"
        for stage, name in names.items()
        if pd.notna(verdict.value(stage))
    ]
    return f"{', '.join(parts)}: " if parts else ""


def harmonization_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Gain or loss by harmonization, and batch effects that it brought in."""
    twins = company(results)["unharmonized"]
    if not twins:
        return
    rows = results.of(
        "comparisons", endpoint=endpoint, arm=results.headline, scheme=CV.name
    ).dropna(subset="estimate")
    for _, row in rows[rows["reference_arm"].isin(twins)].iterrows():
        yield f"{_difference(row)}{on_common_subjects(results, row)}."
    for image, variable, verdict in verdicts(results["batch_prediction"], "auc"):
        if verdict.known and not verdict.above(RAW) and _did_harm(verdict):
            yield (
                f"Batches of {batch_name(image, variable)}: {verdict.words()} (AUC of "
                f"telling the batch {n.decimal(verdict.value(RAW))} raw, "
                f"{n.decimal(verdict.value(HARMONIZED))} on held-out harmonized rows)."
            )


def _did_harm(verdict: Verdict) -> bool:
    return verdict.remains or verdict.worse


def _difference(row: Any) -> str:
    """Difference of the headline arm to its twin, by what the interval allows."""
    metric = labels.metric(row["metric"])
    lower, upper = row["lower"], row["upper"]
    if pd.isna(lower) or pd.isna(upper):
        return (
            f"The difference of the {metric} by harmonization is "
            f"{n.decimal(row['estimate'])}, without an interval,"
        )
    if upper < 0:
        loss = {"estimate": -row["estimate"], "lower": -upper, "upper": -lower}
        return (
            f"Harmonization lowered the {metric} in cross-validation by "
            f"{n.interval(loss)}: the interval of the loss lies above zero,"
        )
    if lower > 0:
        return (
            f"Harmonization raised the {metric} in cross-validation by "
            f"{n.interval(row)}: the interval lies above zero,"
        )
    direction = "lower" if row["estimate"] < 0 else "higher"
    size = n.decimal(abs(row["estimate"]))
    return (
        f"With harmonization the {metric} in cross-validation is {direction} by "
        f"{size}; the interval of the difference, {n.decimal(lower)} to "
        f"{n.decimal(upper)}, includes zero: neither gain nor loss is shown"
    )
