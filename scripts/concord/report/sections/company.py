"""Company of the headline arm: its baselines, and why one is not there."""

from collections.abc import Iterator, Mapping

import pandas as pd

from ...evaluation.company import Member, clinical_covariates, members
from ...figures import labels
from ...folds.scheme import CV, LOSO
from .. import numbers as n
from ..blocks import Table, table
from ..results import Results

_WORDS: Mapping[Member, str] = {
    "unharmonized": "the same arm without harmonization",
    "site": "the group alone",
    "volume": "the volume alone",
    "clinical": "the clinical model",
}
#: Why a member that nobody declined may be missing.
_ABSENT: Mapping[Member, str] = {
    "unharmonized": "the headline arm is not harmonized",
    "site": "there is one site",
    "volume": "no volume was measured",
    "clinical": "no covariate is declared",
}


def company(results: Results) -> dict[Member, list[str]]:
    """Arms that count as each member of the company."""
    settings = results.settings
    covariates = clinical_covariates(settings.covariates, settings.endpoints)
    return members(settings.arms, results.headline, covariates)


def company_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Values of the company that no other sentence gives, and what was declined."""
    said = {results.headline, results.reference}
    for member, arms in company(results).items():
        for arm in arms:
            if arm not in said:
                yield from _value(results, endpoint, member, arm)
        declined = member in results.settings.evaluation.decline_company
        if not arms and (declined or member != "unharmonized"):
            yield f"{_capital(_WORDS[member])} is not shown: {_why(results, member)}."


def company_table(results: Results) -> Table:
    """Each member of the company with its arm, or why there is none."""
    return table(
        "Company of the headline arm",
        ["Baseline", "Arm"],
        [
            [
                _capital(_WORDS[member]),
                n.listed(map(results.arm_label, arms)) or _why(results, member),
            ]
            for member, arms in company(results).items()
        ],
        "Baselines that the configuration does not list were added to its arms. They "
        "are fitted, permuted and judged like any other arm.",
    )


def on_common_subjects(results: Results, row: pd.Series) -> str:
    """Subjects of a row of the comparisons, with both values if an arm has others."""
    judged = results.of(
        "performance",
        endpoint=row["endpoint"],
        scheme=row["scheme"],
        stratum="all",
    )
    pair = judged[judged["arm"].isin([row["arm"], row["reference_arm"]])]
    text = f" on the subjects of both ({n.counted(row)}"
    if not (pair["n"] == row["n"]).all():
        values = map(n.decimal, (row["estimate_arm"], row["estimate_reference"]))
        text += f"; there {' against '.join(values)}"
    return f"{text})"


def _value(results: Results, endpoint: str, member: Member, arm: str) -> Iterator[str]:
    """An arm's values in words, with the difference of the headline from it."""
    rows = results.of("performance", endpoint=endpoint, arm=arm, stratum="all")
    parts = [
        f"{n.interval(row)} {place} ({n.counted(row)})"
        for scheme, place in _places(results).items()
        for _, row in rows[rows["scheme"] == scheme].iterrows()
    ]
    # What harmonization gains or costs has a sentence of its own.
    twin = member == "unharmonized"
    if parts:
        metric = labels.metric(rows["metric"].iloc[0])
        yield (
            f"{_capital(_WORDS[member])}, “{results.arm_label(arm)}”, reached "
            f"{'an' if metric == 'AUC' else 'a'} {metric} of {' and '.join(parts)}."
            f"{'' if twin else _difference(results, endpoint, arm)}"
        )


def _difference(results: Results, endpoint: str, arm: str) -> str:
    """The headline arm minus an arm, where both were compared."""
    rows = results.of(
        "comparisons",
        endpoint=endpoint,
        arm=results.headline,
        reference_arm=arm,
        scheme=CV.name,
    )
    if rows.empty or pd.isna(rows.iloc[0]["estimate"]):
        return ""
    row = rows.iloc[0]
    return (
        f" The headline arm minus it in cross-validation: {n.interval(row)}"
        f"{on_common_subjects(results, row)}."
    )


def _places(results: Results) -> dict[str, str]:
    group = results.settings.validation.group
    word = "site" if group == "site" else f"group ({group})"
    return {
        CV.name: "in repeated cross-validation",
        LOSO.name: f"with each {word} left out once",
    }


def _why(results: Results, member: Member) -> str:
    """Reason why there is no arm of a member."""
    reason = results.settings.evaluation.decline_company.get(member)
    return f"declined by the study ({reason})" if reason else _ABSENT[member]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
