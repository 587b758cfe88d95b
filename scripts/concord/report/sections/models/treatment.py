"""Section on predictive endpoints: whether a treatment works by marker."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....figures import labels
from ....folds.settings import EndpointSection
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results

#: P-values of the findings are called shown below this, once all markers are counted.
LEVEL = 0.05
_AMONG = ("control", "treated", "treated / control")


def treatment_section(results: Results, endpoint: str) -> Section | None:
    """Interaction of treatment and marker of one endpoint; None of another kind."""
    options = results.settings.endpoints[endpoint]
    rows = results.of("interaction", endpoint=endpoint)
    if options.treatment is None or rows.empty:
        return None
    return section(
        f"treatment-{endpoint}",
        f"{results.endpoint_label(endpoint)}: {treatment_name(options)} by marker",
        text(_assignment(options), _tested(results, endpoint, options)),
        _interaction_table(results, rows),
        _effects_table(results, endpoint, options),
        text(_unadjusted_scores(rows), _left_out(rows)),
    )


def treatment_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Markers of an endpoint whose interaction is shown, or that none is."""
    options = results.settings.endpoints[endpoint]
    rows = results.of("interaction", endpoint=endpoint)
    if options.treatment is not None and len(rows):
        yield f"{_tested(results, endpoint, options)} {_short(options)}"


def treatment_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Treatments that were not randomized, of which effects are asked."""
    for name in results.endpoints:
        options = results.settings.endpoints[name]
        if options.treatment is not None and not options.treatment.randomized:
            yield "Treatment not randomized", _assignment(options)


def treatment_name(options: EndpointSection) -> str:
    """A treatment as it is printed."""
    given = options.treatment
    return (given.label or given.column) if given else ""


def _short(options: EndpointSection) -> str:
    """Worth of a finding, in one sentence."""
    if options.treatment and options.treatment.randomized:
        return "The treatment was randomized."
    return "The treatment was not randomized: this is exploratory."


def _assignment(options: EndpointSection) -> str:
    """Who decided about the treatment, and what may be read of its effects."""
    name = treatment_name(options)
    if options.treatment and options.treatment.randomized:
        return (
            f"{name} was randomized, so differences between treated subjects and "
            "controls are its effect but for chance, and so is a change of that effect "
            "over a marker that was measured before. The marker itself was not "
            "randomized: that the effect changes with it does not show that it changes "
            "because of it."
        )
    return (
        f"{name} was not randomized: somebody who knew the patient chose it. "
        "Differences between treated subjects and controls, and a change of them over "
        "a marker, may come from that choice; adjustment removes only what was "
        "measured. Everything said of the treatment is exploratory, and no marker "
        "here tells for whom it works."
    )


def _tested(results: Results, endpoint: str, options: EndpointSection) -> str:
    """Number of markers that were tested, and those that are shown."""
    rows = results.of("interaction", endpoint=endpoint)
    known = rows[rows["p_value"].notna()]
    shown = known[known["p_adjusted"] < LEVEL]
    markers = n.plural(len(rows), "declared marker")
    tests = (
        "" if len(known) == len(rows) else f", of which {len(known)} could be tested"
    )
    asked = f"interact with {treatment_name(options)} (p < {LEVEL:g}, counting all)"
    if shown.empty:
        return f"Of {markers}{tests}, none was shown to {asked}."
    names = n.listed(
        f"“{_marker(results, row)}” (p = {_p_value(row['p_adjusted'])})"
        for _, row in shown.iterrows()
    )
    verb = "was" if len(shown) == 1 else "were"
    return f"Of {markers}{tests}, {names} {verb} shown to {asked}."


def _interaction_table(results: Results, rows: pd.DataFrame) -> Table:
    return table(
        "Interaction of treatment and marker",
        [
            "Marker",
            "Treated: events of subjects",
            "Control: events of subjects",
            "Likelihood ratio",
            "p",
            "p, counting all markers",
            "p of a curve",
        ],
        [_interaction_row(results, row) for _, row in rows.iterrows()],
        "Chi-squared with its degrees of freedom (df), of nested models without and "
        "with the interaction; groups are strata. A curve is a restricted cubic spline "
        "with four knots: where it says otherwise than the line, look at the figure.",
        shows="interaction",
    )


def _interaction_row(results: Results, row: pd.Series) -> list[str]:
    treated, events = int(row["n_treated"]), int(row["n_events_treated"])
    others = int(row["n"]) - treated, int(row["n_events"]) - events
    tested = pd.notna(row["p_value"])
    statistic = f"{n.decimal(row['chi_squared'])}, df = {row['df']}" if tested else ""
    return [
        _marker(results, row),
        f"{events} of {treated}",
        f"{others[1]} of {others[0]}",
        statistic or f"{n.UNDEFINED}: {row['reason']}",
        _p_value(row["p_value"]),
        _p_value(row["p_adjusted"]),
        _p_value(row["curve_p_value"]),
    ]


def _effects_table(
    results: Results, endpoint: str, options: EndpointSection
) -> Table | None:
    rows = results.of("marker_effects", endpoint=endpoint)
    rows = rows[rows["ratio"].notna()]
    if rows.empty:
        return None
    steps = results.of("interaction", endpoint=endpoint)
    ratio = "a hazard ratio" if options.outcome.has_times else "an odds ratio"
    keys = ["marker_kind", "marker", "term"]
    cells = []
    for _, part in rows.groupby(keys, sort=False):
        first = part.iloc[0]
        step = steps[(steps[keys[:2]] == first[keys[:2]]).all(axis=1)].iloc[0]["step"]
        ratios = [_ratio(part[part["among"] == among].iloc[0]) for among in _AMONG]
        cells.append([_term(results, first), _per(results, first, step), *ratios])
    return table(
        "Effect of the marker by treatment",
        ["Marker", "Per", "In controls", "In treated", "Ratio of both"],
        cells,
        f"Each {ratio} with its {results.confidence} interval, above 1 for more "
        "events; the last column is the interaction.",
        shows="marker_effects",
    )


def _marker(results: Results, row: pd.Series) -> str:
    """A marker as it is printed."""
    name = str(row["marker"])
    if row["marker_kind"] == "score":
        return f"Score of “{results.arm_label(name)}”"
    if row["marker_kind"] == "feature":
        return labels.feature(name)
    return results.covariate_label(name)


def _term(results: Results, row: pd.Series) -> str:
    """A marker, with its level if it is a category."""
    _, is_level, level = str(row["term"]).partition("=")
    of_category = is_level and row["marker_kind"] == "covariate"
    return _marker(results, row) + (f": {level}" if of_category else "")


def _per(results: Results, row: pd.Series, step: Any) -> str:
    """Difference of the marker that an effect is for."""
    if row["term"] != row["marker"] and row["marker_kind"] == "covariate":
        levels = results.settings.covariates[row["marker"]].levels
        return f"against {levels[0]}" if levels else "against the first level"
    if pd.isna(step):
        return "1 normal score of the rank"
    known = results.settings.covariates.get(row["marker"])
    unit = f" {known.unit}" if known and known.unit else ""
    return f"1{unit}" if step == 1 else f"SD, {float(step):.3g}{unit}"


def _ratio(row: pd.Series) -> str:
    bounds = [n.decimal(row[key]) for key in ("lower", "upper")]
    return f"{n.decimal(row['ratio'])} ({bounds[0]} to {bounds[1]})"


def _p_value(value: Any) -> str:
    if pd.isna(value):
        return n.NONE
    if value < 0.0001:
        return "< 0.0001"
    return n.decimal(value, 3 if value >= 0.1 else 4)


def _unadjusted_scores(rows: pd.DataFrame) -> str:
    """Worth of the p-value of a score."""
    if not (rows["marker_kind"] == "score").any():
        return ""
    return (
        "Scores are those of the first repeat of the cross-validation, by models that "
        "the subject was no part of. Their p-values are a little too small: in "
        "simulated studies of 80 to 300 subjects without an interaction, 6 to 7 % of "
        "them lay below 0.05."
    )


def _left_out(rows: pd.DataFrame) -> str:
    """Members of the cohort who are in no test, at most."""
    parts = {
        "n_missing": "subjects without outcome, treatment, marker or adjustment",
        "n_repeated": "more rows of a patient",
        "n_untelling": "subjects of groups whose outcomes tell of no effect",
    }
    told = [
        f"{n.spread(rows[key], 0)} {words}"
        for key, words in parts.items()
        if rows[key].max() > 0
    ]
    return f"Left out of the tests: {n.listed(told)}." if told else ""
