"""Section on usefulness: what acting on a predicted risk is worth."""

from collections.abc import Iterator

import pandas as pd

from ....evaluation.utility.clinical_impact import PATIENTS
from ....figures import labels
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results
from .claims import SMALL, at, first_scheme, verdict

_KEYS = ["arm", "scheme", "horizon_days", "threshold"]
_NUMBERS = ("flagged", "true_positives", "false_positives", "avoided", "events")
_COLUMNS = ["Arm", "Scheme", "Risk from", "Acted on", "With the event", "Without"]
_COLUMNS += ["Needless actions avoided", "Events in all"]
_HOW = (
    "Net benefit counts true positives, less false positives at the price that the "
    "threshold says: who acts from a risk of 20 % on takes four needless actions for "
    "one that was needed. Risks of all folds of a repeat are judged together, repeats "
    "are averaged; intervals are pointwise, and widened by what permuted outcomes "
    "show of refitted models."
)
NO_TIME = (
    "No time is declared at which absolute risks of this outcome are judged "
    "(evaluate_at_days of the endpoint): a score is no risk, so there is no net "
    "benefit and no reclassification."
)
NO_THRESHOLD = (
    "No threshold of a decision is declared (evaluation.thresholds.probabilities), so "
    "nothing is claimed of usefulness; the curve shows all of them, and the best of "
    "them is no finding."
)


def usefulness_section(results: Results, endpoint: str) -> Section | None:
    """Decision curve and clinical impact of one endpoint."""
    title = f"{results.endpoint_label(endpoint)}: usefulness"
    if results.of("decision_curve", endpoint=endpoint).empty:
        if _has_no_time(results, endpoint):
            return section(f"no-risks-{endpoint}", title, text(NO_TIME))
        return None
    return section(
        f"usefulness-{endpoint}",
        title,
        text(_HOW, *_sentences(results, endpoint)),
        _impact_table(results, endpoint),
    )


def _has_no_time(results: Results, endpoint: str) -> bool:
    """True for an outcome with times of which no risk is judged at any of them."""
    options = results.settings.endpoints[endpoint]
    return options.outcome.has_times and not options.evaluate_at_days


def usefulness_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Sentences on the headline arm at the declared thresholds."""
    if len(results.of("clinical_impact", endpoint=endpoint)):
        yield from _sentences(results, endpoint)


def _sentences(results: Results, endpoint: str) -> Iterator[str]:
    """One claim per declared threshold and time, from the intervals."""
    declared = results.of("clinical_impact", endpoint=endpoint, arm=results.headline)
    if declared.empty:
        yield NO_THRESHOLD
        return
    curves = results.of("decision_curve", endpoint=endpoint)
    known = curves.merge(declared[_KEYS], on=_KEYS)
    for _, row in first_scheme(known).sort_values(_KEYS[2:]).iterrows():
        yield _claim(results, row)


def _claim(results: Results, row: pd.Series) -> str:
    """Gain over the better of acting on everybody and on nobody, and its verdict."""
    gain = over_both(row)
    where = f"From a risk of {100 * row['threshold']:g} %{at(row['horizon_days'])} on, "
    if pd.isna(gain["estimate"]):
        return f"{where}net benefit is not defined: {row['reason']}."
    told = (
        f"{where}acting on the headline arm has a net benefit of "
        f"{n.interval(row.rename({'net_benefit': 'estimate'}), 3)}, against the better "
        f"of acting on everybody and on nobody {n.interval(gain, 3)}: usefulness "
        f"{verdict(gain['lower'], gain['upper'], SMALL['net_benefit'], 3)}"
    )
    if pd.isna(row["over_reference"]):
        return f"{told}."
    other = _bounds(row, "over_reference")
    words = verdict(other["lower"], other["upper"], SMALL["net_benefit"], 3)
    return (
        f"{told}. Against acting on the reference arm it gains "
        f"{n.interval(other, 3)}; a gain {words}."
    )


def over_both(row: pd.Series) -> pd.Series:
    """Gain over the better of acting on everybody and on nobody, with its interval.

    The smaller of both gains; both have to be above zero for it to be so.
    """
    nobody = row.rename({"net_benefit": "estimate"})
    both = pd.DataFrame([nobody, _bounds(row, "over_all")])
    found = both[["estimate", "lower", "upper"]].astype(float).min(skipna=False)
    return pd.Series(found)


def _bounds(row: pd.Series, name: str) -> pd.Series:
    values = [row[name], row[f"{name}_lower"], row[f"{name}_upper"]]
    return pd.Series(values, ["estimate", "lower", "upper"])


def _impact_table(results: Results, endpoint: str) -> Table | None:
    """Numbers per 1000 patients of the headline and the reference arm."""
    rows = results.of("clinical_impact", endpoint=endpoint)
    rows = rows[rows["arm"].isin([results.headline, results.reference])]
    if rows.empty:
        return None
    order = {arm: place for place, arm in enumerate(results.arms)}
    rows = rows.assign(place=rows["arm"].map(order))
    rows = rows.sort_values(["horizon_days", "threshold", "scheme", "place"])
    return table(
        f"Acting on a risk: numbers per {PATIENTS:g} patients",
        _COLUMNS,
        [_impact_row(results, row) for _, row in rows.iterrows()],
        f"{results.confidence} intervals. Needless actions avoided: against acting "
        "on everybody, at equal true positives; below zero, acting on everybody is "
        "better.",
        shows="clinical_impact",
        endpoint=endpoint,
    )


def _impact_row(results: Results, row: pd.Series) -> list[str]:
    threshold = f"{100 * row['threshold']:g} %{at(row['horizon_days'])}"
    return [
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        threshold,
        *(n.interval(_bounds(row, name), 0) for name in _NUMBERS),
    ]
