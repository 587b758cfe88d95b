"""Words for a study that applies frozen models: whose they are, and what they saw."""

from collections.abc import Iterator, Mapping
from typing import Any

from ... import numbers as n
from ...blocks import Section, section, table, text
from ...results import Results
from ..leakage import null_table

_LENGTH = 12
_NOT_FITTED = (
    "No model was fitted here: intervals take the models as they are, and permutations "
    "test the scores and not how the models were made."
)
_NO_OUTCOME = (
    "Frozen models were applied without any change. The study tells no outcome, so "
    "that nothing is known here of how well they predict."
)


def applied_section(results: Results) -> Section:
    """Models that were applied, and what their scores reach by chance."""
    if not _models(results):
        return section("frozen-models", "Frozen models", text(_NO_OUTCOME))
    return section(
        "frozen-models",
        "Frozen models",
        text(_opening(results)),
        table(
            "Models that were applied",
            ["Model", "Development study", "Fitted to", "Hash", "Concord"],
            [
                [
                    results.arm_label(arm),
                    one["study"],
                    _development(one["development"]),
                    one["hash"][:_LENGTH],
                    one["concord_version"],
                ]
                for arm, one in _models(results).items()
            ],
            "Hash: first digits of the SHA-256 of the model's document.",
        ),
        null_table(results),
    )


def applied_findings(results: Results) -> Iterator[str]:
    """Sentences in place of those on the company of the headline arm."""
    yield _opening(results)


def applied_paragraph(results: Results) -> str:
    """Methods: which frozen models were applied."""
    if not _models(results):
        return _NO_OUTCOME
    told = [
        f"“{results.arm_label(arm)}” of {one['study']} "
        f"({_development(one['development'])}; SHA-256 {one['hash'][:_LENGTH]})"
        for arm, one in _models(results).items()
    ]
    return f"Frozen models were applied without any change: {n.listed(told)}."


def _opening(results: Results) -> str:
    studies = n.listed(sorted({one["study"] for one in _models(results).values()}))
    return (
        f"The models come frozen from {studies}; none of the subjects below had a part "
        f"in them. {_NOT_FITTED}"
    )


def _development(name: str) -> str:
    if name.startswith("without_"):
        return f"all subjects but those of {name.removeprefix('without_')}"
    return "all subjects" if name == "all" else name


def _models(results: Results) -> Mapping[str, Any]:
    return dict(results.foreign.get("models", {}))
