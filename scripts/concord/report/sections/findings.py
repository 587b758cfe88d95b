"""Key findings and warnings, in plain words."""

from collections.abc import Iterator

import pandas as pd

from ...figures import labels
from ...folds.scheme import CV, LOSO
from .. import numbers as n
from ..blocks import Banner, Items, Section, section
from ..results import Results
from .batch_verdict import harmonization_findings
from .company import company_findings, on_common_subjects
from .compared_subjects import not_compared
from .design.confounding import (
    confounding_sentence,
    confounding_warnings,
    separated_warnings,
    withheld,
)
from .design.duplicates import duplicate_warnings
from .design.giveaways import giveaway_warnings, too_good_warnings
from .design.nesting import nesting_warnings
from .evaluation import given
from .evaluation.added_value import added_value_findings
from .evaluation.multiverse import multiverse_findings
from .evaluation.recovered import recovered_summary
from .evaluation.usefulness import usefulness_findings
from .feature_crosscheck import crosscheck_warnings
from .harmonization import combat_warnings
from .ingest import n_excluded
from .leakage import leaks, null_sentence, unused
from .measurement import axes_missing
from .missing_values import missing_findings, rescue_findings
from .models.event_counts import (
    event_count_warnings,
    horizon_findings,
    strata_findings,
)
from .models.required_size import required_findings
from .models.treatment import treatment_findings, treatment_warnings
from .models.validation import declared_findings
from .propagation import reader_findings
from .records import record_warnings
from .same_patient import same_image_warnings

#: Fewer events than this cannot show how well a model predicts.
FEW_EVENTS = 100


def findings_section(results: Results) -> Section:
    """Findings of the study, one list per endpoint."""
    items = [
        Items(
            tuple(withheld(results, name) or _findings(results, name)),
            _heading(results, name),
        )
        for name in results.endpoints
    ]
    return section("findings", "Key findings", *items, recovered_summary(results))


def banners(results: Results) -> list[Banner]:
    """Everything that a reader must know before the findings."""
    return [Banner(*pair) for pair in _warnings(results)]


def _findings(results: Results, endpoint: str) -> Iterator[str]:
    """Sentences on one endpoint."""
    headline = _estimates(results, endpoint, results.headline)
    if not headline:
        yield "The headline arm was not evaluated."
        return
    yield from _headline(results, endpoint, headline)
    yield from added_value_findings(results, endpoint)
    yield from usefulness_findings(results, endpoint)
    yield from horizon_findings(results, endpoint)
    yield from strata_findings(results, endpoint)
    yield from required_findings(results, endpoint)
    yield from declared_findings(results, endpoint)
    yield from missing_findings(results, endpoint)
    yield from rescue_findings(results, endpoint)
    yield null_sentence(results, endpoint)
    yield from _within(results, endpoint)
    yield from confounding_sentence(results, endpoint)
    yield from (
        given.foreign_findings(results)
        if results.judges_given
        else company_findings(results, endpoint)
    )
    yield from harmonization_findings(results, endpoint)
    yield from reader_findings(results, endpoint)
    yield from treatment_findings(results, endpoint)
    yield from multiverse_findings(results, endpoint)


def _headline(results: Results, endpoint: str, headline: str) -> Iterator[str]:
    """The headline arm, and the reference arm beside it."""
    yield (
        f"The headline arm “{results.arm_label(results.headline)}” reached {headline}; "
        f"in brackets, {results.confidence} intervals."
    )
    reference = _estimates(results, endpoint, results.reference)
    if reference and results.reference != results.headline:
        yield (
            f"The reference arm “{results.arm_label(results.reference)}” reached "
            f"{reference}. {_added_value(results, endpoint)}"
        )


def _heading(results: Results, endpoint: str) -> str:
    events, known = results.events(endpoint)
    name = results.endpoint_label(endpoint)
    rarer = results.rarer_outcome(endpoint)
    among = f"{n.plural(events, 'event')} among {n.plural(known, 'subject')}"
    return f"{name} ({among}{f', {rarer}' if rarer else ''})"


def _estimates(results: Results, endpoint: str, arm: str) -> str:
    """Value of an arm in all schemes with intervals, in words."""
    places = {
        CV.name: "in repeated cross-validation",
        LOSO.name: f"with each {_group_word(results)} left out once",
        **given.foreign_places(results),
    }
    rows = results.of("performance", endpoint=endpoint, arm=arm, stratum="all")
    parts = [
        f"{_article(row['metric'])} of {n.interval(row)} {places[row['scheme']]} "
        f"({n.counted(row)})"
        for scheme in places
        for _, row in rows[rows["scheme"] == scheme].iterrows()
    ]
    return " and ".join(parts)


def _article(metric: str) -> str:
    return f"{'an' if metric == 'auc' else 'a'} {labels.metric(metric)}"


def _group_word(results: Results) -> str:
    group = results.settings.validation.group
    return "site" if group == "site" else f"group ({group})"


def _added_value(results: Results, endpoint: str) -> str:
    """The difference to the reference arm and what its interval allows to say."""
    rows = results.of(
        "comparisons",
        endpoint=endpoint,
        arm=results.headline,
        reference_arm=results.reference,
        scheme=given.leading(results, endpoint),
    )
    place = given.leading_place(results, endpoint)
    if rows.empty or pd.isna(rows.iloc[0]["estimate"]):
        return "Their difference is not defined."
    row = rows.iloc[0]
    if pd.isna(row["lower"]):
        return f"The difference {place} is {n.interval(row)}."
    if row["lower"] > 0:
        verdict = "the interval lies above zero"
    elif row["upper"] < 0:
        verdict = "the interval lies below zero: the reference arm is better"
    else:
        verdict = "the interval includes zero, so added value is not shown"
    return (
        f"The difference {place} is {n.interval(row)}"
        f"{on_common_subjects(results, row)}; {verdict}."
    )


def _within(results: Results, endpoint: str) -> Iterator[str]:
    """The headline arm when only subjects of one group are compared."""
    rows = results.of(
        "performance",
        endpoint=endpoint,
        arm=results.headline,
        scheme=CV.name,
        stratum="within",
    )
    for _, row in rows.iterrows():
        if pd.notna(row["estimate"]):
            yield (
                f"Comparing only subjects of the same {_group_word(results)}, the "
                f"headline arm reached {_article(row['metric'])} of {n.interval(row)} "
                f"in cross-validation ({n.counted(row)})."
            )


def _leaks(results: Results) -> Iterator[tuple[str, str]]:
    table = results["leakage"]
    for sentence in leaks(table, unused(results)) if len(table) else []:
        yield "The leakage test fails", sentence


def _warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of each warning, the gravest first."""
    demonstration = results.settings.study.demonstration
    if demonstration:
        yield "Demonstration, not evidence", demonstration
    yield from _leaks(results)
    yield from given.foreign_warnings(results)
    yield from record_warnings(results.checked)
    yield from separated_warnings(results)
    yield from _few_events(results)
    yield from event_count_warnings(results)
    yield from _left_out(results)
    yield from not_compared(results)
    yield from crosscheck_warnings(results)
    yield from combat_warnings(results)
    yield from (("Not measured", sentence) for sentence in axes_missing(results))
    yield from _design_warnings(results)


def _left_out(results: Results) -> Iterator[tuple[str, str]]:
    """Fits that failed, and what was excluded before features."""
    failed = results.of("fits", status="failed")
    if len(failed):
        arms = n.listed(results.arm_label(a) for a in sorted(set(failed["arm"])))
        yield (
            "Failed fits",
            f"{n.share(len(failed), len(results['fits']))} fits failed ({arms}). Their "
            "subjects have no prediction; nothing was put in their place.",
        )
    exclusions = results["exclusions"]
    if len(exclusions):
        subjects = n.plural(exclusions["subject_id"].nunique(), "subject")
        yield (
            "Exclusions",
            f"{n.plural(n_excluded(results), 'exclusion')} concerning {subjects}; "
            "every reason is listed below.",
        )


def _few_events(results: Results) -> Iterator[tuple[str, str]]:
    few = [
        f"{results.endpoint_label(name)}: "
        f"{results.rarer_outcome(name) or results.events(name)[0]}"
        for name in results.endpoints
        if results.effective_events(name) < FEW_EVENTS
    ]
    if few:
        yield (
            "Few events",
            f"Endpoints with fewer than {FEW_EVENTS} events ({'; '.join(few)}) cannot "
            "show how well a model predicts (of a binary outcome, the rarer of its two "
            "classes counts); the values below show that the analysis "
            "runs, not that a biomarker works (Collins et al. 2016, "
            "doi:10.1002/sim.6787).",
        )


def _design_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Explanations that the design cannot rule out."""
    yield from confounding_warnings(results)
    yield from giveaway_warnings(results)
    yield from too_good_warnings(results)
    yield from duplicate_warnings(results)
    yield from nesting_warnings(results)
    yield from treatment_warnings(results)
    yield from same_image_warnings(results)
    left_out = (results["folds"]["scheme"] == LOSO.name).any()
    if not (left_out or results.judges_given or results.applies_models):
        yield (
            "No group left out",
            "Every model saw subjects of all groups; performance at a new site is "
            "unknown.",
        )
    lost = int((~results["recovered"]["recovered"].fillna(False)).sum())
    if lost:
        yield (
            "Planted facts not recovered",
            f"{n.share(lost, len(results['recovered']))} facts of the simulation were "
            "not recovered.",
        )
