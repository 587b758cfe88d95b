"""Section on sample size: what is asked for, and events for each coefficient."""

import pandas as pd

from ...figures.summaries import groups
from ...models.settings.arm import ArmSection
from ...models.settings.fusion import fused_from
from .. import numbers as n
from ..blocks import Section, section, table, text
from ..results import Results
from .models.event_counts import event_counts_table
from .models.required_size import required_table

#: Fewer events per coefficient than this are called few.
FEW_EVENTS_PER_PARAMETER = 10
_NOTE = (
    "Medians over fits. Events: of a binary outcome, subjects of the rarer of "
    "its two classes, whichever of them is called the event. Candidates: "
    "features before filters plus coefficients of covariates; coefficients: "
    "what entered the model; a published score estimates none. Fewer than "
    f"{FEW_EVENTS_PER_PARAMETER} events each is called few; choosing among "
    "many candidates needs more, so read the null band first."
)
_ELSEWHERE = (
    "The models were made elsewhere: how many predictors they chose from is not known, "
    "so that no size that they would need can be told."
)
_COLUMNS = (
    "Endpoint",
    "Arm",
    "Events",
    "Candidates",
    "Coefficients",
    "Events per candidate",
    "Events per coefficient",
)


def sample_size_section(results: Results) -> Section:
    """Events for each coefficient that a model estimates or chooses from."""
    fits, anchor, title = results["fits"], "sample-size", "Sample size"
    if results.judges_given:
        return section(anchor, title, text(_ELSEWHERE), event_counts_table(results))
    if fits.empty:
        return section(anchor, title, text("No model was fitted."))
    rows = [
        _sample_size_row(results, endpoint, arm, part)
        for (endpoint, arm), part in groups(fits, ["endpoint", "arm"])
        if endpoint in results.settings.endpoints
    ]
    return section(
        anchor,
        title,
        required_table(results),
        event_counts_table(results),
        table(
            "Events per parameter in development sets",
            _COLUMNS,
            rows,
            _NOTE,
        ),
    )


def _sample_size_row(
    results: Results, endpoint: str, arm: str, part: pd.DataFrame
) -> list[str]:
    known = part[["n_events", "n_development"]].astype("float64")
    kind = results.outcome(endpoint)
    events = kind.effective_events(known["n_events"], known["n_development"]).median()
    terms = covariate_terms(results, arm)
    candidates = part["n_candidates"].astype("float64").median() + terms
    entered = part["n_selected"].astype("float64").median() + terms
    if results.settings.arms[arm].model.is_given:
        candidates = entered = 0.0
    return [
        results.endpoint_label(endpoint),
        results.arm_label(arm),
        n.decimal(events, 0),
        n.decimal(candidates, 0),
        n.decimal(entered, 0),
        _per(events, candidates),
        _per(events, entered),
    ]


def _per(events: float, parameters: float) -> str:
    if pd.isna(parameters) or not parameters:
        return n.NONE
    ratio = events / parameters
    return n.decimal(ratio, 1 if ratio >= 1 else 2) + (
        " (few)" if ratio < FEW_EVENTS_PER_PARAMETER else ""
    )


def covariate_terms(results: Results, arm: str) -> int:
    """Coefficients of the covariates and the group, of an arm or of its members."""
    members = fused_from(results.settings.arms, arm)
    return sum(_own_terms(results, options) for options in members.values())


def _own_terms(results: Results, options: ArmSection) -> int:
    terms = len(results.cohort["group"].unique()) if options.group_indicator else 0
    for name in options.covariates:
        covariate = results.settings.covariates[name]
        number = covariate.kind == "number"
        terms += 1 if number else len(covariate.levels) - 1
    return terms
