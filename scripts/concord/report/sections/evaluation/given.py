"""Section on predictions that another tool made, and what nobody can know of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from ....figures import labels
from ....folds.scheme import CV, FIXED, LOSO, TEMPORAL, leading_scheme
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results
from ..leakage import null_table
from ..transfer.applied import applied_findings

#: What cannot be seen in predictions.
UNSEEN = (
    "These predictions were made elsewhere; whether evaluation subjects were kept out "
    "of their development cannot be checked here."
)
_NOT_KNOWN = (
    "Nor can their models be fitted again: intervals are without widening for refitted "
    "models, permutations test the scores and not how they were made, and no leakage "
    "test, no tuning and no harmonization is told of."
)
_COMPANY = (
    "Baselines that a headline arm is read against (the clinical covariates alone, the "
    "volume alone, the {group} alone) cannot be fitted beside predictions that were "
    "made elsewhere; only the models of the table are compared."
)


def foreign_section(results: Results) -> Section:
    """Files, folds and models of the given predictions, and their null band."""
    return section(
        "given-predictions",
        "Given predictions",
        text(UNSEEN, _NOT_KNOWN),
        _source_table(results.foreign),
        _parts_table(results),
        text(*_absent(results)),
        null_table(results),
    )


def foreign_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of the warnings of a study of given predictions."""
    if not results.judges_given or results.applies_models:
        return
    yield "Predictions made elsewhere", UNSEEN
    schemes = {part["scheme"] for part in results.foreign["parts"]}
    if schemes == {CV.name}:
        yield (
            "No group left out",
            "The folds are those of a cross-validation, and none is a group that was "
            "left out; performance at a new site is unknown.",
        )


def foreign_findings(results: Results) -> Iterator[str]:
    """Sentences in place of those on the company of the headline arm."""
    if results.applies_models:
        yield from applied_findings(results)
        return
    yield UNSEEN
    group = results.settings.validation.group
    yield _COMPANY.format(group=group)


def foreign_paragraph(results: Results) -> str:
    """Methods of given predictions: what was given, and how it is judged."""
    given = results.foreign
    files = n.listed(file["name"] for file in given["files"])
    software = f" (software: {given['software']})" if given["software"] else ""
    said = f" {given['provenance'].rstrip('.')}." if given["provenance"] else ""
    arms = n.listed(f"“{results.arm_label(arm)}”" for arm in results.arms)
    return (
        f"Predictions of {n.plural(len(results.arms), 'model')} ({arms}) were taken as "
        f"given from {files}{software}.{said} No model was fitted here. {UNSEEN}"
    )


def foreign_places(results: Results) -> dict[str, str]:
    """Words for the schemes that only given predictions have; else none."""
    if not results.judges_given:
        return {}
    return {FIXED.name: "in the external set", TEMPORAL.name: "in later subjects"}


def leading(results: Results, endpoint: str) -> str:
    """Scheme that findings speak of: cross-validation where there is one."""
    return leading_scheme(results.of("performance", endpoint=endpoint)["scheme"])


def leading_place(results: Results, endpoint: str) -> str:
    """Words for the leading scheme."""
    scheme = leading(results, endpoint)
    places = {CV.name: "in cross-validation", LOSO.name: "with groups left out"}
    return (places | foreign_places(results)).get(scheme, "in cross-validation")


def _source_table(given: Mapping[str, Any]) -> Table:
    rows = [["Rows", str(given["rows"])]]
    if given["rows_left_out"]:
        left = f"{given['rows_left_out']}, of subjects whom the study leaves out"
        rows.append(["Rows not used", left])
    for key in ("software", "provenance"):
        rows.append([key.capitalize(), given[key] or "not declared"])
    files = given["files"]
    told = [[["File", one["name"]], ["SHA-256", one["sha256"]]] for one in files]
    return table(
        "The predictions and what is declared of them",
        ["", ""],
        [*(row for pair in told for row in pair), *rows],
        "Software and provenance are declared by the study; they were not checked.",
    )


def _parts_table(results: Results) -> Table:
    columns = ["Endpoint", "Scheme", "Models", "Repeats", "Folds", "Subjects"]
    return table(
        "Folds of the given predictions",
        [*columns, "Rows without a score"],
        [
            [
                results.endpoint_label(part["endpoint"]),
                labels.SCHEMES.get(part["scheme"], part["scheme"]),
                n.listed(map(results.arm_label, part["models"])),
                str(part["repeats"]),
                str(part["folds"]),
                f"{part['subjects']} of {len(results.cohort)}",
                str(part["unscored"]),
            ]
            for part in results.foreign["parts"]
        ],
        "Folds and repeats are those of the table. All models have the same folds.",
    )


def _absent(results: Results) -> Iterator[str]:
    """Sentences in place of what the columns of the table do not allow."""
    for part in results.foreign["parts"]:
        name = results.endpoint_label(part["endpoint"])
        timed = results.outcome(part["endpoint"]).has_times
        if timed and not part["risk_groups"]:
            yield (
                f"{name} ({part['scheme']}): the table has no risk groups by cuts of "
                "development, so no survival curves are shown."
            )
        if not part["thresholds"]:
            yield (
                f"{name} ({part['scheme']}): the table has no thresholds of the score "
                "that were chosen in development, so that no operating points by them "
                "are told."
            )
        if not timed and not part["probabilities"]:
            yield (
                f"{name} ({part['scheme']}): the table has scores and no "
                "probabilities, so nothing that judges probabilities is shown."
            )
