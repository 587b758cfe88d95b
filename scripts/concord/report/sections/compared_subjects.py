"""Who is compared: members of the cohort whom an arm is not judged by, and why."""

from collections.abc import Iterator

import pandas as pd

from ...evaluation.exclusions import DECLARED
from ...figures import labels
from .. import numbers as n
from ..blocks import Block, table, text
from ..results import Results

#: Stages of subjects who are not judged by design; no warning is due.
_BY_DESIGN = ("adaptation", DECLARED)
#: Reasons that a cell or a warning names.
_SHOWN = 4


def compared_subjects(results: Results, endpoint: str) -> Block | None:
    """Subjects that each arm and scheme is judged by, and reasons of the others."""
    if not results.has("arm_exclusions"):
        return None
    rows = results.of("arm_exclusions", endpoint=endpoint)
    if rows.empty:
        whole = len(results.cohort)
        return text(f"All {whole} subjects of the cohort are judged in every arm.")
    return table(
        "Who is compared",
        ["Arm", "Scheme", "Subjects", "Not judged"],
        _rows(results, endpoint),
        "Members of the cohort; ids and reasons stand in "
        f"results/evaluation/{endpoint}_arm_exclusions.tsv. Differences between arms "
        "are of the subjects that both have scored.",
    )


def _rows(results: Results, endpoint: str) -> Iterator[list[str]]:
    """Subjects of each arm and scheme, in the order of all tables."""
    judged = results.of("performance", endpoint=endpoint, stratum="all")
    for scheme in sorted(set(judged["scheme"])):
        for arm in results.arms:
            row = judged[(judged["arm"] == arm) & (judged["scheme"] == scheme)]
            names = {"endpoint": endpoint, "arm": arm, "scheme": scheme}
            for number in row["n"]:
                yield [
                    results.arm_label(arm),
                    labels.SCHEMES.get(scheme, scheme),
                    f"{number} of {len(results.cohort)}",
                    _reasons(results, results.of("arm_exclusions", **names)),
                ]


def not_compared(results: Results) -> Iterator[tuple[str, str]]:
    """Warning of endpoints with an arm that is not judged by the whole cohort."""
    found = []
    for endpoint in results.endpoints:
        rows = results.of("arm_exclusions", endpoint=endpoint)
        spent = rows["stage"].isin(_BY_DESIGN)
        rows = rows[~spent & ~rows["compared"].astype(bool)]
        if len(rows):
            subjects = n.share(rows["subject_id"].nunique(), len(results.cohort))
            reasons = _reasons(results, rows)
            found.append(f"{results.endpoint_label(endpoint)}: {subjects} ({reasons})")
    if found:
        yield (
            "Not everybody is compared",
            "Subjects of the cohort by whom at least one arm is not judged: "
            f"{'; '.join(found)}. Values of different arms carry their numbers of "
            "subjects; differences are of the subjects of both.",
        )


def _reasons(results: Results, rows: pd.DataFrame) -> str:
    """Reasons with the number of subjects of each, the commonest first."""
    # What follows a colon is of one subject or batch: it stands in the table of ids.
    kinds = rows["reason"].str.split(": ").str[0]
    counts = rows.groupby(kinds)["subject_id"].nunique().sort_index()
    ordered = counts.sort_values(ascending=False, kind="stable")
    told = [f"{count} {reason}" for reason, count in ordered.head(_SHOWN).items()]
    told += [f"{n.plural(len(ordered) - _SHOWN, 'other reason')}"] * (
        len(ordered) > _SHOWN
    )
    lost = set(rows[rows["stage"] == "features"]["subject_id"])
    refused = len(lost.intersection(results["exclusions"]["subject_id"]))
    told += [f"{refused} of them with an excluded image or row"] * bool(refused)
    partly = rows[rows["compared"].astype(bool)]["subject_id"].nunique()
    remark = f" ({partly} of them judged in other folds)" if partly else ""
    return f"{', '.join(told)}{remark}" if told else n.NONE
