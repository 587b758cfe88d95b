"""Section on leakage: perturbed evaluation rows, and the null distribution."""

from collections.abc import Iterator

import pandas as pd

from ...figures import labels
from ...figures.summaries import groups
from ...folds.fold_sets import GROUP
from ...folds.scheme import CV, leading_scheme
from ...models.leakage.perturbations import without_effect
from ...models.settings.fusion import fused_from
from .. import numbers as n
from ..blocks import Section, Table, Text, section, table, text
from ..results import Results

_NOTE = (
    "Outcomes permuted within groups, the analysis of the arm repeated in the first "
    "repeat of each scheme, which the value beside it is of. p: one-sided. A median "
    "above 0.5 is given away by the group alone."
)
_GIVEN_NOTE = (
    "Outcomes permuted within groups, the scores as given, in the first repeat of each "
    "scheme, which the value beside it is of. p: one-sided, of the scores; models that "
    "saw their evaluation subjects pass this test. A median above 0.5 is given away by "
    "the group alone."
)
#: Fits that must not change, in the column `fit`; all others have a planted leak.
_STUDY, _FROZEN = "study", "frozen model"
_OWN = (_STUDY, _FROZEN)
_FROZEN_TOO = (
    "The perturbations also left as it was all that models frozen without a group know "
    "of their development subjects: ranges, covariances, scores and the first of their "
    "samples."
)


def leakage_section(results: Results) -> Section:
    """Effect of perturbed evaluation rows, none if all is well, and the null bands."""
    return section(
        "leakage",
        "Leakage test",
        _claim(results, unused(results)),
        _perturbation_table(results),
        null_table(results),
    )


def unused(results: Results) -> frozenset[str]:
    """Perturbations of what the headline arm does not use."""
    keep = results.settings.harmonization.keep
    arms = fused_from(results.settings.arms, results.headline).values()
    return frozenset.intersection(*(without_effect(arm, keep) for arm in arms))


def leaks(table: pd.DataFrame, unused: frozenset[str] = frozenset()) -> list[str]:
    """Failures of the leakage test, one sentence each; none if it passes.

    Parameters
    ----------
    table : DataFrame
        Of kind "leakage".
    unused : frozenset of str
        Perturbations that no fit can notice, not even one with a planted leak.
    """
    own = table[table["fit"].isin(_OWN)]
    changed = own[~own["unchanged"].fillna(False).astype(bool)]
    found = []
    if len(changed):
        found.append(
            f"{n.share(len(changed), len(own))} perturbations of evaluation rows "
            "changed what was learnt: evaluation subjects leak into the fits."
        )
    undetected = sorted(_undetected(table) - unused)
    if undetected:
        found.append(
            f"The perturbations {n.listed(undetected)} changed no fit with a planted "
            "leak: they show nothing here."
        )
    return found


def _undetected(table: pd.DataFrame) -> set[str]:
    """Perturbations that no fit with a planted leak has noticed."""
    controls = table[~table["fit"].isin(_OWN)]
    noticed = controls.loc[
        ~controls["unchanged"].fillna(False).astype(bool), "perturbation"
    ]
    return set(table["perturbation"]) - set(noticed)


def _claim(results: Results, unused: frozenset[str]) -> Text:
    table = results["leakage"]
    if table.empty:
        return text("No perturbation was made: leakage was not tested.")
    own = table[table["fit"] == _STUDY]
    n_folds = len(own[["endpoint", "scheme", "repeat", "fold"]].drop_duplicates())
    what = (
        f"In each of {n.plural(n_folds, 'fold')} of the headline arm, the evaluation "
        "rows of the input tables were perturbed and the fold was split and fitted "
        f"again by the code of the study. Perturbed were {_perturbed(own)}."
    )
    wrong = leaks(table, unused)
    if wrong:
        return text("The claim that nothing leaks FAILS.", *wrong, what)
    return text(
        f"Nothing leaks: {len(own)} of {len(own)} perturbations left every fitted "
        f"parameter as it was, to the last bit. {what} The same perturbations did "
        "change fits with a planted leak (controls, first fold of each scheme).",
        _FROZEN_TOO if (table["fit"] == _FROZEN).any() else "",
        *_blind(unused),
        *_folds(results),
    )


def _perturbed(table: pd.DataFrame) -> str:
    """Kinds of rows and columns that the perturbations changed, in a sentence."""
    kinds = {kind for told in table["perturbed"] for kind in told.split("; ")}
    return n.listed(sorted(kinds))


def _folds(results: Results) -> list[str]:
    """Sentence on folds that know outcomes, which perturbations leave as they are."""
    if results.settings.validation.stratify_by == GROUP:
        return []
    return [
        "The folds themselves are stratified by the outcome, before anything is "
        "learnt; the perturbations leave them as they are."
    ]


def _blind(unused: frozenset[str]) -> list[str]:
    if not unused:
        return []
    names = n.listed(sorted(unused))
    return [f"No fit can notice {names} here: the arm does not use what it changes."]


def _perturbation_table(results: Results) -> Table | None:
    found = results["leakage"]
    if found.empty:
        return None
    rows = [
        _perturbation_row(results, names, part)
        for names, part in groups(found, ["endpoint", "fit", "perturbation"])
    ]
    rows.sort(key=lambda row: (row[0], _place(row[1]), row[1], row[2]))
    return table(
        "Perturbations of the evaluation rows",
        ["Endpoint", "Fit", "Perturbation", "Folds", "Changed", "Verdict"],
        rows,
        "Changed: folds in which the hash of all fitted parameters differs. Controls "
        "leak on purpose; a fit that does not use the outcome, or the batches, is "
        "blind to a change of them.",
        folded=True,
    )


def _place(fit: str) -> int:
    """Place of a fit among others: that of the study, frozen models, controls."""
    return _OWN.index(fit) if fit in _OWN else len(_OWN)


def _perturbation_row(
    results: Results, names: tuple[str, ...], part: pd.DataFrame
) -> list[str]:
    endpoint, fit, perturbation = names
    unchanged = int(part["unchanged"].fillna(False).astype(bool).sum())
    return [
        results.endpoint_label(endpoint),
        fit,
        perturbation,
        str(len(part)),
        str(len(part) - unchanged),
        _verdict(fit, len(part), unchanged),
    ]


def _verdict(fit: str, n_perturbed: int, unchanged: int) -> str:
    """Meaning of a count of unchanged hashes for a fit."""
    if fit in _OWN:
        return "nothing leaks" if unchanged == n_perturbed else "LEAKS"
    return "leak noticed" if unchanged < n_perturbed else "blind to this perturbation"


def null_sentence(results: Results, endpoint: str) -> str:
    """Place of the headline value in its null distribution."""
    if results.judges_given:
        return _given_null_sentence(results, endpoint)
    tests = results.of(
        "null_tests", endpoint=endpoint, arm=results.headline, scheme=CV.name
    ).dropna(subset="p_value")
    if tests.empty:
        return "No permutation of the outcome was evaluated: there is no null band."
    return _place_in_null(
        tests.iloc[0],
        "With the outcome permuted within groups and the analysis repeated (first "
        "repeat of the cross-validation), ",
    )


def _given_null_sentence(results: Results, endpoint: str) -> str:
    """Place of given scores among those of permuted outcomes; nothing is refitted."""
    tests = results.of("null_tests", endpoint=endpoint, arm=results.headline)
    tests = tests[tests["scheme"] == leading_scheme(tests["scheme"])]
    tests = tests.dropna(subset="p_value")
    if tests.empty:
        return "No permutation of the outcome was evaluated: there is no null band."
    scheme = labels.SCHEMES.get(tests.iloc[0]["scheme"], tests.iloc[0]["scheme"])
    return _place_in_null(
        tests.iloc[0],
        f"With the outcome permuted within groups and the scores as given (first "
        f"repeat; {scheme.lower()}), which tests the scores and not how they were "
        "made, ",
    )


def _place_in_null(row: pd.Series, begin: str) -> str:
    """Place of the value of a first repeat among permuted ones, in words."""
    count, p = row["n_permutations"], n.decimal(row["p_value"], 3)
    if pd.isna(row["place"]):
        return (
            f"{begin}{count} values lay between {n.decimal(row['null_lowest'])} and "
            f"{n.decimal(row['null_highest'])}, too few for a band of 95 %; the first "
            f"repeat itself reached {n.decimal(row['first_repeat'])} (one-sided p = "
            f"{p})."
        )
    return (
        f"{begin}the central 95 % of {count} values lay between "
        f"{n.decimal(row['null_lower'])} and {n.decimal(row['null_upper'])}; the value "
        f"of the first repeat itself, {n.decimal(row['first_repeat'])}, lies "
        f"{row['place']} this band (one-sided p = {p})."
    )


def null_table(results: Results) -> Table | None:
    """Values of each arm beside those of permuted outcomes."""
    if results["null_tests"].empty:
        return None
    columns = ["Endpoint", "Arm", "Scheme", "Median", "Central 95 %", "First repeat"]
    return table(
        "Null distribution under permuted outcomes",
        [*columns, "p", "Permutations"],
        list(_null_rows(results)),
        _GIVEN_NOTE if results.judges_given else _NOTE,
    )


def _null_rows(results: Results) -> Iterator[list[str]]:
    tests = results["null_tests"]
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = tests.assign(place_of_arm=tests["arm"].map(order))
    for _, row in placed.sort_values(["endpoint", "place_of_arm", "scheme"]).iterrows():
        yield [
            results.endpoint_label(row["endpoint"]),
            results.arm_label(row["arm"]),
            labels.SCHEMES.get(row["scheme"], row["scheme"]),
            n.decimal(row["null_median"]),
            _central(row),
            n.decimal(row["first_repeat"]),
            n.decimal(row["p_value"], 3),
            str(row["n_permutations"]),
        ]


def _central(row: pd.Series) -> str:
    """The band, or why there is none."""
    if pd.notna(row["null_lower"]):
        return f"{n.decimal(row['null_lower'])} to {n.decimal(row['null_upper'])}"
    if pd.isna(row["null_lowest"]):
        return str(row["reason"])
    least, most = n.decimal(row["null_lowest"]), n.decimal(row["null_highest"])
    return f"no band; range {least} to {most}"
